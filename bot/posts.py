"""What Slack says of a message, read into what the bot works on: its pictures, as far as promised.

Lenient: only fields that Slack's documentation promises are needed. No Slack is called.
Source: https://docs.slack.dev/reference/objects/file-object
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.errors import LinkTypeNotRead, TooManyPictures
from bot.links import S3Link
from bot.message_links import links_of, unread_links_of
from bot.model import MADE_ID_MARK, MessageRef
from bot.promised import word, word_if_any

PICTURES_AT_MOST = 10
"""How many pictures of one message are looked at: as many files as Slack puts into one."""

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
    """A message with files or links, as far as Slack promises its fields.

    `files` has an entry for each file, then one for each S3 object that the words name, then one
    for each kind of link that is not read.
    """

    message: MessageRef
    thread_ts: str
    poster: str
    is_from_bot: bool
    files: tuple[dict[str, Any], ...]

    @classmethod
    def from_event(cls, event: Mapping[str, Any], team: str) -> Post:
        """Read a `message` event, of subtype `file_share` or none, with or without text."""
        return cls(
            message=MessageRef(team, word(event, "channel"), word(event, "ts")),
            thread_ts=word_if_any(event, "thread_ts", "ts"),
            poster=word_if_any(event, "user", "bot_id"),
            is_from_bot=bool(event.get("bot_id")),
            files=(
                *(file_facts(file) for file in event.get("files") or ()),
                *(link_facts(link) for link in links_of(event)),
                *(_unread_facts(reason) for reason in unread_links_of(event)),
            ),
        )

    def without_links(self) -> Post:
        """The same message as if its words were not read."""
        return dataclasses.replace(self, files=tuple(f for f in self.files if not _is_linked(f)))


@dataclass(frozen=True)
class Edit:
    """A message after somebody changed it, and the ids of what it did not have before."""

    post: Post
    new_ids: frozenset[str]

    @classmethod
    def from_event(cls, event: Mapping[str, Any], team: str) -> Edit:
        """Read a `message` event of subtype `message_changed`."""
        where = {"channel": event["channel"]}
        after = Post.from_event({**event["message"], **where}, team)
        before = event.get("previous_message") or {}
        had = Post.from_event({**before, **where, "ts": after.message.ts}, team)
        ids = [{file["id"] for file in post.files} for post in (after, had)]
        return cls(after, frozenset(ids[0] - ids[1]))


def file_facts(file: Mapping[str, Any]) -> dict[str, Any]:
    """What a job keeps of a file: what it takes to fetch and to name it."""
    return {
        "id": word(file, "id"),
        "name": word_if_any(file, "name", "title"),
        "url_private": word_if_any(file, "url_private_download", "url_private"),
        "size_bytes": file.get("size"),
        "mimetype": word_if_any(file, "mimetype"),
        "mode": word_if_any(file, "mode"),
        "is_external": bool(file.get("is_external")),
        "needs_info": _is_withheld(file) or _is_unknown(file),
    }


def link_facts(link: S3Link) -> dict[str, Any]:
    """What a job keeps of a picture that was posted as a link: where it is, and how to name it.

    Its id is made from what the link names, so that one object posted twice in a message is one.
    """
    named = json.dumps([link.bucket, link.key, link.version])
    return {
        "id": _made_id("s3", hashlib.sha256(named.encode()).hexdigest()[:32]),
        "name": link.key.rstrip("/").rpartition("/")[2],
        "link": dataclasses.asdict(link),
    }


def _made_id(kind: str, which: str) -> str:
    """The id, within its message, of what is no file in Slack."""
    return f"{kind}{MADE_ID_MARK}{which}"


def _unread_facts(reason: LinkTypeNotRead) -> dict[str, Any]:
    """What a job keeps of links that are not read: the reason, for the reply."""
    kind = str(reason.facts["kind"]).lower().replace(" ", "-")
    return {"id": _made_id("unread", kind), "name": "", "reason": reason.to_outcome()}


def _is_linked(file: Mapping[str, Any]) -> bool:
    return "link" in file or "reason" in file


def at_most_ten(files: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """The first pictures of a message, then its reasons, and one in the place of those beyond."""
    pictures = [file for file in files if "reason" not in file]
    beyond = pictures[PICTURES_AT_MOST:]
    if not beyond:
        return list(files)
    reason = TooManyPictures(limit=PICTURES_AT_MOST, left_out=len(beyond))
    rest = {"id": _made_id("beyond", beyond[0]["id"]), "name": "", "reason": reason.to_outcome()}
    return [*pictures[:PICTURES_AT_MOST], *(file for file in files if "reason" in file), rest]


def _is_withheld(file: Mapping[str, Any]) -> bool:
    """Whether the event does not say what the file is: `files.info` does, or says why not."""
    shown = file.get("file_access") in {None, "visible"}
    return not shown or file.get("mode") in {"hidden_by_limit", "file_access"}


def _is_unknown(file: Mapping[str, Any]) -> bool:
    """Whether neither type nor name say what the file is; Slack tells no type while it looks."""
    return not file.get("mimetype") and "." not in (file.get("name") or file.get("title") or "")


def is_unprocessed(file: Mapping[str, Any]) -> bool:
    """Whether Slack, when asked for it by id, could not say yet what a file is."""
    return bool(file["url_private"]) and _is_unknown(file)


def is_answered(file: Mapping[str, Any]) -> bool:
    """Whether something is said of a job's entry, whatever its bytes are."""
    is_open = "link" in file or bool(file.get("needs_info"))
    return "reason" in file or bool(file.get("is_asked")) or not is_open


def may_be_picture(file: Mapping[str, Any]) -> bool:
    """Whether a file is worth fetching: by Slack's type, else by its name; its bytes decide.

    A link says no type, so one that is named like nothing in particular is worth a look too, but
    for one that ends like a folder.
    """
    if _is_linked(file):
        is_folder = "link" in file and file["link"]["key"].endswith("/")
        is_bare = "." not in file["name"].strip(".")
        return not is_folder and (is_bare or is_named_like_picture(file["name"]))
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
