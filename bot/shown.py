"""What may be seen of an Analysis: everything Rekognition said, made into what a channel is shown.

Replies, drawings, alerts, suggestions and exports all see labels through `show`, and nowhere else.
Withheld labels go first, before anything is folded or counted; then people's corrections apply,
whatever Rekognition says; then single labels get thresholds of their own. What is under a
threshold stays in: `bot.summary` and `bot.rules` look at the thresholds. No Slack, no database.
"""

from __future__ import annotations

import dataclasses
import functools
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.model import (
    PERCENT_SHOWN_FROM,
    Analysis,
    Correction,
    Instance,
    Label,
    ShowSettings,
)
from bot.rules import label_key
from bot.summary import MAX_LABELS, Summary, same_box, summarise
from bot.withheld import PERSON, Withholding

_SAID_BY_PERSON_PERCENT = 100.0

Labels = Sequence[Label]


def show(
    analysis: Analysis,
    *,
    settings: ShowSettings,
    withholding: Withholding,
    corrections: Iterable[Correction] = (),
) -> Analysis:
    """The Analysis that is shown: labels people added first, then Rekognition's in its order.

    Its `response` is empty, since that would still hold all that was withheld. `corrections` come
    oldest first.
    """
    labels = _without_withheld(analysis.labels, withholding)
    for correction in corrections:
        labels = _corrected(labels, correction)
    covered = {label_key(one.name) for one in analysis.labels if withholding.covers(one)}
    labels = [label for label in labels if _may_be_said(label, withholding, covered)]
    limits = {label_key(name): percent for name, percent in settings.by_label.items()}
    return Analysis(
        labels=tuple(_with_own_limit(label, limits) for label in labels),
        model_version=analysis.model_version,
    )


@dataclass(frozen=True)
class Shown:
    """What is shown of one picture, by which settings, and what else is known of it.

    `correctors` are the people who corrected it, the first one first; `waiting` are names of
    Rekognition's that are kept back until an admin has decided, and so are said to nobody.
    """

    analysis: Analysis
    settings: ShowSettings
    correctors: tuple[str, ...] = ()
    waiting: frozenset[str] = dataclasses.field(default=frozenset(), repr=False)

    @property
    def threshold_percent(self) -> float:
        """The channel's threshold, which holds where a label has none of its own."""
        given = self.settings.threshold_percent
        return PERCENT_SHOWN_FROM if given is None else given

    @property
    def max_labels(self) -> int:
        """How many names are shown at most."""
        given = self.settings.max_labels
        return MAX_LABELS if given is None else given

    def summary(self) -> Summary:
        """The same, chosen and counted."""
        return self._summary

    @functools.cached_property
    def _summary(self) -> Summary:
        return summarise(
            self.analysis,
            threshold_percent=self.threshold_percent,
            max_labels=self.max_labels,
        )


def settings_from_json(values: Mapping[str, Any]) -> ShowSettings:
    """Read what `settings_to_json` wrote, perhaps in another release: the unknown is passed over.

    >>> settings_from_json({"threshold_percent": 85.0, "sparkle": True}).threshold_percent
    85.0
    """
    known = {field.name for field in dataclasses.fields(ShowSettings)}
    return ShowSettings(**{name: value for name, value in values.items() if name in known})


def settings_to_json(settings: ShowSettings) -> dict[str, Any]:
    """What differs from the default, in plain JSON types.

    >>> settings_to_json(ShowSettings(max_labels=5))
    {'max_labels': 5}
    """
    usual = dataclasses.asdict(ShowSettings())
    mine = dataclasses.asdict(settings)
    return {name: value for name, value in mine.items() if value != usual[name]}


# -- withheld labels


def _without_withheld(labels: Labels, withholding: Withholding) -> list[Label]:
    """The labels that are not withheld, with nothing withheld in their parents and aliases."""
    covered = [label for label in labels if withholding.covers(label)]
    names = {label.name for label in covered}

    def allowed(name: str) -> bool:
        return name not in names and not withholding.is_withheld(name)

    kept = [
        dataclasses.replace(
            label,
            parents=tuple(filter(allowed, label.parents)),
            aliases=tuple(filter(allowed, label.aliases)),
        )
        for label in labels
        if label not in covered
    ]
    people = [label for label in covered if PERSON in label.parents]
    return _with_people(kept, people) if people and allowed(PERSON) else kept


def _may_be_said(label: Label, withholding: Withholding, covered: Collection[str]) -> bool:
    """Whether a label, which a correction may have named, says nothing withheld after all."""
    if label.origin == "human" and withholding.withheld_in(label.name):
        return False
    return label_key(label.name) not in covered and not withholding.is_withheld(label.name)


def _with_people(labels: list[Label], people: Labels) -> list[Label]:
    """The labels, with who was called by a withheld name alone counted as a Person."""
    least = Label(PERSON, max(label.confidence_percent for label in people))
    person = next((label for label in labels if label.name == PERSON), least)
    boxes = list(person.instances)
    for instance in (box for label in people for box in label.instances):
        if not any(same_box(instance.box, other.box) for other in boxes):
            boxes.append(instance)
    counted = dataclasses.replace(person, instances=tuple(boxes))
    if person is least:
        return [counted, *labels]
    return [counted if label is person else label for label in labels]


# -- corrections


def _corrected(labels: list[Label], correction: Correction) -> list[Label]:
    if correction.kind == "add":
        return _with_said(labels, correction.label, ())
    boxes = tuple(
        box for label in labels if is_called(label, correction.label) for box in label.instances
    )
    left = _without(labels, correction.label)
    if correction.kind == "wrong" or correction.to is None:
        return left
    return _with_said(left, correction.to, boxes)


def is_called(label: Label, name: str) -> bool:
    """Whether a label bears a name, also as another name for the same, however it is spelt."""
    return label_key(name) in map(label_key, (label.name, *label.aliases))


def _without(labels: list[Label], name: str) -> list[Label]:
    """The labels without one, and without what was said only because of it: no Dog, no Canine."""
    removed = [label for label in labels if is_called(label, name)]
    kept = [_not_a(name, label) for label in labels if label not in removed]
    implied = {parent for label in removed for parent in label.parents}
    # A kind of what is wrong, such as a Puppy where there is no Dog, implies nothing either.
    kinds = {label_key(label.name) for label in labels if _is_kind_of(label, removed)}
    still_implied = {
        parent for label in kept if label_key(label.name) not in kinds for parent in label.parents
    }
    return [
        label
        for label in kept
        if label.instances
        or label.origin == "human"
        or label.name not in implied
        or label.name in still_implied
    ]


def _is_kind_of(label: Label, others: Labels) -> bool:
    return any(
        label_key(parent) in map(label_key, (o.name for o in others)) for parent in label.parents
    )


def _not_a(name: str, label: Label) -> Label:
    parents = tuple(p for p in label.parents if label_key(p) != label_key(name))
    return dataclasses.replace(label, parents=parents)


def _with_said(labels: list[Label], name: str, boxes: tuple[Instance, ...]) -> list[Label]:
    """The labels with one that a person says is there; it takes over what Rekognition knows."""
    known = next((label for label in labels if is_called(label, name)), Label(name, 0.0))
    said = dataclasses.replace(
        known,
        confidence_percent=_SAID_BY_PERSON_PERCENT,
        instances=(*known.instances, *boxes),
        origin="human",
    )
    return [said, *(label for label in labels if label is not known)]


# -- thresholds


def _with_own_limit(label: Label, limits: Mapping[str, float]) -> Label:
    """The label with the threshold set for it, if any; none can keep back what a person says."""
    keys = map(label_key, (label.name, *label.aliases))
    own = next((limits[key] for key in keys if key in limits), None)
    if own is None or label.origin == "human":
        return label
    return dataclasses.replace(label, shown_from_percent=own)
