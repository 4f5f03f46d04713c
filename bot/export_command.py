"""The words after `/labels export`: which file, from when on, and from which channel or thread.

No Slack, and no clock: what "since 7d" comes to is someone else's work.
"""

from __future__ import annotations

import datetime as dt
import difflib
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from bot.errors import CommandError
from bot.permalinks import Permalink, parse_permalink
from bot.rules import shown

FORMATS = ("json", "csv", "coco")

_AGE = re.compile(r"([0-9]{1,6})([hdw])")
_HOURS = {"h": 1, "d": 24, "w": 7 * 24}
_LONGEST = dt.timedelta(days=3650)
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_CHANNEL = re.compile(r"<#([A-Z0-9]+)(?:\|[^>]*)?>")


@dataclass(frozen=True)
class Export:
    """Send me the labels of a channel's pictures, or of those in a thread, as a file.

    `since` is an age or a day (UTC), or None for all that is kept. `channel` is None for the one
    where it is typed, its id, or the `#name` of one that Slack does not show to the asker.
    `thread` is a message in the thread that it is about, whichever channel that is in.
    """

    file_format: str
    since: dt.timedelta | dt.date | None = None
    channel: str | None = None
    thread: Permalink | None = None


def read_export(rest: str) -> Export:
    """Read what was typed after `export`.

    Raises: CommandError with what is wrong and a correct example.
    """
    words = [word.strip("\"'") for word in rest.split()]
    file_format = words[0].casefold() if words else ""
    if file_format not in FORMATS:
        raise _choose(words[0] if words else "")
    found: dict[str, Any] = {}
    rests = iter(words[1:])
    for word in rests:
        option = word.casefold()
        if option not in _OPTIONS:
            raise _error(f"{shown(word)} cannot be part of “export”.", file_format)
        if option in found:
            raise _error(f"“{option}” stands there twice.", file_format)
        found[option] = _OPTIONS[option](next(rests, ""), file_format)
    if {"in", "of"} <= found.keys():
        raise _error("“in” names a channel and “of” a thread: say one of them.", file_format)
    return Export(file_format, found.get("since"), found.get("in"), found.get("of"))


def _since(word: str, file_format: str) -> dt.timedelta | dt.date:
    if age := _AGE.fullmatch(word.casefold()):
        since = dt.timedelta(hours=int(age[1]) * _HOURS[age[2]])
        if dt.timedelta() < since <= _LONGEST:
            return since
    elif _DATE.fullmatch(word):
        try:
            return dt.date.fromisoformat(word)
        except ValueError:
            pass
    said = f", not {shown(word)}" if word else ""
    raise _error(
        f"“since” takes 12h, 7d, 4w or the like, or a day such as 2026-11-01{said}.", file_format
    )


def _channel(word: str, file_format: str) -> str:
    if mention := _CHANNEL.fullmatch(word):
        return mention[1]
    if len(word) > 1 and word.startswith("#"):
        return word
    said = f", not {shown(word)}" if word else ""
    raise _error(f"“in” takes a channel such as #photos{said}.", file_format)


def _thread(word: str, file_format: str) -> Permalink:
    if link := parse_permalink(word):
        return link
    said = f", not {shown(word)}" if word else ""
    raise _error(f"“of” takes the link to a message{said}.", file_format)


_OPTIONS: dict[str, Callable[[str, str], Any]] = {"since": _since, "in": _channel, "of": _thread}


def _choose(typed: str) -> CommandError:
    close = difflib.get_close_matches(typed.casefold(), FORMATS, n=1)
    meant = f" Did you mean “{close[0]}”?" if close else ""
    said = f", not {shown(typed)}" if typed else ""
    return _error(
        f"“export” takes one of {', '.join(FORMATS)}{said}.{meant}", close[0] if close else "csv"
    )


def _error(problem: str, file_format: str) -> CommandError:
    example = f"/labels export {file_format} since 7d in #photos"
    return CommandError(problem=problem, example=example)
