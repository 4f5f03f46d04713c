"""The insides of Block Kit blocks: texts, buttons, selects, pictures, and their limits."""

from __future__ import annotations

from typing import Any

_PLAIN = ("plain_text",)
_CONVERSATIONS = {"im", "mpim", "private", "public"}
_OPTIONS_LIMIT = {"overflow": 5, "checkboxes": 10, "radio_buttons": 10}


class Problems:
    """What is wrong, in Slack's words."""

    def __init__(self) -> None:
        self.words: list[str] = []

    def add(self, what: str, at: str) -> None:
        """Something is wrong at this JSON pointer."""
        self.words.append(f"{what} [json-pointer:{at}]")

    def limit(self, holder: dict[str, Any], name: str, most: int, *, at: str) -> None:
        """The text under this name, if any, has at most so many characters."""
        value = holder.get(name)
        if value is not None and (not isinstance(value, str) or len(value) > most):
            self.add(f"must be less than {most + 1} characters", f"{at}/{name}")

    def items(
        self, holder: dict[str, Any], name: str, fewest: int, most: int, *, at: str
    ) -> list[Any]:
        """The list under this name, which must be there and have so many items."""
        value = holder.get(name)
        if not isinstance(value, list):
            self.add(f"missing required field: {name}", at)
            return []
        if len(value) > most:
            self.add(f"no more than {most} items allowed", f"{at}/{name}")
        if len(value) < fewest:
            self.add(f"must contain at least {fewest} items", f"{at}/{name}")
        return value


def check_text(
    problems: Problems,
    holder: dict[str, Any],
    name: str,
    most: int,
    *,
    at: str,
    kinds: tuple[str, ...] = _PLAIN,
    required: bool = False,
) -> None:
    """A text object under this name: of an allowed kind, not empty, not too long."""
    if name not in holder:
        if required:
            problems.add(f"missing required field: {name}", at)
        return
    text = holder[name]
    if not isinstance(text, dict) or text.get("type") not in kinds:
        problems.add("failed to match all allowed schemas", f"{at}/{name}")
    elif not isinstance(text.get("text"), str) or not text["text"]:
        problems.add("must be more than 0 characters", f"{at}/{name}/text")
    else:
        problems.limit(text, "text", most, at=f"{at}/{name}")


def check_element(problems: Problems, element: Any, allowed: tuple[str, ...], *, at: str) -> None:
    """An element of one of the allowed types, within its limits."""
    kind = element.get("type") if isinstance(element, dict) else None
    if kind not in allowed:
        problems.add(f"unsupported type: {kind}", f"{at}/type")
        return
    problems.limit(element, "action_id", 255, at=at)
    check_text(problems, element, "placeholder", 150, at=at)
    if kind == "image":
        _check_picture(problems, element, at)
    if kind == "button":
        _check_button(problems, element, at)
    if "confirm" in element:
        _check_confirm(problems, element["confirm"], f"{at}/confirm")
    if "options" in element or kind in (*_OPTIONS_LIMIT, "static_select", "multi_static_select"):
        _check_options(problems, element, at)
    if kind == "multi_external_select" and "initial_options" in element:
        chosen = {"type": kind, "options": element["initial_options"]}
        _check_options(problems, chosen, f"{at}/initial_options")
    if "filter" in element:
        _check_filter(problems, element["filter"], f"{at}/filter")


def _check_filter(problems: Problems, wanted: Any, at: str) -> None:
    """Which conversations a menu offers."""
    kinds = wanted.get("include", []) if isinstance(wanted, dict) else None
    if not kinds and not (isinstance(wanted, dict) and set(wanted) - {"include"}):
        problems.add("must have at least one field", at)
    elif not set(kinds or ()) <= _CONVERSATIONS:
        problems.add("must be one of im, mpim, private, public", f"{at}/include")


def _check_picture(problems: Problems, element: dict[str, Any], at: str) -> None:
    if not element.get("alt_text"):
        problems.add("missing required field: alt_text", at)
    problems.limit(element, "alt_text", 2000, at=at)
    problems.limit(element, "image_url", 3000, at=at)
    if ("image_url" in element) == ("slack_file" in element):
        problems.add("must have exactly one of image_url and slack_file", at)
    named = element.get("slack_file")
    if named is not None and (not isinstance(named, dict) or ("id" in named) == ("url" in named)):
        problems.add("invalid slack file", f"{at}/slack_file")


def _check_button(problems: Problems, element: dict[str, Any], at: str) -> None:
    check_text(problems, element, "text", 75, at=at, required=True)
    problems.limit(element, "value", 2000, at=at)
    problems.limit(element, "url", 3000, at=at)
    if element.get("style") not in (None, "primary", "danger"):
        problems.add("must be one of primary, danger", f"{at}/style")


def _check_confirm(problems: Problems, confirm: Any, at: str) -> None:
    if not isinstance(confirm, dict):
        problems.add("must be an object", at)
        return
    check_text(problems, confirm, "title", 100, at=at, required=True)
    kinds = ("plain_text", "mrkdwn")
    check_text(problems, confirm, "text", 300, at=at, kinds=kinds, required=True)
    for name in ("confirm", "deny"):
        check_text(problems, confirm, name, 30, at=at, required=True)


def _check_options(problems: Problems, element: dict[str, Any], at: str) -> None:
    if "option_groups" in element:
        for number, group in enumerate(problems.items(element, "option_groups", 1, 100, at=at)):
            _check_options(problems, {"type": "", **group}, f"{at}/option_groups/{number}")
        return
    most = _OPTIONS_LIMIT.get(element["type"], 100)
    for number, option in enumerate(problems.items(element, "options", 1, most, at=at)):
        here = f"{at}/options/{number}"
        if not isinstance(option, dict):
            problems.add("must be an object", here)
            continue
        kinds = ("plain_text", "mrkdwn") if element["type"] in _OPTIONS_LIMIT else _PLAIN
        check_text(problems, option, "text", 75, at=here, kinds=kinds, required=True)
        problems.limit(option, "value", 150, at=here)
