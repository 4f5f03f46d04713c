"""What happens in the workspace: each change is made to the world and told to the bot.

The bot hears of a channel only while it is a member, only of events it has subscribed to, and only
where its scopes reach. Its own posts are told to it too, as the real Slack does.
"""

from __future__ import annotations

import copy
import uuid
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from bot.sandbox.slack.nouns import APP, BOT_USER, TEAM, Channel, File, Message
from bot.sandbox.slack.shapes import message_json
from bot.sandbox.slack.terms import EVENT_SCOPES, Terms
from bot.sandbox.slack.world import World

_CHANNEL_TYPES = {"public": "channel", "private": "group", "im": "im"}
_SUBSCRIPTIONS = {"channel": "message.channels", "group": "message.groups", "im": "message.im"}


class Workspace:
    """Changes to the world. `tell` takes each event's envelope and must return at once."""

    def __init__(self, world: World, terms: Terms, tell: Callable[[dict[str, Any]], None]) -> None:
        self._world = world
        self._terms = terms
        self._tell = tell

    def add_message(self, message: Message) -> Message:
        """Put a message into its channel; ephemeral ones only where one person sees them."""
        world = self._world
        with world.changed:
            if message.only_for:
                world.ephemerals.append(message)
            else:
                self._add_shown(message)
            world.touch()
        return message

    def edit_message(self, message: Message, user: str | None, **new: Any) -> None:
        """Change some of the message's fields; `user` is who is shown as its editor, if anyone."""
        world = self._world
        with world.changed:
            before = message_json(world, message, in_event=True)
            for name, value in new.items():
                setattr(message, name, value)
            if user:
                message.edited = {"user": user, "ts": world.next_ts()}
            self._tell_changed(message, before)
            world.touch()

    def delete_message(self, message: Message) -> None:
        """Take the message away; a parent with replies leaves a tombstone, as on the real Slack."""
        world = self._world
        with world.changed:
            if message.only_for:
                world.ephemerals.remove(message)
            else:
                self._delete_shown(message)
            world.touch()

    def delete_file(self, file: File) -> None:
        """Delete the file everywhere; messages keep a tombstone in its place."""
        world = self._world
        with world.changed:
            carriers = self._carriers(file)
            before = [message_json(world, message, in_event=True) for message in carriers]
            file.deleted = True
            file.path.unlink(missing_ok=True)
            self._tell_file_deleted(file, carriers)
            for message, earlier in zip(carriers, before, strict=True):
                self._tell_changed(message, earlier)
            world.touch()

    def lose_file(self, file: File) -> None:
        """Remove a file as Slack's own retention does: no event tells of it."""
        world = self._world
        with world.changed:
            file.deleted = True
            file.path.unlink(missing_ok=True)
            world.touch()

    def delete_channel(self, channel: Channel) -> None:
        """Delete the channel with all its messages; the bot hears of it as a member."""
        world = self._world
        with world.changed:
            kind = "group_deleted" if channel.kind == "private" else "channel_deleted"
            self._tell_channel(channel, {"type": kind, "channel": channel.id})
            for message in channel.messages.values():
                for file_id in message.files:
                    world.files[file_id].shares.remove((channel.id, message.ts))
            del world.channels[channel.id]
            world.touch()

    def uninstall(self) -> None:
        """Remove the app: it hears of that, and its token is worth nothing from now on."""
        world = self._world
        with world.changed:
            world.is_installed = False
            self._send({"type": "app_uninstalled"}, "app_uninstalled", None)
            world.touch()

    def react(self, user: str, message: Message, name: str, *, remove: bool = False) -> bool:
        """Add or take back a reaction; False when there was nothing to do."""
        world = self._world
        with world.changed:
            users = message.reactions.get(name, [])
            if (user in users) is not remove:
                return False
            users = [u for u in users if u != user] if remove else [*users, user]
            message.reactions = {k: v for k, v in {**message.reactions, name: users}.items() if v}
            item = {"type": "message", "channel": message.channel, "ts": message.ts}
            event = {"user": user, "reaction": name, "item": item, "item_user": message.user}
            kind = "reaction_removed" if remove else "reaction_added"
            self._tell_channel(world.channels[message.channel], {"type": kind, **event})
            world.touch()
        return True

    def join(self, user: str, channel: Channel, *, inviter: str | None = None) -> None:
        """Make the user a member, with the line that the channel then shows."""
        with self._world.changed:
            if user in channel.members:
                return
            channel.members.append(user)
            event = {"type": "member_joined_channel", "user": user, "channel": channel.id}
            if inviter:
                event["inviter"] = inviter
            self._tell_member(channel, event)
            self._say(channel, user, "channel_join", f"<@{user}> has joined the channel")

    def leave(self, user: str, channel: Channel) -> None:
        """End the user's membership."""
        with self._world.changed:
            if user not in channel.members:
                return
            event = {"type": "member_left_channel", "user": user, "channel": channel.id}
            self._tell_member(channel, event)
            channel.members.remove(user)
            self._say(channel, user, "channel_leave", f"<@{user}> has left the channel")

    def open_home(self, user: str) -> None:
        """The person looks at the bot's Home tab."""
        world = self._world
        with world.changed:
            channel = world.direct(user)
            event = {"type": "app_home_opened", "user": user, "channel": channel.id, "tab": "home"}
            view = world.homes.get(user)
            self._tell_channel(channel, {**event, **({"view": view} if view else {})})
            world.touch()

    def _say(self, channel: Channel, user: str, subtype: str, text: str) -> None:
        ts = self._world.next_ts()
        self.add_message(Message(channel.id, ts, user, text=text, subtype=subtype))

    def _add_shown(self, message: Message) -> None:
        world = self._world
        channel = world.channels[message.channel]
        if message.files:
            message.subtype = message.subtype or "file_share"
        if message.subtype in (None, "file_share") and not message.bot_id:
            message.client_msg_id = str(uuid.uuid4())
        channel.add(message)
        for file_id in message.files:
            world.files[file_id].shares.append((channel.id, message.ts))
        self._tell_message(channel, message_json(world, message, in_event=True))
        for file_id in message.files:
            self._tell_file_shared(channel, message, file_id)

    def _delete_shown(self, message: Message) -> None:
        world = self._world
        channel = world.channels[message.channel]
        before = message_json(world, message, in_event=True)
        for file_id in message.files:
            world.files[file_id].shares.remove((channel.id, message.ts))
        if channel.replies(message.ts):
            words = "This message was deleted."
            gone = Message(channel.id, message.ts, "USLACKBOT", words, subtype="tombstone")
            gone = replace(gone, thread_ts=message.ts)
            channel.messages[message.ts] = gone
            self._tell_changed(gone, before)
            return
        channel.remove(message)
        deleted = {"subtype": "message_deleted", "hidden": True, "deleted_ts": message.ts}
        ts = world.next_ts()
        self._tell_message(channel, {**deleted, "previous_message": before, "ts": ts})

    def _carriers(self, file: File) -> list[Message]:
        channels = self._world.channels
        return [channels[channel].messages[ts] for channel, ts in file.shares]

    def _tell_changed(self, message: Message, before: dict[str, Any]) -> None:
        if message.only_for:
            return
        world = self._world
        after = {
            **message_json(world, message, in_event=True),
            "source_team": TEAM,
            "user_team": TEAM,
        }
        event = {"subtype": "message_changed", "hidden": True, "message": after}
        event |= {"previous_message": before, "ts": world.next_ts()}
        self._tell_message(world.channels[message.channel], event)

    def _tell_file_shared(self, channel: Channel, message: Message, file_id: str) -> None:
        event = {"type": "file_shared", "file_id": file_id, "user_id": message.user}
        event["channel_id"] = channel.id
        self._tell_channel(channel, {**event, "file": {"id": file_id}})

    def _tell_file_deleted(self, file: File, carriers: list[Message]) -> None:
        ids = list(dict.fromkeys(message.channel for message in carriers))
        heard = [
            self._world.channels[c] for c in ids if BOT_USER in self._world.channels[c].members
        ]
        if heard or file.user == BOT_USER:
            event = {"type": "file_deleted", "file_id": file.id, "channel_ids": ids}
            self._send(event, "file_deleted", heard[0] if heard else None)

    def _tell_message(self, channel: Channel, message: dict[str, Any]) -> None:
        kind = _CHANNEL_TYPES[channel.kind]
        event = {"type": "message", **message, "channel": channel.id, "channel_type": kind}
        event["event_ts"] = event["ts"]
        if BOT_USER in channel.members:
            self._send(event, _SUBSCRIPTIONS[kind], channel)

    def _tell_member(self, channel: Channel, event: dict[str, Any]) -> None:
        kind = "G" if channel.kind == "private" else "C"
        self._tell_channel(channel, {**event, "channel_type": kind, "team": TEAM})

    def _tell_channel(self, channel: Channel, event: dict[str, Any]) -> None:
        if BOT_USER in channel.members:
            self._send(event, event["type"], channel)

    def _send(self, event: dict[str, Any], subscription: str, channel: Channel | None) -> None:
        scope = EVENT_SCOPES[subscription]
        if subscription not in self._terms.events or (scope and scope not in self._terms.scopes):
            return
        event.setdefault("event_ts", self._world.next_ts())
        self._tell(self._envelope(copy.deepcopy(event), channel))

    def _envelope(self, event: dict[str, Any], channel: Channel | None) -> dict[str, Any]:
        """https://docs.slack.dev/apis/events-api#callback-field."""
        authorization = {
            "enterprise_id": None,
            "team_id": TEAM,
            "user_id": BOT_USER,
            "is_bot": True,
            "is_enterprise_install": False,
        }
        context = f"4-{event['type']}-{TEAM}-{APP}-{channel.id if channel else ''}"
        return {
            "token": "sandbox-verification-token",
            "team_id": TEAM,
            "context_team_id": TEAM,
            "context_enterprise_id": None,
            "api_app_id": APP,
            "event": event,
            "type": "event_callback",
            "event_id": self._world.next_id("Ev"),
            "event_time": int(float(event["event_ts"])),
            "authorizations": [authorization],
            "is_ext_shared_channel": bool(channel and channel.is_ext_shared),
            "event_context": context,
        }
