"""The window in which a watch is made or changed: its fields, and what is read from them.

What asks for more than the fields hold is changed as one line of text. No Slack call.
Source: https://docs.slack.dev/reference/views/modal-views
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from bot.errors import CommandError
from bot.modal_fields import (
    FieldsWrong,
    channel_field,
    channels_field,
    choice_field,
    chosen,
    chosen_channel,
    chosen_many,
    names_field,
    people_field,
    plain,
    text_field,
    typed,
)
from bot.rules import Rule, parse_rule
from bot.watch_fields import ALL, ALWAYS, ANY, WatchFields, fields_of

CALLBACK = "watch_form"

LABELS = "labels"
JOINED = "joined"
WITHOUT = "without"
OVER = "over"
COUNT = "at_least"
SIZE = "bigger"
CHANNELS = "channels"
PEOPLE = "people"
EVERY = "every"
TELL = "tell"
RULE = "rule"
"""The fields; RULE stands alone, in the place of all others."""

SUGGESTED = (LABELS, WITHOUT)
"""The menus in which we suggest what fits the typed letters."""

_JOINED = {ANY: "Any of these labels", ALL: "All of these labels"}
_EVERY = {
    "each": "Every time",
    "10m": "At most once in 10 minutes",
    "1h": "At most once an hour",
    "6h": "At most once in 6 hours",
    "1d": "At most once a day",
    "7d": "At most once a week",
    ALWAYS: "Every time, even while everything is snoozed",
}
_NUMBERS = {OVER: "over {}%", COUNT: "at least {}", SIZE: "bigger than {}%"}
_NUMBER = re.compile(r"(\d+(?:[.,]\d+)?) ?%?")


@dataclass(frozen=True)
class FormContext:
    """What a window remembers: the watch that it changes, and where it was opened from.

    `reply_url` is Slack's address for answers to whoever opened it; `page` the page of the list
    that it was opened from, None where it was typed for.
    """

    channel: str
    watch_id: int | None = None
    reply_url: str = ""
    page: int | None = None

    def to_metadata(self) -> str:
        """As the window carries it; people do not see it."""
        return json.dumps(asdict(self))

    @classmethod
    def from_metadata(cls, metadata: str) -> FormContext:
        """As the window brings it back."""
        return cls(**json.loads(metadata))


def build_watch_modal(context: FormContext, rule: Rule | None = None) -> dict[str, Any]:
    """The window: empty for a new watch, else with what the watch asks for now."""
    fields = fields_of(rule) if rule else WatchFields()
    return {
        "type": "modal",
        "callback_id": CALLBACK,
        "private_metadata": context.to_metadata(),
        "title": plain("Change a watch" if rule else "New watch"),
        "submit": plain("Save" if rule else "Watch"),
        "close": plain("Cancel"),
        "blocks": _line(rule) if fields is None else [*_what(fields), *_whose(fields)],
    }


def _line(rule: Rule | None) -> list[dict[str, Any]]:
    hint = "Channels and people stand here by their ids, such as <#C012AB3CD> and <@U012AB3CD>."
    return [
        {"type": "section", "text": plain("This watch asks for more than a form can show.")},
        text_field(RULE, "Pictures that show", str(rule), hint=hint, multiline=True),
    ]


def _what(fields: WatchFields) -> list[dict[str, Any]]:
    return [
        names_field(
            LABELS,
            "Labels",
            fields.labels,
            instead="Type a label, such as dog",
            hint="What was never seen here can be chosen as well: type its whole name.",
            optional=False,
        ),
        choice_field(JOINED, "A picture must show", fields.joined_by, choices=_JOINED),
        names_field(WITHOUT, "And none of these", fields.without, instead="Leave nothing out"),
        text_field(
            OVER,
            "At least this sure, in percent",
            fields.over,
            hint="Such as: 90. Empty: as sure as it takes to be shown.",
        ),
        text_field(
            COUNT, "At least so many in one picture", fields.at_least, hint="Such as: 3. Empty: 1."
        ),
        text_field(
            SIZE,
            "At least this large, in percent of the picture",
            fields.bigger,
            hint="Such as: 10. Empty: any size.",
        ),
    ]


def _whose(fields: WatchFields) -> list[dict[str, Any]]:
    every = {fields.every: f"At most once in {fields.every}"} if fields.every else {}
    return [
        channels_field(
            CHANNELS, "Posted in", fields.channels, instead="Any channel that you can see"
        ),
        people_field(
            PEOPLE,
            "Posted by",
            fields.people,
            instead="Anybody",
            hint="You are told of your own pictures only where you choose yourself.",
        ),
        choice_field(EVERY, "How often", fields.every or "each", choices={**every, **_EVERY}),
        channel_field(
            TELL,
            "Tell",
            fields.tell,
            instead="You, in a direct message",
            hint="Or a channel that you can see and that Spotter is in.",
        ),
    ]


def read_watch_modal(values: Mapping[str, Any]) -> Rule:
    """What a submitted window asks for.

    Raises: FieldsWrong.
    """
    if RULE in values:
        return _read(typed(values, RULE).replace("\n", " "), RULE)
    numbers = _read_numbers(values)
    every = chosen(values, EVERY) or ""
    fields = WatchFields(
        labels=chosen_many(values, LABELS),
        joined_by=chosen(values, JOINED) or ANY,
        without=chosen_many(values, WITHOUT),
        over=numbers[OVER],
        at_least=numbers[COUNT],
        bigger=numbers[SIZE],
        channels=chosen_many(values, CHANNELS),
        people=chosen_many(values, PEOPLE),
        every="" if every == "each" else every,
        tell=chosen_channel(values, TELL),
    )
    if not fields.labels:
        raise FieldsWrong({LABELS: "Which label? Choose one, or type its name."})
    return _read(str(fields), LABELS)


def _read(text: str, block: str) -> Rule:
    try:
        return parse_rule(text)
    except CommandError as exc:
        raise FieldsWrong({block: words_beside(exc)}) from None


def words_beside(error: CommandError) -> str:
    """What is wrong with a rule, as it stands beside a field: the example without the command."""
    example = error.facts["example"].removeprefix("/labels watch ")
    return str(CommandError(problem=error.facts["problem"], example=example))


def _read_numbers(values: Mapping[str, Any]) -> dict[str, str]:
    """The numbers that are typed, as rules have them."""
    found, wrong = {}, {}
    for block, condition in _NUMBERS.items():
        text = typed(values, block)
        try:
            found[block] = _read_number(text, condition) if text else ""
        except ValueError as exc:
            wrong[block] = str(exc)
    if wrong:
        raise FieldsWrong(wrong)
    return found


def _read_number(text: str, condition: str) -> str:
    """One number, tried in a rule of its own."""
    number = _NUMBER.fullmatch(text)
    if number is None:
        raise ValueError("This is a number, such as 3.")
    value = number[1].replace(",", ".")
    try:
        parse_rule(f"thing {condition.format(value)}")
    except CommandError as exc:
        raise ValueError(exc.facts["problem"]) from None
    return value
