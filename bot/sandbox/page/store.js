// What the page knows: each person's state as the sandbox tells it, who we are, where we look, what has been read.

import * as sandbox from "./sandbox.js";

const listeners = new Set();
const READ = "spotter.read";
const NARROW = window.matchMedia("(max-width: 760px)");

export const store = {
  people: [], // names of those one can be, in order
  states: {}, // name -> State
  me: "",
  views: {}, // name -> {channel, thread}
  read: load(READ), // "ana/C0PHOTOS" or "ana/C0PHOTOS/<thread>" -> ts of the newest message seen
  dividers: {}, // the same keys -> ts after which "New" was drawn when the place was opened
  online: true,
  narrow: () => NARROW.matches,
};

function load(key) {
  try {
    return JSON.parse(sessionStorage.getItem(key)) ?? {};
  } catch {
    return {};
  }
}

export function onChange(listener) {
  listeners.add(listener);
}

export function changed() {
  for (const listener of listeners) listener();
}

// ---- questions about what is known ------------------------------------------------------------------------

export const mine = () => store.states[store.me];
export const view = (name = store.me) => store.views[name];
export const channelsOf = (name = store.me) => store.states[name]?.channels ?? [];
export const channelById = (id, name = store.me) => channelsOf(name).find((channel) => channel.id === id);
export const current = () => channelById(view()?.channel);
export const person = (id) => mine()?.people[id];
export const realName = (id) => person(id)?.real_name || person(id)?.name || id || "Someone";
export const idOf = (name) => store.states[name]?.me;
export const spotter = () => mine()?.app?.user;
export const slashCommand = () => mine()?.app?.command ?? "/labels";
export const directChannel = (name = store.me) => channelsOf(name).find((channel) => channel.kind === "im");
export const channelTitle = (channel) => (channel.kind === "im" ? realName(channel.user ?? spotter()) : channel.name);
export const isReply = (message) => Boolean(message.thread_ts) && message.thread_ts !== message.ts;
export const topLevel = (channel) => channel.messages.filter((message) => !isReply(message));
export const isAnswer = (message) => isReply(message) && !message.ephemeral;
export const repliesTo = (channel, ts) => channel.messages.filter((message) => isReply(message) && message.thread_ts === ts);

/** What mrkdwn asks about people and channels; a channel that this person may not see is not in it. */
export const directory = {
  get me() {
    return mine()?.me;
  },
  person: (id) => person(id) && { id, name: realName(id) },
  personNamed: (name) => byName(Object.entries(mine()?.people ?? {}).map(([id, one]) => ({ id, ...one })), name),
  channel: (id) => named(channelById(id)),
  channelNamed: (name) => named(byName(channelsOf().filter((channel) => channel.kind !== "im"), name)),
  channelHref: (id) => href(store.me, id),
  people: () => Object.entries(mine()?.people ?? {}).filter(([, one]) => !one.is_bot).map(([id]) => ({ id, name: realName(id) })),
  channels: () => channelsOf().filter((channel) => channel.kind !== "im").map(named),
  permalinkHref,
};

function byName(rows, name) {
  return rows.find((row) => row.name?.toLowerCase() === name.toLowerCase());
}

function named(channel) {
  return channel && { id: channel.id, name: channelTitle(channel), private: channel.kind === "private" };
}

// A link to a message of this workspace opens it here instead of going out to slack.com.
function permalinkHref(address) {
  const found = /^https?:\/\/[^/]+\/archives\/(\w+)\/p(\d{10})(\d{6})(?:\?.*?thread_ts=([\d.]+))?/.exec(address);
  if (!found || !channelById(found[1])) return null;
  return href(store.me, found[1], found[4] ?? `${found[2]}.${found[3]}`);
}

// ---- read and unread --------------------------------------------------------------------------------------

const place = (name, channel, thread) => [name, channel, thread].filter(Boolean).join("/");
export const readMark = (name, channel, thread) => store.read[place(name, channel, thread)] ?? "";
export const dividerAt = (channel, thread) => store.dividers[place(store.me, channel, thread)];

/** How many messages of others this person has not seen in the channel, and whether they call for attention. */
export function unread(name, channel) {
  const mark = readMark(name, channel.id);
  const me = idOf(name);
  const fresh = topLevel(channel).filter((message) => message.ts > mark && message.user !== me && message.subtype !== "channel_join");
  const direct = channel.kind === "im" ? fresh : fresh.filter((message) => message.text?.includes(`<@${me}>`));
  return { count: fresh.length, urgent: direct.length };
}

/** The same over all channels of a person. */
export function unreadOf(name) {
  const rows = channelsOf(name).filter((channel) => channel.is_member).map((channel) => unread(name, channel));
  return { count: rows.reduce((sum, row) => sum + row.count, 0), urgent: rows.reduce((sum, row) => sum + row.urgent, 0) };
}

function markRead() {
  const channel = current();
  if (!channel || document.hidden) return;
  const { thread } = view();
  const covered = thread && store.narrow();
  if (!covered) keepMark(place(store.me, channel.id), topLevel(channel));
  if (thread) keepMark(place(store.me, channel.id, thread), repliesTo(channel, thread));
}

function keepMark(key, messages) {
  const newest = messages.at(-1)?.ts;
  if (!newest || newest <= (store.read[key] ?? "")) return;
  store.read[key] = newest;
  sessionStorage.setItem(READ, JSON.stringify(store.read));
}

// ---- where we look: the address holds it, so that a reload or a link comes back to the same place ------------

export function href(name, channel, thread) {
  return `#/${[name, channel, thread].filter(Boolean).join("/")}`;
}

/** Go somewhere; anything left out stays as that person left it. */
export function go({ as = store.me, channel, thread } = {}) {
  const before = view(as) ?? {};
  const to = channel ?? before.channel;
  const at = thread === undefined ? (channel && channel !== before.channel ? null : before.thread) : thread;
  visit(href(as, to, at));
}

// At once, and not by way of `hashchange`, which comes later: the next keystroke belongs to the new place already.
function visit(address) {
  if (location.hash !== address) history.pushState(null, "", address);
  arrive();
}

function followLink(event) {
  const address = event.target.closest?.('a[href^="#/"]')?.getAttribute("href");
  if (!address || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
  event.preventDefault();
  visit(address);
}

function arrive() {
  const [, name, channel, thread] = location.hash.split("/");
  const as = store.people.includes(name) ? name : store.people[0];
  const someone = as !== store.me;
  store.me = as;
  const known = channelById(channel) ? channel : (view(as)?.channel ?? channelsOf(as).find((one) => one.is_member)?.id);
  const moved = someone || known !== view(as)?.channel || (thread ?? null) !== view(as)?.thread;
  store.views[as] = { channel: known, thread: known === channel && thread ? thread : null };
  if (moved) {
    store.dividers[place(as, known)] = readMark(as, known);
    if (thread) store.dividers[place(as, known, thread)] = readMark(as, known, thread);
  }
  if (someone) polling?.abort();
  settle();
}

function settle() {
  markRead();
  changed();
}

// ---- following the sandbox --------------------------------------------------------------------------------

let polling = null;
let version;

/** Loads everything once and then follows until the page is closed. */
export async function start() {
  await firstLook();
  window.addEventListener("popstate", arrive);
  document.addEventListener("click", followLink);
  document.addEventListener("visibilitychange", settle);
  arrive();
  for (;;) await followOnce();
}

async function firstLook() {
  for (;;) {
    try {
      const first = await sandbox.state("ana");
      store.people = Object.values(first.people).filter((one) => !one.is_bot).map((one) => one.name);
      await look(store.people);
      return;
    } catch {
      await pause(700);
    }
  }
}

async function look(names) {
  const states = await Promise.all(names.map((name) => sandbox.state(name)));
  names.forEach((name, at) => (store.states[name] = states[at]));
  // The oldest answer decides: what changed in between is asked for again.
  version = Math.min(...states.map((one) => one.version), version ?? Infinity);
}

async function followOnce() {
  const as = store.me;
  polling = new AbortController();
  try {
    const state = await sandbox.state(as, { since: version, signal: polling.signal });
    store.online = true;
    if (state.version === version) return;
    version = state.version;
    store.states[as] = state;
    await look(store.people.filter((name) => name !== as));
    settle();
  } catch (problem) {
    if (problem.name === "AbortError") return;
    store.online = false;
    changed();
    await pause(1000);
  }
}

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
