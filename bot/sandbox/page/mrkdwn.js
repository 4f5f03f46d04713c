// Slack's mrkdwn as page elements. Everything foreign ends in text nodes; a link is only ever http, https or mailto.

import { h } from "./dom.js";
import { emoji, withEmoji } from "./emoji.js";

const ENTITIES = { "&lt;": "<", "&gt;": ">", "&amp;": "&" };

/** Undoes Slack's three escapes. */
export function unescape(text) {
  return text.replace(/&(?:lt|gt|amp);/g, (entity) => ENTITIES[entity]);
}

/** The words that a person typed, from the text that Slack made of them: @ana for <@U0ANA>, #photos for <#C0PHOTOS|photos>. */
export function asTyped(text, directory) {
  return unescape(text.replace(REFERENCES, (whole, target, words) => named(target, words, directory) ?? target));
}

const REFERENCES = /<([^<>|\n]+)(?:\|([^<>\n]*))?>/g;

function named(target, words, directory) {
  if (target.startsWith("@")) return `@${directory.person(target.slice(1))?.name ?? target.slice(1)}`;
  if (target.startsWith("#")) return `#${(directory.channel(target.slice(1))?.name ?? words) || "private-channel"}`;
  return null;
}

/** A plain_text object, or a bare string. */
export function plain(text) {
  const words = typeof text === "string" ? text : (text?.text ?? "");
  return withEmoji(unescape(words));
}

/**
 * Elements for one mrkdwn text. `directory` knows people and channels (`person(id)`, `channel(id)`,
 * `channelNamed(name)`); `verbatim: false` also turns bare addresses, @here and #channel into links as Slack does.
 */
export function mrkdwn(text, directory, { verbatim = false } = {}) {
  const out = [];
  const parts = text.split(/```/);
  // An odd number of fences leaves the last one open: Slack shows it as it is.
  if (parts.length % 2 === 0) parts.push([parts.pop(), parts.pop()].reverse().join("```"));
  parts.forEach((part, at) => {
    if (at % 2) out.push(h("pre", { class: "code-block" }, inCode(part.replace(/^\n/, "").replace(/\n$/, ""), directory)));
    else out.push(...lines(at ? part.replace(/^\n/, "") : part, directory, verbatim));
  });
  return out;
}

/** A text object of either kind. */
export function textObject(object, directory) {
  if (!object) return [];
  if (object.type === "mrkdwn") return mrkdwn(object.text ?? "", directory, { verbatim: object.verbatim === true });
  return [plain(object)];
}

function lines(text, directory, verbatim) {
  const out = [];
  let quote = null;
  const all = text.split("\n");
  all.forEach((line, at) => {
    const quoted = /^(?:&gt;|>) ?/.exec(line);
    if (quoted) {
      if (!quote) out.push((quote = h("blockquote")));
      else quote.append(h("br"));
      quote.append(...inline(line.slice(quoted[0].length), directory, verbatim));
      return;
    }
    const afterQuote = quote !== null;
    quote = null;
    out.push(...inline(line, directory, verbatim));
    const last = at === all.length - 1;
    if (!last && !(afterQuote && line === "")) out.push(h("br"));
  });
  return out;
}

// In order: code, <reference>, *bold*, _italic_, ~strike~, :emoji:, then what Slack guesses when not verbatim.
const INLINE = new RegExp(
  [
    "`(?<code>[^`\\n]+)`",
    "<(?<reference>[^<>\\n]+)>",
    "(?<![\\w*])\\*(?<bold>[^\\s*](?:[^*\\n]*[^\\s*])?)\\*(?![\\w*])",
    "(?<![\\w_])_(?<italic>[^\\s_](?:[^_\\n]*[^\\s_])?)_(?![\\w_])",
    "(?<![\\w~])~(?<strike>[^\\s~](?:[^~\\n]*[^\\s~])?)~(?![\\w~])",
    ":(?<emoji>[a-z0-9_+-]+):",
    "(?<bare>https?:\\/\\/[^\\s<>|]*[^\\s<>|.,;:!?)'\"])",
    "(?<![\\w&])(?<guess>@(?:here|channel|everyone)|#[\\w-]+)\\b",
  ].join("|"),
  "g",
);

function inline(text, directory, verbatim) {
  const out = [];
  let end = 0;
  for (const match of text.matchAll(INLINE)) {
    const piece = inlinePiece(match.groups, directory, verbatim);
    if (piece === null) continue;
    if (match.index > end) out.push(unescape(text.slice(end, match.index)));
    out.push(piece);
    end = match.index + match[0].length;
  }
  if (end < text.length) out.push(unescape(text.slice(end)));
  return out;
}

function inlinePiece(found, directory, verbatim) {
  const again = (inner) => inline(inner, directory, verbatim);
  if (found.code !== undefined) return h("code", {}, inCode(found.code, directory));
  if (found.reference !== undefined) return reference(found.reference, directory);
  if (found.bold !== undefined) return h("strong", {}, again(found.bold));
  if (found.italic !== undefined) return h("em", {}, again(found.italic));
  if (found.strike !== undefined) return h("s", {}, again(found.strike));
  if (found.emoji !== undefined) return emoji(found.emoji);
  if (verbatim) return null;
  if (found.bare !== undefined) return link(unescape(found.bare), unescape(found.bare), directory);
  return guess(found.guess, directory);
}

// Slack links addresses even inside code, where only their words show; people and channels go by their names.
function inCode(text, directory) {
  return unescape(text.replace(REFERENCES, (whole, target, words) => named(target, words, directory) ?? (words || target)));
}

/** A person's name, as a mention. */
export function personMention(id, directory) {
  const person = directory.person(id);
  return h("span", { class: id === directory.me ? "mention mention-me" : "mention" }, `@${person?.name ?? id}`);
}

/** A channel's name as a link into it; a channel that the reader may not see stays a closed door. */
export function channelMention(id, directory) {
  const channel = directory.channel(id);
  if (!channel) return h("span", { class: "mention" }, "🔒 private channel");
  return h("a", { class: "mention", href: directory.channelHref(id) }, `${channel.private ? "🔒" : "#"}${channel.name}`);
}

export function broadcastMention(word) {
  return h("span", { class: "mention mention-me" }, `@${word}`);
}

function reference(inside, directory) {
  const bar = inside.indexOf("|");
  const target = bar < 0 ? inside : inside.slice(0, bar);
  const words = bar < 0 ? "" : inside.slice(bar + 1);
  if (target.startsWith("@")) return personMention(target.slice(1), directory);
  if (target.startsWith("#")) return channelMention(target.slice(1), directory);
  if (target.startsWith("!date^")) return date(target, words);
  if (target.startsWith("!subteam")) return h("span", { class: "mention" }, words || "@group");
  if (target.startsWith("!")) return broadcastMention(target.slice(1));
  return link(unescape(target), withEmoji(unescape(words || target.replace(/^mailto:/, ""))), directory);
}

function date(target, words) {
  const [, seconds, , address] = target.split("^");
  const moment = new Date(Number(seconds) * 1000);
  const shown = Number.isNaN(moment.getTime()) ? words : moment.toLocaleString([], { dateStyle: "medium", timeStyle: "short" });
  return address ? link(unescape(address), shown) : h("time", { title: unescape(words) }, shown);
}

/** A link that leaves the page in a new tab, or jumps to a message of this workspace. */
export function link(address, words, directory) {
  const inside = directory?.permalinkHref?.(address);
  if (inside) return h("a", { href: inside }, words);
  if (!/^(https?:|mailto:)/i.test(address)) return h("span", {}, words);
  return h("a", { href: address, target: "_blank", rel: "noopener noreferrer" }, words);
}

function guess(word, directory) {
  if (word.startsWith("@")) return broadcastMention(word.slice(1));
  const channel = directory.channelNamed(word.slice(1));
  return channel ? channelMention(channel.id, directory) : null;
}
