"""What one label of a watch finds in one picture.

A label is met by its name, its aliases and its parents, case aside.

**What is counted** are the boxes that reach the confidence and, where a size is asked, that cover
so much of the picture. The boxes are those of the label itself, or, where it has none, those of
its kinds, of which one thing with two names (the same box) counts once. What was seen without a box
counts as one thing of no known size. So `at least 2` and `bigger than` need boxes. `at most` still
asks for one thing: that there is none is what `missing where` says.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable

from bot.model import Analysis, Label, RatioBox
from bot.rules.terms import CATEGORY, Term
from bot.rules.words import label_key, shown
from bot.summary import percent_text, same_box

_UNSURE_SAID = 3


def all_keys(label: Label) -> set[str]:
    """Every key that a term can have and be met by this label."""
    names = (label.name, *label.aliases, *label.parents)
    categories = {CATEGORY + label_key(name) for name in label.categories}
    return set(map(label_key, names)) | categories


class Sighting:
    """A term, and the labels of a picture that meet it."""

    def __init__(self, term: Term, analysis: Analysis, *, threshold_percent: float) -> None:
        """Look for the term; the threshold is for labels that have no other limit."""
        self._term = term
        self._key = label_key(term.label)
        self._threshold_percent = threshold_percent
        found = [label for label in analysis.labels if self._is_met_by(label)]
        self._found = sorted(found, key=lambda label: -label.confidence_percent)
        self._sure = [
            label for label in self._found if self._reaches(label, label.confidence_percent)
        ]
        self._covered_percents = sorted(map(_covered_percent, self._boxes()), reverse=True)

    def _is_met_by(self, label: Label) -> bool:
        if self._term.is_category:
            return self._key in map(label_key, label.categories)
        parents = () if self._term.exact else label.parents
        return self._key in map(label_key, (label.name, *label.aliases, *parents))

    def _is_called(self, label: Label) -> bool:
        own = () if self._term.is_category else (label.name, *label.aliases)
        return self._key in map(label_key, own)

    def _limit(self, label: Label) -> float:
        own = self._term.over_percent
        return label.limit_percent(self._threshold_percent) if own is None else own

    def _reaches(self, label: Label, confidence_percent: float) -> bool:
        return confidence_percent >= self._limit(label)

    def _located(self, label: Label) -> list[RatioBox]:
        return [
            instance.box
            for instance in label.instances
            if self._reaches(label, instance.confidence_percent)
        ]

    def _own(self, labels: list[Label]) -> list[Label]:
        return [label for label in labels if self._is_called(label)]

    def _boxes(self) -> list[RatioBox]:
        """One box for each thing: those of the label itself, or else those of its kinds."""
        own = self._own(self._sure)
        labels = own if any(map(self._located, own)) else self._sure
        found: list[RatioBox] = []
        for label in labels:
            others = tuple(found)  # Two boxes of one label are two things, however close.
            found += [
                box
                for box in self._located(label)
                if not any(same_box(box, other) for other in others)
            ]
        return found

    # -- the conditions

    def failure(self) -> str | None:
        """The first condition that does not hold, in words with the values; None: all hold."""
        if not self._sure:
            return self._not_sure()
        return self._too_small() or self._miscounted()

    def _not_sure(self) -> str:
        if not self._found:
            what = "Nothing of the category" if self._term.is_category else "No"
            return f"{what} {self._name} was seen."
        closest = self._own(self._found) or self._found[:_UNSURE_SAID]
        limit = self._limit(closest[0])
        return f"Not sure enough, below {limit:g} %: {self._say(closest, limit)}."

    def _too_small(self) -> str | None:
        wanted = self._term.bigger_than_percent
        if wanted is None or self._count():
            return None
        if not self._covered_percents:
            return f"No size is known of {self._name}."
        covers = self._largest_covers(wanted)
        return f"Too small: {self._name} {covers}, at least {wanted:g} % wanted."

    def _largest_covers(self, wanted: float) -> str:
        largest = percent_text(self._covered_percents[0], limit_percent=wanted)
        return f"covers {largest} % of the picture"

    def _count(self) -> int:
        least_percent = self._term.bigger_than_percent
        if least_percent is None:
            return len(self._covered_percents) or 1
        return sum(percent >= least_percent for percent in self._covered_percents)

    def _miscounted(self) -> str | None:
        count, least, most = self._count(), self._term.at_least, self._term.at_most
        if least is not None and count < least:
            return f"Too few: {self._name} was seen {_times(count)}, at least {least} wanted."
        if most is not None and count > most:
            return f"Too many: {self._name} was seen {_times(count)}, at most {most} wanted."
        return None

    # -- the words

    def success(self) -> str:
        """What was met, in words with the values."""
        parts = [self._say(self.most_telling, self._limit(self.most_telling[0]))]
        if self._term.at_least is not None or self._term.at_most is not None:
            parts.append(_times(self._count()))
        if (wanted := self._term.bigger_than_percent) is not None:
            parts.append(self._largest_covers(wanted))
        return f"{', '.join(parts)}."

    @property
    def _name(self) -> str:
        return shown(self._term.label)

    @functools.cached_property
    def most_telling(self) -> list[Label]:
        """The label itself, then the located kinds of it: Vehicle, and the Car in it.

        Kinds without a box are told only where there is nothing else: a Smile is a kind of Person
        to Rekognition, and no news to who watches Person.
        """
        own = self._own(self._sure)
        located = [label for label in self._sure if label not in own and self._located(label)]
        kinds = located if own or located else self._sure
        implied = {name for label in kinds for name in label.parents}
        return own + ([label for label in kinds if label.name not in implied] or kinds)

    def _say(self, labels: Iterable[Label], limit: float) -> str:
        return ", ".join(
            f"{label.name} ({percent_text(label.confidence_percent, limit_percent=limit)} %"
            f"{self._relation(label)})"
            for label in labels
        )

    def _relation(self, label: Label) -> str:
        """Why a label of another name matches."""
        if self._term.is_category:
            return f", in {self._term.label}"
        for names, words in ((label.aliases, "also called"), (label.parents, "a kind of")):
            for name in names:
                if label_key(name) == self._key != label_key(label.name):
                    return f", {words} {name}"
        return ""


def _times(count: int) -> str:
    return "once" if count == 1 else f"{count} times"


def _covered_percent(box: RatioBox) -> float:
    """How much of the picture a box covers; what sticks out of the picture is no part of it."""
    width = _inside(box.left_ratio, box.width_ratio)
    height = _inside(box.top_ratio, box.height_ratio)
    return round(100 * width * height, 6)


def _inside(start: float, length: float) -> float:
    return max(0.0, min(1.0, start + length) - max(0.0, start))
