"""Labels about what a person is, which nobody is shown unless an admin says so, and why.

Rekognition guesses these from looks: a guess about a stranger that is often wrong, and that nobody
asked for. What a person does or wears, and where they are, stays shown. The names are those of
Amazon's label list 3.0 and of the answers of older models. No Slack, no database.
Source: https://docs.aws.amazon.com/rekognition/latest/dg/labels.html
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.model import Label
from bot.rules import label_key

PERSON = "Person"
"""What somebody is still counted as when everything more personal is withheld."""

PERSONAL_CATEGORIES = frozenset({"Person Description", "Religion"})
"""The categories of Amazon's list whose labels say what a person is, or may do so."""

GROUPS: dict[str, tuple[str, ...]] = {
    "it guesses somebody's gender from their looks": (
        *("Boy", "Female", "Girl", "Lady", "Male", "Man", "Woman"),
    ),
    "it guesses somebody's age from their looks": (
        *("Adult", "Baby", "Baby Crawling", "Baby Laughing", "Child", "Kid", "Newborn"),
        *("Senior Citizen", "Teen"),
    ),
    "it guesses somebody's religion from what they wear or do": (
        *("Bishop", "Crucifix", "Monk", "Pope", "Prayer", "Prayer Beads", "Priest", "Turban"),
    ),
    "it guesses where somebody or their family comes from": ("Cornrows", "Tribe"),
    "it guesses whom somebody loves, is married to or belongs to": (
        *("Bridal Veil", "Bride", "Bridegroom", "Bridesmaid", "Dating", "Exchange Of Vows"),
        *("Family", "Groom", "Romantic", "Wedding Proposal"),
    ),
    "it guesses the state of somebody's body or health": ("Childbirth", "Patient"),
    "it guesses somebody's views from their looks": ("Hippie",),
}
"""The labels that are withheld by default, by the reason."""

HARMLESS = (
    *("Alien", "Angel", "Angler", "Ankle", "Archer", "Arm", "Back", "Barefoot", "Beard"),
    *("Body Part", "Buddha", "Bullfighter", "Crowd", "Cupid", "Dimples", "Ear", "Elf", "Face"),
    *("Finger", "Fist", "Freckle", "Hairdresser", "Hand", "Head", "Heart", "Heel", "Hip", "Jaw"),
    *("Jury", "Knee", "Military Officer", "Mouth", "Mustache", "Navel", "Neck", "Pedestrian"),
    *("People", PERSON, "Shoulder", "Shrine", "Skeleton", "Skin", "Stomach", "Student", "Team"),
    *("Teeth", "Temple", "Thigh", "Throat", "Toe", "Tongue", "Torso", "Tourist", "Troop"),
    *("Veins", "Wrist"),
)
"""All others of those categories that Amazon's list has: looked at, and shown."""

_REASONS = {label_key(name): reason for reason, names in GROUPS.items() for name in names}
_HARMLESS_KEYS = frozenset(map(label_key, HARMLESS))
_BY_ADMIN = "an admin of this workspace withholds it"


def reason_by_default(name: str) -> str | None:
    """Why a name is withheld unless an admin decides otherwise, or None where it is not."""
    return _REASONS.get(label_key(name))


@dataclass(frozen=True)
class Withholding:
    """What a workspace withholds: the names above, and what its admins have changed.

    `changes` tell by label key whether an admin withholds a label (True) or shows it (False).
    """

    changes: Mapping[str, bool] = field(default_factory=dict)

    def is_withheld(self, name: str) -> bool:
        """Whether this name must not be said."""
        key = label_key(name)
        return self.changes.get(key, key in _REASONS)

    def withheld_in(self, words: str) -> str | None:
        """The withheld name that a person's words say, alone or among others.

        What admins decided about the very words comes first.
        """
        decided = self.changes.get(label_key(words))
        if decided is not None:
            return words if decided else None
        parts = words.split()
        runs = (
            " ".join(parts[first:last]).removesuffix(ending)
            for first in range(len(parts))
            for last in range(len(parts), first, -1)
            for ending in ("", "s")
        )
        return next((run for run in runs if self.is_withheld(run)), None)

    def reason(self, name: str) -> str:
        """Why a withheld name is withheld, as the end of a sentence."""
        return reason_by_default(name) or _BY_ADMIN

    def covers(self, label: Label) -> bool:
        """Whether a label is withheld: by its name or another name of it, or as it is unknown."""
        decided = self.changes.get(label_key(label.name))
        if decided is not None:
            return decided
        return any(map(self.is_withheld, (label.name, *label.aliases))) or self.is_waiting(label)

    def is_waiting(self, label: Label) -> bool:
        """Whether a label says what a person is, and nobody has yet decided about it."""
        key = label_key(label.name)
        known = key in self.changes or key in _REASONS or key in _HARMLESS_KEYS
        return not known and not PERSONAL_CATEGORIES.isdisjoint(label.categories)
