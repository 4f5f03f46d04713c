// Puts the page together: draws what the store knows, whenever it changes.

import { makeComposer, onSent } from "./composer.js";
import { fill, h, icon, iconButton } from "./dom.js";
import { missingBot, showReality, showSamples, showSteps } from "./guide.js";
import { showChannel, showThread } from "./messages.js";
import { asTyped } from "./mrkdwn.js";
import { showModal } from "./modals.js";
import { announce, attempt, placeToast, toast } from "./overlays.js";
import { mark } from "./people.js";
import * as sandbox from "./sandbox.js";
import { showSidebar, showSwitcher, sign } from "./sidebar.js";
import { changed, channelTitle, current, directChannel, directory, go, idOf, isReply, mine, onChange } from "./store.js";
import { realName, slashCommand, start, store, topLevel, unreadOf, view } from "./store.js";

const at = (id) => document.getElementById(id);
const SAMPLES_HIDDEN = "spotter.samples-hidden";

const samplesProps = { type: "button", class: "composer-tool", "aria-controls": "samples", data: { testid: "samples-toggle" } };
const samplesButton = h("button", samplesProps, icon("image"), "Samples");
const composer = makeComposer({ extra: samplesButton });
const threadComposer = makeComposer({ inThread: true });

// ---- drawing ----------------------------------------------------------------------------------------------

function draw() {
  const channel = current();
  if (!channel) return;
  showSwitcher(at("switcher"));
  showSidebar(at("channels"), { onChosen: closeDrawer });
  showHead(channel);
  showNotices(channel);
  showStatus();
  at("app").classList.toggle("compact", topLevel(channel).length > 0);
  showSteps(at("steps"), { write: composer.write, onPosted: notePost });
  keepScroll(at("messages-scroll"), `${store.me}/${channel.id}`, () => showChannel(at("messages"), channel));
  at("empty").hidden = topLevel(channel).length > 0;
  drawThread(channel);
  composer.update();
  showModal();
  document.title = titleNow(channel);
  noticeOthers();
  noticeReplies();
  placeToast();
}

function showHead(channel) {
  const direct = `Pictures posted here are answered, and so is ${slashCommand()} help`;
  const about = { im: direct, private: "Private: only its members know of it", public: "" }[channel.kind];
  fill(at("channel-title"), sign(channel), h("h1", {}, channelTitle(channel)));
  fill(at("channel-about"), about);
  fill(at("empty"), h("span", { class: "empty-mark" }, mark()), emptyWords(channel));
}

function emptyWords(channel) {
  const code = (words) => h("code", {}, words);
  const name = realName(mine().app?.user);
  if (channel.kind === "im") {
    const here = ["Post a picture and it is answered here. Type ", code(`${slashCommand()} watch dog`), " to be told about dogs, "];
    const rest = [code(`${slashCommand()} help`), " for the rest. Plain words get no answer."];
    return [h("h2", {}, `This is you and ${channelTitle(channel)}`), h("p", {}, here, rest)];
  }
  const post = "Post a picture: a sample from below, or drop a file anywhere here.";
  const first = [`${name} is not here yet. Type `, code(`/invite @${name}`), " first, then post a picture."];
  const sign = channel.kind === "private" ? "🔒" : "#";
  return [h("h2", {}, `Welcome to ${sign}${channel.name}`), h("p", {}, missingBot(channel) ? first : post)];
}

function showNotices(channel) {
  const rows = [];
  if (!store.online) rows.push(notice("The demo does not answer. When it runs again this page comes back by itself, and begins anew.", "bad"));
  else if (mine().app?.connected === false) rows.push(notice("Spotter is not connected yet. What you post waits for it.", "wait"));
  const name = realName(mine().app?.user);
  const invite = () => attempt(() => sandbox.command(store.me, channel.id, `/invite @${name}`));
  const missing = `${name} is not in this channel, so it does not see pictures here.`;
  if (missingBot(channel)) rows.push(notice(missing, "wait", { words: `Invite ${name}`, act: invite }));
  const join = () => attempt(() => sandbox.join(store.me, channel.id));
  if (!channel.is_member) rows.push(notice("You are not in this channel.", "wait", { words: "Join", act: join }));
  fill(at("notices"), rows);
}

function showStatus() {
  const running = store.online && mine().app?.connected !== false;
  const words = running ? "Spotter is running" : store.online ? "Spotter is starting" : "The demo is away";
  fill(at("status"), h("span", { class: running ? "lamp lamp-on" : "lamp" }), words);
}

function notice(words, kind, action) {
  const props = { type: "button", class: "button button-small", data: { testid: "notice-action" } };
  const button = action && h("button", { ...props, on: { click: action.act } }, action.words);
  return h("div", { class: `notice notice-${kind}` }, h("span", {}, words), button);
}

let threadShown = null;

function drawThread(channel) {
  const { thread } = view();
  at("app").classList.toggle("with-thread", Boolean(thread));
  at("thread").hidden = !thread;
  if (!thread) {
    threadShown = null;
    return;
  }
  fill(at("thread-where"), channel.kind === "im" ? channelTitle(channel) : `#${channelTitle(channel)}`);
  keepScroll(at("thread-scroll"), `${store.me}/${channel.id}/${thread}`, () => showThread(at("thread-messages"), channel, thread));
  threadComposer.update();
  if (threadShown === thread) return;
  threadShown = thread;
  if (store.narrow()) at("thread-close").focus();
  // A link may lead to a message far up: show where in the channel it stands.
  at("messages").querySelector(`[data-ts="${CSS.escape(thread)}"]`)?.scrollIntoView({ block: "nearest" });
}

// ---- staying at the end while one is there, and where one reads otherwise --------------------------------------

const scrolling = new WeakMap(); // frame -> {key, pinned}
const NEAR_END_PX = 80;

function keepScroll(frame, key, show) {
  const before = scrolling.get(frame);
  show();
  const opened = before.key !== key;
  before.key = key;
  if (opened) before.pinned = !showNew(frame);
  if (before.pinned) toEnd(frame);
}

function showNew(frame) {
  const line = frame.querySelector(".new-line");
  line?.scrollIntoView({ block: "center" });
  return Boolean(line);
}

// A long answer is read from its beginning, so a thread stops at the top of its last message.
function toEnd(frame) {
  const last = frame.id === "thread-scroll" && frame.querySelector("article.message:last-of-type");
  if (last && last.clientHeight > frame.clientHeight) last.scrollIntoView({ block: "start" });
  else frame.scrollTop = frame.scrollHeight;
}

// Who sends something wants to see it, and what comes of it.
function followEnd(frame) {
  scrolling.get(frame).pinned = true;
  toEnd(frame);
}

function watchScroll(frame) {
  const state = { key: null, pinned: true };
  scrolling.set(frame, state);
  frame.addEventListener("scroll", () => (state.pinned = frame.scrollHeight - frame.scrollTop - frame.clientHeight < NEAR_END_PX));
  // Pictures that arrive late and bars that open above or below change sizes without anybody scrolling.
  const observer = new ResizeObserver(() => state.pinned && toEnd(frame));
  observer.observe(frame);
  for (const child of frame.children) observer.observe(child);
}

function titleNow(channel) {
  const waiting = store.people.reduce((sum, name) => sum + (name === store.me ? 0 : unreadOf(name).urgent), 0);
  return `${waiting ? `(${waiting}) ` : ""}${channelTitle(channel)} - Spotter Demo`;
}

// ---- noticing ---------------------------------------------------------------------------------------------

const urgentBefore = {};
const notNews = {}; // name -> what takes the toast about them away

function noticeOthers() {
  if (store.me in notNews) notNews[store.me]();
  for (const name of store.people) {
    const { urgent } = unreadOf(name);
    const before = urgentBefore[name];
    urgentBefore[name] = urgent;
    if (before === undefined || urgent <= before || name === store.me) continue;
    const words = `${realName(idOf(name))} has a new message from ${realName(mine().app?.user)}.`;
    const open = () => go({ as: name, channel: directChannel(name).id, thread: null });
    notNews[name] = toast(words, { action: { words: `Look as ${realName(idOf(name))}`, act: open }, seconds: 12 });
    announce(words);
  }
}

const heard = new Set();
let listening = false;

// New replies are said aloud, and the answer to a picture just posted from this page opens by itself where there is room.
function noticeReplies() {
  for (const channel of mine().channels) {
    for (const message of channel.messages) {
      const key = `${channel.id}/${message.ts}`;
      if (heard.has(key)) continue;
      heard.add(key);
      if (listening && message.user !== mine().me) hear(channel, message);
    }
  }
  listening = true;
}

function hear(channel, message) {
  const did = isReply(message) ? "replied in a thread" : "wrote";
  announce(`${realName(message.user)} ${did}: ${asTyped(message.text ?? "", directory)}`.slice(0, 300));
  const key = `${channel.id}/${message.thread_ts}`;
  if (!isReply(message) || !awaited.has(key)) return;
  awaited.delete(key);
  if (current()?.id === channel.id && !view().thread && !store.narrow()) setTimeout(() => go({ thread: message.thread_ts }), 0);
}

const awaited = new Set();

function notePost({ channel, ts }) {
  awaited.clear();
  awaited.add(`${channel}/${ts}`);
}

// ---- what is there once -----------------------------------------------------------------------------------

function closeDrawer() {
  at("app").classList.remove("with-drawer");
  at("drawer-button").setAttribute("aria-expanded", "false");
}

function toggleDrawer() {
  const open = at("app").classList.toggle("with-drawer");
  at("drawer-button").setAttribute("aria-expanded", String(open));
  if (open) at("channels").querySelector("a")?.focus();
}

function toggleSamples() {
  sessionStorage.setItem(SAMPLES_HIDDEN, at("samples").classList.contains("closed") ? "" : "1");
  showSamplesState();
}

function showSamplesState() {
  const closed = sessionStorage.getItem(SAMPLES_HIDDEN) === "1";
  at("samples").classList.toggle("closed", closed);
  samplesButton.setAttribute("aria-expanded", String(!closed));
}

function acceptDrops(area, target) {
  let depth = 0;
  const carries = (event) => [...(event.dataTransfer?.types ?? [])].includes("Files");
  const show = (by) => {
    depth = by === 0 ? 0 : depth + by;
    area.classList.toggle("dropping", depth > 0);
  };
  area.addEventListener("dragenter", (event) => carries(event) && (event.preventDefault(), show(1)));
  area.addEventListener("dragover", (event) => carries(event) && event.preventDefault());
  area.addEventListener("dragleave", (event) => carries(event) && show(-1));
  area.addEventListener("drop", (event) => {
    if (!carries(event)) return;
    event.preventDefault();
    show(0);
    target.take(event.dataTransfer.files);
  });
}

function listen() {
  for (const id of ["messages-scroll", "thread-scroll"]) watchScroll(at(id));
  for (const place of document.querySelectorAll("[data-mark]")) place.append(mark());
  at("drawer-button").append(icon("menu"));
  at("drawer-button").addEventListener("click", toggleDrawer);
  at("scrim").addEventListener("click", closeDrawer);
  for (const button of document.querySelectorAll(".reality-button")) {
    button.prepend(icon("info"));
    button.addEventListener("click", showReality);
  }
  const props = { id: "thread-close", "data-testid": "thread-close" };
  at("thread-head").append(iconButton("close", "Close the thread", () => go({ thread: null }), props));
  at("composer").append(composer.node);
  at("thread-composer").append(threadComposer.node);
  samplesButton.addEventListener("click", toggleSamples);
  acceptDrops(at("main"), composer);
  acceptDrops(at("thread"), threadComposer);
  document.addEventListener("keydown", escape);
  // The address after # says where we look, so this link must not go through it.
  document.querySelector(".skip").addEventListener("click", (event) => (event.preventDefault(), composer.focus()));
  // A file dropped beside the marked areas must not make the browser leave the page.
  for (const name of ["dragover", "drop"]) window.addEventListener(name, (event) => event.preventDefault());
}

function escape(event) {
  if (event.key !== "Escape" || event.defaultPrevented || document.querySelector("dialog[open]")) return;
  if (at("app").classList.contains("with-drawer")) closeDrawer();
  else if (view()?.thread) {
    go({ thread: null });
    composer.focus();
  }
}

onSent(({ threadTs }) => followEnd(at(threadTs ? "thread-scroll" : "messages-scroll")));
onSent(({ command, channel, threadTs, ts }) => !command && !threadTs && ts && notePost({ channel, ts }));
onChange(draw);
listen();
showSamplesState();
showSamples(at("samples-strip"), { onPosted: notePost }).then(changed);
start();
