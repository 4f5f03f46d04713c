"""The words of `/labels`: read what was typed into one command.

No Slack, no database; carrying a command out is someone else's work.
This is long because every form that can be typed has words of its own for when it fails.
"""

from __future__ import annotations

import difflib
import html
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from bot import hold_command
from bot.command_help import HELP
from bot.correction_texts import parse_correction, parse_label
from bot.errors import CommandError, LinkNotReadable
from bot.export_command import Export, read_export
from bot.hold_command import Mute, Snooze, Unmute
from bot.link_texts import plain_link
from bot.links import S3Link, parse_s3_link
from bot.model import Correction, CorrectionKind
from bot.permalinks import Permalink, parse_permalink
from bot.rules import Rule, parse_rule, shown, tidy
from bot.settings_modal import read_percent

_LINK = re.compile("s3[an]?://|https?://|arn:", re.IGNORECASE)

MODES = ("auto", "request", "off")
KEEP_DAYS_MAX = 3650


@dataclass(frozen=True)
class Help:
    """Show what can be typed; `topic` is the name of one command, or None for all."""

    topic: str | None = None


@dataclass(frozen=True)
class AddWatch:
    """Tell me when a picture meets the rule."""

    rule: Rule


@dataclass(frozen=True)
class NewWatch:
    """Open the window in which a watch is made."""


@dataclass(frozen=True)
class RemoveWatch:
    """Stop telling me; a label alone may stand for several of my watches.

    Only with `is_all` are all of those meant.
    """

    rule: Rule
    is_all: bool = False


@dataclass(frozen=True)
class ListWatches:
    """Show my watches."""


@dataclass(frozen=True)
class Status:
    """Show how things are in this channel."""


@dataclass(frozen=True)
class SetMode:
    """Label this channel's pictures always (auto), when asked (request), or never (off)."""

    mode: str


@dataclass(frozen=True)
class SetBots:
    """Whether pictures that other bots post here count."""

    on: bool


@dataclass(frozen=True)
class LabelLink:
    """Label the picture behind a link, now."""

    link: S3Link


@dataclass(frozen=True)
class Keep:
    """How many days this channel's pictures are kept; None for as long as everywhere else."""

    days: int | None


@dataclass(frozen=True)
class OptOut:
    """Leave my pictures alone, and delete what is kept of them."""


@dataclass(frozen=True)
class OptIn:
    """Label my pictures again."""


@dataclass(frozen=True)
class OpenSettings:
    """Open the window with what is shown in this channel."""


@dataclass(frozen=True)
class SetThreshold:
    """Show what is at this confidence or more in this channel."""

    percent: float


@dataclass(frozen=True)
class Correct:
    """Correct a label of the picture behind a permalink; `number` chooses among several."""

    correction: Correction
    link: Permalink
    number: int | None = None


@dataclass(frozen=True)
class Why:
    """Say why watches told of the picture behind a permalink, or did not."""

    link: Permalink
    number: int | None = None


@dataclass(frozen=True)
class Withhold:
    """Withhold a label from everybody, or show it: admins only."""

    label: str
    is_withheld: bool


@dataclass(frozen=True)
class Review:
    """Show which labels wait for an admin, and what admins decided."""


@dataclass(frozen=True)
class Audit:
    """Show who changed last what holds for the whole workspace: admins only."""


Command = (
    Help
    | AddWatch
    | NewWatch
    | RemoveWatch
    | ListWatches
    | Export
    | LabelLink
    | Status
    | SetMode
    | SetBots
    | Keep
    | OptOut
    | OptIn
    | OpenSettings
    | SetThreshold
    | Correct
    | Why
    | Mute
    | Unmute
    | Snooze
    | Withhold
    | Review
    | Audit
)


def parse_command(text: str) -> Command:
    """Read what was typed after `/labels`; nothing at all asks for help.

    Raises: CommandError with what is wrong, what was probably meant, and a correct example.
    """
    link = plain_link(text) if text.lstrip().startswith("<") else _typed(text).strip()
    if _LINK.match(link):
        return _read_link(link)
    words = tidy(_typed(text)).split()
    if words and words[0].startswith("/"):
        words = words[1:]
    if not words:
        return Help()
    verb = _plain(words[0])
    rest = " ".join(words[1:])
    if verb not in _READERS:
        raise _unknown(words[0], rest, known=_READERS, otherwise=f"watch {words[0]} {rest}")
    return _READERS[verb](rest)


def _plain(text: str) -> str:
    """Words in which neither case nor quotes mean anything."""
    return " ".join(text.casefold().replace('"', " ").replace("'", " ").split())


def _typed(text: str) -> str:
    """Undo Slack's escaping of &, < and >, but leave its <#channels> and <@people> alone."""
    return html.unescape(re.sub(r"&(?!(?:amp|lt|gt);)", "&amp;", text))


def _read_link(link: str) -> LabelLink:
    try:
        return LabelLink(parse_s3_link(link))
    except LinkNotReadable as reason:
        raise _error(str(reason), "s3://our-pictures/park.jpg") from None


def _read_help(rest: str) -> Help:
    topic = _plain(rest)
    names = {line.name for line in HELP}
    if topic and topic not in names:
        raise _unknown(rest, "", known=names, otherwise="help")
    return Help(topic or None)


def _read_add(rest: str) -> AddWatch | NewWatch:
    return AddWatch(parse_rule(rest)) if rest else NewWatch()


def _read_remove(rest: str) -> RemoveWatch:
    first, _, labels = rest.partition(" ")
    is_all = first.casefold() == "all"
    if is_all and not labels:
        raise _error("“unwatch all” takes a label: all your watches of it end.", "unwatch all dog")
    try:
        return RemoveWatch(parse_rule(labels if is_all else rest), is_all)
    except CommandError as error:
        verb = " unwatch all " if is_all else " unwatch "
        example = error.facts["example"].replace(" watch ", verb, 1)
        raise CommandError(problem=error.facts["problem"], example=example) from None


def _read_mode(rest: str) -> SetMode | SetBots:
    first, _, second = _plain(rest).partition(" ")
    if first == "bots":
        if second not in {"on", "off"}:
            raise _choose("mode bots", second, ("on", "off"))
        return SetBots(on=second == "on")
    if first not in MODES or second:
        raise _choose("mode", rest, (*MODES, "bots on", "bots off"))
    return SetMode(first)


def _read_keep(rest: str) -> Keep:
    typed = _plain(rest)
    if typed == "default":
        return Keep(None)
    found = re.fullmatch(r"(\d{1,4}) ?(?:d|days?)?", typed)
    if not found or not 1 <= int(found[1]) <= KEEP_DAYS_MAX:
        said = f", not {shown(rest)}" if rest else ""
        problem = f"“keep” takes a number of days from 1 to {KEEP_DAYS_MAX}, or “default”{said}."
        raise _error(problem, "keep 30d")
    return Keep(int(found[1]))


def _read_settings(rest: str) -> OpenSettings | SetThreshold:
    word, _, number = _plain(rest).partition(" ")
    if not word:
        return OpenSettings()
    if word != "threshold":
        raise _choose("settings", rest, ("threshold",), example="settings threshold 85")
    try:
        return SetThreshold(read_percent(number))
    except ValueError as exc:
        raise _error(str(exc), "settings threshold 85") from None


def _read_correction(kind: CorrectionKind) -> Callable[[str], Correct]:
    def read(rest: str) -> Correct:
        try:
            return Correct(*parse_correction(kind, rest))
        except ValueError as exc:
            raise _error(str(exc), _example(kind)) from None

    return read


def _read_why(rest: str) -> Why:
    words, _, number = rest.partition(" ")
    link = parse_permalink(words)
    if link is None or not re.fullmatch(r"|[1-9]\d?", number):
        problem = "“why” takes the link to a picture's message, and a number where it has several."
        raise _error(problem, _example("why"))
    return Why(link, int(number) if number else None)


def _read_decision(name: str, *, is_withheld: bool) -> Callable[[str], Withhold]:
    def read(rest: str) -> Withhold:
        try:
            return Withhold(parse_label(rest), is_withheld)
        except ValueError as exc:
            raise _error(str(exc), _example(name)) from None

    return read


def _example(name: str) -> str:
    return next(line.example for line in HELP if line.name == name)


def _alone(command: Command, name: str) -> Callable[[str], Command]:
    """Read a command that takes nothing after its name."""

    def read(rest: str) -> Command:
        if rest:
            raise _error(f"Nothing belongs after “{name}”, but {shown(rest)} is there.", name)
        return command

    return read


_READERS: dict[str, Callable[[str], Command]] = {
    "help": _read_help,
    "watch": _read_add,
    "unwatch": _read_remove,
    "watches": _alone(ListWatches(), "watches"),
    "export": read_export,
    "status": _alone(Status(), "status"),
    "mode": _read_mode,
    "keep": _read_keep,
    "optout": _alone(OptOut(), "optout"),
    "optin": _alone(OptIn(), "optin"),
    "settings": _read_settings,
    "wrong": _read_correction("wrong"),
    "add": _read_correction("add"),
    "rename": _read_correction("rename"),
    "why": _read_why,
    **hold_command.READERS,
    "withhold": _read_decision("withhold", is_withheld=True),
    "show": _read_decision("show", is_withheld=False),
    "review": _alone(Review(), "review"),
    "audit": _alone(Audit(), "audit"),
}


def _unknown(word: str, rest: str, *, known: Iterable[str], otherwise: str) -> CommandError:
    """Say what was probably meant, with the same words corrected as the example where they work."""
    close = difflib.get_close_matches(word.casefold(), sorted(known), n=1)
    meant = f" Did you mean “{close[0]}”?" if close else ""
    usual = [line.example for line in HELP if [line.name] == close]
    tries = [f"{close[0]} {rest}" if close else otherwise, *usual]
    example = next((text.strip() for text in tries if _works(text)), "help")
    return _error(f"{shown(word)} is not a command.{meant}", example)


def _works(text: str) -> bool:
    try:
        return bool(parse_command(text))
    except CommandError:
        return False


def _choose(name: str, typed: str, choices: tuple[str, ...], *, example: str = "") -> CommandError:
    close = difflib.get_close_matches(typed.casefold(), choices, n=1)
    meant = f" Did you mean “{close[0]}”?" if close else ""
    said = f", not {shown(typed)}" if typed else ""
    return _error(
        f"“{name}” takes one of {', '.join(choices)}{said}.{meant}",
        example or f"{name} {close[0] if close else choices[0]}",
    )


def _error(problem: str, example: str) -> CommandError:
    return CommandError(problem=problem, example=f"/labels {example}")
