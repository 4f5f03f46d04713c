// Files as pictures or cards, with what Slack shows where there is none.

import { h, icon, weight } from "./dom.js";
import { lightbox } from "./overlays.js";

const LONGEST_PX = { width: 420, height: 320 };

const NOT_SHOWN = {
  processing: { words: "Slack is still processing this file", sign: "image" },
  broken: { words: "File not found", sign: "broken" },
  deleted: { words: "This file was deleted", sign: "trash" },
  hidden: { words: "This file is hidden: the workspace is over its limit", sign: "lock" },
};

/** One FileCard of the sandbox: a picture that opens large, a card for other files, or the reason there is none. */
export function fileCard(card, { alt, style = "picture", name } = {}) {
  const title = name || card.title || card.name;
  if (card.state !== "ok" || !card.url) return missing(card, title);
  if (!card.is_image) return documentCard(card, title);
  return picture(card.url, { alt: alt || card.alt_text || title, title, style, size: sizeOf(card) });
}

/** A picture by address. Only this sandbox's own are loaded: the page asks nobody else for anything. */
export function pictureFrom(url, { alt, style = "picture", name } = {}) {
  const own = url.startsWith("/") || url.startsWith(`${location.origin}/`);
  if (own) return picture(url, { alt, title: name || alt, style });
  const why = h("small", {}, "A picture from elsewhere; the demo loads nothing from the network");
  const words = h("span", {}, h("strong", {}, alt || "Picture"), why);
  return h("div", { class: "file-card file-missing" }, icon("image"), words);
}

function picture(url, { alt, title, style, size }) {
  const image = h("img", { src: url, alt, loading: "lazy", decoding: "async", ...size });
  if (style === "context-image") return h("span", { class: style }, image);
  const open = () => lightbox(url, { name: title, alt });
  const props = { type: "button", class: style, "aria-label": `Open large: ${alt || title}`, data: { testid: "picture" } };
  return h("button", { ...props, on: { click: open } }, image, h("span", { class: "picture-corner" }, icon("expand")));
}

// Width and height before the bytes arrive keep the messages from jumping.
function sizeOf({ width_px: width, height_px: height }) {
  if (!width || !height) return {};
  const scale = Math.min(1, LONGEST_PX.width / width, LONGEST_PX.height / height);
  return { width: Math.max(24, Math.round(width * scale)), height: Math.max(24, Math.round(height * scale)) };
}

function documentCard(card, title) {
  const kind = (card.mimetype || "file").split("/").at(-1).toUpperCase();
  return h(
    "a",
    { class: "file-card", href: card.url, target: "_blank", rel: "noopener", data: { testid: "file" } },
    icon("file"),
    h("span", {}, h("strong", {}, title), h("small", {}, [kind, weight(card.size_bytes)].filter(Boolean).join(" · "))),
  );
}

function missing(card, title) {
  const { words, sign } = NOT_SHOWN[card.state] ?? NOT_SHOWN.broken;
  const busy = card.state === "processing" ? " file-processing" : "";
  const said = h("span", {}, h("strong", {}, words), title ? h("small", {}, title) : null);
  return h("div", { class: `file-card file-missing${busy}`, data: { testid: `file-${card.state}` } }, icon(sign), said);
}
