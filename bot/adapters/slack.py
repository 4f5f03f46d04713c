"""Slack's Web API: messages, people and channels, in our words and with our errors.

A write whose outcome is unknown raises `errors.SlackUnknown`: look it up before any resend.
Files are in `slack_files`. A long file because all calls share the waiting and the errors.
"""

from __future__ import annotations

import http.client
import itertools
import logging
import math
import re
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientError

from bot import errors
from bot.adapters.one_answer import once
from bot.model import is_person

EVENT_TYPE = "spotter"
"""Names our messages in Slack's metadata, whose payload holds nothing but an opaque key."""

_UNKNOWN = {"internal_error", "fatal_error", "request_timeout", "service_unavailable"}
# https://docs.slack.dev/reference/methods/chat.postMessage, "common errors": each may come after
# Slack has done what it was asked.

_CODE = re.compile("[a-z0-9_]+")
"""The library puts its own sentence in the place of a code when an answer is no JSON."""

_PAGE = 200
_TRIES_WHEN_BUSY = 8
_LONGEST_WAIT_S = 60.0

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Identity:
    """Whom the bot token belongs to."""

    team: str
    user: str
    bot: str
    scopes: frozenset[str]
    url: str = ""
    """The address that the workspace's messages have in common."""


class SlackWorkspace:
    """One workspace as the bot sees it."""

    def __init__(self, client: WebClient, *, patient: bool = True) -> None:
        """Take a client with `retry_handlers=[]`: the library's own retry can post twice.

        Without patience a busy Slack is reported at once, for whoever must answer in seconds.
        """
        self._client = client
        self._patient = patient
        self._closed_until_s: dict[str, float] = {}
        self._direct: dict[str, str] = {}
        self._lock = threading.Lock()

    def call(self, method: str, **arguments: Any) -> dict[str, Any]:
        """One Web API call; waits and repeats when Slack says it is busy, which is a definite no.

        Without patience it neither waits nor repeats, nor asks again before Slack wants it.

        Raises: errors.SlackBusy, errors.SlackUnknown, errors.SlackRefused.
        """
        for _ in range(_TRIES_WHEN_BUSY if self._patient else 1):
            self.wait_until_open(method)
            with suppress(errors.SlackBusy):
                return self._call_noting(method, **arguments)
        raise errors.SlackBusy

    def _call_noting(self, method: str, **arguments: Any) -> dict[str, Any]:
        """One Web API call without a second try; until when Slack wants no other one is kept."""
        try:
            return self.call_once(method, **arguments)
        except errors.SlackBusy as exc:
            with self._lock:
                self._closed_until_s[method] = time.monotonic() + exc.facts["retry_after_s"]
            raise

    def call_once(self, method: str, **arguments: Any) -> dict[str, Any]:
        """One Web API call without a second try."""
        with in_our_words(method):
            # Everything goes as JSON, so that blocks and metadata need no encoding of their own;
            # methods that read take form fields only, as does files.*.
            answer = self._client.api_call(method, **_body(method, arguments))
        found: dict[str, Any] = dict(answer.data) if isinstance(answer.data, dict) else {}
        return found

    def wait_until_open(self, method: str) -> None:
        """Wait as long as Slack wants no call of this method.

        Raises: errors.SlackBusy at once, without patience.
        """
        with self._lock:
            wait_s = self._closed_until_s.get(method, 0.0) - time.monotonic()
        if wait_s > 0:
            if not self._patient:
                raise errors.SlackBusy(retry_after_s=wait_s)
            time.sleep(wait_s)

    # -- messages

    def post(
        self,
        channel: str,
        body: dict[str, Any],
        *,
        key: str,
        thread_ts: str | None = None,
        at_once: bool = False,
    ) -> str:
        """Post a message that carries `key` in its metadata; its ts.

        `at_once` is for what must be decided anew when Slack is busy, and is not said later.
        """
        call = self._call_noting if at_once else self.call
        metadata = {"event_type": EVENT_TYPE, "event_payload": {"key": key}}
        thread = {"thread_ts": thread_ts} if thread_ts else {}
        try:
            answer = call(
                "chat.postMessage",
                channel=channel,
                metadata=metadata,
                unfurl_links=False,
                unfurl_media=False,
                **thread,
                **body,
            )
        except errors.SlackRefused:
            self._forget_direct(channel)
            raise
        ts: str = answer["ts"]
        return ts

    def post_once(self, channel: str, body: dict[str, Any], *, key: str) -> str:
        """The ts of our message with this key, which is posted unless it stands there already."""
        return self.find_post(channel, key=key) or self.post(channel, body, key=key)

    def tell_alone(
        self, person: str, words: str, *, channel: str, thread_ts: str | None = None
    ) -> None:
        """Say something in a channel that one person sees, for as long as they look."""
        thread = {"thread_ts": thread_ts} if thread_ts else {}
        self.call("chat.postEphemeral", channel=channel, user=person, text=words, **thread)

    def find_post(self, channel: str, *, key: str, thread_ts: str | None = None) -> str | None:
        """The ts of our message with this key, in a thread or among the channel's newest 200."""
        where = {"ts": thread_ts} if thread_ts else {}
        method = "conversations.replies" if thread_ts else "conversations.history"
        messages = self.pages(
            method, "messages", channel=channel, include_all_metadata=True, limit=_PAGE, **where
        )
        for message in messages if thread_ts else itertools.islice(messages, _PAGE):
            metadata = message.get("metadata") or {}
            if metadata.get("event_payload", {}).get("key") == key:
                ts: str = message["ts"]
                return ts
        return None

    def pages(self, method: str, field: str, **arguments: Any) -> Iterator[Any]:
        """What a method lists, however many pages that takes.

        Raises: errors.SlackBusy, errors.SlackUnknown, errors.SlackRefused.
        """
        cursor = ""
        while True:
            answer = self.call(method, **arguments, **({"cursor": cursor} if cursor else {}))
            yield from answer.get(field) or ()
            cursor = (answer.get("response_metadata") or {}).get("next_cursor") or ""
            if not cursor:
                return

    def rewrite(self, channel: str, ts: str, body: dict[str, Any]) -> None:
        """Change the words of our message; never brings in a new file."""
        self.call("chat.update", channel=channel, ts=ts, **body)

    def delete(self, channel: str, ts: str) -> None:
        """Delete our message; one that is gone already is no error."""
        try:
            self.call("chat.delete", channel=channel, ts=ts)
        except errors.SlackRefused as exc:
            if exc.facts.get("error") != "message_not_found":
                raise

    def permalink(self, channel: str, ts: str) -> str:
        """A link to a message that works for whoever may see it in Slack."""
        link: str = self.call("chat.getPermalink", channel=channel, message_ts=ts)["permalink"]
        return link

    def react(self, channel: str, ts: str, name: str) -> None:
        """Add a reaction; a courtesy, so nothing that goes wrong here matters."""
        try:
            self.call_once("reactions.add", channel=channel, timestamp=ts, name=name)
        except errors.SlackError as exc:
            log.info("reaction_skipped", extra={"error": exc.facts.get("error", exc.code)})

    def open_view(self, trigger: str, view: dict[str, Any]) -> None:
        """Open a window for who just did something; `trigger` names that for three seconds."""
        self.call("views.open", trigger_id=trigger, view=view)

    # -- people and channels

    def identity(self) -> Identity:
        """Whom the token belongs to, and what it may do."""
        with in_our_words("auth.test"):
            answer = self._client.api_call("auth.test")
        scopes = {name.lower(): value for name, value in answer.headers.items()}
        return Identity(
            team=answer["team_id"],
            user=answer["user_id"],
            bot=answer.get("bot_id") or "",
            scopes=frozenset(
                scope.strip() for scope in scopes.get("x-oauth-scopes", "").split(",") if scope
            ),
            url=answer.get("url") or "",
        )

    def channel(self, channel: str) -> dict[str, Any]:
        """Slack's channel object."""
        found: dict[str, Any] = self._once("conversations.info", channel=channel)["channel"]
        return found

    def is_member(self, channel: str, person: str) -> bool:
        """Whether a person is in a channel that the bot may look into."""
        return once(
            (self, "is_member", channel, person),
            lambda: any(member == person for member in self.members(channel)),
        )

    def _once(self, method: str, **asked: str) -> dict[str, Any]:
        question = (self, method, *asked.values())
        return once(question, lambda: self.call(method, **asked))

    def members(self, channel: str) -> Iterator[str]:
        """Everybody in a channel that the bot may look into, the bot too."""
        return self.pages("conversations.members", "members", channel=channel, limit=1000)

    def people(self) -> Iterator[dict[str, Any]]:
        """Slack's user objects of everybody that the workspace knows."""
        return self.pages("users.list", "members", limit=1000)

    def person(self, person: str) -> dict[str, Any]:
        """Slack's user object."""
        found: dict[str, Any] = self._once("users.info", user=person)["user"]
        return found

    def place_of(self, recipient: str) -> str:
        """Where something is posted for a recipient: in a channel, or in a person's messages."""
        return self.open_dm(recipient) if is_person(recipient) else recipient

    def open_dm(self, person: str) -> str:
        """The channel id of the bot's direct message with a person."""
        place = self._direct.get(person)
        if place is None:
            # One conversation until Slack refuses it: the next notice does without a call.
            place = self.call("conversations.open", users=person)["channel"]["id"]
            self._direct[person] = place
        return place

    def _forget_direct(self, channel: str) -> None:
        """Ask anew next time which conversation is a person's, where this one is refused."""
        for person, place in list(self._direct.items()):
            if place == channel:
                self._direct.pop(person, None)


@contextmanager
def in_our_words(method: str) -> Iterator[None]:
    """Turn what the library raises into our errors; an unknown outcome is also logged.

    The library's own error stays behind: its text can hold the whole of what a server sent.

    Raises: errors.SlackBusy, errors.SlackUnknown, errors.SlackRefused.
    """
    try:
        yield
    except SlackApiError as exc:
        error, cause = _translate(exc), _cause(exc)
    except (SlackClientError, http.client.HTTPException, OSError, ValueError) as exc:
        error, cause = errors.SlackUnknown(), type(exc).__name__
    else:
        return
    if isinstance(error, errors.SlackUnknown):
        log.warning("slack_call_unknown", extra={"method": method, "error": cause})
    raise error from None


_READS_FORM = ("conversations.", "users.", "files.", "chat.getPermalink", "reactions.get")


def _body(method: str, arguments: dict[str, Any]) -> dict[str, Any]:
    if not method.startswith(_READS_FORM) or method == "files.completeUploadExternal":
        return {"json": arguments}
    return {
        "params": {
            name: str(value).lower() if isinstance(value, bool) else value
            for name, value in arguments.items()
        }
    }


def _translate(exc: SlackApiError) -> errors.SlackError:
    response = exc.response
    status, code = getattr(response, "status_code", 0), _code(exc)
    if status == http.client.TOO_MANY_REQUESTS or code in {"ratelimited", "rate_limited"}:
        return errors.SlackBusy(retry_after_s=_retry_after_s(getattr(response, "headers", {})))
    if status >= 500 or not code or code in _UNKNOWN:
        return errors.SlackUnknown()
    return errors.SlackRefused(error=code)


def _code(exc: SlackApiError) -> str:
    """Slack's own code; nothing where the library made up words of its own."""
    data = getattr(exc.response, "data", exc.response)
    code = data.get("error", "") if isinstance(data, dict) else ""
    return code if _CODE.fullmatch(code) else ""


def _cause(exc: SlackApiError) -> str:
    return _code(exc) or f"status {getattr(exc.response, 'status_code', 0)}, no JSON"


def _retry_after_s(headers: Any) -> float:
    given = {str(name).lower(): value for name, value in dict(headers or {}).items()}
    try:
        wait_s = float(given.get("retry-after", ""))
    except ValueError:
        wait_s = math.nan
    if math.isnan(wait_s):
        wait_s = 1.0
    return min(max(wait_s, 0.1), _LONGEST_WAIT_S)
