"""What `/labels` says about keeping: for how long, and for people who want none of it."""

from __future__ import annotations

from bot import commands
from bot.access import Access
from bot.adapters.watch_records import WatchRecords
from bot.answering import Answers, Asker
from bot.answering_channel import kept_for
from bot.removing import Removing


class KeepingAnswers:
    """Carries out `keep`, `optout` and `optin`."""

    def __init__(
        self,
        access: Access,
        removing: Removing,
        watches: WatchRecords,
        *,
        slash_command: str,
        keep_days: int,
    ) -> None:
        """Take who is an admin, what forgets, the channels' settings, our name, the default age."""
        self._access = access
        self._removing = removing
        self._watches = watches
        self._name = slash_command
        self._keep_days = keep_days

    @property
    def answers(self) -> Answers:
        """The answer to each kind of command."""
        return {
            commands.Keep: self._keep,
            commands.OptOut: self._opt_out,
            commands.OptIn: self._opt_in,
        }

    def _keep(self, asker: Asker, command: commands.Keep) -> str:
        if not self._access.is_admin(asker.person):
            return "Only admins can change how long pictures are kept."
        self._watches.change_channel(asker.team, asker.channel, keep_days=command.days)
        older = "What is older is deleted within a day; replies in threads stay."
        return f"{kept_for(command.days or self._keep_days)} {older}"

    def _opt_out(self, asker: Asker, _command: commands.OptOut) -> str:
        self._removing.opt_out(asker.team, asker.person)
        return (
            "From now on I leave your pictures alone, in every channel: nothing of them is "
            "stored or looked at. What I have kept of them, and my replies to them, are being "
            f"deleted. `{self._name} optin` undoes this for new pictures."
        )

    def _opt_in(self, asker: Asker, _command: commands.OptIn) -> str:
        self._removing.opt_in(asker.team, asker.person)
        return (
            "From now on I label your new pictures like everybody's. "
            f"To stop that: `{self._name} optout`"
        )
