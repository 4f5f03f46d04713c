"""What came of one posted message, for a person at a terminal or a program.

Reads the bot's own records beside what the local Slack saw; changes neither.
"""

from __future__ import annotations

import html
import itertools
import re
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Self

from bot import errors
from bot.adapters.database import Database
from bot.adapters.message_records import MessageRecords, PictureRecord
from bot.adapters.records import Records
from bot.model import MessageRef
from bot.sandbox.slack.nouns import TEAM
from bot.sandbox.slack_server import SlackSandbox
from bot.showing import Showing
from bot.summary import Summary

_LOOK_EVERY_S = 0.5
_ANSWERS = ("labelled", "nothing_found")
_STAND_IN = (
    "The demo's stand-in for Rekognition knows the samples, and finds faces. "
    "With --aws the real one is asked."
)
_REFUSED = "refused"
_LINK = re.compile(r"<([#@]?)([^<>|]+)(?:\|([^<>]*))?>")
"""Slack's links: `<#C0PHOTOS>`, `<@U0ANA>`, `<https://...|words>`."""


class Report:
    """Waits for the answer to one message, then tells what it was."""

    def __init__(
        self, slack: SlackSandbox, records: str, channel: str, ts: str, *, usual_percent: float
    ) -> None:
        """Take the local Slack, the bot's database, the message, and the bot's threshold."""
        self._slack = slack
        self._usual_percent = usual_percent
        self._database = Database(records, statement_timeout_s=5.0)
        self._records = MessageRecords(self._database)
        self._message = MessageRef(TEAM, slack.world.channel(channel).id, ts)

    def __enter__(self) -> Self:
        """Read from the database until the block ends."""
        return self

    def __exit__(self, *_: object) -> None:
        """Let go of the database."""
        self._database.close()

    def wait(self, *, within_s: float, check: Callable[[], None]) -> bool:
        """Wait until the message has its answer, or is known to hold no picture.

        `check` is called again and again; what it raises ends the waiting.
        """
        ends_s = time.monotonic() + within_s
        while time.monotonic() < ends_s:
            check()
            if self._slack.wait_for(self._is_answered, _LOOK_EVERY_S):
                return True
        return False

    def _is_answered(self) -> bool:
        if self._records.accepted(self._message) is None:
            # Stored before the delivery is answered with 200, or not at all.
            return self._is_delivered()
        return all(r.state in {"sent", "needless"} for r in self._records.replies(self._message))

    def _is_delivered(self) -> bool:
        deliveries = self._slack.ledger.entries("event")
        return any(
            entry.facts.get("ts") == self._message.ts and entry.facts.get("status") == 200
            for entry in deliveries
        )

    def collect(self, out: Path) -> dict[str, Any]:
        """Save the annotated pictures in `out`; what `demo --json` prints.

        All words in it are plain text, without Slack's escapes and links.
        """
        pictures = self._records.pictures(self._message)
        replies = self._slack.replies_by_bot(self._message.channel, self._message.ts)
        return {
            "images": [
                self._image(picture, out)
                for picture in pictures
                if (picture.outcome or {}).get("outcome") != "left_alone"
            ],
            "reply": {"text": self._plain(replies[-1].text)} if replies else None,
            "alerts": self._alerts(),
        }

    def _image(self, picture: PictureRecord, out: Path) -> dict[str, Any]:
        outcome = picture.outcome or {}
        code = outcome.get("outcome")
        refused = code not in _ANSWERS
        return {
            "file": self._slack.world.file(picture.file_id).name,
            "outcome": _REFUSED if refused and code else code,
            "reason": str(errors.describe(outcome)) if refused else None,
            "labels": [] if refused else _labels(self._seen(picture)),
            "annotated": self._save(picture, out),
        }

    def _seen(self, picture: PictureRecord) -> Summary:
        source = self._message.picture(picture.file_id)
        sha256 = str((picture.outcome or {}).get("sha256"))
        records = Records(self._database)
        showing = Showing(
            records.analyses,
            records.shows,
            records.withheld,
            usual_percent=self._usual_percent,
        )
        return showing.shown(source, sha256).summary()

    def _save(self, picture: PictureRecord, out: Path) -> str | None:
        file_id = (picture.outcome or {}).get("annotated_file_id")
        if not file_id:
            return None
        stem = Path(self._slack.world.file(picture.file_id).name).stem
        return str(_save_new(out, stem, self._slack.file_bytes(file_id)))

    def _plain(self, text: str) -> str:
        """What a person reads of Slack's text: `<#C0PHOTOS>` is "#photos", `&amp;` is "&"."""
        return html.unescape(_LINK.sub(self._link_words, text))

    def _link_words(self, link: re.Match[str]) -> str:
        sign, target, words = link.groups()
        if sign == "#":
            return f"#{self._slack.world.channel(target).name}"
        if sign == "@":
            return self._slack.world.person(target).real_name
        return f"{words} ({target})" if words else target

    def _alerts(self) -> list[dict[str, str]]:
        people = [person for person in self._slack.world.people.values() if not person.is_bot]
        return [
            {"to": person.name, "channel": sent.channel, "text": self._plain(sent.text)}
            for person in people
            for sent in self._slack.direct_messages(person.id)
        ]


def _save_new(out: Path, stem: str, data: bytes) -> Path:
    """As `park.labelled.jpg`, or `park-2.labelled.jpg` and so on: no file is ever replaced."""
    for number in itertools.count(1):
        name = stem if number == 1 else f"{stem}-{number}"
        try:
            with (out / f"{name}.labelled.jpg").open("xb") as file:
                file.write(data)
                return Path(file.name)
        except FileExistsError:
            continue
    raise AssertionError("unreachable: the numbers never end")


def _labels(seen: Summary) -> list[dict[str, Any]]:
    """What the reply tells of: objects with their count of boxes, then scenes, whose count is 0."""
    return [
        {
            "name": label.name,
            "confidence": max(
                [b.confidence_percent for b in label.boxes] or [label.confidence_percent]
            ),
            "count": len(label.boxes),
        }
        for label in (*seen.objects, *seen.scenes)
    ]


def in_words(report: dict[str, Any], *, real_aws: bool) -> str:
    """The report for a person at a terminal."""
    if not report["images"]:
        return "There was no picture in that message, so Spotter said nothing."
    saved = [f"  {image['annotated']}" for image in report["images"] if image["annotated"]]
    said = report["reply"]["text"] if report["reply"] else "Spotter said nothing."
    lines = [said, *(["", "Annotated pictures:", *saved] if saved else [])]
    if not real_aws and any(image["outcome"] == "nothing_found" for image in report["images"]):
        lines += ["", _STAND_IN]
    return "\n".join(lines)
