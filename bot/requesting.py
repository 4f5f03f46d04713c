"""What people ask for by hand becomes a stored job at once.

Runs on the web side: it needs the database, and Slack only where a person waits for words.
"""

from __future__ import annotations

import logging
from typing import Any

from bot import commands, errors
from bot.access import Access
from bot.adapters.job_intake import JobIntake
from bot.adapters.message_records import MessageRecords
from bot.adapters.watch_records import WatchRecords
from bot.answering import Answers, Asker
from bot.model import MessageRef
from bot.posts import link_facts

log = logging.getLogger(__name__)


class Requesting:
    """Stores requests; what they come to is said when their job is done."""

    def __init__(
        self,
        jobs: JobIntake,
        access: Access,
        *,
        messages: MessageRecords,
        watches: WatchRecords,
        slash_command: str,
        bot_user: str,
    ) -> None:
        """Take the job intake, who may see what, the records, the name people type, and us."""
        self._jobs = jobs
        self._access = access
        self._messages = messages
        self._watches = watches
        self._name = slash_command
        self._bot_user = bot_user

    # -- a message

    def ask(self, message: MessageRef, *, asker: str, at: str) -> None:
        """Store somebody's request for a message's pictures.

        `at` is when they asked, as Slack writes it: what is told twice is one request.
        Raises: errors.RecordsUnavailable.
        """
        job_id = f"{message.id}/asked/{asker}/{at}"
        args = {**message.columns(), "asker": asker}
        self._store("take_request", args, job_id=job_id, partition=asker)

    def ask_in_words(self, message: MessageRef, *, asker: str, at: str) -> str:
        """The same for somebody to whom words can be said at once: what is in the way, or nothing.

        Where the bot is not in the channel, nothing that it does later could reach them.
        Raises: errors.RecordsUnavailable.
        """
        if self._is_outside(message.channel):
            # Outside of `code`, where Slack writes the mention as the name to type.
            return (
                f"I am not in this channel. Type /invite <@{self._bot_user}> here, then ask again."
            )
        self.ask(message, asker=asker, at=at)
        return ""

    def _is_outside(self, channel: str) -> bool:
        try:
            return not self._access.is_bot_in(channel)
        except errors.SlackError:
            return False  # the job can wait until Slack says

    # -- a link

    @property
    def answers(self) -> Answers:
        """What is said to the commands that ask for something."""
        return {commands.LabelLink: self.ask_for_link}

    def ask_for_link(self, asker: Asker, command: commands.LabelLink) -> str:
        """Store a request for the picture behind a link; the words for whoever typed it.

        Raises: errors.RecordsUnavailable.
        """
        if self._messages.is_opted_out(asker.team, asker.person):
            return (
                "You have asked me to leave your pictures alone. "
                f"Type `{self._name} optin` first, then ask again."
            )
        if self._watches.channel(asker.team, asker.channel).mode == "off":
            return "I am switched off in this channel. Ask me in a direct message."
        args = {"team": asker.team, "asker": asker.person, "place": asker.channel}
        job_id = f"{asker.team}/{asker.channel}/link/{asker.person}/{asker.at}"
        self._store(
            "label_link",
            {**args, "link": link_facts(command.link)},
            job_id=job_id,
            partition=asker.person,
        )
        # Whether they and the bot are in here, Slack is asked by the job: that can take a while.
        return "I am on it: the answer comes here or, if I am not in here, in our direct message."

    def _store(self, job: str, args: dict[str, Any], *, job_id: str, partition: str) -> None:
        """On the queue that keeps Slack's pace, for each person by itself."""
        with self._jobs.database.begin() as connection:
            self._jobs.enqueue(
                connection,
                f"Labelling.{job}",
                job_id=job_id,
                queue="posts",
                args=args,
                partition=partition,
            )
        log.info("request_stored", extra={"job": job_id})
