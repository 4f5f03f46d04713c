// Faces: the small square beside a name.

import { h, icon } from "./dom.js";
import { person, realName, spotter } from "./store.js";

const SVG = "http://www.w3.org/2000/svg";

/** Spotter's mark: the corners of a found box around a dot. */
export function mark() {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("class", "mark");
  svg.setAttribute("aria-hidden", "true");
  const corners = document.createElementNS(SVG, "path");
  corners.setAttribute("d", "M5 9V5h4M15 5h4v4M19 15v4h-4M9 19H5v-4");
  const dot = document.createElementNS(SVG, "circle");
  for (const [name, value] of [["cx", 12], ["cy", 12], ["r", 3.2]]) dot.setAttribute(name, value);
  svg.append(corners, dot);
  return svg;
}

/** The face of a user id. */
export function avatar(id, size = "") {
  const style = `avatar ${size}`;
  if (id === spotter()) return h("span", { class: `${style} avatar-spotter`, "aria-hidden": "true" }, mark());
  if (person(id)?.is_bot) return h("span", { class: `${style} avatar-camera`, "aria-hidden": "true" }, icon("eye"));
  return h("span", { class: `${style} avatar-${person(id)?.name ?? "nobody"}`, "aria-hidden": "true" }, realName(id).slice(0, 1).toUpperCase());
}

export function badge({ count, urgent }, what) {
  if (urgent) return h("span", { class: "badge", "data-testid": "badge", "aria-label": `${urgent} new ${what}` }, urgent > 9 ? "9+" : urgent);
  if (count) return h("span", { class: "dot", "data-testid": "dot", "aria-label": "new messages" });
  return null;
}
