"""Slack message bodies as plain data, inside Slack's limits.

Foreign words (file names, label names) go into plain text objects, or are escaped. No Slack call.
Source of the limits: https://docs.slack.dev/reference/block-kit/blocks
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.errors import SpotterError

TRY_AGAIN = "try_again"
"""The action id of the button under a reason that can pass."""

LABEL_IMAGES = "label_images"
"""The callback id of the shortcut in a message's menu."""
DELETE = "delete_reply"
"""The action id of the button under every reply."""

TEXT_MAX_CHARS = 3900
_SECTION_MAX_CHARS = 3000
_CONTEXT_MAX_CHARS = 2000
_PICTURES_MAX_CHARS = 6000
"""For what is said of all pictures: Slack takes some 12,000 characters in a message's blocks."""
_NAME_MAX_CHARS = 80
_OPTION_MAX_CHARS = 75
_PEOPLE_MAX_CHARS = 60
_SEEN_MAX_CHARS = 500
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]")

Body = dict[str, Any]
"""`text` and `blocks` of a message."""


@dataclass(frozen=True)
class Earlier:
    """An earlier post of the same picture: a link to it, and when it was."""

    link: str
    posted_at_s: int


@dataclass(frozen=True)
class PictureAnswer:
    """What is said about one posted picture: a summary with its picture, or a reason.

    `labels` are the names shown; `has_more` says that there are others, `shows_more` that more
    are shown than usual, because somebody asked for it. `corrected_by` are people's names: as
    mentions, each new drawing would call those people again.
    """

    name: str
    headline: str = ""
    left_out: str = ""
    alt_text: str = ""
    annotated_file_id: str | None = None
    reason: SpotterError | None = None
    seen_before: Earlier | None = None
    labels: tuple[str, ...] = ()
    has_more: bool = False
    shows_more: bool = False
    corrected_by: tuple[str, ...] = ()


def escape(text: str) -> str:
    """Make foreign words harmless in mrkdwn; control and direction characters are dropped."""
    return _visible(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _visible(text: str) -> str:
    return _CONTROL.sub("", text)


def shorten(text: str, *, max_chars: int) -> str:
    """Cut a text that is too long, and show that it was cut."""
    return text if len(text) <= max_chars else text[: max_chars - 1].rstrip() + "…"


def reply_body(
    answers: Sequence[PictureAnswer],
    *,
    retry_value: str,
    named: bool = False,
    buttons: Sequence[dict[str, Any]] = (),
) -> Body:
    """The one reply to a message: pictures with their summaries in order, then the reasons.

    `retry_value` comes back with the buttons: Delete, Try again under reasons that can pass, and
    between them `buttons`, by their block's id.
    Each line names its picture where there are several, and always when `named`.
    """
    named = named or len(answers) > 1
    room = _PICTURES_MAX_CHARS // max(1, len(answers)) // 2
    blocks = [b for answer in answers for b in _answer_blocks(answer, named=named, room_chars=room)]
    can_pass = any(answer.reason and answer.reason.can_pass for answer in answers)
    again = [button("Try again", TRY_AGAIN, retry_value)] if can_pass else []
    blocks.append(
        {
            "type": "actions",
            "block_id": retry_value,
            "elements": [*again, *buttons, _delete_button(retry_value)],
        }
    )
    lines = [_with_earlier(escape(_line(answer, named=named)), answer) for answer in answers]
    return {"text": shorten("\n".join(lines), max_chars=TEXT_MAX_CHARS), "blocks": blocks}


def _answer_blocks(answer: PictureAnswer, *, named: bool, room_chars: int) -> list[dict[str, Any]]:
    if answer.reason:
        return [_section(f"⚠️ {_line(answer, named=named)}")]
    said = _said(answer.headline, answer.name, named=named)
    blocks = [_section(shorten(said, max_chars=room_chars))]
    if answer.annotated_file_id:
        alt_text = shorten(answer.alt_text, max_chars=room_chars)
        blocks.insert(0, image_block(answer.annotated_file_id, alt_text))
    if aside := _aside(answer):
        blocks.append(_context(aside))
    if answer.seen_before:
        blocks.append(context_block(_seen_before(answer.seen_before)))
    return blocks


def _seen_before(earlier: Earlier) -> str:
    """With the date in the reader's own zone."""
    fallback = dt.datetime.fromtimestamp(earlier.posted_at_s, tz=dt.UTC)
    date = f"<!date^{earlier.posted_at_s}^{{date}}|{fallback:%Y-%m-%d}>"
    return f"<{earlier.link}|Seen before> on {date}"


def _with_earlier(line: str, answer: PictureAnswer) -> str:
    return f"{line} · {_seen_before(answer.seen_before)}" if answer.seen_before else line


def _line(answer: PictureAnswer, *, named: bool) -> str:
    """One answer as a line of plain text, which is what notifications and screen readers read."""
    if answer.reason:
        return _said(str(answer.reason), answer.name, named=named)
    said = _said(answer.headline, answer.name, named=named)
    return " · ".join(part for part in (said, _aside(answer)) if part)


def _aside(answer: PictureAnswer) -> str:
    """What stands in small letters: what the headline leaves out, and who corrected it."""
    people = shorten(", ".join(answer.corrected_by), max_chars=_PEOPLE_MAX_CHARS)
    corrected = f"corrected by {people}" if people else ""
    return " · ".join(part for part in (answer.left_out, corrected) if part)


def _said(text: str, name: str, *, named: bool) -> str:
    short = shorten(_visible(name), max_chars=_NAME_MAX_CHARS)
    return f"{short}: {text}" if named and short else text


def words_body(text: str) -> Body:
    """A message of a few words in mrkdwn, in which foreign words are escaped already."""
    return {"text": shorten(text, max_chars=TEXT_MAX_CHARS), "blocks": [section_block(text)]}


def paragraphs_body(paragraphs: Sequence[str]) -> Body:
    """A longer message in mrkdwn, with some room between its paragraphs."""
    return {"text": "\n\n".join(paragraphs), "blocks": list(map(section_block, paragraphs))}


def words_view(text: str) -> Body:
    """A window of a few plain words, in the place of another one."""
    return {
        "type": "modal",
        "title": {"type": "plain_text", "text": "Spotter"},
        "close": {"type": "plain_text", "text": "Close"},
        "blocks": [_section(text)],
    }


def link_asked_body(*, asker: str, name: str) -> Body:
    """The message under which the answer to somebody's link comes; `name` is the picture's."""
    short = shorten(_visible(name).replace("`", "'"), max_chars=_NAME_MAX_CHARS)
    return words_body(f"<@{asker}> asked me to look at `{escape(short)}`")


def limit_body(*, calls: int, limit: int, resumes_on: str) -> Body:
    """What the operators are told of the month's limit of calls: that it is near, or reached."""
    allowed = f"{limit:,} Rekognition calls that REKOGNITION_PER_MONTH allows this month"
    if calls < limit:
        text = f"Spotter has made {calls:,} of the {allowed}. After the last one pictures wait."
    else:
        text = (
            f"Spotter has made all of the {allowed}. Further pictures wait, each with a reason in "
            f"its thread. They are labelled by themselves on {resumes_on}, or once the limit is "
            "raised and Spotter is started again."
        )
    return {"text": text, "blocks": [_section(text)]}


def section_block(text: str) -> dict[str, Any]:
    """A paragraph of mrkdwn, in which foreign words are escaped already."""
    short = shorten(text, max_chars=_SECTION_MAX_CHARS)
    return {"type": "section", "text": {"type": "mrkdwn", "text": short, "verbatim": True}}


def _section(text: str) -> dict[str, Any]:
    short = shorten(_visible(text), max_chars=_SECTION_MAX_CHARS)
    return {"type": "section", "text": {"type": "plain_text", "text": short, "emoji": True}}


def _context(text: str) -> dict[str, Any]:
    short = shorten(_visible(text), max_chars=_CONTEXT_MAX_CHARS)
    return {"type": "context", "elements": [{"type": "plain_text", "text": short, "emoji": False}]}


def context_block(text: str) -> dict[str, Any]:
    """A line of small mrkdwn, in which foreign words are escaped already."""
    short = shorten(text, max_chars=_CONTEXT_MAX_CHARS)
    return {
        "type": "context",
        "elements": [{"type": "mrkdwn", "text": short, "verbatim": True}],
    }


def image_block(file_id: str, alt_text: str) -> dict[str, Any]:
    """A picture that was uploaded, with what a screen reader says of it."""
    return {
        "type": "image",
        "slack_file": {"id": file_id},
        "alt_text": shorten(_visible(alt_text) or "Annotated picture", max_chars=2000),
    }


def button(text: str, action_id: str, value: str) -> dict[str, Any]:
    """A button; its value comes back when it is pressed."""
    return {
        "type": "button",
        "text": {"type": "plain_text", "text": text},
        "action_id": action_id,
        "value": value,
    }


def menu(placeholder: str, action_id: str, options: Mapping[str, str]) -> dict[str, Any]:
    """A menu of plain words by the value that comes back when one is chosen."""
    return {
        "type": "static_select",
        "action_id": action_id,
        "placeholder": {"type": "plain_text", "text": placeholder},
        "options": [{"text": _option(words), "value": value} for value, words in options.items()],
    }


def _option(words: str) -> dict[str, Any]:
    short = shorten(_visible(words), max_chars=_OPTION_MAX_CHARS)
    return {"type": "plain_text", "text": short, "emoji": False}


def _delete_button(value: str) -> dict[str, Any]:
    """Asks before anything happens: https://docs.slack.dev/reference/block-kit/composition-objects."""
    return {
        **button("Delete", DELETE, value),
        "style": "danger",
        "confirm": {
            "title": {"type": "plain_text", "text": "Delete this?"},
            "text": {
                "type": "plain_text",
                "text": "This reply goes, with all that Spotter keeps of the posted pictures. "
                "The post itself stays. The poster and admins may do this.",
            },
            "confirm": {"type": "plain_text", "text": "Delete"},
            "deny": {"type": "plain_text", "text": "Cancel"},
            "style": "danger",
        },
    }
