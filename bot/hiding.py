"""Where the things are that a style hides: whatever is withheld or corrected, they stay hidden.

What a channel is shown may lack a hidden thing, because its name is withheld or somebody said that
it is wrong. So all that Rekognition said counts here too, but for boxes alone: no name is said.
No pixels.
"""

from __future__ import annotations

from dataclasses import dataclass

from bot.drawing_style import Style
from bot.former_names import current_name
from bot.model import Analysis, Label, RatioBox

_WHOLE = RatioBox(0.0, 0.0, 1.0, 1.0)


@dataclass(frozen=True)
class Hiding:
    """What is hidden in one picture: the boxes, and those of its names that may be said."""

    boxes: tuple[RatioBox, ...] = ()
    names: tuple[str, ...] = ()


def find_hidden(shown: Analysis, style: Style, *, answer: Analysis | None = None) -> Hiding:
    """What the style hides of what is shown, and of Rekognition's whole `answer`."""
    analyses = (shown,) if answer is None else (answer, shown)
    boxes = [
        box
        for analysis in analyses
        for name in style.hide
        for box in _boxes(analysis, name, style.threshold_percent)
    ]
    names = (name for name in style.hide if _boxes(shown, name, style.threshold_percent))
    return Hiding(boxes=tuple(dict.fromkeys(boxes)), names=tuple(names))


def _boxes(analysis: Analysis, name: str, threshold_percent: float) -> list[RatioBox]:
    """The boxes of a label and of all that are kinds or parts of it, sure or not.

    The whole picture, where such a label is sure enough to be shown but was located nowhere.
    """
    wanted = current_name(name).casefold()
    labels = [label for label in analysis.labels if wanted in _names(label)]
    boxes = [instance.box for label in labels for instance in label.instances]
    is_sure = any(_is_sure(label, threshold_percent) for label in labels)
    return boxes or ([_WHOLE] if is_sure else [])


def _is_sure(label: Label, threshold_percent: float) -> bool:
    """A threshold of its own may be lower than the general one, and never lets it show more."""
    limit = min(threshold_percent, label.limit_percent(threshold_percent))
    return label.confidence_percent >= limit


def _names(label: Label) -> set[str]:
    names = (label.name, *label.parents, *label.aliases)
    return {current_name(name).casefold() for name in names}
