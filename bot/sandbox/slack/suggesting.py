"""What the bot suggests while somebody types into an external menu: asked for, checked, kept.

https://docs.slack.dev/reference/block-kit/block-elements/select-menu-element#external_select
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from bot.sandbox.slack.delivery import Answer
from bot.sandbox.slack.elements import Problems, check_element

MIN_QUERY_CHARS = 3
"""From how many typed characters on Slack asks, unless the element says otherwise."""

Option = dict[str, Any]
Offered = Mapping[str, Option]
"""Options that were suggested, by their value: only one of these can be chosen."""


def is_asked(element: Mapping[str, Any], typed: str) -> bool:
    """Whether so much was typed that Slack asks the bot."""
    return len(typed) >= int(element.get("min_query_length", MIN_QUERY_CHARS))


def read_suggestions(answer: Answer) -> list[Option]:
    """The options in the bot's answer; none where Slack could not show them."""
    if not answer.ok:
        return []
    try:
        said = json.loads(answer.body)
        groups = said.get("option_groups") or [said]
        options = [option for group in groups for option in group["options"]]
    except (ValueError, LookupError, TypeError, AttributeError):
        return []
    problems = Problems()
    menu = {"type": "static_select", "action_id": "suggested", "options": options}
    if options:
        check_element(problems, menu, ("static_select",), at="")
    return [] if problems.words else options
