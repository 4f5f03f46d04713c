// A menu that one types into: what is chosen stands in it as small tokens, what fits is listed below it.

import { fill, h, icon } from "./dom.js";
import { placeAt } from "./overlays.js";

const WAIT_MS = 120;
const known = new Map(); // words by "menu/value": a form that the bot redraws gives back values alone

/**
 * A picker. `rows(typed)` gives (a promise of) [{value, words}] for what was typed; `first` are the rows chosen at
 * first; `most` may be chosen; `name` tells its test id; `changed()` is called after every choice.
 * Gives {node, read, write, field}: `field` is what a label belongs to.
 */
export function picker({ name, placeholder, first = [], most = Infinity, rows, changed = () => {} }) {
  let chosen = [];
  let listed = [];
  let active = 0;
  let asked = 0;
  const list = h("div", { class: "picker-list", role: "listbox", id: `${name}-list`, data: { testid: "picker-list" } });
  const props = { type: "text", role: "combobox", autocomplete: "off", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": list.id };
  const field = h("input", { ...props, class: "picker-field" });
  const node = h("div", { class: "field picker", data: { testid: `action-${name}` } }, field);
  const read = () => chosen.map((row) => row.value);

  function show(some) {
    chosen = some.slice(0, most);
    for (const row of chosen) known.set(`${name}/${row.value}`, row);
    for (const token of node.querySelectorAll(".token")) token.remove();
    field.before(...chosen.map(tokenOf));
    field.placeholder = chosen.length ? "" : placeholder;
    field.hidden = chosen.length >= most;
  }

  function tokenOf(row) {
    const off = () => choose(chosen.filter((other) => other !== row));
    const remove = h("button", { type: "button", "aria-label": `Remove ${row.words}`, on: { click: off } }, icon("close"));
    return h("span", { class: "token", data: { testid: "token", value: row.value } }, row.words, remove);
  }

  function choose(some) {
    show(some);
    field.value = "";
    close();
    field.focus();
    changed();
  }

  const take = (row) => row && choose([...chosen, row]);

  function close() {
    asked += 1;
    list.remove();
    field.setAttribute("aria-expanded", "false");
    field.removeAttribute("aria-activedescendant");
  }

  async function look({ wait = 0 } = {}) {
    const mine = (asked += 1);
    if (wait) await new Promise((resolve) => setTimeout(resolve, wait));
    if (mine !== asked) return;
    const found = await rows(field.value.trim());
    if (mine !== asked || !field.isConnected) return;
    listed = found.filter((row) => !read().includes(row.value));
    active = 0;
    open();
  }

  function open() {
    const nothing = h("p", { class: "picker-nothing" }, field.value.trim() ? "Nothing fits that." : "Type to search.");
    fill(list, listed.length ? listed.map(optionOf) : nothing);
    (node.closest("dialog") ?? document.body).append(list);
    list.style.width = `${node.getBoundingClientRect().width}px`;
    placeAt(list, node.getBoundingClientRect());
    field.setAttribute("aria-expanded", "true");
    mark(0);
  }

  function optionOf(row, at) {
    // The field keeps the focus, so that a press on an option is no leaving of it.
    const on = { pointerdown: (event) => event.preventDefault(), click: () => take(row), pointermove: () => active !== at && mark(at) };
    return h("div", { class: "picker-option", role: "option", id: `${list.id}-${at}`, on }, row.words);
  }

  function mark(at) {
    if (!listed.length) return;
    active = (at + listed.length) % listed.length;
    [...list.children].forEach((option, place) => option.setAttribute("aria-selected", String(place === active)));
    list.children[active].scrollIntoView({ block: "nearest" });
    field.setAttribute("aria-activedescendant", `${list.id}-${active}`);
  }

  const KEYS = {
    ArrowDown: () => (list.isConnected ? mark(active + 1) : look()),
    ArrowUp: () => list.isConnected && mark(active - 1),
    Enter: () => list.isConnected && take(listed[active]),
  };

  field.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    if (event.key === "Backspace" && !field.value && chosen.length) return choose(chosen.slice(0, -1));
    if (event.key === "Escape" && list.isConnected) close();
    else if (KEYS[event.key]) KEYS[event.key]();
    else return;
    event.preventDefault();
    event.stopPropagation();
  });
  field.addEventListener("input", () => look({ wait: WAIT_MS }));
  field.addEventListener("click", () => !list.isConnected && look());
  field.addEventListener("blur", close);
  node.addEventListener("click", (event) => event.target === node && !field.hidden && (field.focus(), look()));
  document.addEventListener("scroll", () => list.isConnected && placeAt(list, node.getBoundingClientRect()), true);
  show(first);
  return { node, read, write: (values) => show([values].flat().map((value) => known.get(`${name}/${value}`)).filter(Boolean)), field };
}

/** Rows of a list that is known as a whole: those that hold what was typed. */
export const among = (rows) => (typed) => rows.filter((row) => row.words.toLowerCase().includes(typed.toLowerCase()));
