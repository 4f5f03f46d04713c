// The only file that knows the sandbox's addresses; see the table in `bot/sandbox/control.py`.

/** The sandbox said no, in words fit for the person. */
export class Refused extends Error {}

async function ask(path, options = {}) {
  const response = await fetch(path, { cache: "no-store", ...options });
  const answer = await response.json().catch(() => ({}));
  if (!response.ok || answer.ok === false) throw new Refused(answer.error || `The sandbox answered ${response.status}.`);
  return answer;
}

function post(path, body) {
  const headers = { "X-Spotter-Sandbox": "1" };
  if (!(body instanceof FormData)) {
    headers["Content-Type"] = "application/json";
    body = JSON.stringify(body);
  }
  return ask(`/sandbox/${path}`, { method: "POST", headers, body });
}

/** What this person sees now; with `since` it waits until that version is old (the caller may abort by `signal`). */
export function state(as, { since, signal } = {}) {
  const query = new URLSearchParams({ as });
  if (since !== undefined) query.set("since", since);
  return ask(`/sandbox/state?${query}`, { signal });
}

/** The sample pictures: [{name, title, kind, url}]. None is no error: the demo then has no samples. */
export async function samples() {
  const answer = await ask("/sandbox/samples").catch(() => []);
  return (answer.samples ?? answer).map((row) => ({ url: `/sandbox/sample/${encodeURIComponent(row.name)}`, ...row }));
}

/** The last calls that went over the line between the bot and its services. */
export async function ledger() {
  return (await ask("/sandbox/ledger")).entries;
}

export function message({ as, channel, text = "", threadTs, files = [], samples: names = [] }) {
  const form = new FormData();
  form.set("as", as);
  form.set("channel", channel);
  form.set("text", text);
  if (threadTs) form.set("thread_ts", threadTs);
  for (const file of files) form.append("file", file, file.name);
  for (const name of names) form.append("sample", name);
  return post("post", form);
}

export const command = (as, channel, text) => post("command", { as, channel, text });
export const press = (as, where, element) => post("press", { as, ...where, ...element });
export const suggest = (as, element) => post("suggest", { as, ...element }).then(({ options }) => options);
export const submit = (as, values) => post("submit", { as, values });
export const dismiss = (as) => post("dismiss", { as });
export const shortcut = (as, callback_id, where = {}) => post("shortcut", { as, callback_id, ...where });
export const react = (as, channel, ts, name, remove) => post("react", { as, channel, ts, name, remove });
export const edit = (as, channel, ts, text) => post("edit", { as, channel, ts, text });
export const remove = (as, channel, ts) => post("delete", { as, channel, ts });
export const removeFile = (as, file) => post("delete-file", { as, file });
export const join = (as, channel) => post("join", { as, channel });
