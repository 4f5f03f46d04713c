"""What somebody asked for: the pictures of a message, whoever posted it and whenever, or a link.

The answer is the ordinary reply in a thread. What keeps it from coming is for the asker alone.
"""

from __future__ import annotations

import logging
from typing import Any

from bot import errors, messages
from bot.access import Access
from bot.adapters.message_records import MessageRecords, Standing
from bot.adapters.render_records import SILENT
from bot.adapters.slack import SlackWorkspace
from bot.adapters.slack_history import SlackHistory
from bot.adapters.watch_records import WatchRecords
from bot.intake import Intake, pictures_of
from bot.model import EXPIRED, GONE, MessageRef
from bot.posts import Post
from bot.reading_links import ReadingLinks

TAKEN_IN = "taken_in"
REACHED = "reached"
TOLD = "told"
ANNOUNCED = "announced"
_ANSWERED = "answered"
_NOT_FOR_ASKER = "not_for_asker"
_NOT_IN_CHANNEL = "not_in_channel"
_OFF = "off"
_GONE = "gone"
_MISSING = "missing"
_OPTED_OUT = "opted_out"
_OWN_MESSAGE = "own_message"
_NO_PICTURE = "no_picture"
_UNDER_WAY = "under_way"
_BEING_DELETED = "being_deleted"

_WORDS = {
    _ANSWERED: "I have answered that already: look in its thread.",
    _NOT_FOR_ASKER: "I look at pictures only for people of this workspace who may see them.",
    _OFF: "I am switched off in this channel, so I leave its pictures alone.",
    _GONE: "That was taken away, so it is left alone.",
    _MISSING: "I do not find that message: it may have been deleted.",
    _OPTED_OUT: "Whoever posted that prefers it to be left alone, so I do.",
    _OWN_MESSAGE: "That message is my own.",
    _NO_PICTURE: "I see no picture in that message.",
    _UNDER_WAY: "I am at it already: the answer comes in its thread.",
    _BEING_DELETED: "What I kept of that is just being deleted. Ask again in a minute.",
}

log = logging.getLogger(__name__)


class Asking:
    """Takes in what was asked for, and says why not."""

    def __init__(
        self,
        workspace: SlackWorkspace,
        access: Access,
        intake: Intake,
        *,
        records: MessageRecords,
        watches: WatchRecords,
        links: ReadingLinks,
        bot_user: str,
    ) -> None:
        """Take Slack, who may see what, the way in, the records, links, the bot's own user."""
        self._workspace = workspace
        self._history = SlackHistory(workspace)
        self._access = access
        self._intake = intake
        self._records = records
        self._watches = watches
        self._links = links
        self._bot_user = bot_user

    # -- a message

    def take_in(self, job: dict[str, Any]) -> dict[str, Any]:
        """Open the message's next attempt where one is due; else what keeps it from that.

        `job` names the message and the `asker`.
        Raises: the family of errors.SlackError, errors.RecordsUnavailable.
        """
        message = MessageRef(job["team"], job["channel"], job["ts"])
        obstacle = self._obstacle(message, job["asker"])
        if obstacle:
            return {"outcome": obstacle}
        known = self._records.standing(message)
        if known and known.state == GONE:
            return {"outcome": _GONE}
        if known and not self._left_nothing(message, known):
            return self._ask_again(message)
        return self._take_in_anew(message, after=known.attempt if known else 0)

    def _obstacle(self, message: MessageRef, asker: str) -> str:
        if not self._access.may_ask(asker, message.channel):
            return _NOT_FOR_ASKER
        if not self._access.is_bot_in(message.channel):
            return _NOT_IN_CHANNEL
        mode = self._watches.channel(message.team, message.channel).mode
        return _OFF if mode == "off" else ""

    def _left_nothing(self, message: MessageRef, known: Standing) -> bool:
        """Whether there is nothing to go on with: all expired, or no word came to be said."""
        replies = self._records.replies(message)
        return known.state == EXPIRED or all(reply.state in SILENT for reply in replies)

    def _ask_again(self, message: MessageRef) -> dict[str, Any]:
        replies = self._records.replies(message)
        if any(reply.state in {"new", "sending"} for reply in replies):
            return {"outcome": _UNDER_WAY}
        for reply in reversed(replies):
            if reply.has_reason and self._intake.try_again(message, after=reply.attempt):
                return {"outcome": TAKEN_IN}
        standing = [reply.reply_ts for reply in replies if reply.reply_ts]
        return {"outcome": _ANSWERED, "ts": standing[-1] if standing else None}

    def _take_in_anew(self, message: MessageRef, *, after: int) -> dict[str, Any]:
        found = self._history.message(message.channel, message.ts)
        if found is None:
            return {"outcome": _MISSING}
        post = Post.from_event({**found, "channel": message.channel}, message.team)
        if post.poster == self._bot_user:
            return {"outcome": _OWN_MESSAGE}
        if self._records.is_opted_out(message.team, post.poster):
            return {"outcome": _OPTED_OUT}
        # Its links too, also where the settings allow none: who asks hears why they are not read.
        pictures = pictures_of(post)
        if not pictures:
            return {"outcome": _NO_PICTURE}
        fresh = self._intake.accept_asked(post, pictures, after=after)
        if fresh:
            return {"outcome": TAKEN_IN}
        known = self._records.standing(message)
        return {"outcome": _BEING_DELETED if known and known.state == EXPIRED else _UNDER_WAY}

    def tell(self, job: dict[str, Any], taken: dict[str, Any]) -> dict[str, Any]:
        """Say to the asker alone what keeps a picture from being labelled, or where it is.

        A courtesy: what Slack does not take is not said again.
        """
        if taken["outcome"] != TAKEN_IN:
            try:
                words = self._words(job, taken)
                self._tell_alone(job["asker"], words, channel=job["channel"])
            except errors.SlackError as exc:
                log.info("asker_not_told", extra={"error": exc.facts.get("error", exc.code)})
        log.info("request_ended", extra={"outcome": taken["outcome"]})
        return {"outcome": TOLD}

    def _tell_alone(self, asker: str, words: str, *, channel: str) -> None:
        """Where they asked; in their direct message where the bot or they are not in there."""
        try:
            self._workspace.tell_alone(asker, words, channel=channel)
        except errors.SlackRefused:
            self._workspace.tell_alone(asker, words, channel=self._workspace.open_dm(asker))

    def _words(self, job: dict[str, Any], taken: dict[str, Any]) -> str:
        words = _WORDS.get(taken["outcome"]) or str(errors.describe(taken))
        if taken.get("ts"):
            link = self._workspace.permalink(job["channel"], taken["ts"])
            words = f"I have answered that already: <{link}|see the answer>."
        return words

    # -- a link

    def reach(self, job: dict[str, Any]) -> dict[str, Any]:
        """Whether the asker may have a link read, and S3 gives it: a channel need not hear a no.

        Raises: errors.LinkOutOfReach; errors.LinkUnavailable and errors.SlackError, which may pass.
        """
        with self._links.open_for(job["asker"], job["link"], job=f"{job['team']}/link"):
            return {"outcome": REACHED}

    def announce(self, job: dict[str, Any], key: str) -> dict[str, Any]:
        """Post the message under which the answer to a link comes; `{"outcome", "channel", "ts"}`.

        `job` holds the `asker`, the `link`'s facts, and the `place` where they asked. Where the
        bot or the asker is not in there, or Slack does not let the bot post, the way is a direct
        message.
        Raises: the family of errors.SlackError; a second call looks the message up first.
        """
        body = messages.link_asked_body(asker=job["asker"], name=job["link"]["name"])
        if self._is_for(job["asker"], job["place"]):
            try:
                return self._announced(job["place"], body, key)
            except errors.SlackRefused as exc:
                log.info("announced_elsewhere", extra={"error": exc.facts["error"]})
        return self._announced(self._workspace.open_dm(job["asker"]), body, key)

    def _is_for(self, asker: str, channel: str) -> bool:
        """Whether the answer may come where the question was typed."""
        return self._access.is_bot_in(channel) and self._access.may_see(asker, channel)

    def _announced(self, channel: str, body: messages.Body, key: str) -> dict[str, Any]:
        ts = self._workspace.post_once(channel, body, key=key)
        return {"outcome": ANNOUNCED, "channel": channel, "ts": ts}

    def accept_link(
        self, job: dict[str, Any], announced: dict[str, Any], job_id: str
    ) -> dict[str, Any]:
        """Take the announced message in, as if its asker had posted the picture there.

        `job_id` names this job, whose record goes with the message.
        Raises: errors.RecordsUnavailable.
        """
        message = MessageRef(job["team"], announced["channel"], announced["ts"])
        link = {**job["link"], "asked_job": job_id}
        post = Post(message, message.ts, job["asker"], is_from_bot=False, files=(link,))
        self._intake.accept_asked(post, list(post.files), after=0)
        return {"outcome": TAKEN_IN}
