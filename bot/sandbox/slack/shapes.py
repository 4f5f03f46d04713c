"""How Slack writes the world down as JSON: users, channels, files, messages.

The keys follow https://docs.slack.dev/reference/objects and the payloads that the official SDKs
test with. Pure: reads the world, changes nothing.
"""

from __future__ import annotations

import datetime as dt
from pathlib import PurePosixPath
from typing import Any, Literal
from zoneinfo import ZoneInfo

from bot.sandbox.slack.nouns import TEAM, Channel, File, Message, Person
from bot.sandbox.slack.world import World

Metadata = Literal["none", "type", "all"]

_PRETTY = {
    "jpg": "JPEG",
    "png": "PNG",
    "gif": "GIF",
    "heic": "HEIC",
    "pdf": "PDF",
    "text": "Plain Text",
}
_FILETYPES = {"jpeg": "jpg", "plain": "text", "octet-stream": "binary", "svg+xml": "svg"}
_THUMBS_PX = (64, 80, 160, 360, 480, 720, 800, 960, 1024)
_SIZED_FROM_PX = 360
"""From this thumbnail on, Slack also tells its width and height."""
SHOWN_IN_BLOCKS = ("image/png", "image/jpeg", "image/gif")


def user_json(person: Person) -> dict[str, Any]:
    """A user as in `users.info`."""
    zone = dt.datetime.now(tz=ZoneInfo(person.tz))
    stranger = {"is_stranger": True} if person.team != TEAM else {}
    return {
        "id": person.id,
        "team_id": person.team,
        "name": person.name,
        "deleted": person.is_deactivated,
        "color": "9f69e7",
        "real_name": person.real_name,
        "tz": person.tz,
        "tz_label": f"{zone:%Z}",
        "tz_offset": int((zone.utcoffset() or dt.timedelta()).total_seconds()),
        "profile": {
            "real_name": person.real_name,
            "real_name_normalized": person.real_name,
            "display_name": person.name,
            "display_name_normalized": person.name,
            "avatar_hash": "",
            "team": person.team,
            **({"bot_id": person.bot_id, "api_app_id": person.app_id} if person.is_bot else {}),
        },
        "is_admin": person.is_admin,
        "is_owner": False,
        "is_primary_owner": False,
        "is_restricted": person.is_restricted,
        "is_ultra_restricted": False,
        "is_bot": person.is_bot,
        "is_app_user": False,
        "updated": 1_700_000_000,
        **stranger,
    }


def channel_json(channel: Channel, viewer: str) -> dict[str, Any]:
    """A conversation as in `conversations.info`."""
    shared = {
        "id": channel.id,
        "created": channel.created_s,
        "is_archived": channel.is_archived,
        "is_im": channel.kind == "im",
        "is_org_shared": False,
        "context_team_id": TEAM,
    }
    if channel.kind == "im":
        other = next(member for member in channel.members if member != viewer)
        return {**shared, "user": other, "is_user_deleted": False, "priority": 0}
    return {
        **shared,
        "name": channel.name,
        "name_normalized": channel.name,
        "creator": "U0ANA",
        "is_channel": channel.kind == "public",
        "is_group": channel.kind == "private",
        "is_mpim": False,
        "is_private": channel.kind == "private",
        "is_general": False,
        "is_shared": channel.is_ext_shared,
        "is_ext_shared": channel.is_ext_shared,
        "is_pending_ext_shared": False,
        "pending_shared": [],
        "is_member": viewer in channel.members,
        "unlinked": 0,
        "topic": {"value": "", "creator": "", "last_set": 0},
        "purpose": {"value": "", "creator": "", "last_set": 0},
        "previous_names": [],
        "num_members": len(channel.members),
    }


def file_json(
    world: World, file: File, *, shared: bool = True, in_event: bool = False
) -> dict[str, Any]:
    """A file as in `files.info` and in messages; `shared=False` leaves out where it was shared.

    In an event a file of a Slack Connect channel is a stub only.
    """
    if file.deleted:
        return {"id": file.id, "mode": "tombstone"}
    if file.stub is not None and (in_event or file.is_withheld):
        return {"id": file.id, **file.stub}
    filetype = filetype_of(file)
    path = f"{TEAM}-{file.id}"
    return {
        "id": file.id,
        "created": file.created_s,
        "timestamp": file.created_s,
        "name": file.name,
        "title": file.title,
        "mimetype": file.mimetype if file.is_processed else "",
        "filetype": filetype,
        "pretty_type": _PRETTY.get(filetype, filetype.upper()),
        "user": file.user,
        "user_team": TEAM,
        "editable": False,
        "size": file.size_bytes,
        "mode": "hosted",
        "is_external": False,
        "external_type": "",
        "is_public": any(_kind(world, channel) == "public" for channel, _ in file.shares),
        "public_url_shared": False,
        "display_as_bot": False,
        "username": "",
        "url_private": f"{world.url}/files-pri/{path}/{slug(file)}",
        "url_private_download": f"{world.url}/files-pri/{path}/download/{slug(file)}",
        "media_display_type": "unknown",
        **_picture_json(world, file),
        "permalink": f"{world.url}/files/{file.user}/{file.id}/{slug(file)}",
        "permalink_public": f"{world.url}/files-public/{path}",
        "has_rich_preview": False,
        "file_access": "visible",
        **(_sharing_json(world, file) if shared else {}),
    }


def filetype_of(file: File) -> str:
    """Slack's short word for the type, such as jpg; empty while the file is being processed."""
    word = file.mimetype.rpartition("/")[2] if file.is_processed else ""
    return _FILETYPES.get(word, word)


def slug(file: File) -> str:
    """The file's name as it stands in its addresses."""
    name = PurePosixPath(file.name.lower())
    plain = "".join(c if c.isascii() and (c.isalnum() or c in "-_.") else "_" for c in name.name)
    return plain or "file"


def _kind(world: World, channel_id: str) -> str:
    return world.channels[channel_id].kind


def _picture_json(world: World, file: File) -> dict[str, Any]:
    """Sizes and thumbnails, once Slack has processed a picture that it can read."""
    if not file.is_processed or file.size_px is None:
        return {}
    width, height = file.size_px
    found: dict[str, Any] = {"original_w": width, "original_h": height}
    found["image_exif_rotation"] = file.exif_rotation
    for side in _THUMBS_PX:
        if max(width, height) <= side and side > _SIZED_FROM_PX:
            break
        name = f"thumb_{side}"
        found[name] = f"{world.url}/files-tmb/{TEAM}-{file.id}/{side}/{slug(file)}.png"
        if side >= _SIZED_FROM_PX:
            scale = min(1.0, side / max(width, height))
            found[f"{name}_w"] = max(1, round(width * scale))
            found[f"{name}_h"] = max(1, round(height * scale))
    return found


def _sharing_json(world: World, file: File) -> dict[str, Any]:
    shares: dict[str, dict[str, list[dict[str, Any]]]] = {}
    for channel_id, ts in file.shares:
        side = "public" if _kind(world, channel_id) == "public" else "private"
        rows = shares.setdefault(side, {}).setdefault(channel_id, [])
        rows.append(_share_json(world.channels[channel_id], ts))
    ids = sorted({channel for channel, _ in file.shares})
    return {
        "comments_count": 0,
        "is_starred": False,
        "shares": shares,
        "channels": [c for c in ids if _kind(world, c) == "public"],
        "groups": [c for c in ids if _kind(world, c) == "private"],
        "ims": [c for c in ids if _kind(world, c) == "im"],
        "has_more_shares": False,
    }


def _share_json(channel: Channel, ts: str) -> dict[str, Any]:
    message = channel.messages[ts]
    replies = channel.replies(ts)
    row: dict[str, Any] = {
        "reply_users": list(dict.fromkeys(m.user for m in replies)),
        "reply_users_count": len({m.user for m in replies}),
        "reply_count": len(replies),
        "ts": ts,
        "channel_name": channel.name,
        "team_id": TEAM,
        "share_user_id": message.user,
    }
    if message.thread_ts:
        row["thread_ts"] = message.thread_ts
    if replies:
        row["latest_reply"] = replies[-1].ts
    return row


def message_json(
    world: World, message: Message, *, metadata: Metadata = "none", in_event: bool = False
) -> dict[str, Any]:
    """A message as in `conversations.history`, without what its thread adds.

    Like Slack's own, one with files has no `team` and one of a bot has `bot_id` and `app_id`.
    """
    found: dict[str, Any] = {"type": "message", "user": message.user, "text": message.text}
    found |= {"ts": message.ts, **_origin_json(world, message, in_event)}
    for name in ("subtype", "client_msg_id", "blocks", "attachments", "edited", "thread_ts"):
        if getattr(message, name):
            found[name] = getattr(message, name)
    if message.is_reply:
        parent = world.channels[message.channel].messages.get(message.thread_ts or "")
        found["parent_user_id"] = parent.user if parent else "USLACKBOT"
    if message.metadata and metadata != "none":
        kept = ("event_type",) if metadata == "type" else ("event_type", "event_payload")
        found["metadata"] = {key: message.metadata.get(key) for key in kept}
    return found


def _origin_json(world: World, message: Message, in_event: bool) -> dict[str, Any]:  # noqa: FBT001 - passed on
    found: dict[str, Any] = {"team": TEAM}
    if message.files:
        files = (world.files[file_id] for file_id in message.files)
        shown = [file_json(world, file, shared=False, in_event=in_event) for file in files]
        found = {"files": shown, "upload": False, "display_as_bot": False}
    if message.bot_id:
        found |= {"bot_id": message.bot_id, "app_id": message.app_id}
        found["bot_profile"] = bot_profile_json(world.people[message.user])
    return found


def listed_json(world: World, message: Message, *, metadata: Metadata) -> dict[str, Any]:
    """A message as history and replies list it: with its reactions and, on a parent, its thread."""
    found = message_json(world, message, metadata=metadata)
    if message.reactions:
        found["reactions"] = reactions_json(message)
    replies = world.channels[message.channel].replies(message.ts)
    if replies:
        users = list(dict.fromkeys(m.user for m in replies))
        found |= {
            "thread_ts": message.ts,
            "reply_count": len(replies),
            "reply_users_count": len(users),
            "latest_reply": replies[-1].ts,
            "reply_users": users,
            "is_locked": False,
            "subscribed": False,
        }
    return found


def reactions_json(message: Message) -> list[dict[str, Any]]:
    """Reactions in the order in which they first came."""
    return [
        {"name": name, "users": list(users), "count": len(users)}
        for name, users in message.reactions.items()
    ]


def bot_profile_json(person: Person) -> dict[str, Any]:
    """Who a bot's message says it is from."""
    return {
        "id": person.bot_id,
        "app_id": person.app_id,
        "name": person.real_name,
        "icons": {},
        "deleted": False,
        "updated": 1_700_000_000,
        "team_id": TEAM,
    }
