"""Web API methods about messages: `chat.*` and `reactions.*`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.sandbox.slack.composing import read_blocks, read_content, read_metadata, read_thread
from bot.sandbox.slack.methods import (
    Args,
    Method,
    Refused,
    own_channel,
    shown_message,
    visible_channel,
)
from bot.sandbox.slack.nouns import APP, BOT, BOT_USER, Channel, Message
from bot.sandbox.slack.shapes import message_json, reactions_json
from bot.sandbox.slack.site import Site
from bot.sandbox.slack.world import NotThere

UPDATE_TEXT_LIMIT = 4000
REACTIONS_LIMIT = 23
_EMOJI_CHARACTERS = frozenset("abcdefghijklmnopqrstuvwxyz0123456789_-+':")


def post_message(site: Site, args: Args) -> dict[str, Any]:
    """https://docs.slack.dev/reference/methods/chat.postMessage."""
    channel = _postable(site, args.need("channel"))
    content = read_content(site, args)
    metadata = read_metadata(args) or None
    thread_ts = read_thread(args, channel)
    message = own_message(site, channel.id, thread_ts=thread_ts, metadata=metadata, **content)
    site.workspace.add_message(message)
    facts: dict[str, Any] = {"channel": channel.id, "ts": message.ts, "metadata": metadata}
    facts["files"] = sorted(message.named_files())
    shown = message_json(site.world, message, metadata="all")
    return {"channel": channel.id, "ts": message.ts, "message": shown, "facts": facts}


def post_ephemeral(site: Site, args: Args) -> dict[str, Any]:
    """https://docs.slack.dev/reference/methods/chat.postEphemeral."""
    channel = _postable(site, args.need("channel"))
    user = args.need("user")
    if user not in channel.members:
        raise Refused("user_not_in_channel")
    content = read_content(site, args)
    thread_ts = read_thread(args, channel)
    message = own_message(site, channel.id, thread_ts=thread_ts, only_for=user, **content)
    site.workspace.add_message(message)
    return {"message_ts": message.ts}


def update_message(site: Site, args: Args) -> dict[str, Any]:
    """https://docs.slack.dev/reference/methods/chat.update.

    A file that this call names first is taken, yet people see "file not found" in its place
    (https://github.com/slackapi/java-slack-sdk/issues/1441).
    """
    channel = own_channel(site, args.need("channel"))
    message = shown_message(site, channel, args.need("ts"))
    if message.bot_id != BOT:
        raise Refused("cant_update_message")
    text = args.get("text")
    if len(str(text or "")) > UPDATE_TEXT_LIMIT:
        raise Refused("msg_too_long")
    if text is None and args.get("blocks") is None and args.get("attachments") is None:
        raise Refused("no_text")
    new = _updated(site, args, message)
    site.workspace.edit_message(message, None if message.blocks else BOT_USER, **new)
    shown = message_json(site.world, message, metadata="all")
    return {"channel": channel.id, "ts": message.ts, "text": message.text, "message": shown}


def delete_message(site: Site, args: Args) -> dict[str, Any]:
    """https://docs.slack.dev/reference/methods/chat.delete."""
    channel = visible_channel(site, args.need("channel"))
    message = shown_message(site, channel, args.need("ts"))
    if message.bot_id != BOT:
        raise Refused("cant_delete_message")
    site.workspace.delete_message(message)
    return {"channel": channel.id, "ts": message.ts}


def get_permalink(site: Site, args: Args) -> dict[str, Any]:
    """https://docs.slack.dev/reference/methods/chat.getPermalink."""
    channel = visible_channel(site, args.need("channel"))
    message = shown_message(site, channel, args.need("message_ts"))
    link = f"{site.world.url}/archives/{channel.id}/p{message.ts.replace('.', '')}"
    if message.is_reply:
        link += f"?thread_ts={message.thread_ts}&cid={channel.id}"
    return {"channel": channel.id, "permalink": link}


def add_reaction(site: Site, args: Args) -> dict[str, Any]:
    """https://docs.slack.dev/reference/methods/reactions.add."""
    message = _reactable(site, args)
    name = args.need("name").strip(":")
    if set(name) - _EMOJI_CHARACTERS:
        raise Refused("invalid_name")
    if name not in message.reactions and len(message.reactions) >= REACTIONS_LIMIT:
        raise Refused("too_many_emoji")
    if not site.workspace.react(BOT_USER, message, name):
        raise Refused("already_reacted")
    return {}


def remove_reaction(site: Site, args: Args) -> dict[str, Any]:
    """https://docs.slack.dev/reference/methods/reactions.remove."""
    message = _reactable(site, args)
    if not site.workspace.react(BOT_USER, message, args.need("name").strip(":"), remove=True):
        raise Refused("no_reaction")
    return {}


def get_reactions(site: Site, args: Args) -> dict[str, Any]:
    """https://docs.slack.dev/reference/methods/reactions.get."""
    message = _reactable(site, args)
    shown = {**message_json(site.world, message), "reactions": reactions_json(message)}
    return {"type": "message", "channel": message.channel, "message": shown}


def own_message(site: Site, channel: str, **fields: Any) -> Message:
    """A message of the bot that is not posted yet."""
    return Message(channel, site.world.next_ts(), BOT_USER, bot_id=BOT, app_id=APP, **fields)


def _postable(site: Site, name: str) -> Channel:
    """Where a message may be posted: a channel by id or name, or a person's direct message."""
    try:
        found = site.world.direct(name) if name in site.world.people else site.world.channel(name)
    except NotThere:
        raise Refused("channel_not_found") from None
    channel = own_channel(site, found.id)
    if channel.is_archived:
        raise Refused("is_archived")
    return channel


def _reactable(site: Site, args: Args) -> Message:
    if not args.get("timestamp"):
        raise Refused("no_item_specified")
    channel = own_channel(site, args.need("channel"))
    if channel.is_archived:
        raise Refused("is_archived")
    return shown_message(site, channel, args.need("timestamp"))


def _updated(site: Site, args: Args, message: Message) -> dict[str, Any]:
    """The fields that change: blocks stay when no text comes either, metadata stays unless sent."""
    before = message.named_files() - message.broken_files
    new: dict[str, Any] = {}
    if args.get("text") is not None:
        new["text"] = str(args.get("text"))
    if args.get("blocks") is not None or "text" in new:
        new["blocks"] = read_blocks(site, args, known_files=before)
        named = set(Message("", "", "", blocks=new["blocks"]).named_files())
        new["broken_files"] = named - before
    metadata = read_metadata(args)
    if metadata is not None:
        new["metadata"] = metadata or None
    return new


MESSAGE_METHODS: Mapping[str, Method] = {
    "chat.postMessage": Method(post_message, scopes=("chat:write",), posts=True),
    "chat.postEphemeral": Method(post_ephemeral, scopes=("chat:write",), tier=4),
    "chat.update": Method(update_message, scopes=("chat:write",), tier=3),
    "chat.delete": Method(delete_message, scopes=("chat:write",), tier=3),
    "chat.getPermalink": Method(get_permalink),
    "reactions.add": Method(add_reaction, scopes=("reactions:write",), tier=3),
    "reactions.remove": Method(remove_reaction, scopes=("reactions:write",), tier=2),
    "reactions.get": Method(get_reactions, scopes=("reactions:read",), tier=3),
}
