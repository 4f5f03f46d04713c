"""What every Web API method has in common: its arguments, its scopes, and how it refuses."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from bot.sandbox.slack.nouns import BOT_USER, Channel, Message
from bot.sandbox.slack.site import Site
from bot.sandbox.slack.world import NotThere

PAGE_LIMIT = 1000
_FACTS = (
    "channel",
    "channel_id",
    "ts",
    "thread_ts",
    "timestamp",
    "name",
    "user",
    "file",
    "view_id",
)


class Refused(Exception):
    """Slack says no; `error` is its code, `more` what stands beside it in the answer."""

    def __init__(self, error: str, **more: Any) -> None:
        super().__init__(error)
        self.error = error
        self.more = more


def invalid_arguments(*words: str) -> Refused:
    """A refusal that says which arguments are wrong."""
    messages = [f"[ERROR] {word}" for word in words]
    return Refused("invalid_arguments", response_metadata={"messages": messages})


class Args:
    """The arguments of one call, however they were sent."""

    def __init__(self, given: dict[str, Any]) -> None:
        self._given = given

    def get(self, name: str, default: Any = None) -> Any:
        """The argument as it was sent."""
        value = self._given.get(name)
        return default if value is None else value

    def need(self, name: str) -> str:
        """A text argument that must be there."""
        value = self.get(name)
        if value in (None, ""):
            raise invalid_arguments(f"missing required field: {name}")
        return str(value)

    def flag(self, name: str, *, default: bool = False) -> bool:
        """A yes or no, sent as JSON or as a word."""
        return str(self.get(name, default)).lower() in ("1", "true")

    def number(self, name: str, default: int) -> int:
        """A whole number, sent as JSON or as digits."""
        try:
            return int(self.get(name, default))
        except (TypeError, ValueError):
            raise invalid_arguments(f"must be an integer [json-pointer:/{name}]") from None

    def decoded(self, name: str, error: str = "invalid_arguments") -> Any:
        """A JSON argument, which forms carry as text; None when it was not sent."""
        value = self.get(name)
        if not isinstance(value, str):
            return value
        try:
            return json.loads(value) if value else None
        except ValueError:
            raise Refused(error) from None

    def facts(self) -> dict[str, Any]:
        """What the ledger keeps of them: ids only."""
        return {k: v for k, v in self._given.items() if k in _FACTS and isinstance(v, str)}


def no_scopes(_site: Site, _args: Args) -> Sequence[str]:
    """For methods that any token may call, or whose scopes never differ."""
    return ()


@dataclass(frozen=True)
class Method:
    """One Web API method: what it does, and what Slack asks for before."""

    run: Callable[[Site, Args], dict[str, Any]]
    """With the lock held; the answer without `ok`. A key `facts` goes to the ledger instead."""
    scopes: Sequence[str] = ()
    """All of them are needed."""
    tier: int = 0
    app_token: bool = False
    posts: bool = False
    """Counts against the limits of posting."""
    further_scopes: Callable[[Site, Args], Sequence[str]] = no_scopes
    """Scopes that depend on the arguments, such as the kind of channel."""

    def check_scopes(self, site: Site, args: Args) -> None:
        """Refuse where the app was not installed with what this needs."""
        needed = [*self.scopes, *self.further_scopes(site, args)]
        if set(needed) - site.terms.scopes:
            provided = ",".join(sorted(site.terms.scopes))
            raise Refused("missing_scope", needed=",".join(needed), provided=provided)


def channel_scopes(action: str) -> Callable[[Site, Args], Sequence[str]]:
    """`read` or `history` for the kind of the channel that is asked about."""
    kinds = {"public": "channels", "private": "groups", "im": "im"}

    def scopes(site: Site, args: Args) -> Sequence[str]:
        channel = site.world.channels.get(str(args.get("channel", "")))
        return (f"{kinds[channel.kind]}:{action}",) if channel else ()

    return scopes


def visible_channel(site: Site, channel_id: str) -> Channel:
    """The channel, if it is there for the bot: a private one only while it is a member."""
    channel = site.world.channels.get(channel_id)
    if channel is None or not site.world.may_see(BOT_USER, channel):
        raise Refused("channel_not_found")
    return channel


def own_channel(site: Site, channel_id: str) -> Channel:
    """The channel, if the bot is a member and it is still in use."""
    channel = visible_channel(site, channel_id)
    if BOT_USER not in channel.members:
        raise Refused("not_in_channel")
    return channel


def shown_message(site: Site, channel: Channel, ts: str) -> Message:
    """The message that stands there for all."""
    try:
        message = site.world.message(channel.id, ts)
    except NotThere:
        raise Refused("message_not_found") from None
    if message.only_for:
        raise Refused("message_not_found")
    return message


def page_of(items: Sequence[Any], args: Args, *, limit: int) -> tuple[list[Any], str]:
    """One page of a list, and the cursor of the next (empty on the last one)."""
    try:
        start = int(base64.b64decode(str(args.get("cursor", ""))) or b"0")
    except ValueError:
        raise Refused("invalid_cursor") from None
    count = max(1, min(args.number("limit", limit), PAGE_LIMIT))
    more = start + count < len(items)
    cursor = base64.b64encode(str(start + count).encode()).decode() if more else ""
    return list(items[start : start + count]), cursor
