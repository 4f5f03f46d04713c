// What lies over the page for a moment: menus, toasts, dialogs, the lightbox, and the voice for screen readers.

import { fill, h, icon, iconButton } from "./dom.js";

// ---- menu -------------------------------------------------------------------------------------------------

let openMenu = null;

function closeMenu({ focus = true } = {}) {
  if (!openMenu) return;
  const { element, anchor } = openMenu;
  openMenu = null;
  element.remove();
  anchor.setAttribute("aria-expanded", "false");
  if (focus) anchor.focus();
}

/**
 * A menu at `anchor`. Items: {words, act, danger, icon} or {words, heading: true} or null for a line between.
 * `grid` lays them side by side (emoji).
 */
export function menu(anchor, items, { grid = false, label = "Menu" } = {}) {
  const again = openMenu?.anchor === anchor;
  closeMenu({ focus: false });
  if (again) return;
  const props = { class: grid ? "menu menu-grid" : "menu", role: "menu", "aria-label": label };
  const element = h("div", { ...props, data: { testid: "menu" } }, items.map(menuItem));
  // Inside an open dialog the menu must be a part of it: the rest of the page is inert then.
  (anchor.closest("dialog") ?? document.body).append(element);
  anchor.setAttribute("aria-expanded", "true");
  placeAt(element, anchor.getBoundingClientRect());
  openMenu = { element, anchor };
  element.querySelector("button")?.focus();
}

function menuItem(item) {
  if (item === null) return h("hr");
  if (item.heading) return h("div", { class: "menu-heading" }, item.words);
  const act = () => {
    closeMenu();
    item.act();
  };
  const kind = item.danger ? "menu-item danger" : "menu-item";
  const label = item.label ?? null;
  const props = { type: "button", role: "menuitem", class: kind, "aria-label": label, title: label };
  return h("button", { ...props, on: { click: act } }, item.icon ? icon(item.icon) : null, item.words);
}

/** Puts something fixed below a rectangle, or above it where there is no room. */
export function placeAt(element, around) {
  const { width, height } = element.getBoundingClientRect();
  const below = around.bottom + 4 + height <= innerHeight;
  element.style.top = `${Math.max(8, below ? around.bottom + 4 : around.top - 4 - height)}px`;
  element.style.left = `${Math.max(8, Math.min(around.right - width, innerWidth - width - 8))}px`;
}

document.addEventListener("pointerdown", (event) => {
  if (openMenu && !openMenu.element.contains(event.target) && !openMenu.anchor.contains(event.target)) closeMenu({ focus: false });
});
document.addEventListener("scroll", () => closeMenu({ focus: false }), true);
document.addEventListener(
  "keydown",
  (event) => {
    if (!openMenu) return;
    const buttons = [...openMenu.element.querySelectorAll("button")];
    const at = buttons.indexOf(document.activeElement);
    const step = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 }[event.key];
    if (step) buttons[(at + step + buttons.length) % buttons.length].focus();
    else if (event.key === "Escape" || event.key === "Tab") closeMenu();
    else return;
    event.preventDefault();
    event.stopPropagation();
  },
  true,
);

// ---- toast and live region --------------------------------------------------------------------------------

/** Words for a moment, in place of those before; `action` is {words, act}. Gives what takes them away. */
export function toast(words, { action = null, bad = false, seconds = 8 } = {}) {
  const props = { class: bad ? "toast toast-bad" : "toast", role: bad ? "alert" : "status" };
  const element = h("div", { ...props, data: { testid: "toast" } }, h("span", {}, words));
  const gone = () => element.remove();
  if (action) {
    const act = () => {
      gone();
      action.act();
    };
    element.append(h("button", { type: "button", class: "button button-small button-light", on: { click: act } }, action.words));
  }
  element.append(iconButton("close", "Dismiss", gone));
  fill(document.getElementById("toasts"), element);
  placeToast();
  setTimeout(gone, seconds * 1000);
  return gone;
}

/** Keeps the toast in the pane one reads, below its titles: it never lies on the head of a thread. */
export function placeToast() {
  const frame = document.getElementById("toasts");
  const shown = (id) => document.getElementById(id).getBoundingClientRect();
  const pane = shown("main").width ? "main" : "thread";
  const { left, width } = shown(pane);
  const over = pane === "main" ? ["notices", "steps"] : [];
  const heads = [document.querySelector(`#${pane} .pane-head`).getBoundingClientRect(), ...over.map(shown)];
  frame.style.left = `${left + 12}px`;
  frame.style.width = `${width - 24}px`;
  frame.style.top = `${Math.max(...heads.map((head) => head.bottom)) + 8}px`;
}

window.addEventListener("resize", placeToast);

/** Does something that may be refused, and says so when it is. */
export async function attempt(doing) {
  try {
    return await doing();
  } catch (problem) {
    toast(problem.message || "That did not work.", { bad: true });
    return null;
  }
}

/** Said by screen readers, seen by nobody. */
export function announce(words) {
  const region = document.getElementById("live");
  region.textContent = "";
  // A fresh text node after the emptying is what makes a repeated sentence be read again.
  setTimeout(() => (region.textContent = words), 50);
}

// ---- dialogs ----------------------------------------------------------------------------------------------

/** Opens a `<dialog>`; Esc, the backdrop and `close()` end it, and `onClose` runs once. */
export function openDialog(element, { onClose = () => {} } = {}) {
  element.addEventListener("close", () => {
    element.remove();
    onClose();
  });
  element.addEventListener("pointerdown", (event) => {
    if (event.target === element) element.close();
  });
  document.body.append(element);
  element.showModal();
  return element;
}

export function dialogHead(title, close) {
  return h("header", { class: "dialog-head" }, h("h2", {}, title), iconButton("close", "Close", close, { "data-testid": "dialog-close" }));
}

/** Slack's confirm object; gives true when confirmed. */
export function confirmed({ title, text, confirm, deny, danger = false }) {
  return new Promise((resolve) => {
    let answer = false;
    const element = h("dialog", { class: "dialog dialog-small", "aria-label": title, data: { testid: "confirm" } });
    const end = (choice) => () => {
      answer = choice;
      element.close();
    };
    const kind = danger ? "button-danger" : "button-primary";
    const yes = h("button", { type: "button", class: `button ${kind}`, on: { click: end(true) } }, confirm);
    const no = h("button", { type: "button", class: "button", on: { click: end(false) } }, deny);
    fill(element, dialogHead(title, end(false)), h("div", { class: "dialog-body" }, text), h("footer", { class: "dialog-foot" }, no, yes));
    openDialog(element, { onClose: () => resolve(answer) });
    yes.focus();
  });
}

/** One line or more of text from the person, or null. */
export function askForText({ title, value, submit }) {
  return new Promise((resolve) => {
    let answer = null;
    const field = h("textarea", { class: "field", rows: 3, "aria-label": title });
    field.value = value;
    const element = h("dialog", { class: "dialog dialog-small", "aria-label": title });
    const save = () => {
      answer = field.value;
      element.close();
    };
    field.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && !event.shiftKey) {
        event.preventDefault();
        save();
      }
    });
    const close = () => element.close();
    const foot = [
      h("button", { type: "button", class: "button", on: { click: close } }, "Cancel"),
      h("button", { type: "button", class: "button button-primary", on: { click: save } }, submit),
    ];
    fill(element, dialogHead(title, close), h("div", { class: "dialog-body" }, field), h("footer", { class: "dialog-foot" }, foot));
    openDialog(element, { onClose: () => resolve(answer) });
    field.focus();
  });
}

/** A picture as large as the window allows. */
export function lightbox(url, { name, alt }) {
  const element = h("dialog", { class: "lightbox", "aria-label": name, data: { testid: "lightbox" } });
  const close = () => element.close();
  const picture = h("img", { src: url, alt: alt || name, on: { click: close } });
  const open = h("a", { class: "button button-small button-light", href: url, target: "_blank", rel: "noopener" }, "Open the file");
  const head = h("header", {}, h("span", { class: "lightbox-name" }, name), open, iconButton("close", "Close", close));
  fill(element, head, h("div", { class: "lightbox-stage", on: { click: close } }, picture));
  if (alt && alt !== name) element.append(h("p", { class: "lightbox-alt" }, alt));
  openDialog(element);
}
