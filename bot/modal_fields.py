"""The fields of a window, as plain data, and what somebody typed or chose in them. No Slack call.

Source: https://docs.slack.dev/reference/block-kit/blocks/input-block
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from bot.messages import shorten

_OPTION_MAX_CHARS = 75
_CHANNELS = {"include": ["public", "private"], "exclude_bot_users": True}


class FieldsWrong(Exception):
    """What is wrong with the fields of a window: words by the field's block id."""

    def __init__(self, words: dict[str, str]) -> None:
        """Keep the words."""
        super().__init__()
        self.words = words


def plain(text: str) -> dict[str, Any]:
    """Words in which nothing is markup."""
    return {"type": "plain_text", "text": text}


def text_field(
    block: str, label: str, value: str, *, hint: str, multiline: bool = False
) -> dict[str, Any]:
    """A field that may stay empty; an empty first value is none at all to Slack."""
    element = {"type": "plain_text_input", "multiline": multiline}
    return _field(block, label, element | _if_any("initial_value", value), hint=hint)


def names_field(
    block: str,
    label: str,
    chosen: Sequence[str],
    *,
    instead: str,
    hint: str = "",
    optional: bool = True,
) -> dict[str, Any]:
    """A menu of many in which the bot itself suggests what fits the typed letters.

    `instead` stands there while nothing is chosen, as in all menus here that may stay empty.
    """
    element = {
        "type": "multi_external_select",
        "min_query_length": 0,
        "placeholder": plain(instead),
    }
    first = _if_any("initial_options", [name_option(name) for name in chosen])
    return _field(block, label, element | first, hint=hint, optional=optional)


def name_option(name: str) -> dict[str, Any]:
    """A name to choose in such a menu; the quotes that it needs in a line stand in its value."""
    words = shorten(name.replace('"', ""), max_chars=_OPTION_MAX_CHARS)
    return {"text": plain(words), "value": name}


def people_field(
    block: str, label: str, chosen: Sequence[str], *, instead: str, hint: str
) -> dict[str, Any]:
    """A menu of the workspace's people."""
    element = {"type": "multi_users_select", "placeholder": plain(instead)}
    return _field(block, label, element | _if_any("initial_users", list(chosen)), hint=hint)


def channels_field(
    block: str, label: str, chosen: Sequence[str], *, instead: str
) -> dict[str, Any]:
    """A menu of the channels that whoever looks at it may see."""
    element = {"type": "multi_conversations_select", "placeholder": plain(instead)}
    first = _if_any("initial_conversations", list(chosen))
    return _field(block, label, {**element, "filter": _CHANNELS, **first})


def channel_field(
    block: str, label: str, chosen: str, *, instead: str, hint: str
) -> dict[str, Any]:
    """The same for one channel, or none."""
    element = {"type": "conversations_select", "placeholder": plain(instead)}
    first = _if_any("initial_conversation", chosen)
    return _field(block, label, {**element, "filter": _CHANNELS, **first}, hint=hint)


def _field(
    block: str, label: str, element: dict[str, Any], *, hint: str = "", optional: bool = True
) -> dict[str, Any]:
    return {
        "type": "input",
        "block_id": block,
        "optional": optional,
        "label": plain(label),
        **({"hint": plain(hint)} if hint else {}),
        "element": {**element, "action_id": block},
    }


def _if_any(name: str, value: Any) -> dict[str, Any]:
    return {name: value} if value else {}


def choice_field(
    block: str, label: str, value: str, *, choices: Mapping[str, str]
) -> dict[str, Any]:
    """A menu of words by value, in which one is chosen always."""
    options = {name: {"text": plain(words), "value": name} for name, words in choices.items()}
    element = {
        "type": "static_select",
        "action_id": block,
        "options": list(options.values()),
        "initial_option": options[value],
    }
    return {"type": "input", "block_id": block, "label": plain(label), "element": element}


def typed(values: Mapping[str, Any], block: str) -> str:
    """What stands in a text field."""
    return str(values.get(block, {}).get(block, {}).get("value") or "").strip()


def chosen(values: Mapping[str, Any], block: str) -> str | None:
    """What is chosen in a menu; None where the window had no such menu."""
    option = values.get(block, {}).get(block, {}).get("selected_option")
    return str(option["value"]) if option else None


def chosen_many(values: Mapping[str, Any], block: str) -> tuple[str, ...]:
    """What is chosen in a menu of many: names, or the ids of people or channels."""
    element = values.get(block, {}).get(block, {})
    if (options := element.get("selected_options")) is not None:
        return tuple(str(option["value"]) for option in options)
    return tuple(element.get("selected_users") or element.get("selected_conversations") or ())


def chosen_channel(values: Mapping[str, Any], block: str) -> str:
    """The channel that is chosen in a menu, or nothing."""
    return str(values.get(block, {}).get(block, {}).get("selected_conversation") or "")
