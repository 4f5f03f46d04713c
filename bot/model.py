"""The nouns that everything else speaks in: frozen values, no behaviour beyond reading themselves.

No Slack, no AWS, no database, no pixels.
"""

from __future__ import annotations

import copy
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar, Literal

PERCENT_SHOWN_FROM = 80.0
"""Labels and boxes at or above this confidence are shown unless a setting says otherwise."""

PERCENT_KNOWN_FROM = 55.0
"""Rekognition is asked for labels from this confidence on: nothing below it is ever known."""

LIVE = "live"
GONE = "gone"
EXPIRED = "expired"
"""How a message stands: to be worked on; taken away by a person; kept for long enough."""

MADE_ID_MARK = "-"
"""What the id of a picture has in it where we made it up: no file id of Slack's has one."""

Origin = Literal["machine", "human"]
"""Who says so."""

CorrectionKind = Literal["wrong", "add", "rename"]


@dataclass(frozen=True)
class RatioBox:
    """A box in ratios of the upright image; 0-1, but Rekognition's may stick out on any side."""

    left_ratio: float
    top_ratio: float
    width_ratio: float
    height_ratio: float


@dataclass(frozen=True)
class PixelBox:
    """A box in whole pixels of one given image; right and bottom are exclusive."""

    left_px: int
    top_px: int
    right_px: int
    bottom_px: int

    @property
    def width_px(self) -> int:
        """Width in pixels."""
        return self.right_px - self.left_px

    @property
    def height_px(self) -> int:
        """Height in pixels."""
        return self.bottom_px - self.top_px


@dataclass(frozen=True)
class Instance:
    """One found object: where it is, and how sure Rekognition is of it (0-100)."""

    box: RatioBox
    confidence_percent: float


@dataclass(frozen=True)
class Label:
    """One name for something in the picture.

    `instances` keeps Rekognition's order and is empty for scenes and for the many labels that
    Rekognition never locates. `parents` are all ancestors, nearest first as Rekognition gives them.
    `shown_from_percent` is set where a threshold holds for this very label; `bot.shown` does that.
    """

    name: str
    confidence_percent: float
    instances: tuple[Instance, ...] = ()
    parents: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    origin: Origin = "machine"
    shown_from_percent: float | None = None

    def limit_percent(self, general_percent: float) -> float:
        """The threshold that holds for this label, where `general_percent` holds for the others."""
        return general_percent if self.shown_from_percent is None else self.shown_from_percent


@dataclass(frozen=True)
class Analysis:
    """What Rekognition said about one picture: typed labels, and the whole answer as it came.

    `labels` keep Rekognition's order (most confident first).
    """

    labels: tuple[Label, ...]
    model_version: str | None = None
    response: Mapping[str, Any] = field(default_factory=dict, repr=False, compare=False)

    def to_response(self) -> dict[str, Any]:
        """The DetectLabels answer this was read from, field by field, as a copy of one's own."""
        return copy.deepcopy(dict(self.response))


@dataclass(frozen=True)
class MessageRef:
    """One Slack message: a workspace, a channel, and the time stamp that names it there."""

    NAMES: ClassVar[tuple[str, ...]] = ("team", "channel", "ts")

    team: str
    channel: str
    ts: str

    @property
    def id(self) -> str:
        """One word for the message: what its jobs are called by, and its lines in the log."""
        return f"{self.team}/{self.channel}/{self.ts}"

    def columns(self) -> dict[str, str]:
        """The fields by name, as every table about messages calls them."""
        return {name: getattr(self, name) for name in self.NAMES}

    def picture(self, file_id: str) -> ImageSource:
        """One of the message's pictures."""
        return ImageSource(self.team, self.channel, self.ts, file_id)


@dataclass(frozen=True)
class ImageSource(MessageRef):
    """Where a picture was posted: enough to fetch it, and to name its original in the store."""

    NAMES: ClassVar[tuple[str, ...]] = ("team", "channel", "ts", "file_id")

    file_id: str

    @property
    def message(self) -> MessageRef:
        """The message that the picture was posted in."""
        return MessageRef(self.team, self.channel, self.ts)

    @property
    def store_key(self) -> str:
        """The S3 key of the original."""
        return f"t/{self.team}/{self.channel}/{self.ts}/{self.file_id}"


@dataclass(frozen=True)
class ChannelSettings:
    """What a channel's people have set.

    `mode` is auto (label every picture), request (only when asked) or off. `keep_days` is None
    where the setting of the whole bot holds.
    """

    mode: str = "auto"
    bots_on: bool = False
    keep_days: int | None = None


@dataclass(frozen=True)
class ShowSettings:
    """What a channel's people have set about what is shown; None where the default holds.

    `by_label` are thresholds for single labels, which come before the channel's. `style` is how
    pictures are drawn, in plain JSON.
    """

    threshold_percent: float | None = None
    max_labels: int | None = None
    by_label: Mapping[str, float] = field(default_factory=dict)
    style: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Correction:
    """What somebody said about one label of one picture, whatever Rekognition says.

    `wrong` takes the label away, `add` puts it there, `rename` gives what bore it the name `to`.
    """

    kind: CorrectionKind
    label: str
    to: str | None = None
    person: str = ""
    at_s: float = 0.0


@dataclass(frozen=True)
class Watch:
    """Someone wants to be told when a rule fires: in a direct message, or in the channel `target`.

    `rule_text` is the printed form of the rule, which `bot.rules.parse_rule` reads back.
    `paused_why` says why nobody can be told at present; `last_fired_at_s` when somebody last was,
    since the rule is as it is.
    """

    watch_id: int
    team: str
    owner: str
    rule_text: str
    target: str = ""
    made_at_s: float = 0.0
    last_fired_at_s: float | None = None
    paused_why: str | None = None

    @property
    def recipient(self) -> str:
        """Who gets its notices: a channel, or its owner."""
        return self.target or self.owner


def is_person(recipient: str) -> bool:
    """Whether Slack's id is of a person, and not of a channel.

    Source: https://docs.slack.dev/reference/objects/user-object
    """
    return recipient.startswith(("U", "W"))


ALL_WATCHES = 0
"""In the place of a watch's id: all that a person watches."""


@dataclass(frozen=True)
class Hold:
    """A watch is not to be told for now, to whomever it tells; until somebody says so if None.

    Where `watch_id` is ALL_WATCHES, it is all that tells `person`; else that is empty.
    """

    watch_id: int
    person: str
    until_s: float | None
    by: str
    at_s: float

    @property
    def reason(self) -> str:
        """What a watch event calls it: snoozed or muted."""
        return MUTED if self.until_s is None else SNOOZED


TOLD = "told"
HELD = "held"
LOST = "lost"
"""What came of a picture that a watch matched."""

COOL_DOWN = "cool_down"
SNOOZED = "snoozed"
MUTED = "muted"
"""Why it was held back."""

NO_ACCESS = "no_access"
DEAD_TARGET = "gone"
FAILED = "failed"
"""Why it is lost: not theirs to see, nobody there to tell, or Slack did not take it."""


@dataclass(frozen=True)
class WatchEvent:
    """What came of one picture that a watch matched, and which notice told or counted it."""

    watch_id: int
    source: ImageSource
    state: str
    reason: str | None
    at_s: float
    notice_key: str | None
