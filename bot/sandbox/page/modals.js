// The bot's modals: opened, updated and closed by the bot, filled in and submitted by the person.

import { blocks } from "./blocks.js";
import { fill, h } from "./dom.js";
import { plain } from "./mrkdwn.js";
import { attempt, dialogHead, openDialog } from "./overlays.js";
import * as sandbox from "./sandbox.js";
import { directory, mine, store } from "./store.js";

let open = null; // {element, id, signature, as}

/** Makes the dialog on the page agree with the modal that the current person has open, or with none. */
export function showModal() {
  const modal = mine()?.modal;
  if (open && (!modal || open.as !== store.me)) put(null);
  if (!modal) return;
  const { errors, ...rest } = modal;
  const signature = JSON.stringify(rest);
  if (open?.signature === signature) return showErrors(errors);
  const values = open?.id === modal.id ? valuesOf(open.fields) : {};
  if (!open) put(modal);
  draw(modal, signature, values);
}

function put(modal) {
  if (!modal) {
    const { element } = open;
    open = null;
    element.close();
    return;
  }
  const element = h("dialog", { class: "dialog modal", data: { testid: "modal" } });
  open = { element, as: store.me };
  const as = store.me;
  // Closed by Esc, the cross or the backdrop: the bot is told, as Slack tells it. Closed by the bot: `open` is null by then.
  openDialog(element, { onClose: () => open?.element === element && (open = null, attempt(() => sandbox.dismiss(as))) });
}

function draw(modal, signature, values) {
  const fields = new Map();
  const press = (block, element, choice) => sandbox.press(store.me, { view: "modal", values: valuesOf(fields) }, { action_id: element.action_id, block_id: block.block_id, choice });
  const suggest = (block, element, typed) => sandbox.suggest(store.me, { action_id: element.action_id, block_id: block.block_id, typed });
  const form = h("form", { class: "dialog-body", novalidate: true, id: `form-${modal.id}` }, blocks(modal.blocks, { directory, press, suggest, fields, errors: modal.errors }));
  const submit = modal.submit ? h("button", { type: "submit", form: form.id, class: "button button-primary", data: { testid: "modal-submit" } }, plain(modal.submit)) : null;
  const close = h("button", { type: "button", class: "button", data: { testid: "modal-close" }, on: { click: () => open?.element.close() } }, plain(modal.close) || "Close");
  const title = plain(modal.title);
  open.element.setAttribute("aria-label", title);
  fill(open.element, dialogHead(title, () => open?.element.close()), form, h("footer", { class: "dialog-foot" }, close, submit));
  Object.assign(open, { id: modal.id, signature, fields });
  putBack(values);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    send(submit);
  });
  (form.querySelector("[autofocus]") ?? form.querySelector("input, select, textarea"))?.focus();
}

const valuesOf = (fields) => Object.fromEntries([...(fields ?? [])].map(([id, { read }]) => [id, read()]));

// What had been typed survives an update of the same view.
function putBack(values) {
  for (const [id, { write }] of open.fields) if (write && values[id]) write(values[id]);
}

function showErrors(errors = {}) {
  for (const [id, { show }] of open?.fields ?? []) show(errors[id]);
}

async function send(button) {
  const { fields } = open;
  const empty = [...fields].filter(([, { required, read }]) => required && !read().length).map(([id]) => id);
  showErrors(Object.fromEntries(empty.map((id) => [id, "Please fill this in."])));
  if (empty.length) return;
  button.disabled = true;
  const answer = await attempt(() => sandbox.submit(store.me, valuesOf(fields)));
  button.disabled = false;
  if (answer?.errors) showErrors(answer.errors);
}
