"""What `/labels` does and says; every answer is for the asker alone.

Here commands find their answers, which are given in the `answering_...` modules.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from bot import commands, errors
from bot.adapters.one_answer import one_answer
from bot.command_help import MORE_HELP, HelpLine, help_groups, help_lines
from bot.messages import Body, escape, paragraphs_body

AWAY = "Slack does not answer me right now. Try again in a minute."
UNKNOWN_LINK = "I know no picture behind that link that you may see."
"""Said of messages that are not there and of those that the asker may not see, alike."""

GONE_WATCH = "That watch is not there any more."
"""Said of watches that are not there and of others' own, alike."""


@dataclass(frozen=True)
class Asker:
    """Who typed a command, and where; `at` is Slack's own name for the moment.

    `reply_url` is Slack's address for what is said to them later.
    """

    team: str
    person: str
    channel: str
    at: str = field(default="", compare=False)
    reply_url: str = field(default="", compare=False, repr=False)


Said = str | Body
"""What is said to somebody: words, or words and blocks."""

Answers = Mapping[type, Callable[[Asker, Any], Said]]
"""What is said to each kind of command."""


class Answering:
    """Carries out one typed command."""

    def __init__(self, *others: Answers, slash_command: str, label_emoji: str) -> None:
        """Take the answers, the name people type, and the emoji that asks for a picture."""
        self._name = slash_command
        self._how = how_to_ask(label_emoji)
        self._answers: dict[type, Callable[[Asker, Any], Said]] = {commands.Help: self._help}
        for answers in others:
            self._answers |= answers

    @one_answer()
    def answer(self, asker: Asker, text: str) -> Said:
        """Do what was typed; the answer, or what is wrong with it and a correct example.

        Raises: errors.RecordsUnavailable.
        """
        try:
            command = commands.parse_command(text)
            return self._answers[type(command)](asker, command)
        except errors.CommandError as exc:
            return self._correction(exc)
        except (errors.SlackBusy, errors.SlackUnknown):
            return AWAY

    def _correction(self, exc: errors.CommandError) -> str:
        """The error under the name that people type here; their own words stay as they are."""
        example = self._name + _as_typed(exc.facts["example"]).removeprefix("/labels")
        return escape(str(errors.CommandError(problem=exc.facts["problem"], example=example)))

    def _help(self, _asker: Asker, command: commands.Help) -> Said:
        """Everything, by what somebody may want; about one command, that alone."""
        if command.topic:
            lines = [self._line(line) for line in help_lines(command.topic)]
            return "\n".join([*lines, *map(escape, MORE_HELP.get(command.topic, ()))])
        start = (
            "Post a picture in a channel I am in, and I answer in its thread. For one that was "
            f"posted before, ask me {self._how}. You can also type:"
        )
        groups = [
            "\n".join([f"*{title}*", *(f"• {self._line(line)}" for line in lines)])
            for title, lines in help_groups().items()
        ]
        return paragraphs_body([start, *groups])

    def _line(self, line: HelpLine) -> str:
        usage, example = (f"`{self._name} {escape(each)}`" for each in (line.usage, line.example))
        more = f" For example: {example}" if example != usage else ""
        return f"{usage}  {escape(line.meaning)}{more}"


def _as_typed(example: str) -> str:
    """An example as people type it: <#C012AB3CD|alerts> is what Slack makes of #alerts."""
    return re.sub(r"<([#@])\w+\|([^>]+)>", r"\1\2", example)


def how_to_ask(label_emoji: str) -> str:
    """How people ask for the pictures of a message, in the middle of a sentence."""
    return f"with _Label images_ in its menu, or :{label_emoji}: on it"
