// Block Kit's interactive elements. Each becomes {node, read, write}: `read()` is the plain value that a
// submission carries, `write(value)` puts it back when the bot redraws a form that is being filled in; `field` is
// what the label belongs to, where that is not the node itself.

import { h, icon } from "./dom.js";
import { plain, textObject } from "./mrkdwn.js";
import { attempt, confirmed, menu } from "./overlays.js";
import { among, picker } from "./picker.js";

/**
 * One element. `context`: `directory`, `suggest(element, typed)` for the bot's own suggestions, and
 * `press(element, choice)` where a change is told to the bot at once (actions, accessories) or null where it waits
 * for the submission (input blocks).
 */
export function control(element, context) {
  const build = BUILDERS[element.type];
  if (!build) return { node: h("span", { class: "unsupported" }, `(${element.type} is not shown here)`), read: () => "" };
  return build(element, context);
}

/** Elements that hold a value, so that a modal's submission carries them wherever they stand. */
export const holdsValue = (element) => element.type in BUILDERS && !["button", "overflow"].includes(element.type);

const BUILDERS = {
  button,
  overflow,
  static_select: (element, context) => oneOf(element, context, groupsOf(element), element.initial_option?.value),
  users_select: (element, context) => oneOf(element, context, [{ rows: named(context.directory.people()) }], element.initial_user),
  channels_select: (element, context) => oneOf(element, context, [{ rows: named(context.directory.channels()) }], element.initial_channel),
  conversations_select: (element, context) => oneOf(element, context, [{ rows: named(conversations(element, context)) }], element.initial_conversation),
  external_select: (element, context) => external(element, context, { first: rowsOf([element.initial_option ?? []].flat()), most: 1 }),
  multi_external_select: (element, context) => external(element, context, { first: rowsOf(element.initial_options) }),
  multi_static_select: (element, context) => many(element, context, groupsOf(element).flatMap((group) => group.rows)),
  multi_users_select: (element, context) => many(element, context, named(context.directory.people(), element.initial_users)),
  multi_channels_select: (element, context) => many(element, context, named(context.directory.channels(), element.initial_channels)),
  multi_conversations_select: (element, context) => many(element, context, named(conversations(element, context), element.initial_conversations)),
  checkboxes: (element, context) => ticks(element, context, rowsOf(element.options, element.initial_options), "checkbox"),
  radio_buttons: (element, context) => ticks(element, context, rowsOf(element.options, element.initial_option && [element.initial_option]), "radio"),
  plain_text_input: (element) => field(element, element.multiline ? "textarea" : "input", { type: "text", maxlength: element.max_length }),
  number_input: (element) => field(element, "input", { type: "number", min: element.min_value, max: element.max_value, step: element.is_decimal_allowed ? "any" : 1 }),
  email_text_input: (element) => field(element, "input", { type: "email" }),
  url_text_input: (element) => field(element, "input", { type: "url" }),
  datepicker: (element, context) => moment(element, context, "date", element.initial_date),
  timepicker: (element, context) => moment(element, context, "time", element.initial_time),
};

// ---- telling the bot --------------------------------------------------------------------------------------

async function tell(element, context, choice, node) {
  if (!context.press) return true;
  if (element.confirm && !(await agreed(element.confirm, context))) return false;
  node.classList.add("busy");
  node.setAttribute("aria-busy", "true");
  await attempt(() => context.press(element, choice));
  node.classList.remove("busy");
  node.removeAttribute("aria-busy");
  return true;
}

function agreed(object, { directory }) {
  return confirmed({
    title: plain(object.title),
    text: textObject(object.text, directory),
    confirm: plain(object.confirm),
    deny: plain(object.deny),
    danger: object.style === "danger",
  });
}

// ---- buttons and menus ------------------------------------------------------------------------------------

function button(element, context) {
  const style = { primary: "button-primary", danger: "button-danger" }[element.style] ?? "";
  const label = element.accessibility_label;
  const link = /^https?:/i.test(element.url ?? "") ? element.url : null;
  const inside = link && context.directory.permalinkHref(link);
  const node = h(
    link ? "a" : "button",
    {
      class: `button ${style}`,
      "aria-label": label,
      data: { testid: `action-${element.action_id}` },
      ...(link ? { href: inside ?? link, target: inside ? null : "_blank", rel: "noopener noreferrer" } : { type: "button" }),
      on: { click: () => tell(element, context, undefined, node) },
    },
    plain(element.text),
  );
  return { node, read: () => "" };
}

function overflow(element, context) {
  const node = h("button", { type: "button", class: "button button-icon", "aria-label": "More actions", "aria-haspopup": "menu", data: { testid: `action-${element.action_id}` } }, icon("more"));
  const items = element.options.map((option) => ({ words: plain(option.text), act: () => tell(element, context, option.value, node) }));
  node.addEventListener("click", () => menu(node, items));
  return { node, read: () => "" };
}

// ---- choices ----------------------------------------------------------------------------------------------

const rowsOf = (options = [], chosen = []) =>
  options.map((option) => ({ ...option, words: plain(option.text), chosen: (chosen ?? []).some((one) => one.value === option.value) }));

const named = (things, chosen = []) => things.map(({ id, name }) => ({ value: id, words: name, chosen: chosen.includes(id) }));

function conversations({ filter }, { directory }) {
  const kinds = filter?.include ?? ["public", "private"];
  return directory.channels().filter((channel) => kinds.includes(channel.private ? "private" : "public"));
}

function groupsOf(element) {
  const chosen = element.initial_options ?? [];
  if (!element.option_groups) return [{ rows: rowsOf(element.options, chosen) }];
  return element.option_groups.map((group) => ({ words: plain(group.label), rows: rowsOf(group.options, chosen) }));
}

function oneOf(element, context, groups, chosen) {
  const options = ({ rows }) => rows.map((row) => h("option", { value: row.value, selected: row.value === chosen }, row.words));
  const node = h("select", { class: "field field-select", "aria-label": plain(element.placeholder) || "Choose", data: { testid: `action-${element.action_id}` } });
  // In a message nothing is chosen until somebody does; in a form an empty choice is possible too.
  node.append(h("option", { value: "", disabled: Boolean(context.press), hidden: Boolean(context.press), selected: !chosen }, plain(element.placeholder) || "Choose an option"));
  for (const group of groups) {
    if (group.words) node.append(h("optgroup", { label: group.words }, options(group)));
    else node.append(...options(group));
  }
  let last = node.value;
  node.addEventListener("change", async () => {
    if (await tell(element, context, node.value, node)) last = node.value;
    else node.value = last;
  });
  return { node, read: () => node.value, write: (value) => (last = node.value = value) };
}

function many(element, context, rows) {
  return chooser(element, context, { rows: among(rows), first: rows.filter((row) => row.chosen) });
}

// Its options come from the bot, by what is typed.
function external(element, context, { first, most }) {
  const rows = async (typed) => rowsOf((await attempt(() => context.suggest(element, typed))) ?? []);
  return chooser(element, context, { rows, first, most });
}

function chooser(element, context, { rows, first, most = element.max_selected_items }) {
  const placeholder = plain(element.placeholder) || "Choose some";
  const made = picker({ name: element.action_id, placeholder, first, most, rows, changed: () => tell(element, context, made.read(), made.node) });
  return most === 1 && !element.type.startsWith("multi") ? { ...made, read: () => made.read()[0] ?? "" } : made;
}

let groupsMade = 0;

function ticks(element, context, rows, type) {
  const name = `choice-${(groupsMade += 1)}`;
  const node = h("div", { class: "choices", role: type === "radio" ? "radiogroup" : "group", data: { testid: `action-${element.action_id}` } });
  const chosen = () => [...node.querySelectorAll("input:checked")].map((input) => input.value);
  const read = () => (type === "radio" ? (chosen()[0] ?? "") : chosen());
  for (const row of rows) {
    const input = h("input", { type, name, value: row.value, checked: row.chosen, on: { change: () => tell(element, context, read(), node) } });
    const words = row.text ? textObject(row.text, context.directory) : [row.words];
    const more = row.description ? h("small", {}, textObject(row.description, context.directory)) : null;
    node.append(h("label", { class: "choice" }, input, h("span", {}, words, more)));
  }
  const write = (value) => node.querySelectorAll("input").forEach((input) => (input.checked = [value].flat().includes(input.value)));
  return { node, read, write };
}

// ---- fields -----------------------------------------------------------------------------------------------

function field(element, tag, props) {
  const node = h(tag, { class: "field", placeholder: plain(element.placeholder) || null, data: { testid: `action-${element.action_id}` }, ...(tag === "textarea" ? { rows: 4, maxlength: props.maxlength } : props) });
  node.value = element.initial_value ?? "";
  if (element.focus_on_load) node.setAttribute("autofocus", "");
  return { node, read: () => node.value, write: (value) => (node.value = value) };
}

function moment(element, context, type, value) {
  const node = h("input", { type, class: "field field-short", data: { testid: `action-${element.action_id}` } });
  node.value = value ?? "";
  node.addEventListener("change", () => tell(element, context, node.value, node));
  return { node, read: () => node.value, write: (value) => (node.value = value) };
}
