// The bar at the left, and who one is.

import { fill, h, icon } from "./dom.js";
import { avatar, badge } from "./people.js";
import { channelTitle, channelsOf, go, href, idOf, realName, spotter, store, unread, unreadOf, view } from "./store.js";

/** Draws the channels and the direct message of the current person. */
export function showSidebar(nav, { onChosen }) {
  const channels = channelsOf().filter((channel) => !channel.is_archived);
  const rooms = channels.filter((channel) => channel.kind !== "im");
  const direct = channels.filter((channel) => channel.kind === "im");
  const row = (channel) => channelRow(channel, onChosen);
  fill(nav, group("Channels", rooms.map(row)), group("Direct messages", direct.map(row)));
}

function group(title, rows) {
  return rows.length ? h("section", {}, h("h2", {}, title), h("ul", {}, rows)) : null;
}

function channelRow(channel, onChosen) {
  const here = view()?.channel === channel.id;
  const news = here ? {} : channel.is_member ? unread(store.me, channel) : {};
  const marks = [here && "channel-here", news.count && "channel-unread", !channel.is_member && "channel-outside"];
  const props = {
    class: ["channel-row", ...marks].filter(Boolean).join(" "),
    href: href(store.me, channel.id),
    "aria-current": here ? "page" : null,
    data: { testid: `channel-${channel.kind === "im" ? "dm" : channel.name}` },
    on: { click: onChosen },
  };
  return h("li", {}, h("a", props, sign(channel), h("span", { class: "channel-name" }, channelTitle(channel)), badge(news, "messages")));
}

/** The sign before a channel's name. */
export function sign(channel) {
  if (channel.kind === "im") return avatar(channel.user ?? spotter(), "avatar-tiny");
  return icon(channel.kind === "private" ? "lock" : "hash");
}

/** Draws the switcher: one button per person, with what waits for them. */
export function showSwitcher(element) {
  const focused = element.contains(document.activeElement) && document.activeElement.dataset.name;
  fill(element, store.people.map(personButton));
  if (focused) element.querySelector(`[data-name="${focused}"]`)?.focus();
}

function personButton(name) {
  const here = name === store.me;
  const id = idOf(name);
  const news = here ? {} : unreadOf(name);
  const words = realName(id);
  return h(
    "button",
    {
      type: "button",
      class: here ? "person person-here" : "person",
      "aria-pressed": String(here),
      title: here ? `You are ${words}` : `Become ${words}`,
      data: { testid: `person-${name}`, name },
      on: { click: () => go({ as: name }) },
    },
    avatar(id, "avatar-tiny"),
    h("span", { class: "person-name" }, words),
    badge(news, "messages"),
  );
}
