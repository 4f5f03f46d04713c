// The emoji names that turn up in this demo. An unknown name stays as it was written: `:name:`.

const EMOJI = {
  eyes: "👀", white_check_mark: "✅", heavy_check_mark: "✔️", warning: "⚠️", "+1": "👍", thumbsup: "👍", "-1": "👎", thumbsdown: "👎",
  heart: "❤️", tada: "🎉", smile: "😄", grinning: "😀", joy: "😂", wave: "👋", rocket: "🚀", fire: "🔥", pray: "🙏", clap: "👏",
  label: "🏷️", mag: "🔍", mag_right: "🔎", bell: "🔔", no_bell: "🔕", camera: "📷", camera_with_flash: "📸", frame_with_picture: "🖼️",
  dog: "🐶", dog2: "🐕", cat: "🐱", cat2: "🐈", car: "🚗", bike: "🚲", coffee: "☕", house: "🏠", bust_in_silhouette: "👤", busts_in_silhouette: "👥",
  x: "❌", no_entry: "⛔", no_entry_sign: "🚫", information_source: "ℹ️", question: "❓", exclamation: "❗", bulb: "💡", gear: "⚙️", lock: "🔒", unlock: "🔓",
  hourglass: "⌛", hourglass_flowing_sand: "⏳", alarm_clock: "⏰", zzz: "💤", wastebasket: "🗑️", pencil: "📝", pencil2: "✏️", memo: "📝", link: "🔗",
  arrows_counterclockwise: "🔄", repeat: "🔁", zap: "⚡", sparkles: "✨", star: "⭐", point_right: "👉", point_up: "☝️", art: "🎨", bar_chart: "📊",
  see_no_evil: "🙈", thinking_face: "🤔", robot_face: "🤖", speech_balloon: "💬", arrow_right: "➡️", small_blue_diamond: "🔹",
  large_green_circle: "🟢", red_circle: "🔴", large_yellow_circle: "🟡", white_circle: "⚪", black_circle: "⚫", mute: "🔇", package: "📦", inbox_tray: "📥",
};

/** The first few are offered when somebody adds a reaction. */
export const OFFERED = ["eyes", "white_check_mark", "+1", "heart", "tada", "warning", "label", "no_entry_sign"];

export function emoji(name) {
  return EMOJI[name.split("::")[0]] ?? `:${name}:`;
}

/** Replaces `:name:` in plain text. */
export function withEmoji(text) {
  return text.replace(/:([a-z0-9_+-]+):/g, (whole, name) => EMOJI[name] ?? whole);
}
