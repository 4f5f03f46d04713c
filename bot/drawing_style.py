"""How a picture is drawn on: one frozen value, small enough to be stored and sent along.

No pixels.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Literal, get_args

from bot.model import PERCENT_SHOWN_FROM
from bot.summary import MAX_LABELS

ColourScheme = Literal["label", "confidence", "one"]
TagPosition = Literal["auto", "inside", "outside"]
Thickness = Literal["thin", "normal", "thick"]
HidingWay = Literal["pixelate", "blur"]

_CHOICES: dict[str, tuple[str, ...]] = {
    "colours": get_args(ColourScheme),
    "tags": get_args(TagPosition),
    "thickness": get_args(Thickness),
    "hide_by": get_args(HidingWay),
}


@dataclass(frozen=True)
class Style:
    """How much is drawn, and how.

    `colours`: a colour per label, darker where surer, or one for all. `tags`: where they stand if
    there is room. `hide`: names of labels whose boxes are made unrecognisable, `hide_by` how.
    """

    threshold_percent: float = PERCENT_SHOWN_FROM
    max_labels: int = MAX_LABELS
    max_boxes: int = 15
    show_confidence: bool = True
    colours: ColourScheme = "label"
    tags: TagPosition = "auto"
    thickness: Thickness = "normal"
    hide: tuple[str, ...] = ()
    hide_by: HidingWay = "pixelate"

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> Style:
        """Read what `to_json` wrote, perhaps in another release: what is unknown is passed over.

        Raises: ValueError where `hide` is no list of names, for then nothing may be shown at all.

        >>> Style.from_json({"colours": "one", "tags": "sideways", "sparkle": True})
        Style(colours='one')
        """
        hide = values.get("hide", [])
        if not isinstance(hide, list) or not all(isinstance(name, str) for name in hide):
            raise ValueError("a style hides a list of label names")
        usual = asdict(cls())
        kept = {
            name: value
            for name, value in values.items()
            if name in usual and _fits(value, usual[name], _CHOICES.get(name, ()))
        }
        return cls(**{**kept, "hide": tuple(hide)})

    def to_json(self) -> dict[str, Any]:
        """What differs from the default, in plain JSON types.

        >>> Style(hide=("Person",)).to_json()
        {'hide': ['Person']}
        """
        usual = asdict(Style())
        mine = {**asdict(self), "hide": list(self.hide)}
        return {name: value for name, value in mine.items() if value not in (usual[name], [])}

    def __repr__(self) -> str:
        """Only what differs from the default."""
        return f"Style({', '.join(f'{name}={value!r}' for name, value in self.to_json().items())})"


def _fits(value: Any, usual: Any, choices: tuple[str, ...]) -> bool:
    """Whether a stored value can stand where the usual one stands; a whole number is a number."""
    if choices:
        return value in choices
    return type(value) is type(usual) or (type(value) is int and isinstance(usual, float))
