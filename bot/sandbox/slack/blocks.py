"""Refuses the Block Kit blocks that Slack refuses, in Slack's words with a pointer to the place.

The limits are https://docs.slack.dev/reference/block-kit/blocks.
Whether a file that `slack_file` names may be shown is not asked here: that needs the workspace.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable
from typing import Any, Literal

from bot.sandbox.slack.elements import Problems, check_element, check_text

Surface = Literal["message", "modal", "home"]

BLOCKS_LIMIT = {"message": 50, "modal": 100, "home": 100}
VIEW_LIMIT_BYTES = 250_000
_ONLY_IN_MESSAGES = {"table", "markdown", "plan", "task_card"}
_NOT_IN_MESSAGES = {"alert"}
_NEWER = {"alert", "card", "carousel", "container", "plan", "task_card", "video"}
"""Accepted where they may stand, their insides not looked at."""
_IN_ACTIONS = (
    "button",
    "overflow",
    "static_select",
    "external_select",
    "users_select",
    "conversations_select",
    "channels_select",
    "multi_static_select",
    "multi_external_select",
    "multi_users_select",
    "multi_conversations_select",
    "multi_channels_select",
    "radio_buttons",
    "checkboxes",
    "datepicker",
    "timepicker",
    "datetimepicker",
    "workflow_button",
)
_IN_INPUTS = (
    *(name for name in _IN_ACTIONS if name not in ("button", "overflow", "workflow_button")),
    "plain_text_input",
    "email_text_input",
    "url_text_input",
    "number_input",
    "rich_text_input",
    "file_input",
)


def check_blocks(blocks: Any, surface: Surface = "message", at: str = "/blocks") -> list[str]:
    """What Slack would say against these blocks; an empty list when it takes them."""
    problems = Problems()
    if not isinstance(blocks, list):
        problems.add("must be an array", at)
        return problems.words
    if len(blocks) > BLOCKS_LIMIT[surface]:
        problems.add(f"no more than {BLOCKS_LIMIT[surface]} items allowed", at)
    for number, block in enumerate(blocks):
        _check_block(problems, block, surface, f"{at}/{number}")
    ids = [b["block_id"] for b in blocks if isinstance(b, dict) and b.get("block_id")]
    for twice in sorted({name for name in ids if ids.count(name) > 1}):
        problems.add(f"`block_id` [{twice}] already exists", at)
    return problems.words


def check_view(view: Any) -> list[str]:
    """What Slack would say against a modal or Home tab; an empty list when it takes it."""
    problems = Problems()
    surface = view.get("type") if isinstance(view, dict) else None
    if surface not in ("modal", "home"):
        problems.add("unsupported type", "/view/type")
        return problems.words
    if surface == "modal":
        check_text(problems, view, "title", 24, at="/view", required=True)
        for name in ("submit", "close"):
            check_text(problems, view, name, 24, at="/view")
        blocks = view.get("blocks")
        kinds = [b.get("type") for b in blocks or () if isinstance(b, dict)]
        if "input" in kinds and "submit" not in view:
            problems.add("missing required field: submit", "/view")
    problems.limit(view, "private_metadata", 3000, at="/view")
    problems.limit(view, "callback_id", 255, at="/view")
    return problems.words + check_blocks(view.get("blocks"), surface, "/view/blocks")


def is_view_too_large(view: Any) -> bool:
    """Whether Slack says `view_too_large`."""
    return len(json.dumps(view)) > VIEW_LIMIT_BYTES


def settle(blocks: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The blocks as Slack keeps them: every block and every element that acts has its id."""
    settled = [{**block, "block_id": block.get("block_id") or _id()} for block in blocks]
    for block in settled:
        if "elements" in block and block["type"] == "actions":
            block["elements"] = [_named(element) for element in block["elements"]]
        for place in ("accessory", "element"):
            if place in block and block[place].get("type") != "image":
                block[place] = _named(block[place])
    return settled


def _named(element: dict[str, Any]) -> dict[str, Any]:
    return {**element, "action_id": element.get("action_id") or _id()}


def _id() -> str:
    return secrets.token_urlsafe(4)[:5]


def _check_block(problems: Problems, block: Any, surface: Surface, at: str) -> None:
    kind = block.get("type") if isinstance(block, dict) else None
    wrong_place = kind in (_NOT_IN_MESSAGES if surface == "message" else _ONLY_IN_MESSAGES)
    if not isinstance(kind, str) or (kind not in _CHECKS and kind not in _NEWER) or wrong_place:
        problems.add(f"unsupported type: {kind}", f"{at}/type")
        return
    problems.limit(block, "block_id", 255, at=at)
    if kind in _CHECKS:
        _CHECKS[kind](problems, block, at)


def _check_section(problems: Problems, block: dict[str, Any], at: str) -> None:
    if "text" not in block and "fields" not in block:
        problems.add("missing required field: text", at)
    check_text(problems, block, "text", 3000, at=at, kinds=("plain_text", "mrkdwn"))
    fields = problems.items(block, "fields", 1, 10, at=at) if "fields" in block else []
    for number in range(len(fields)):
        holder = {str(number): fields[number]}
        kinds = ("plain_text", "mrkdwn")
        check_text(problems, holder, str(number), 2000, at=f"{at}/fields", kinds=kinds)
    if "accessory" in block:
        allowed = (*_IN_ACTIONS, "image")
        check_element(problems, block["accessory"], allowed, at=f"{at}/accessory")


def _check_header(problems: Problems, block: dict[str, Any], at: str) -> None:
    check_text(problems, block, "text", 150, at=at, required=True)


def _check_context(problems: Problems, block: dict[str, Any], at: str) -> None:
    elements = problems.items(block, "elements", 1, 10, at=at)
    for number, element in enumerate(elements):
        here = f"{at}/elements/{number}"
        if isinstance(element, dict) and element.get("type") == "image":
            check_element(problems, element, ("image",), at=here)
        else:
            kinds = ("plain_text", "mrkdwn")
            holder = {str(number): element}
            check_text(problems, holder, str(number), 3000, at=f"{at}/elements", kinds=kinds)


def _check_actions(problems: Problems, block: dict[str, Any], at: str) -> None:
    elements = problems.items(block, "elements", 1, 25, at=at)
    for number, element in enumerate(elements):
        check_element(problems, element, _IN_ACTIONS, at=f"{at}/elements/{number}")
    ids = [e["action_id"] for e in elements if isinstance(e, dict) and e.get("action_id")]
    for twice in sorted({name for name in ids if ids.count(name) > 1}):
        problems.add(f"`action_id` [{twice}] already exists", f"{at}/elements")


def _check_image(problems: Problems, block: dict[str, Any], at: str) -> None:
    check_element(problems, block, ("image",), at=at)
    check_text(problems, block, "title", 2000, at=at)


def _check_input(problems: Problems, block: dict[str, Any], at: str) -> None:
    check_text(problems, block, "label", 2000, at=at, required=True)
    check_text(problems, block, "hint", 2000, at=at)
    check_element(problems, block.get("element"), _IN_INPUTS, at=f"{at}/element")


def _check_rich_text(problems: Problems, block: dict[str, Any], at: str) -> None:
    allowed = {f"rich_text_{name}" for name in ("section", "list", "quote", "preformatted")}
    for number, element in enumerate(problems.items(block, "elements", 1, 1000, at=at)):
        if not isinstance(element, dict) or element.get("type") not in allowed:
            problems.add("unsupported type", f"{at}/elements/{number}/type")


def _check_markdown(problems: Problems, block: dict[str, Any], at: str) -> None:
    if not block.get("text"):
        problems.add("missing required field: text", at)
    problems.limit(block, "text", 12_000, at=at)


def _check_table(problems: Problems, block: dict[str, Any], at: str) -> None:
    for number, row in enumerate(problems.items(block, "rows", 1, 100, at=at)):
        problems.items({"row": row}, "row", 1, 20, at=f"{at}/rows/{number}")


_CHECKS: dict[str, Callable[[Problems, dict[str, Any], str], None]] = {
    "section": _check_section,
    "divider": lambda _problems, _block, _at: None,
    "header": _check_header,
    "context": _check_context,
    "actions": _check_actions,
    "image": _check_image,
    "input": _check_input,
    "rich_text": _check_rich_text,
    "markdown": _check_markdown,
    "table": _check_table,
}
