"""What the buttons under a reply do; all that is said about it is for whoever pressed.

Who may see the channel and belongs to the workspace may watch, export and ask why. What changes a
reply is for full members alone. Runs on the web side, so it needs Slack and the database.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from bot import errors, rules, show_options
from bot.access import Access
from bot.adapters.job_intake import JobIntake
from bot.adapters.one_answer import one_answer
from bot.adapters.render_records import RenderRecords
from bot.answering import AWAY, Asker
from bot.answering_watches import WatchAnswers
from bot.commands import AddWatch
from bot.correcting import GUEST, Correcting
from bot.explaining import Explaining
from bot.exporting import Exporting
from bot.exports import Scope
from bot.messages import escape
from bot.model import Correction, MessageRef
from bot.render_requests import RenderRequests
from bot.reply_buttons import AMOUNT, EXPLAIN, EXPORT, MORE, STYLE, WATCH, WRONG

_STRANGER = "Only people of this workspace who can see this channel can do that."
_NOT_KEPT = "I keep nothing of what was posted there any more, so its answer stays as it is."
_UNDER_WAY = "Another answer is on its way, or there already: look in the thread."

_CHANGES = frozenset({AMOUNT, STYLE, WRONG})


@dataclass(frozen=True)
class Press:
    """Who pressed what, under the reply of which attempt at which message.

    `button` is one of the action ids in `bot.reply_buttons`, `choice` what it stood for.
    """

    asker: Asker
    message: MessageRef
    attempt: int
    button: str
    choice: str


class Pressing:
    """Carries out one press; gives the words for whoever pressed, or nothing."""

    def __init__(
        self,
        access: Access,
        jobs: JobIntake,
        renders: RenderRecords,
        *,
        watching: WatchAnswers,
        correcting: Correcting,
        exporting: Exporting,
        explaining: Explaining,
    ) -> None:
        """Take who may do what, where jobs go, and what does the work for commands too."""
        self._access = access
        self._jobs = jobs
        self._renders = renders
        self._requests = RenderRequests(jobs, renders)
        self._watching = watching
        self._correcting = correcting
        self._exporting = exporting
        self._explaining = explaining
        self._acts: dict[str, Callable[[Press], str]] = {
            WATCH: self._watch,
            AMOUNT: self._change_amount,
            STYLE: self._change_style,
            WRONG: self._mark_wrong,
            EXPORT: self._export,
            EXPLAIN: self._explain,
        }

    @one_answer()
    def press(self, press: Press) -> str:
        """Do what a button is for.

        Raises: errors.RecordsUnavailable.
        """
        asker = press.asker
        try:
            if not self._access.may_ask(asker.person, asker.channel):
                return _STRANGER
            if press.button in _CHANGES and self._access.is_guest(asker.person):
                return GUEST
            if press.button in _CHANGES and not self._renders.is_live(press.message):
                return _NOT_KEPT
            return self._acts[press.button](press)
        except (errors.SlackBusy, errors.SlackUnknown):
            return AWAY
        except errors.CommandError as exc:
            return escape(str(exc.facts["problem"]))

    def _watch(self, press: Press) -> str:
        rule = rules.parse_rule(f'"{press.choice}"')
        return self._watching.add_watch(press.asker, AddWatch(rule))

    def _export(self, press: Press) -> str:
        """Choosing twice by mistake is one file: within ten seconds, for the same reply."""
        ten_seconds = press.asker.at.partition(".")[0][:-1]
        key = f"{press.message.id}/{press.attempt}/{press.choice}/{ten_seconds}"
        self._exporting.request(
            press.asker,
            Scope.message(press.message),
            file_format=press.choice,
            key=key if ten_seconds else None,
        )
        return "I send you the labels of what is shown here, as a file in a direct message."

    def _explain(self, press: Press) -> str:
        return self._explaining.explain(press.asker, press.message)

    def _mark_wrong(self, press: Press) -> str:
        said = Correction("wrong", press.choice)
        return self._correcting.correct(press.message, said, asker=press.asker)

    def _change_amount(self, press: Press) -> str:
        options = show_options.MORE if press.choice == MORE else show_options.LESS
        return self._render(press, options)

    def _change_style(self, press: Press) -> str:
        return self._render(press, show_options.STYLES[press.choice])

    def _render(self, press: Press, options: show_options.Options) -> str:
        """One rendering, however often it is pressed: after it, this reply's buttons are over."""
        with self._jobs.database.begin() as connection:
            asked = self._requests.ask(connection, press.message, options, after=press.attempt)
        return "" if asked else _UNDER_WAY
