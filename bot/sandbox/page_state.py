"""The workspace as one person sees it, as JSON for the page. The shapes stand in `control.py`."""

from __future__ import annotations

from typing import Any

from bot.sandbox.slack.nouns import BOT_USER, Channel, File, Message
from bot.sandbox.slack.shapes import reactions_json
from bot.sandbox.slack.site import Site

MESSAGES_SHOWN = 200
SHOWN_BY_BROWSERS = ("image/png", "image/jpeg", "image/gif", "image/webp", "image/avif")


def state_json(site: Site, user: str) -> dict[str, Any]:
    """Everything that this person sees; call it while holding the lock."""
    world, terms = site.world, site.terms
    stack = world.views.get(user)
    shortcuts = [
        {"name": s.name, "callback_id": s.callback_id, "type": s.kind} for s in terms.shortcuts
    ]
    app = {"command": terms.command, "user": BOT_USER, "shortcuts": shortcuts}
    line = site.delivery.line
    people = world.people.values()
    return {
        "version": world.version,
        "me": user,
        "people": {
            p.id: {
                "name": p.name,
                "real_name": p.real_name,
                "is_bot": p.is_bot,
                "is_restricted": p.is_restricted,
            }
            for p in people
        },
        "app": {
            **app,
            "real": list(site.terms.real_services),
            "connected": line is not None and line.is_open(),
        },
        "channels": [
            _channel(site, user, channel)
            for channel in world.channels.values()
            if world.may_see(user, channel)
        ],
        "modal": stack[-1] if stack else None,
        "home": world.homes.get(user),
    }


def _channel(site: Site, user: str, channel: Channel) -> dict[str, Any]:
    own = [m for m in site.world.ephemerals if (m.channel, m.only_for) == (channel.id, user)]
    shown = sorted([*list(channel.messages.values())[-MESSAGES_SHOWN:], *own], key=lambda m: m.ts)
    return {
        "id": channel.id,
        "name": channel.name or "Spotter",
        "kind": channel.kind,
        "is_member": user in channel.members,
        "has_bot": BOT_USER in channel.members,
        "is_archived": channel.is_archived,
        "messages": [_message(site, user, channel, m) for m in shown],
    }


def _message(site: Site, user: str, channel: Channel, message: Message) -> dict[str, Any]:
    named = sorted(message.named_files())
    return {
        "ts": message.ts,
        "thread_ts": message.thread_ts,
        "user": message.user,
        "is_bot": bool(message.bot_id),
        "text": message.text,
        "blocks": message.blocks,
        "subtype": message.subtype,
        "files": [_file_card(site, user, f, message) for f in message.files],
        "pictures": {f: _file_card(site, user, f, message) for f in named},
        "reactions": [{"name": r["name"], "users": r["users"]} for r in reactions_json(message)],
        "edited": message.edited is not None,
        "ephemeral": message.only_for is not None,
        "reply_count": len(channel.replies(message.ts)),
    }


def _file_card(site: Site, user: str, file_id: str, message: Message) -> dict[str, Any]:
    file = site.world.files.get(file_id)
    if file is None:
        return {"id": file_id, "name": "", "state": "broken", "url": None, "is_image": False}
    state = _state(file, message)
    width, height = file.size_px or (None, None)
    name = site.world.people[user].name
    return {
        "id": file.id,
        "name": file.name,
        "title": file.title,
        "alt_text": file.alt_text,
        "mimetype": file.mimetype,
        "size_bytes": file.size_bytes,
        "width_px": width,
        "height_px": height,
        "state": state,
        "url": f"/sandbox/file/{file.id}?as={name}" if state == "ok" else None,
        "is_image": file.mimetype in SHOWN_BY_BROWSERS and file.size_px is not None,
    }


def _state(file: File, message: Message) -> str:
    if file.deleted:
        return "deleted"
    if file.id in message.broken_files:
        return "broken"
    if file.stub is not None:
        return "hidden"
    return "ok" if file.is_processed else "processing"
