"""What the buttons under a reply do; all that is said about it is for whoever pressed.

Who may see the channel and belongs to the workspace may watch and export. What changes a reply is
for full members alone. Runs on the web side, so it needs Slack and the database.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from bot import errors, rules
from bot.access import Access
from bot.adapters.jobs import JobIntake
from bot.adapters.render_records import RenderRecords
from bot.answering import AWAY, Asker
from bot.answering_watches import WatchAnswers
from bot.commands import AddWatch
from bot.correcting import GUEST, Correcting
from bot.exporting import Exporting
from bot.exports import Scope
from bot.model import Correction, MessageRef
from bot.render_requests import RenderRequests
from bot.reply_buttons import MORE as MORE_PRESSED
from bot.show_options import LESS, MORE, STYLES, Options

_STRANGER = "Only people of this workspace who can see this channel can do that."
_UNDER_WAY = "Another answer is on its way, or there already: look in the thread."


@dataclass(frozen=True)
class Press:
    """Who pressed, under the reply of which attempt at which message, and what was chosen."""

    asker: Asker
    message: MessageRef
    attempt: int
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
    ) -> None:
        """Take who may do what, where jobs go, and what does the work for commands too."""
        self._access = access
        self._jobs = jobs
        self._requests = RenderRequests(jobs, renders)
        self._watching = watching
        self._correcting = correcting
        self._exporting = exporting

    def watch(self, press: Press) -> str:
        """Tell who pressed when somebody else posts a picture with the chosen label."""
        rule = rules.parse_rule(f'"{press.choice}"')
        return self._allowed(press, lambda: self._watching.add_watch(press.asker, AddWatch(rule)))

    def export(self, press: Press) -> str:
        """Send who pressed the labels of the message's pictures as a file."""
        return self._allowed(press, lambda: self._export(press))

    def mark_wrong(self, press: Press) -> str:
        """Take the chosen label away from every picture of the message that shows it."""
        said = Correction("wrong", press.choice)
        return self._allowed(
            press,
            lambda: self._correcting.correct(press.message, said, asker=press.asker),
            changes=True,
        )

    def change_amount(self, press: Press) -> str:
        """Have the reply rendered again with more labels, or with as many as the channel shows."""
        options = MORE if press.choice == MORE_PRESSED else LESS
        return self._allowed(press, lambda: self._render(press, options), changes=True)

    def change_style(self, press: Press) -> str:
        """Have the reply rendered again in the chosen style."""
        options = STYLES[press.choice]
        return self._allowed(press, lambda: self._render(press, options), changes=True)

    def _allowed(self, press: Press, act: Callable[[], str], *, changes: bool = False) -> str:
        asker = press.asker
        try:
            if not self._access.may_ask(asker.person, asker.channel):
                return _STRANGER
            if changes and self._access.is_guest(asker.person):
                return GUEST
            return act()
        except (errors.SlackBusy, errors.SlackUnknown):
            return AWAY

    def _render(self, press: Press, options: Options) -> str:
        """One rendering, however often it is pressed: after it, this reply's buttons are over."""
        with self._jobs.database.begin() as connection:
            asked = self._requests.ask(connection, press.message, options, after=press.attempt)
        return "" if asked else _UNDER_WAY

    def _export(self, press: Press) -> str:
        scope = Scope.message(press.message)
        self._exporting.request(press.asker, scope, file_format=press.choice)
        return "I send you the labels of what is shown here, as a file in a direct message."
