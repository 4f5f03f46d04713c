"""What Slack says of a message, read into what the bot works on: its pictures, as far as promised.

Lenient: only fields that Slack's documentation promises are needed. No Slack is called.
Source: https://docs.slack.dev/reference/objects/file-object
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.links import S3Link
from bot.model import MessageRef

_IMAGE_ENDINGS = tuple(
    f".{ending}"
    for ending in (
        *("jpg", "jpeg", "jpe", "png", "gif", "webp", "heic", "heif", "avif", "tif", "tiff", "bmp"),
        *("jfif", "mpo", "apng", "hif", "dib"),
        # Not read, and their posters are told so.
        *("svg", "psd", "jp2", "j2k", "jxl", "ico", "eps", "xcf", "exr", "hdr"),
        *("raw", "dng", "cr2", "cr3", "nef", "arw", "orf", "raf", "rw2", "pef"),
    )
)


@dataclass(frozen=True)
class Post:
    """A message with files, as far as Slack promises its fields."""

    message: MessageRef
    thread_ts: str
    poster: str
    is_from_bot: bool
    files: tuple[dict[str, Any], ...]

    @classmethod
    def from_event(cls, event: Mapping[str, Any], team: str) -> Post:
        """Read a `message` event of subtype `file_share`, with or without text."""
        return cls(
            message=MessageRef(team, event["channel"], event["ts"]),
            thread_ts=event.get("thread_ts") or event["ts"],
            poster=event.get("user") or event.get("bot_id") or "",
            is_from_bot=bool(event.get("bot_id")),
            files=tuple(file_facts(file) for file in event.get("files") or ()),
        )


def file_facts(file: Mapping[str, Any]) -> dict[str, Any]:
    """What a job keeps of a file: what it takes to fetch and to name it."""
    return {
        "id": file["id"],
        "name": file.get("name") or file.get("title") or "",
        "url_private": file.get("url_private_download") or file.get("url_private") or "",
        "size_bytes": file.get("size"),
        "mimetype": file.get("mimetype") or "",
        "mode": file.get("mode") or "",
        "is_external": bool(file.get("is_external")),
        "needs_info": _is_withheld(file),
    }


def link_facts(link: S3Link) -> dict[str, Any]:
    """What a job keeps of a picture that was posted as a link: where it is, and how to name it.

    Its id is made from what the link names, so that one object posted twice in a message is one.
    """
    named = json.dumps([link.bucket, link.key, link.version])
    return {
        "id": f"s3-{hashlib.sha256(named.encode()).hexdigest()[:32]}",
        "name": link.key.rstrip("/").rpartition("/")[2],
        "link": dataclasses.asdict(link),
    }


def _is_withheld(file: Mapping[str, Any]) -> bool:
    """Whether the event does not say what the file is: `files.info` does, or says why not."""
    shown = file.get("file_access") in {None, "visible"}
    return not shown or file.get("mode") in {"hidden_by_limit", "file_access"}


def may_be_picture(file: Mapping[str, Any]) -> bool:
    """Whether a file is worth fetching: by Slack's type, else by its name; its bytes decide."""
    if file["mode"] == "tombstone":
        return False
    if file["needs_info"]:
        return True
    if file["mimetype"]:
        return str(file["mimetype"]).startswith("image/") or is_named_like_picture(file["name"])
    return is_named_like_picture(file["name"])


def is_named_like_picture(name: str) -> bool:
    """Whether a name ends as those of pictures do, also of kinds that Spotter does not read."""
    return name.lower().endswith(_IMAGE_ENDINGS)
