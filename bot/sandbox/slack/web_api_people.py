"""Web API methods about channels and people: `conversations.*` and `users.*`."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from bot.sandbox.slack.methods import (
    Args,
    Method,
    Refused,
    channel_scopes,
    own_channel,
    page_of,
    visible_channel,
)
from bot.sandbox.slack.nouns import BOT_USER, Channel, Message
from bot.sandbox.slack.shapes import Metadata, channel_json, listed_json, user_json
from bot.sandbox.slack.site import Site
from bot.sandbox.slack.world import NotThere

_TYPES = {"public_channel": "public", "private_channel": "private", "im": "im", "mpim": "mpim"}
_TYPE_SCOPES = {
    "public_channel": "channels:read",
    "private_channel": "groups:read",
    "im": "im:read",
    "mpim": "mpim:read",
}


def conversation_info(site: Site, args: Args) -> dict[str, Any]:
    """https://docs.slack.dev/reference/methods/conversations.info."""
    channel = visible_channel(site, args.need("channel"))
    found = channel_json(channel, BOT_USER)
    if not args.flag("include_num_members"):
        found.pop("num_members", None)
    return {"channel": found}


def conversation_members(site: Site, args: Args) -> dict[str, Any]:
    """https://docs.slack.dev/reference/methods/conversations.members."""
    channel = visible_channel(site, args.need("channel"))
    members, cursor = page_of(channel.members, args, limit=100)
    return {"members": members, "response_metadata": {"next_cursor": cursor}}


def conversation_history(site: Site, args: Args) -> dict[str, Any]:
    """https://docs.slack.dev/reference/methods/conversations.history: newest first."""
    channel = own_channel(site, args.need("channel"))
    tops = [m for m in channel.messages.values() if not m.is_reply and _in_time(m, args)]
    page, cursor = page_of(tops[::-1], args, limit=100)
    return {
        "messages": _listed(site, page, args),
        "pin_count": 0,
        "channel_actions_ts": None,
        "channel_actions_count": 0,
        **_more(cursor),
    }


def conversation_replies(site: Site, args: Args) -> dict[str, Any]:
    """https://docs.slack.dev/reference/methods/conversations.replies: the parent, then replies."""
    channel = own_channel(site, args.need("channel"))
    ts = args.need("ts")
    if ts not in channel.messages:
        raise Refused("thread_not_found")
    replies = [m for m in channel.replies(ts) if _in_time(m, args)]
    page, cursor = page_of([channel.messages[ts], *replies], args, limit=1000)
    return {"messages": _listed(site, page, args), **_more(cursor)}


def open_conversation(site: Site, args: Args) -> dict[str, Any]:
    """https://docs.slack.dev/reference/methods/conversations.open: with one person."""
    if args.get("channel"):
        channel = visible_channel(site, args.need("channel"))
    else:
        channel = _direct_with(site, str(args.get("users", "")))
    whole = channel_json(channel, BOT_USER)
    shown = whole if args.flag("return_im") else {"id": channel.id}
    return {"no_op": True, "already_open": True, "channel": shown}


def join_conversation(site: Site, args: Args) -> dict[str, Any]:
    """https://docs.slack.dev/reference/methods/conversations.join."""
    channel = visible_channel(site, args.need("channel"))
    if channel.kind != "public":
        raise Refused("method_not_supported_for_channel_type")
    if channel.is_archived:
        raise Refused("is_archived")
    site.workspace.join(BOT_USER, channel)
    return {"channel": channel_json(channel, BOT_USER)}


def list_conversations(site: Site, args: Args) -> dict[str, Any]:
    """https://docs.slack.dev/reference/methods/conversations.list."""
    return _channels(site, args, lambda channel: site.world.may_see(BOT_USER, channel))


def user_conversations(site: Site, args: Args) -> dict[str, Any]:
    """https://docs.slack.dev/reference/methods/users.conversations: of `user`, as the bot sees."""
    user = str(args.get("user") or BOT_USER)
    if user not in site.world.people:
        raise Refused("user_not_found")

    def shared(channel: Channel) -> bool:
        return user in channel.members and site.world.may_see(BOT_USER, channel)

    return _channels(site, args, shared)


def user_info(site: Site, args: Args) -> dict[str, Any]:
    """https://docs.slack.dev/reference/methods/users.info."""
    person = site.world.people.get(args.need("user"))
    if person is None:
        raise Refused("user_not_found")
    return {"user": user_json(person)}


def list_users(site: Site, args: Args) -> dict[str, Any]:
    """https://docs.slack.dev/reference/methods/users.list."""
    page, cursor = page_of(list(site.world.people.values()), args, limit=100)
    members = [user_json(person) for person in page]
    return {"members": members, "cache_ts": 0, "response_metadata": {"next_cursor": cursor}}


def _direct_with(site: Site, users: str) -> Channel:
    names = [name.strip() for name in users.split(",") if name.strip()]
    if not names:
        raise Refused("users_list_not_supplied")
    if len(names) > 1:
        raise Refused("method_not_supported_for_channel_type")
    if names[0] not in site.world.people:
        raise Refused("user_not_found")
    if site.world.people[names[0]].is_deactivated:
        raise Refused("user_disabled")
    try:
        return site.world.direct(names[0])
    except NotThere:
        raise Refused("cannot_dm_bot") from None


def _channels(site: Site, args: Args, wanted: Callable[[Channel], bool]) -> dict[str, Any]:
    kinds = {_TYPES[name] for name in _types(args)}
    archived = not args.flag("exclude_archived")
    found = [
        channel
        for channel in site.world.channels.values()
        if channel.kind in kinds and wanted(channel) and (archived or not channel.is_archived)
    ]
    page, cursor = page_of(found, args, limit=100)
    channels = [channel_json(channel, BOT_USER) for channel in page]
    return {"channels": channels, "response_metadata": {"next_cursor": cursor}}


def _types(args: Args) -> Sequence[str]:
    names = [name.strip() for name in str(args.get("types") or "public_channel").split(",")]
    if set(names) - set(_TYPES):
        raise Refused("invalid_types")
    return names


def _type_scopes(_site: Site, args: Args) -> Sequence[str]:
    return [_TYPE_SCOPES[name] for name in _types(args)]


def _in_time(message: Message, args: Args) -> bool:
    ts, oldest, latest = message.ts, str(args.get("oldest", "")), str(args.get("latest", ""))
    after = not oldest or (ts >= oldest if args.flag("inclusive") else ts > oldest)
    before = not latest or (ts <= latest if args.flag("inclusive") else ts < latest)
    return after and before


def _listed(site: Site, messages: Sequence[Message], args: Args) -> list[dict[str, Any]]:
    metadata: Metadata = "all" if args.flag("include_all_metadata") else "type"
    return [listed_json(site.world, message, metadata=metadata) for message in messages]


def _more(cursor: str) -> dict[str, Any]:
    more = {"response_metadata": {"next_cursor": cursor}} if cursor else {}
    return {"has_more": bool(cursor), **more}


_READ = channel_scopes("read")
_HISTORY = channel_scopes("history")

PEOPLE_METHODS: Mapping[str, Method] = {
    "conversations.info": Method(conversation_info, tier=3, further_scopes=_READ),
    "conversations.members": Method(conversation_members, tier=4, further_scopes=_READ),
    "conversations.history": Method(conversation_history, tier=3, further_scopes=_HISTORY),
    "conversations.replies": Method(conversation_replies, tier=3, further_scopes=_HISTORY),
    "conversations.open": Method(open_conversation, scopes=("im:write",), tier=3),
    "conversations.join": Method(join_conversation, scopes=("channels:join",), tier=3),
    "conversations.list": Method(list_conversations, tier=2, further_scopes=_type_scopes),
    "users.conversations": Method(user_conversations, tier=3, further_scopes=_type_scopes),
    "users.info": Method(user_info, scopes=("users:read",), tier=4),
    "users.list": Method(list_users, scopes=("users:read",), tier=2),
}
