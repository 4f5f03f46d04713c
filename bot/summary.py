"""Choose, fold, count and word what was seen: an Analysis becomes a line of text.

No Slack markup, no pixels.

**One thing, one name.** Rekognition calls one person Person, Adult, Female and Woman, each with the
same box. Here a thing is counted once, under its most specific name:

- Labels under the threshold, and boxes under it, are left out first.
- Boxes of related labels (one an ancestor, alias or former name of the other, or both with an
  ancestor in common) that overlap by at least 90 % are one thing. The label with the most
  ancestors names it, then the current name, then the more confident one, then the earlier one.
  Boxes of one and the same label are never merged: Rekognition saw two.
- A label whose boxes all bear another name is folded. One that keeps some stays with those: three
  Person boxes, of which one is also a Woman and one a Man, read "1 Woman, 1 Man, 1 Person".
- A label without boxes is folded when it is an ancestor, alias or former name of another shown
  label, else it is told after the objects.
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bot.former_names import current_name
from bot.model import PERCENT_SHOWN_FROM, Analysis, Instance, Label, RatioBox

MAX_LABELS = 8
"""Names shown unless a setting says otherwise."""

CORRECTED = "corrected"
"""Stands in brackets where a percentage would, when a person says so and not Rekognition."""

_SAME_BOX_RATIO = 0.9


@dataclass(frozen=True)
class SeenLabel:
    """A name to show, with the boxes it stands for, most confident first; none for a scene."""

    name: str
    boxes: tuple[Instance, ...]
    confidence_percent: float
    is_corrected: bool = False

    @property
    def title(self) -> str:
        """The name, and that a person corrected it."""
        return f"{self.name} ({CORRECTED})" if self.is_corrected else self.name

    @property
    def count(self) -> str:
        """How many there are, to stand before the name.

        Names stay as Rekognition has them, and as people watch them: plurals would be other names.
        """
        return "1" if len(self.boxes) == 1 else f"{len(self.boxes)} \N{MULTIPLICATION SIGN}"


@dataclass(frozen=True)
class Summary:
    """What is shown of an Analysis, and how much is not.

    `objects` have at least one box and come most prominent first; `scenes` have none and come most
    confident first. `below_threshold` counts the names that a threshold keeps back, folded like
    those that are shown, and `beyond_limit` those that would be shown if more were allowed.
    `threshold_percent` holds for all that is left out, unless `has_own_limits`.
    """

    objects: tuple[SeenLabel, ...]
    scenes: tuple[SeenLabel, ...]
    below_threshold: int
    beyond_limit: int
    threshold_percent: float
    has_own_limits: bool = False

    @property
    def reach(self) -> str:
        """What a label must reach to be shown, in words."""
        own = self.has_own_limits
        return "the thresholds set here" if own else f"{self.threshold_percent:g} % or more"

    @property
    def below(self) -> str:
        """Where what is left out stands, in words."""
        return f"below {self.reach.removesuffix(' or more')}"


def summarise(
    analysis: Analysis,
    *,
    threshold_percent: float = PERCENT_SHOWN_FROM,
    max_labels: int = MAX_LABELS,
) -> Summary:
    """Choose at most `max_labels` names (objects before scenes) at `threshold_percent` or more.

    Or at what `bot.shown` has set for a label of its own.
    """
    shown = [
        label
        for label in analysis.labels
        if label.confidence_percent >= label.limit_percent(threshold_percent)
    ]
    objects = sorted(_objects(shown, threshold_percent), key=_prominence)
    scenes = sorted(_scenes(shown, threshold_percent), key=lambda seen: -seen.confidence_percent)
    names = len(objects) + len(scenes)
    scenes_left = max(0, max_labels - len(objects))
    return Summary(
        objects=tuple(objects[:max_labels]),
        scenes=tuple(scenes[:scenes_left]),
        below_threshold=max(0, _names_in_all(analysis.labels) - names),
        beyond_limit=max(0, names - max_labels),
        threshold_percent=threshold_percent,
        has_own_limits=any(
            label.shown_from_percent is not None for label in analysis.labels if label not in shown
        ),
    )


def _names_in_all(labels: Sequence[Label]) -> int:
    """How many names there would be without any threshold: folded, as those that are shown."""
    free = [dataclasses.replace(label, shown_from_percent=0.0) for label in labels]
    return len(_objects(free, 0.0)) + len(_scenes(free, 0.0))


def _objects(shown: Sequence[Label], threshold_percent: float) -> list[SeenLabel]:
    """The labels that name at least one thing, in Rekognition's order."""
    kept: list[tuple[Label, Instance]] = []
    for label in sorted(shown, key=_specific):
        boxes = _shown_boxes(label, threshold_percent)
        # Most labels have none: whom they are related to need not be known.
        related = [box for other, box in kept if _related(label, other)] if boxes else []
        kept += [
            (label, instance)
            for instance in boxes
            if not any(same_box(instance.box, other.box) for other in related)
        ]
    owned = [(label, tuple(box for owner, box in kept if owner is label)) for label in shown]
    return [_seen(label, own) for label, own in owned if own]


def _specific(label: Label) -> tuple[int, bool, float]:
    """Sorts by who names a thing first; of two names for one thing, the current one."""
    is_former = current_name(label.name) != label.name
    return -len(label.parents), is_former, -label.confidence_percent


def _scenes(shown: Sequence[Label], threshold_percent: float) -> list[SeenLabel]:
    """The labels without a box that no other shown label implies, in Rekognition's order."""
    naming: dict[str, list[Label]] = {}
    for label in shown:
        for name in (*label.parents, *label.aliases, label.name):
            naming.setdefault(name, []).append(label)

    def is_implied(label: Label) -> bool:
        # Only who names it, by either of its names, can imply it.
        others = (*naming[label.name], *naming.get(current_name(label.name), ()))
        return any(_implies(other, label) and not _implies(label, other) for other in others)

    return [
        _seen(label, ())
        for label in shown
        if not _shown_boxes(label, threshold_percent) and not is_implied(label)
    ]


def _seen(label: Label, boxes: tuple[Instance, ...]) -> SeenLabel:
    return SeenLabel(
        label.name, boxes, label.confidence_percent, is_corrected=label.origin == "human"
    )


def _shown_boxes(label: Label, threshold_percent: float) -> list[Instance]:
    limit = label.limit_percent(threshold_percent)
    boxes = [box for box in label.instances if box.confidence_percent >= limit]
    return sorted(boxes, key=lambda box: -box.confidence_percent)


def _implies(label: Label, other: Label) -> bool:
    if other.name in label.parents or other.name in label.aliases:
        return True
    return label.name == current_name(other.name) != other.name


def _related(label: Label, other: Label) -> bool:
    return (
        _implies(label, other)
        or _implies(other, label)
        or not set(label.parents).isdisjoint(other.parents)
    )


def _prominence(seen: SeenLabel) -> tuple[int, float]:
    """Sorts by the best whole percent, then by the largest box: 99.8 is not more than 99.6."""
    largest_ratio = max(_area_ratio(instance.box) for instance in seen.boxes)
    return -math.floor(seen.boxes[0].confidence_percent), -largest_ratio


def _area_ratio(box: RatioBox) -> float:
    return max(0.0, box.width_ratio) * max(0.0, box.height_ratio)


def same_box(a: RatioBox, b: RatioBox) -> bool:
    """Whether intersection over union is at least 0.9."""
    width = _shared(a.left_ratio, a.width_ratio, b.left_ratio, b.width_ratio)
    height = _shared(a.top_ratio, a.height_ratio, b.top_ratio, b.height_ratio)
    union = _area_ratio(a) + _area_ratio(b) - width * height
    return a == b or width * height >= _SAME_BOX_RATIO * union > 0


def _shared(start_a: float, length_a: float, start_b: float, length_b: float) -> float:
    return max(0.0, min(start_a + length_a, start_b + length_b) - max(start_a, start_b))


def counted(number: int, noun: str, plural: str = "") -> str:
    """A number with its noun; `plural` where that is more than the noun with an s.

    >>> counted(1, "box", "boxes"), counted(1_200, "label")
    ('1 box', '1,200 labels')
    """
    return f"{number:,} {noun if number == 1 else plural or noun + 's'}"


def percent_text(value_percent: float, *, limit_percent: float) -> str:
    """A confidence as people read it: whole, without the sign, and never at odds with the limit.

    Rounded, but 79.6 does not become 80 beside a limit of 80, and 99.96 does not become 100;
    decimals appear only where a limit with decimals needs them (85.4 beside 85.3).
    """
    for text in (
        f"{math.floor(value_percent + 0.5)}",
        f"{math.floor(value_percent)}",
        f"{math.floor(value_percent * 10) / 10:g}",
    ):
        reaches_limit = float(text) >= limit_percent
        if reaches_limit == (value_percent >= limit_percent) and (
            float(text) < 100 or value_percent >= 100
        ):
            return text
    return f"{value_percent:g}"


def headline(summary: Summary) -> str:
    """One line: `3 x Person (99-87 %), 1 Dog (95 %) · Beach`, with a real cross and en dash."""
    objects = ", ".join(_counted(seen, summary.threshold_percent) for seen in summary.objects)
    parts = [part for part in (objects, _names(summary.scenes)) if part]
    return " · ".join(parts) or f"Nothing found at {summary.reach}."


def _counted(seen: SeenLabel, limit_percent: float) -> str:
    if seen.is_corrected:
        return f"{seen.count} {seen.title}"
    best, least = (
        percent_text(seen.boxes[index].confidence_percent, limit_percent=limit_percent)
        for index in (0, -1)
    )
    percents = best if best == least else f"{best}\N{EN DASH}{least}"
    return f"{seen.count} {seen.name} ({percents} %)"


def _names(labels: Iterable[SeenLabel]) -> str:
    return ", ".join(seen.title for seen in labels)


def left_out(summary: Summary) -> str:
    """What the headline does not say: `and 3 more, and 7 more below 80 %`, or nothing."""
    if not (summary.objects or summary.scenes):
        count = summary.below_threshold
        return f"{counted(count, 'label')} {summary.below}" if count else ""
    parts = (
        (summary.beyond_limit, f"and {summary.beyond_limit} more"),
        (summary.below_threshold, f"and {summary.below_threshold} more {summary.below}"),
    )
    return ", ".join(text for count, text in parts if count)
