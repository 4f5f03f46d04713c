// Block Kit's layout blocks as page elements; the interactive ones inside come from `elements.js`.

import { h } from "./dom.js";
import { control, holdsValue } from "./elements.js";
import { emoji } from "./emoji.js";
import { broadcastMention, channelMention, link, personMention, plain, textObject } from "./mrkdwn.js";
import { fileCard, pictureFrom } from "./pictures.js";

/**
 * Elements for a list of blocks. `context`: `directory`, `pictures` ({file id: FileCard}), `press(block, element,
 * choice)`, `suggest(block, element, typed)`, `errors` ({block id: words}), `fields` (a Map that receives {read, write, required, show}: inputs by block id, other elements by action id).
 */
export function blocks(list, context) {
  return list.map((block) => {
    const build = BUILDERS[block.type] ?? unknown;
    const node = build(block, context);
    node.classList.add("block");
    node.dataset.testid ??= `block-${block.type}`;
    return node;
  });
}

const BUILDERS = { section, header, context: contextBlock, divider, image, actions, input, rich_text: richText, markdown, table };

function unknown(block) {
  return h("p", { class: "unsupported" }, `(a block of type ${block.type}, which this page does not show)`);
}

function section(block, context) {
  const { directory } = context;
  const words = h("div", { class: "section-words" });
  if (block.text) words.append(h("div", { class: "block-text" }, textObject(block.text, directory)));
  if (block.fields) words.append(h("div", { class: "section-fields" }, block.fields.map((one) => h("div", {}, textObject(one, directory)))));
  return h("div", { class: "block-section" }, words, block.accessory ? h("div", { class: "accessory" }, part(block, block.accessory, context)) : null);
}

function header(block) {
  return h("h3", { class: "block-header" }, plain(block.text));
}

function contextBlock(block, context) {
  const parts = block.elements.map((one) =>
    one.type === "image" ? imagePart(one, context, "context-image") : h("span", {}, textObject(one, context.directory)),
  );
  return h("div", { class: "block-context" }, parts);
}

function divider() {
  return h("hr", { class: "block-divider" });
}

function image(block, context) {
  const title = block.title ? h("figcaption", {}, plain(block.title)) : null;
  return h("figure", { class: "block-image" }, title, imagePart(block, context, "picture"));
}

function imagePart(part, { pictures = {} }, style) {
  const words = { alt: part.alt_text, style, name: plain(part.title) };
  if (part.slack_file) {
    const id = part.slack_file.id ?? /F0\w+/.exec(part.slack_file.url ?? "")?.[0];
    return fileCard(pictures[id] ?? { id, name: "file", state: "broken" }, words);
  }
  return pictureFrom(part.image_url ?? "", words);
}

function actions(block, context) {
  return h("div", { class: "block-actions" }, block.elements.map((element) => part(block, element, context)));
}

// An element in a message or modal that tells the bot at once; a modal's submission carries its value too.
function part(block, element, context) {
  if (element.type === "image") return imagePart(element, context, "thumbnail");
  const press = context.press && ((pressed, choice) => context.press(block, pressed, choice));
  const { node, read, write } = control(element, { directory: context.directory, press, suggest: suggesting(block, context) });
  if (holdsValue(element)) context.fields?.set(element.action_id, { read, write, required: false, show: () => {} });
  return node;
}

const suggesting = (block, context) => context.suggest && ((element, typed) => context.suggest(block, element, typed));

let inputsMade = 0;

function input(block, context) {
  const press = block.dispatch_action && context.press ? (element, choice) => context.press(block, element, choice) : null;
  const { node, read, write, field = node } = control(block.element, { directory: context.directory, press, suggest: suggesting(block, context) });
  const id = `input-${(inputsMade += 1)}`;
  const problem = h("p", { class: "field-error", id: `${id}-error`, role: "alert" });
  const hint = block.hint ? h("p", { class: "field-hint" }, plain(block.hint)) : null;
  const many = node.matches(".choices");
  const optional = block.optional ? h("span", { class: "optional" }, " (optional)") : null;
  field.id = id;
  field.setAttribute("aria-describedby", problem.id);
  const label = h(many ? "div" : "label", { class: "field-label", id: `${id}-label`, for: many ? null : id }, plain(block.label), optional);
  if (many) node.setAttribute("aria-labelledby", label.id);
  else node.removeAttribute("aria-label");
  const wrapper = h("div", { class: "block-input" }, label, node, problem, hint);
  const show = (words) => {
    problem.textContent = words ?? "";
    wrapper.classList.toggle("wrong", Boolean(words));
  };
  show(context.errors?.[block.block_id]);
  context.fields?.set(block.block_id, { read, write, required: !block.optional, show });
  return wrapper;
}

function markdown(block) {
  return h("div", { class: "block-text preserve" }, block.text);
}

function table(block, context) {
  const cell = (one) => (one.type === "rich_text" ? richText(one, context) : String(one.text ?? one.value ?? ""));
  const rows = block.rows.map((row, at) => h("tr", {}, row.map((one) => h(at ? "td" : "th", {}, cell(one)))));
  return h("div", { class: "table-frame" }, h("table", {}, rows));
}

// ---- rich text --------------------------------------------------------------------------------------------

function richText(block, context) {
  return h("div", { class: "rich-text" }, block.elements.map((element) => richPart(element, context)));
}

function richPart(element, context) {
  const inside = () => element.elements.map((one) => richInline(one, context));
  if (element.type === "rich_text_quote") return h("blockquote", {}, inside());
  if (element.type === "rich_text_preformatted") return h("pre", { class: "code-block" }, inside());
  if (element.type !== "rich_text_list") return h("div", { class: "preserve" }, inside());
  const items = element.elements.map((one) => h("li", {}, one.elements.map((inner) => richInline(inner, context))));
  return h(element.style === "ordered" ? "ol" : "ul", { data: { indent: element.indent ?? 0 } }, items);
}

function richInline(one, { directory }) {
  if (one.type === "emoji") return emoji(one.name);
  if (one.type === "user") return personMention(one.user_id, directory);
  if (one.type === "channel") return channelMention(one.channel_id, directory);
  if (one.type === "broadcast") return broadcastMention(one.range);
  if (one.type === "link") return styled(link(one.url, one.text ?? one.url, directory), one.style);
  return styled(document.createTextNode(one.text ?? one.fallback ?? ""), one.style);
}

function styled(node, style = {}) {
  const tags = { bold: "strong", italic: "em", strike: "s", code: "code" };
  return Object.entries(tags).reduce((inner, [name, tag]) => (style[name] ? h(tag, {}, inner) : inner), node);
}
