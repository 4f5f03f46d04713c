// Where one writes: text, files by drop, paste or picker, slash commands. A draft waits per person and place.

import { fill, h, icon, iconButton, weight } from "./dom.js";
import * as sandbox from "./sandbox.js";
import { changed, channelTitle, current, slashCommand, store, view } from "./store.js";

const FILES_AT_MOST = 10;
const drafts = new Map(); // "ana/C0PHOTOS/<thread>" -> {text, files: [{file, face}], problem}
const sent = new Set();

/** Called with {as, channel, threadTs, text, command, ts} after something was sent. */
export const onSent = (listener) => sent.add(listener);

function hints() {
  const command = slashCommand();
  return [
    [`${command} watch dog`, "tell me when a dog is in a picture"],
    [`${command} watch`, "choose in a window what I am told about"],
    [`${command} watches`, "what I am told about, to change or stop it"],
    [`${command} status`, "how this channel is handled"],
    [`${command} help`, "all that it understands"],
    ["/invite @Spotter", "bring Spotter into this channel"],
  ];
}

/** One composer; `inThread` says for which place. `update()` follows the current person and place. */
export function makeComposer({ inThread = false, extra = [] } = {}) {
  const name = inThread ? "thread" : "channel";
  const label = inThread ? "Reply" : "Message";
  const text = h("textarea", { rows: 1, class: "composer-text", "aria-label": label, data: { testid: `composer-${name}` } });
  const chosen = h("div", { class: "chosen", data: { testid: "chosen" } });
  const problem = h("p", { class: "composer-problem", role: "alert", data: { testid: "composer-problem" } });
  const suggestions = h("div", { class: "suggestions", data: { testid: "suggestions" } });
  const choosing = { type: "file", multiple: true, hidden: true, "aria-label": "Choose files" };
  const picker = h("input", { ...choosing, data: { testid: `picker-${name}` } });
  const attach = iconButton("attach", "Attach files", () => picker.click());
  const sending = { type: "button", class: "send", "aria-label": "Send", title: "Send (Enter)" };
  const send = h("button", { ...sending, data: { testid: `send-${name}` } }, icon("send"));
  const keys = h("span", { class: "composer-keys" }, "Enter sends, Shift + Enter breaks the line");
  const box = h("div", { class: "composer" }, chosen, text, h("div", { class: "composer-bar" }, attach, extra, keys, send), picker);
  const node = h("div", { class: "composer-frame" }, suggestions, box, problem);
  let shown = null;
  let busy = false;

  const where = () => ({ as: store.me, channel: view()?.channel, threadTs: inThread ? view()?.thread : null });
  const key = () => Object.values(where()).filter(Boolean).join("/");
  const draft = () => {
    if (!drafts.has(key())) drafts.set(key(), { text: "", files: [], problem: "" });
    return drafts.get(key());
  };

  function draw() {
    const { files, problem: words } = draft();
    fill(chosen, files.map((one) => chip(one, () => drop(one))));
    problem.textContent = words;
    send.disabled = busy || (!text.value.trim() && !files.length);
    text.style.height = "auto";
    text.style.height = `${Math.min(text.scrollHeight, 180)}px`;
    fill(suggestions, inThread ? [] : matching(text.value).map(suggestion));
  }

  function suggestion([command, means]) {
    const take = () => write(command);
    const on = { pointerdown: (event) => event.preventDefault(), click: take };
    return h("button", { type: "button", tabindex: -1, on }, h("code", {}, command), h("span", {}, means));
  }

  function write(words) {
    text.value = words;
    draft().text = words;
    draft().problem = "";
    draw();
    text.focus();
    text.setSelectionRange(words.length, words.length);
  }

  function take(files) {
    const taken = [...files].map((file) => ({ file, face: preview(file) }));
    draft().files.push(...taken);
    if (draft().files.length > FILES_AT_MOST) draft().problem = `At most ${FILES_AT_MOST} files go into one message, as in Slack.`;
    draw();
    text.focus();
  }

  function drop(one) {
    draft().files = draft().files.filter((other) => other !== one);
    if (draft().files.length <= FILES_AT_MOST) draft().problem = "";
    draw();
    text.focus();
  }

  async function submit() {
    const what = { ...where(), text: text.value.trim(), files: draft().files.map((one) => one.file) };
    const from = draft();
    if (busy || (!what.text && !what.files.length)) return;
    busy = true;
    send.classList.add("busy");
    try {
      const { command, ts } = await deliver(what);
      Object.assign(from, { text: "", files: [], problem: "" });
      for (const listener of sent) listener({ ...what, command, ts });
    } catch (problem_) {
      from.problem = problem_.message;
    }
    busy = false;
    send.classList.remove("busy");
    shown = null;
    changed();
  }

  text.addEventListener("input", () => {
    draft().text = text.value;
    draft().problem = "";
    draw();
  });
  text.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    const [first] = inThread ? [] : matching(text.value);
    if (event.key === "Enter" && !event.shiftKey) submit();
    else if (event.key === "Tab" && !event.shiftKey && first && first[0] !== text.value) write(first[0]);
    else return;
    event.preventDefault();
  });
  text.addEventListener("paste", (event) => {
    if (!event.clipboardData?.files.length) return;
    event.preventDefault();
    take(event.clipboardData.files);
  });
  picker.addEventListener("change", () => {
    take(picker.files);
    picker.value = "";
  });
  send.addEventListener("click", submit);
  box.addEventListener("click", (event) => event.target === box && text.focus());

  function update() {
    const channel = current();
    if (!channel) return;
    const title = channel.kind === "im" ? channelTitle(channel) : `#${channelTitle(channel)}`;
    text.placeholder = inThread ? "Reply..." : `Message ${title}`;
    if (shown !== key()) {
      shown = key();
      text.value = draft().text;
      draw();
    }
  }

  return { node, update, write, take, focus: () => text.focus() };
}

/** Sends it; gives {command, ts}: whether it was a command, else the new message's ts. */
async function deliver({ as, channel, threadTs, text, files }) {
  const command = /^\/\S/.test(text) && !files.length;
  if (!command) return { command, ts: (await sandbox.message({ as, channel, threadTs, files, text })).ts };
  const typed = text.split(" ")[0];
  if (threadTs) throw new sandbox.Refused(`${typed} is not supported in threads, as in Slack. Type it in the channel.`);
  await sandbox.command(as, channel, text);
  return { command };
}

function matching(text) {
  if (!text.startsWith("/") || text.includes("\n")) return [];
  return hints().filter(([command]) => command.startsWith(text) && command !== text).slice(0, 5);
}

function chip({ file, face }, remove) {
  const words = h("span", { class: "chip-words" }, h("strong", {}, file.name), h("small", {}, weight(file.size) || "empty"));
  return h("div", { class: "chip", data: { testid: "chosen-file" } }, face, words, iconButton("close", `Remove ${file.name}`, remove));
}

// ---- previews ---------------------------------------------------------------------------------------------

const FACE_PX = 96;
const PREVIEW_UP_TO_BYTES = 40_000_000;
let previewing = Promise.resolve();

// An icon at first, and for good where the browser can show nothing: HEIC, an empty file, words named .jpg.
// One after the other and never at full size on the page, so that a dozen photographs hold nobody up.
function preview(file) {
  const face = h("span", { class: "chip-face" }, icon(file.type.startsWith("image/") ? "image" : "file"));
  if (!file.type.startsWith("image/") || !file.size || file.size > PREVIEW_UP_TO_BYTES) return face;
  previewing = previewing.then(() => small(file)).then((picture) => face.replaceChildren(picture), () => {});
  return face;
}

async function small(file) {
  const picture = await createImageBitmap(file, { resizeHeight: FACE_PX, resizeQuality: "medium" });
  const canvas = h("canvas", { width: FACE_PX, height: FACE_PX });
  const scale = Math.max(1, FACE_PX / picture.width);
  const [width, height] = [picture.width * scale, picture.height * scale];
  canvas.getContext("2d").drawImage(picture, (FACE_PX - width) / 2, (FACE_PX - height) / 2, width, height);
  picture.close();
  return canvas;
}
