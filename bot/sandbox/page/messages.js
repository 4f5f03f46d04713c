// A channel's messages and a thread's: who, when, words, blocks, files, reactions, the way into the thread.

import { blocks } from "./blocks.js";
import { clock, day, h, icon, iconButton, reconcile } from "./dom.js";
import { OFFERED, emoji } from "./emoji.js";
import { asTyped, mrkdwn } from "./mrkdwn.js";
import { askForText, attempt, confirmed, menu, toast } from "./overlays.js";
import { avatar } from "./people.js";
import { fileCard } from "./pictures.js";
import * as sandbox from "./sandbox.js";
import { directory, dividerAt, go, idOf, isAnswer, isReply, mine, person } from "./store.js";
import { readMark, realName, repliesTo, spotter, store, topLevel, view } from "./store.js";

const ONE_BREATH_S = 300;

/** Draws the channel's top-level messages into `list`. */
export function showChannel(list, channel) {
  const after = dividerAt(channel.id);
  reconcile(list, rows(channel, topLevel(channel), { after: after || null }));
}

/** Draws a thread, the parent first, into `list`. A parent that is gone leaves its replies standing. */
export function showThread(list, channel, ts) {
  const parent = channel.messages.find((message) => message.ts === ts);
  const replies = repliesTo(channel, ts);
  const count = replies.filter(isAnswer).length;
  const line = { key: "replies", signature: String(count), build: () => replyLine(count) };
  const gone = { key: "gone", signature: "", build: () => h("p", { class: "message-system" }, "This message was deleted.") };
  const first = parent ? rows(channel, [parent], { inThread: true }) : [gone];
  const rest = rows(channel, replies, { inThread: true }).filter((row) => !row.key.startsWith("day"));
  reconcile(list, [...first.filter((row) => !row.key.startsWith("day")), ...(count ? [line] : []), ...rest]);
}

function replyLine(count) {
  return h("div", { class: "reply-line" }, h("span", {}, count === 1 ? "1 reply" : `${count} replies`));
}

function rows(channel, messages, { inThread = false, after = null } = {}) {
  const out = [];
  let before = null;
  let drawn = false;
  for (const message of messages) {
    if (!before || day(before.ts) !== day(message.ts)) out.push(dayRow(message.ts));
    if (after && !drawn && message.ts > after && message.user !== mine().me) {
      const build = () => h("div", { class: "new-line", role: "separator" }, h("span", {}, "New"));
      if (before) out.push({ key: "new", signature: "", build });
      drawn = true;
    }
    out.push(messageRow(channel, message, { inThread, grouped: belongsTo(before, message) && out.at(-1)?.key !== "new" }));
    before = message;
  }
  return out;
}

function dayRow(ts) {
  const words = day(ts);
  return { key: `day-${words}`, signature: words, build: () => h("div", { class: "day-line", role: "separator" }, h("span", {}, words)) };
}

function belongsTo(before, message) {
  // Each private answer belongs to a question of its own.
  if (!before || before.user !== message.user || before.ephemeral || message.ephemeral || isSystem(before)) return false;
  return message.ts - before.ts < ONE_BREATH_S && day(before.ts) === day(message.ts);
}

const isSystem = (message) => /^(channel|group)_|^tombstone$/.test(message.subtype ?? "");

function messageRow(channel, message, look) {
  const replies = look.inThread || isReply(message) ? [] : repliesTo(channel, message.ts).filter(isAnswer);
  const fresh = replies.some((reply) => reply.ts > readMark(store.me, channel.id, message.ts) && reply.user !== mine().me);
  const open = view().thread === message.ts;
  const signature = JSON.stringify([message, replies.map(({ ts, user }) => [ts, user]), fresh, open, look, store.me]);
  return { key: message.ts, signature, build: () => messageNode(channel, message, { ...look, replies, fresh, open }) };
}

function messageNode(channel, message, look) {
  if (isSystem(message)) return h("p", { class: "message-system", data: { ts: message.ts } }, systemWords(message));
  const grouped = look.grouped ? "message-grouped" : "";
  const kind = message.ephemeral ? "message-ephemeral" : "";
  const open = look.open && !look.inThread ? "message-open" : "";
  return h(
    "article",
    {
      class: `message ${grouped} ${kind} ${open}`,
      data: { ts: message.ts, testid: message.ephemeral ? "ephemeral" : "message", user: message.user },
      "aria-label": `${realName(message.user)}, ${clock(message.ts)}`,
    },
    look.grouped ? h("time", { class: "message-side-time" }, clock(message.ts)) : avatar(message.user),
    h(
      "div",
      { class: "message-body" },
      message.ephemeral ? onlyYou() : null,
      look.grouped ? null : head(message),
      content(channel, message),
      reactions(channel, message),
      threadSummary(channel, message, look),
    ),
    message.ephemeral ? null : toolbar(channel, message, look),
  );
}

function systemWords(message) {
  if (message.subtype === "tombstone") return "This message was deleted.";
  if (message.subtype.endsWith("_join")) return [h("strong", {}, realName(message.user)), " joined the channel"];
  if (message.subtype.endsWith("_leave")) return [h("strong", {}, realName(message.user)), " left the channel"];
  return mrkdwn(message.text ?? "", directory);
}

function onlyYou() {
  return h("p", { class: "only-you", data: { testid: "only-you" } }, icon("eye"), "Only visible to you");
}

function head(message) {
  const who = person(message.user);
  const app = message.is_bot || who?.is_bot ? h("span", { class: "tag" }, "App") : null;
  const guest = who?.is_restricted ? h("span", { class: "tag tag-guest" }, "Guest") : null;
  const time = h("time", { title: new Date(message.ts * 1000).toLocaleString() }, clock(message.ts));
  return h("header", { class: "message-head" }, h("strong", {}, realName(message.user)), app ?? guest, time);
}

function content(channel, message) {
  const out = [];
  // A person's message brings a rich_text twin of what was typed; the text itself knows the mentions.
  if (message.blocks?.length && message.is_bot) {
    const press = (block, element, choice) =>
      sandbox.press(store.me, { channel: channel.id, ts: message.ts }, { action_id: element.action_id, block_id: block.block_id, choice });
    out.push(h("div", { class: "blocks" }, blocks(message.blocks, { directory, pictures: message.pictures, press })));
  } else if (message.text) {
    out.push(h("div", { class: "message-text", data: { testid: "text" } }, mrkdwn(message.text, directory)));
  }
  if (message.edited) out.push(h("span", { class: "edited" }, "(edited)"));
  const style = message.files?.length > 1 ? "files files-many" : "files";
  if (message.files?.length) out.push(h("div", { class: style }, message.files.map((card) => fileEntry(card))));
  return out;
}

function fileEntry(card) {
  const named = card.state === "ok" && card.is_image ? h("p", { class: "file-name" }, card.title || card.name) : null;
  return h("div", { class: "file" }, named, fileCard(card));
}

// ---- reactions --------------------------------------------------------------------------------------------

function reactions(channel, message) {
  if (!message.reactions?.length) return null;
  const props = { type: "button", class: "reaction reaction-add", "aria-label": "Add a reaction", "aria-haspopup": "menu" };
  const add = h("button", props, icon("smile"));
  add.addEventListener("click", () => pickReaction(add, channel, message));
  return h("div", { class: "reactions" }, message.reactions.map((one) => reaction(channel, message, one)), add);
}

function reaction(channel, message, { name, users }) {
  const mineToo = users.includes(mine().me);
  const who = users.map((id) => (id === mine().me ? "you" : realName(id))).join(", ");
  const toggle = () => attempt(() => sandbox.react(store.me, channel.id, message.ts, name, mineToo));
  const props = {
    type: "button",
    class: mineToo ? "reaction reaction-mine" : "reaction",
    title: `${who} reacted with :${name}:`,
    "aria-label": `${name}, ${users.length}, from ${who}`,
    "aria-pressed": String(mineToo),
    data: { testid: `reaction-${name}` },
    on: { click: toggle },
  };
  return h("button", props, h("span", {}, emoji(name)), h("span", { class: "reaction-count" }, users.length));
}

function pickReaction(anchor, channel, message) {
  const give = (name) => attempt(() => sandbox.react(store.me, channel.id, message.ts, name, false));
  const items = OFFERED.map((name) => ({ words: emoji(name), label: name, act: () => give(name) }));
  menu(anchor, items, { grid: true, label: "Reactions" });
}

// ---- threads ----------------------------------------------------------------------------------------------

function threadSummary(channel, message, { replies, fresh, inThread }) {
  if (inThread || !replies?.length) return null;
  const faces = [...new Set(replies.map((reply) => reply.user))].slice(0, 3).map((id) => avatar(id, "avatar-small"));
  const count = replies.length === 1 ? "1 reply" : `${replies.length} replies`;
  return h(
    "button",
    {
      type: "button",
      class: fresh ? "thread-summary thread-fresh" : "thread-summary",
      data: { testid: "thread-summary" },
      on: { click: () => go({ thread: message.ts }) },
    },
    h("span", { class: "faces" }, faces),
    h("strong", {}, count),
    fresh ? h("span", { class: "dot", "aria-label": "new" }) : null,
    h("span", { class: "thread-when" }, `Last reply ${clock(replies.at(-1).ts)}`),
  );
}

// ---- what one can do with a message -----------------------------------------------------------------------

function toolbar(channel, message, { inThread }) {
  const opens = (testid) => ({ "aria-haspopup": "menu", "data-testid": testid });
  const react = iconButton("smile", "Add a reaction", () => pickReaction(react, channel, message), opens("react"));
  const answer = () => go({ thread: message.thread_ts || message.ts });
  const reply = inThread ? null : iconButton("reply", "Reply in thread", answer, { "data-testid": "reply-in-thread" });
  const more = iconButton("more", "More actions", () => menu(more, moreItems(channel, message)), opens("message-more"));
  return h("div", { class: "message-tools" }, react, reply, moreItems(channel, message).length ? more : null);
}

function moreItems(channel, message) {
  const shortcuts = (mine().app?.shortcuts ?? []).filter((one) => one.type === "message");
  const where = { channel: channel.id, ts: message.ts };
  const use = (one) => attempt(() => sandbox.shortcut(store.me, one.callback_id, where));
  const items = shortcuts.map((one) => ({ words: one.name, icon: "bolt", act: () => use(one) }));
  if (items.length) items.unshift({ heading: true, words: realName(spotter()) });
  if (items.length) items.push(null);
  items.push({ words: "Copy link", icon: "attach", act: () => copyLink(channel, message) });
  if (message.user !== idOf(store.me)) return items;
  return [...items, { words: "Edit message", icon: "file", act: () => editMessage(channel, message) }, ...deleteItems(channel, message)];
}

async function copyLink(channel, message) {
  const inThread = isReply(message) ? `?thread_ts=${message.thread_ts}&cid=${channel.id}` : "";
  await navigator.clipboard.writeText(`${location.origin}/archives/${channel.id}/p${message.ts.replace(".", "")}${inThread}`);
  toast("The link to this message is copied: paste it after a command.", { seconds: 4 });
}

function deleteItems(channel, message) {
  const files = (message.files ?? []).filter((card) => card.state === "ok" || card.state === "processing");
  const gone = files.map((card) => ({
    words: `Delete ${card.name}`,
    icon: "trash",
    danger: true,
    act: () => deleteAfterAsking(`Delete ${card.name}?`, () => sandbox.removeFile(store.me, card.id)),
  }));
  const remove = () => sandbox.remove(store.me, channel.id, message.ts);
  const ask = () => deleteAfterAsking("Delete this message?", remove);
  return [...gone, { words: "Delete message", icon: "trash", danger: true, act: ask }];
}

async function deleteAfterAsking(title, act) {
  if (await confirmed({ title, text: "This cannot be undone.", confirm: "Delete", deny: "Cancel", danger: true })) await attempt(act);
}

async function editMessage(channel, message) {
  const text = await askForText({ title: "Edit message", value: asTyped(message.text ?? "", directory), submit: "Save" });
  if (text !== null) await attempt(() => sandbox.edit(store.me, channel.id, message.ts, text));
}
