"""Reads what a message is made of, and refuses it as Slack does. Nothing is posted here."""

from __future__ import annotations

import json
from collections.abc import Collection
from typing import Any

from bot.sandbox.slack.blocks import check_blocks, settle
from bot.sandbox.slack.methods import Args, Refused
from bot.sandbox.slack.nouns import BOT_USER, Channel, find_slack_files
from bot.sandbox.slack.shapes import SHOWN_IN_BLOCKS
from bot.sandbox.slack.site import Site
from bot.sandbox.slack.world import NotThere

TEXT_LIMIT = 40_000
METADATA_LIMIT_BYTES = 16_000
_ATTACHMENTS_LIMIT = 100


def read_content(
    site: Site, args: Args, *, known_files: Collection[str] | None = None
) -> dict[str, Any]:
    """Text, blocks and attachments of a new message; longer text is cut off, as Slack does.

    Files in `known_files` are not looked at again: they already stand in the message. None looks at
    all of them.
    """
    text = str(args.get("text", args.get("markdown_text", "")))
    blocks = read_blocks(site, args, known_files=known_files)
    attachments = args.decoded("attachments") or []
    if not text and not blocks and not attachments:
        raise Refused("no_text")
    if len(attachments) > _ATTACHMENTS_LIMIT:
        raise Refused("too_many_attachments")
    return {"text": text[:TEXT_LIMIT], "blocks": blocks, "attachments": attachments}


def read_blocks(
    site: Site, args: Args, *, known_files: Collection[str] | None = None
) -> list[dict[str, Any]]:
    """The blocks, with the ids that Slack gives them; empty where none were sent."""
    blocks = args.decoded("blocks", error="invalid_blocks_format")
    if blocks in (None, []):
        return []
    problems = check_blocks(blocks)
    if problems:
        raise invalid_blocks(problems)
    check_slack_files(site, blocks, known_files=known_files or ())
    return settle(blocks)


def check_slack_files(site: Site, blocks: Any, *, known_files: Collection[str] = ()) -> None:
    """Refuse a file that is not there for the bot, not a picture, or still being processed."""
    for file_id in find_slack_files(blocks):
        if file_id not in known_files and not _may_be_shown(site, file_id):
            raise invalid_blocks(["invalid slack file [json-pointer:/blocks/slack_file]"])


def read_metadata(args: Args) -> dict[str, Any] | None:
    """Metadata of a message; None where none was sent, {} where it is to be removed."""
    metadata = args.decoded("metadata", error="invalid_metadata_format")
    if metadata in (None, {}):
        return metadata if metadata is None else {}
    if not isinstance(metadata, dict):
        raise Refused("invalid_metadata_format")
    payload = metadata.get("event_payload")
    if not metadata.get("event_type") or not isinstance(payload, dict):
        raise Refused("invalid_metadata_schema")
    if len(json.dumps(metadata)) > METADATA_LIMIT_BYTES:
        raise Refused("metadata_too_large")
    return {"event_type": metadata["event_type"], "event_payload": payload}


def read_thread(args: Args, channel: Channel) -> str | None:
    """The thread to answer in, whose parent must (still) stand there."""
    thread_ts = args.get("thread_ts")
    if not thread_ts:
        return None
    if str(thread_ts) not in channel.messages:
        raise Refused("thread_not_found")
    return str(thread_ts)


def invalid_blocks(problems: list[str]) -> Refused:
    """The refusal with which Slack answers blocks that it does not take."""
    messages = [f"[ERROR] {problem}" for problem in problems]
    return Refused("invalid_blocks", errors=problems, response_metadata={"messages": messages})


def _may_be_shown(site: Site, file_id: str) -> bool:
    try:
        file = site.world.file(file_id)
    except NotThere:
        return False
    ready = file.is_processed and file.mimetype in SHOWN_IN_BLOCKS
    return ready and site.world.may_see_file(BOT_USER, file)
