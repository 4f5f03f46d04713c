"""What somebody chose for one reply: more labels, another style. It goes over what the channel set.

Options are fields of ShowSettings in plain JSON, kept with the reply's pictures. None takes an
option back. No Slack, no database.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.drawing_style import Style
from bot.model import PERCENT_KNOWN_FROM, ShowSettings
from bot.settings_modal import MOST_LABELS
from bot.shown import settings_from_json, settings_to_json
from bot.withheld import PERSON

Options = Mapping[str, Any]

MORE: Options = {
    "threshold_percent": PERCENT_KNOWN_FROM,
    "max_labels": MOST_LABELS,
    "by_label": {},
}
"""Everything Rekognition was asked for, as far as a reply has room."""

LESS: Options = dict.fromkeys(MORE)
"""As much as the channel shows."""

STYLES: Mapping[str, Options] = {
    "channel": {"style": None},
    "confidence": {"style": {"colours": "confidence"}},
    "one": {"style": {"colours": "one"}},
    "plain": {"style": {"thickness": "thin", "show_confidence": False}},
    "hide_people": {"style": {"hide": [PERSON]}},
}
"""What can be chosen for one reply; all but the first come on top of what was chosen before."""


def combine(before: Options, after: Options) -> dict[str, Any]:
    """What is chosen once `after` comes on top of `before`.

    >>> combine({"style": {"hide": ["Person"]}}, {"style": {"colours": "one"}})
    {'style': {'hide': ['Person'], 'colours': 'one'}}
    >>> combine({"max_labels": 30}, {"max_labels": None})
    {}
    """
    chosen = {**before, **after}
    if before.get("style") and after.get("style"):
        chosen["style"] = {**before["style"], **after["style"]}
    return {name: value for name, value in chosen.items() if value is not None}


def with_options(settings: ShowSettings, options: Options) -> ShowSettings:
    """The channel's settings, with what was chosen for one reply over them.

    What the channel hides stays hidden, whatever is chosen.
    """
    own = combine({}, options)
    chosen = combine(settings_to_json(settings), own)
    hide = [*_hidden(settings.style), *_hidden(own.get("style", {}))]
    if hide:
        chosen["style"] = {**chosen["style"], "hide": list(dict.fromkeys(hide))}
    return settings_from_json(chosen)


def _hidden(style: Options) -> tuple[str, ...]:
    return Style.from_json(style).hide


def shows_more(options: Options) -> bool:
    """Whether more labels than the channel shows were chosen."""
    return MORE.keys() <= options.keys()
