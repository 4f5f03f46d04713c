"""The fields of a window, as plain data, and what somebody typed or chose in them. No Slack call.

Source: https://docs.slack.dev/reference/block-kit/blocks/input-block
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


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
    element = {"type": "plain_text_input", "action_id": block, "multiline": multiline}
    if value:
        element["initial_value"] = value
    return {
        "type": "input",
        "block_id": block,
        "optional": True,
        "label": plain(label),
        "hint": plain(hint),
        "element": element,
    }


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
