"""Letters on the picture: Pillow's own font, measured and written.

The font covers ASCII, the middle dot and the ellipsis, which is what Rekognition's English labels
need; other letters lose their accents, and what is left over shows as one "?".
"""

from __future__ import annotations

import math
import re
import unicodedata
from functools import lru_cache

from PIL import Image, ImageDraw, ImageFont

from bot.palette import Colour

_ALSO_COVERED = frozenset("·…")
_DASHES = str.maketrans({"\N{EN DASH}": "-", "\N{EM DASH}": "-", "\N{NON-BREAKING HYPHEN}": "-"})
_UNKNOWN = re.compile("\N{REPLACEMENT CHARACTER}+")
_MAX_CHARS = 48
_WEIGHT_RATIO = 0.012
"""The built-in font is thin on a photograph: strokes are thickened by this much of its size."""


def printable(text: str, *, max_chars: int = _MAX_CHARS) -> str:
    """The text in letters that the font has, on one line, cut with an ellipsis.

    >>> printable("Caño Cristales"), printable("柴犬"), printable("a" * 9, max_chars=4)
    ('Cano Cristales', '?', 'aaa…')
    """
    plain = unicodedata.normalize("NFKD", " ".join(text.split()).translate(_DASHES))
    kept = "".join(_covered(char) for char in plain if not unicodedata.combining(char))
    kept = _UNKNOWN.sub("?", kept)
    return kept if len(kept) <= max_chars else kept[: max_chars - 1].rstrip() + "…"


def _covered(char: str) -> str:
    return char if " " <= char <= "~" or char in _ALSO_COVERED else "\N{REPLACEMENT CHARACTER}"


@lru_cache(maxsize=1024)
def text_width_px(text: str, *, font_px: int) -> int:
    """How wide `text` is when written at `font_px`."""
    return math.ceil(_font(font_px).getlength(text) + 2 * font_px * _WEIGHT_RATIO)


@lru_cache(maxsize=64)
def cap_height_px(font_px: int) -> int:
    """How tall capital letters are; lower parts of letters hang a third of this below."""
    return -int(_font(font_px).getbbox("H", anchor="ls")[1])


def fitted(text: str, *, font_px: int, room_px: int) -> str:
    """The text, cut with an ellipsis where it is wider than `room_px`."""
    while len(text) > 1 and text_width_px(text, font_px=font_px) > room_px:
        text = text.removesuffix("…")[:-1].rstrip() + "…"
    return text


def write(
    image: Image.Image,
    text: str,
    *,
    left_px: int,
    middle_px: int,
    font_px: int,
    colour: Colour,
) -> None:
    """Write `text` from `left_px`, its capital letters centred on the line `middle_px`."""
    letters, (across, down) = _letters(text, font_px)
    baseline = middle_px + (cap_height_px(font_px) + 1) // 2
    image.paste(colour, (left_px + across, baseline + down), letters)


@lru_cache(maxsize=256)
def _letters(text: str, font_px: int) -> tuple[Image.Image, tuple[int, int]]:
    """How much of each pixel the letters cover, and where they start from the base line's start."""
    ascent = font_px * 5 // 4
    mask = Image.new("L", (text_width_px(text, font_px=font_px), ascent + font_px // 2))
    ImageDraw.Draw(mask).text(
        (font_px * _WEIGHT_RATIO, ascent),
        text,
        fill=255,
        font=_font(font_px),
        anchor="ls",
        stroke_width=font_px * _WEIGHT_RATIO,
    )
    left, top, right, bottom = mask.getbbox() or (0, 0, 1, 1)
    return mask.crop((left, top, right, bottom)), (left, top - ascent)


@lru_cache(maxsize=32)
def _font(font_px: int) -> ImageFont.FreeTypeFont:
    font = ImageFont.load_default(size=font_px)
    if not isinstance(font, ImageFont.FreeTypeFont):  # pragma: no cover - every wheel has FreeType
        raise TypeError("Pillow was built without FreeType: text cannot be drawn.")
    return font
