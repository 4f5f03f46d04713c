"""What people choose or type in Block Kit elements, in the form in which Slack tells it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from bot.sandbox.slack.suggesting import Offered

NOTHING_OFFERED: Offered = {}

Choice = str | list[str] | None

_TEXT_INPUTS = {
    "plain_text_input": "value",
    "email_text_input": "value",
    "url_text_input": "value",
    "number_input": "value",
    "datepicker": "selected_date",
    "timepicker": "selected_time",
    "users_select": "selected_user",
    "conversations_select": "selected_conversation",
    "channels_select": "selected_channel",
    "multi_users_select": "selected_users",
    "multi_conversations_select": "selected_conversations",
    "multi_channels_select": "selected_channels",
}
_ONE_OPTION = ("static_select", "external_select", "radio_buttons", "overflow")
_OPTIONS = ("multi_static_select", "multi_external_select", "checkboxes")
_EXTERNAL = ("external_select", "multi_external_select")


def elements_of(blocks: list[dict[str, Any]]) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    """(block, element) for everything in the blocks that a person can act on."""
    for block in blocks:
        inside = block.get("elements", []) if block["type"] == "actions" else []
        inside = [*inside, *(block[n] for n in ("accessory", "element") if n in block)]
        yield from ((block, element) for element in inside if element.get("action_id"))


def action_json(
    block: Mapping[str, Any],
    element: Mapping[str, Any],
    choice: Choice,
    ts: str,
    *,
    offered: Offered = NOTHING_OFFERED,
) -> dict[str, Any]:
    """One entry of `actions` in a block_actions payload."""
    shared = {"action_id": element["action_id"], "block_id": block["block_id"]}
    found = {**shared, "type": element["type"], "action_ts": ts}
    if element["type"] == "button":
        kept = {name: element[name] for name in ("text", "value", "style") if name in element}
        return {**found, **kept}
    return {**found, **value_json(element, choice, offered)}


def state_json(
    blocks: list[dict[str, Any]],
    values: Mapping[str, Choice],
    *,
    offered: Offered = NOTHING_OFFERED,
) -> dict[str, Any]:
    """`state.values` of these blocks; `values` by block_id or action_id, else as it began."""
    found: dict[str, Any] = {}
    for block, element in elements_of(blocks):
        if element["type"] == "button":
            continue
        key = next((k for k in (block["block_id"], element["action_id"]) if k in values), None)
        chosen = value_json(element, values[key], offered) if key is not None else None
        shown = _initial_json(element) if chosen is None else chosen
        answer = {"type": element["type"], **shown}
        found.setdefault(block["block_id"], {})[element["action_id"]] = answer
    return {"values": found}


def value_json(
    element: Mapping[str, Any], choice: Choice, offered: Offered = NOTHING_OFFERED
) -> dict[str, Any]:
    """What Slack tells of an element in which this was typed or chosen.

    In an external menu only what the bot has `offered` can be chosen, or what stood there at first.
    """
    kind = element["type"]
    if kind in _TEXT_INPUTS:
        return {_TEXT_INPUTS[kind]: choice or ([] if kind.startswith("multi_") else None)}
    options = {option["value"]: option for option in _options(element)}
    if kind in _EXTERNAL:
        options |= offered
    if kind in _ONE_OPTION:
        return {"selected_option": options.get(choice) if isinstance(choice, str) else None}
    if kind in _OPTIONS:
        chosen = [choice] if isinstance(choice, str) else choice or []
        return {"selected_options": [options[name] for name in chosen if name in options]}
    return {"value": choice}


def _options(element: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    yield from element.get("options", [])
    yield from element.get("initial_options", [])
    yield from filter(None, [element.get("initial_option")])
    for group in element.get("option_groups", []):
        yield from group["options"]


def _initial_json(element: Mapping[str, Any]) -> dict[str, Any]:
    empty = value_json(element, None)
    name = next(iter(empty))
    initial = "initial_" + name.removeprefix("selected_")
    return {name: element.get(initial, empty[name])}
