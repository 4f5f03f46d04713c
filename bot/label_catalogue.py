"""The names that Rekognition has for things, where an operator has imported Amazon's list of them.

Labels with their categories, and other names for labels; an empty catalogue knows nothing and so
refuses nothing. No Slack, no database.
Source: https://docs.aws.amazon.com/rekognition/latest/dg/labels.html
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from bot.model import Label
from bot.rules import label_key
from bot.summary import counted

_CLOSE_RATIO = 0.75
_CLOSE_AT_MOST = 10


@dataclass(frozen=True)
class Catalogue:
    """What the list says, each name in the list's own spelling.

    `labels` tell the categories of each label, `aliases` which label an other name stands for.
    `categories` are all there are, in the list's order.
    """

    labels: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    aliases: Mapping[str, str] = field(default_factory=dict)
    categories: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        """Whether there is a list at all."""
        return bool(self.labels)

    def __str__(self) -> str:
        """How much there is, in words."""
        others = counted(len(self.aliases), "other name for them", "other names for them")
        categories = counted(len(self.categories), "category", "categories")
        return f"{counted(len(self.labels), 'label')}, {others}, {categories}"

    def known(self, name: str) -> bool:
        """Whether this is a label, or another name for one."""
        return label_key(name) in self._meant

    def canonical(self, name: str) -> str:
        """The label that a name stands for; the name itself where the list does not have it.

        >>> Catalogue({"Mobile Phone": ()}, {"Cell Phone": "Mobile Phone"}).canonical("cell phone")
        'Mobile Phone'
        """
        return self._meant.get(label_key(name), name)

    def category(self, name: str) -> str | None:
        """A category as the list spells it; None where it has no such one."""
        return self._categories.get(label_key(name))

    def label(self, name: str) -> Label:
        """A label with all that the list tells of it, as sure as can be."""
        canonical = self.canonical(name)
        return Label(
            canonical,
            100.0,
            aliases=self._others.get(canonical, ()),
            categories=self.labels.get(canonical, ()),
        )

    def near(self, name: str) -> list[str]:
        """Labels and other names that were probably meant, the likeliest first."""
        return near(name, self.names_by_key)

    def near_categories(self, name: str) -> list[str]:
        """The categories that were probably meant, the likeliest first."""
        return near(name, self._categories)

    @cached_property
    def names_by_key(self) -> Mapping[str, str]:
        """Every label and other name, by its `label_key`, in the list's order."""
        return {label_key(name): name for name in (*self.labels, *self.aliases)}

    @cached_property
    def _meant(self) -> dict[str, str]:
        labels = {label_key(name): name for name in self.labels}
        return {label_key(name): label for name, label in self.aliases.items()} | labels

    @cached_property
    def _others(self) -> dict[str, tuple[str, ...]]:
        others: dict[str, tuple[str, ...]] = {}
        for name, label in self.aliases.items():
            others[label] = (*others.get(label, ()), name)
        return others

    @cached_property
    def _categories(self) -> dict[str, str]:
        return {label_key(name): name for name in self.categories}

    def to_json(self) -> dict[str, Any]:
        """The catalogue as plain JSON; `from_json` reads it back."""
        return {
            "labels": {name: list(categories) for name, categories in self.labels.items()},
            "aliases": dict(self.aliases),
            "categories": list(self.categories),
        }

    @classmethod
    def from_json(cls, content: Mapping[str, Any]) -> Catalogue:
        """Read what `to_json` wrote."""
        return cls(
            labels={name: tuple(categories) for name, categories in content["labels"].items()},
            aliases=dict(content["aliases"]),
            categories=tuple(content["categories"]),
        )


def near(name: str, known: Mapping[str, str]) -> list[str]:
    """Names that were probably meant, the likeliest first; `known` has them by `label_key`.

    In a short name two swapped letters (dgo) differ more than one other letter (cat, car) does, so
    those come first.
    """
    key = label_key(name)
    swapped = [other for other in known if len(other) == len(key) and sorted(other) == sorted(key)]
    close = difflib.get_close_matches(key, known, n=_CLOSE_AT_MOST, cutoff=_CLOSE_RATIO)
    return [known[other] for other in dict.fromkeys([*swapped, *close])]


def matching(typed: str, known: Mapping[str, str]) -> list[str]:
    """Names that what is typed could become: those that begin with it, then those with such a word.

    >>> matching("ph", {"mobile phone": "Mobile Phone", "photography": "Photography"})
    ['Photography', 'Mobile Phone']
    """
    key = label_key(typed)
    begin = [name for other, name in known.items() if other.startswith(key)]
    inside = [name for other, name in known.items() if f" {key}" in other]
    return list(dict.fromkeys([*begin, *inside]))


def by_key(names: Iterable[str]) -> dict[str, str]:
    """Names by their `label_key`."""
    return {label_key(name): name for name in names}
