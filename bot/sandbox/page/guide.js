// What helps a newcomer: the three first steps, the sample pictures, and what here is real.

import { fill, h, icon, iconButton } from "./dom.js";
import { attempt, dialogHead, openDialog } from "./overlays.js";
import { mark } from "./people.js";
import * as sandbox from "./sandbox.js";
import { channelById, channelsOf, current, directChannel, go, mine, slashCommand, store } from "./store.js";

const HIDDEN = "spotter.steps-hidden";

// ---- samples ----------------------------------------------------------------------------------------------

let samples = [];

/** Fetches the samples and draws them into `strip`; a click posts one as the current person, here. */
export async function showSamples(strip, { onPosted }) {
  samples = await sandbox.samples();
  strip.hidden = !samples.length;
  const title = h("span", { class: "samples-title", id: "samples-title" }, "Post a sample");
  const rows = samples.map((one) => h("li", {}, thumbnail(one, onPosted)));
  fill(strip, title, h("ul", { "aria-labelledby": "samples-title" }, rows));
}

function thumbnail(sample, onPosted) {
  const names = { title: `Post "${sample.title}" here`, "aria-label": `Post the sample: ${sample.title}` };
  const props = { type: "button", class: "sample", ...names, data: { testid: `sample-${sample.name}` } };
  const picture = h("img", { src: sample.url, alt: "", loading: "lazy", decoding: "async" });
  const button = h("button", props, picture, h("span", {}, caption(sample)));
  button.addEventListener("click", async () => {
    button.classList.add("busy");
    await postSample(sample, current().id, onPosted);
    button.classList.remove("busy");
  });
  return button;
}

// Under a small picture only the words in the middle fit: "Drawn scene: park" and "A cat (CC0)" keep the rest as tooltip.
function caption({ title }) {
  const words = title.replace(/^[^:]*: /, "").replace(/ \([^)]*\)$/, "");
  return words.charAt(0).toUpperCase() + words.slice(1);
}

async function postSample(sample, channel, onPosted) {
  const as = store.me;
  const answer = await attempt(() => sandbox.message({ as, channel, samples: [sample.name] }));
  if (answer) onPosted({ as, channel, ts: answer.ts });
}

const dogSample = () => samples.find((one) => /dog|park/i.test(`${one.name} ${one.title}`)) ?? samples[0];
const otherSample = () => samples.find((one) => one !== dogSample()) ?? samples[0];

// ---- the three steps --------------------------------------------------------------------------------------

/** Draws the card of the first three steps, ticked as they are done; `tools`: {write, onPosted}. */
export function showSteps(card, tools) {
  const steps = stepsNow(tools);
  const next = steps.findIndex((step) => !step.done);
  const done = steps.map((step) => step.done);
  const signature = JSON.stringify([done, localStorage.getItem(HIDDEN), samples.length, slashCommand(), store.people.length]);
  if (card.signature === signature) return;
  card.signature = signature;
  card.hidden = localStorage.getItem(HIDDEN) === "1" || !steps.length;
  const hide = () => {
    localStorage.setItem(HIDDEN, "1");
    showSteps(card, tools);
  };
  const title = next < 0 ? "That is the whole idea." : "Three steps to see it work";
  const close = iconButton("close", "Hide the first steps", hide, { "data-testid": "steps-hide" });
  const rows = steps.map((step, at) => stepRow(step, at, next));
  fill(card, h("header", {}, h("h2", {}, title), close), h("ol", {}, rows));
}

function stepRow({ title, words, action, done }, at, next) {
  const explained = at === next || (next < 0 && at === 2);
  const state = ["step", done && "step-done", explained && "step-next"].filter(Boolean).join(" ");
  const props = { type: "button", class: "link-button", data: { testid: `step-${at + 1}` } };
  const button = h("button", { ...props, on: { click: action.act } }, action.words);
  const number = h("span", { class: "step-number" }, done ? icon("check") : at + 1);
  return h("li", { class: state }, number, h("div", {}, h("strong", {}, title), h("p", {}, words, " ", button)));
}

function stepsNow({ write, onPosted }) {
  const photos = channelsOf().find((channel) => channel.name === "photos")?.id;
  if (!photos || !samples.length) return [];
  const told = directChannel("ben")?.messages.some((message) => message.is_bot && !message.ephemeral);
  const watched = told || isWatching("ben");
  const asAna = (sample) => {
    go({ as: "ana", channel: photos, thread: null });
    setTimeout(() => postSample(sample, photos, onPosted), 0);
  };
  const asBen = () => {
    go({ as: "ben", channel: photos, thread: null });
    setTimeout(() => write(`${slashCommand()} watch dog`), 0);
  };
  const openDirect = () => go({ as: "ben", channel: directChannel("ben").id, thread: null });
  const first = {
    title: "Post a picture",
    words: "A sample from below, or drop in your own: the stand-in for Rekognition knows the samples, and finds faces. The thread under it gets the answer.",
    done: posted(),
    action: { words: "Post one for me", act: () => asAna(otherSample()) },
  };
  const second = {
    title: "Ask to be told about dogs",
    words: ["As Ben, type ", h("code", {}, `${slashCommand()} watch dog`), " and press Enter."],
    done: watched,
    action: { words: "Type it for me", act: asBen },
  };
  const third = {
    title: "Post the dog scene as Ana",
    words: "Then look at Ben's direct message from Spotter.",
    done: false,
    action: { words: "Post it for me", act: () => asAna(dogSample()) },
  };
  const end = {
    title: "Ben has been told",
    words: "By direct message: the label, how sure, and the way there.",
    done: true,
    action: { words: "Open Ben's message", act: openDirect },
  };
  return [first, second, told ? end : third];
}

// The bot's answer says so, and only as long as this demo runs: a new one begins with the first step.
function isWatching(person) {
  const says = (message) => message.is_bot && message.ephemeral && /^You now watch/.test(message.text);
  return channelsOf(person).some((channel) => channel.messages.some(says));
}

function posted() {
  const holdsPicture = (channel) => channel.messages.some((message) => message.files?.length && !message.is_bot);
  return store.people.some((name) => channelsOf(name).some(holdsPicture));
}

// ---- what is real here ------------------------------------------------------------------------------------

const PARTS = [
  {
    name: "Spotter",
    real: true,
    words:
      "The bot itself is the real program: the same code that runs in a real workspace, " +
      "started with settings that point it at the stand-ins below.",
  },
  {
    name: "Slack",
    key: "slack",
    kind: "Stand-in",
    words:
      "This page and a small server on your machine. It speaks Slack's own protocols: " +
      "Web API, events, Socket Mode, slash commands, buttons, modals, uploads and their limits.",
  },
  {
    name: "Amazon Rekognition",
    key: "rekognition",
    kind: "Stand-in",
    words:
      "Looks at the pixels: finds the objects of the drawn scenes, knows the sample photographs by answers " +
      "written by hand, looks for faces on other photographs, and says nothing when it knows nothing.",
  },
  {
    name: "Amazon S3",
    key: "s3",
    kind: "Stand-in",
    words: "moto, a well-known local S3. Your originals are stored in a folder on this machine, until the demo ends.",
  },
];

/** The dialog that says which parts are stand-ins and how to connect the real ones. */
export function showReality() {
  const real = mine()?.app?.real ?? [];
  const calls = h("ol", { class: "calls", "aria-label": "Last calls" });
  const props = { class: "dialog dialog-wide", "aria-label": "What is real here", data: { testid: "reality" } };
  const element = h("dialog", props);
  const but = real.length ? ", except what goes to your own AWS account." : ", and no account is needed.";
  const body = h(
    "div",
    { class: "dialog-body reality" },
    h("p", { class: "lead" }, "Everything runs on this machine. Nothing you post leaves it", but),
    h("ul", { class: "parts" }, PARTS.map((part) => partRow(part, real))),
    connect(),
    h("h3", {}, "Behind the scenes"),
    h("p", { class: "muted" }, "The last calls between the bot and its services."),
    calls,
  );
  fill(element, dialogHead("What is real here", () => element.close()), body);
  const timer = setInterval(() => showCalls(calls), 2000);
  openDialog(element, { onClose: () => clearInterval(timer) });
  showCalls(calls);
}

function partRow({ name, key, kind, words, real }, realKeys) {
  const genuine = real || realKeys.includes(key);
  const tag = h("span", { class: genuine ? "truth truth-real" : "truth" }, genuine ? "Real" : kind);
  const said = genuine && !real ? "The real service, with the credentials found on this machine." : words;
  return h("li", {}, h("div", { class: "part-name" }, key ? null : mark(), h("strong", {}, name), tag), h("p", {}, said));
}

function connect() {
  const line = (code, means) => h("li", {}, h("code", {}, code), h("span", {}, means));
  return [
    h("h3", {}, "Connect the real ones"),
    h("ol", { class: "connect" },
      line(".venv/bin/python -m bot manifest", "prints the Slack app: create it from this at api.slack.com/apps"),
      line(".venv/bin/python -m bot doctor", "says what is still missing or wrong, and where to get it"),
      line(".venv/bin/python -m bot run", "starts the bot in your workspace"),
      line(".venv/bin/python -m bot demo --aws", "this page, but with your real Rekognition and S3")),
    h("p", { class: "muted" }, "Type them in the folder of Spotter's code. The README goes through it in five steps."),
  ];
}

const SERVICES = { person: "Person", slack: "Slack", s3: "S3", rekognition: "Rekognition", event: "Event" };

async function showCalls(list) {
  const entries = await sandbox.ledger().catch(() => []);
  const last = entries.slice(-14).reverse();
  const row = ({ service, call }) =>
    h("li", {}, h("span", { class: `service service-${service}` }, SERVICES[service] ?? service), h("code", {}, call));
  fill(list, last.length ? last.map(row) : h("li", { class: "muted" }, "Nothing yet: post a picture."));
}

/** Whether this channel lacks the bot, and what to do about it. */
export function missingBot(channel) {
  return channel && channel.kind !== "im" && channel.has_bot === false && channelById(channel.id)?.is_member;
}
