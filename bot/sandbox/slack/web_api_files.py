"""Web API methods about files: the three-step upload, `files.info` and `files.delete`.

The bytes themselves come and go in `uploads.py`.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Mapping
from typing import Any

from bot.sandbox.slack.composing import invalid_blocks, read_blocks, read_thread
from bot.sandbox.slack.methods import Args, Method, Refused, invalid_arguments, own_channel
from bot.sandbox.slack.nouns import APP, BOT, BOT_USER, File, Message
from bot.sandbox.slack.shapes import file_json
from bot.sandbox.slack.site import Site
from bot.sandbox.slack.world import NotThere

ALT_TEXT_LIMIT = 1000
FILE_LIMIT_BYTES = 1 << 30
CHANNELS_LIMIT = 100


def get_upload_url(site: Site, args: Args) -> dict[str, Any]:
    """https://docs.slack.dev/reference/methods/files.getUploadURLExternal."""
    name, size_bytes = args.need("filename"), args.number("length", 0)
    alt_text = str(args.get("alt_txt", ""))
    if size_bytes < 1:
        raise invalid_arguments("must be greater than 0 [json-pointer:/length]")
    if len(alt_text) > ALT_TEXT_LIMIT:
        raise Refused("alt_txt_too_large")
    if size_bytes > FILE_LIMIT_BYTES:
        raise Refused("file_upload_size_restricted")
    file = new_file(site, name, BOT_USER, size_bytes)
    file.alt_text = alt_text
    file.ticket = f"{file.id}.{secrets.token_urlsafe(24)}"
    url = f"{site.world.url}/upload/v1/{file.ticket}"
    return {"upload_url": url, "file_id": file.id, "facts": {"file": file.id}}


def complete_upload(site: Site, args: Args) -> dict[str, Any]:
    """https://docs.slack.dev/reference/methods/files.completeUploadExternal.

    Works once per upload. With channels, the message with the files comes only when Slack has
    processed them, so the answer tells neither its ts nor where it was shared.
    """
    titles = _titles(args)
    files = [_uploaded(site, file_id) for file_id in titles]
    posts = _posts(site, args, list(titles))
    for file in files:
        file.title = titles[file.id] or file.name
        file.completed = True
        finish_later(site, file, site.terms.processing_s)
    answer = [file_json(site.world, file) for file in files]
    if posts:
        site.timetable.after(site.terms.processing_s, lambda: _share(site, posts))
    return {"files": answer, "facts": {"files": list(titles)}}


def file_info(site: Site, args: Args) -> dict[str, Any]:
    """https://docs.slack.dev/reference/methods/files.info."""
    file = _known(site, args.need("file"))
    return {"file": file_json(site.world, file), "comments": [], "response_metadata": {}}


def delete_file(site: Site, args: Args) -> dict[str, Any]:
    """https://docs.slack.dev/reference/methods/files.delete."""
    file = _known(site, args.need("file"))
    if file.user != BOT_USER:
        raise Refused("cant_delete_file")
    site.workspace.delete_file(file)
    return {}


def new_file(site: Site, name: str, user: str, size_bytes: int) -> File:
    """A file whose bytes are still to come."""
    file_id = site.world.next_id("F")
    path, now_s = site.world.path_for(file_id), int(time.time())
    file = File(file_id, name, name, user, size_bytes, path, now_s)
    site.world.files[file_id] = file
    return file


def finish_later(site: Site, file: File, delay_s: float) -> None:
    """Let Slack be done with the file in so many seconds, and ring then."""
    file.processed_at_s = time.monotonic() + delay_s
    site.timetable.after(delay_s + 0.01, site.world.touch)


def _titles(args: Args) -> dict[str, str]:
    """File id -> title, in the order in which they were sent."""
    files = args.decoded("files")
    if not isinstance(files, list) or not files:
        raise invalid_arguments("missing required field: files")
    if not all(isinstance(f, dict) and isinstance(f.get("id"), str) for f in files):
        raise invalid_arguments("missing required field: id [json-pointer:/files/0]")
    return {f["id"]: str(f.get("title") or "") for f in files}


def _uploaded(site: Site, file_id: str) -> File:
    """An upload of the bot whose bytes have arrived and which nobody has completed yet."""
    file = site.world.files.get(file_id)
    if file is None or file.user != BOT_USER or not file.uploaded or file.completed or file.deleted:
        raise Refused("file_not_found")
    return file


def _posts(site: Site, args: Args, files: list[str]) -> list[Message]:
    """The messages that share the files, one per channel; empty without channels."""
    names = str(args.get("channels") or args.get("channel_id") or "")
    channels = [own_channel(site, name.strip()) for name in names.split(",") if name.strip()]
    if len(channels) > CHANNELS_LIMIT:
        raise Refused("channels_limit_exceeded")
    if len(channels) > 1 and args.get("thread_ts"):
        raise invalid_arguments("only one channel with thread_ts")
    if any(channel.is_archived for channel in channels):
        raise Refused("posting_to_channel_denied")
    comment = str(args.get("initial_comment", ""))
    blocks = [] if comment else _comment_blocks(site, args)
    posts = []
    for channel in channels:
        thread_ts = read_thread(args, channel)
        message = Message(channel.id, "", BOT_USER, comment, thread_ts, bot_id=BOT, app_id=APP)
        message.blocks, message.files = blocks, list(files)
        posts.append(message)
    return posts


def _comment_blocks(site: Site, args: Args) -> list[dict[str, Any]]:
    blocks = read_blocks(site, args)
    if any(block["type"] == "markdown" for block in blocks):
        raise Refused("internal_error")
    if any(block["type"] in ("actions", "input", "image") for block in blocks):
        raise invalid_blocks(["unsupported type [json-pointer:/blocks/0/type]"])
    return blocks


def _share(site: Site, posts: list[Message]) -> None:
    with site.world.changed:
        for message in posts:
            message.ts = site.world.next_ts()
            message.files = [f for f in message.files if not site.world.files[f].deleted]
            site.workspace.add_message(message)


def _known(site: Site, file_id: str) -> File:
    try:
        file = site.world.file(file_id)
    except NotThere:
        raise Refused("file_not_found") from None
    if file.deleted:
        raise Refused("file_deleted")
    if not site.world.may_see_file(BOT_USER, file):
        raise Refused("file_not_found")
    if file.is_withheld:
        raise Refused("not_visible")
    return file


FILE_METHODS: Mapping[str, Method] = {
    "files.getUploadURLExternal": Method(get_upload_url, scopes=("files:write",), tier=4),
    "files.completeUploadExternal": Method(complete_upload, scopes=("files:write",), tier=4),
    "files.info": Method(file_info, scopes=("files:read",), tier=4),
    "files.delete": Method(delete_file, scopes=("files:write",), tier=3),
}
