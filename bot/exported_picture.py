"""What an export says of one picture, before any format: where it was posted, and its labels.

No Slack, no database, no pixels.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from bot.layout import clamp_box
from bot.model import Analysis, ImageSource, PixelBox, RatioBox
from bot.permalinks import permalink

Size = tuple[int, int]


@dataclass(frozen=True)
class ExportedPicture:
    """One picture with the labels that may be told.

    When it was looked at is left out on purpose: one answer serves all posts of the same picture,
    and an early one would tell that it was posted before, perhaps where the asker may not look.

    `analysis` is what Rekognition said after people's corrections. `size_px` is (width, height) of
    the upright original and `copy_px` that of the copy which Rekognition saw; both are None for
    pictures of releases that did not keep them.
    """

    source: ImageSource
    thread_ts: str
    poster: str
    file_name: str
    size_px: Size | None
    copy_px: Size | None
    analysis: Analysis
    site_url: str = ""

    @property
    def posted_at(self) -> str:
        """When it was posted, as ISO 8601 in UTC: a message's ts is seconds since the epoch."""
        at = dt.datetime.fromtimestamp(float(self.source.ts), tz=dt.UTC)
        return at.isoformat(timespec="milliseconds").replace("+00:00", "Z")

    @property
    def permalink(self) -> str | None:
        """The message's address, without a call per message."""
        return permalink(self.site_url, self.source.message, self.thread_ts)

    def box(self, seen: RatioBox) -> RatioBox:
        """A box in ratios of the original, from one on the copy, which may have a white margin.

        It may stick out of the picture, as Rekognition's boxes do.
        """
        if self.size_px is None or self.copy_px is None:
            return seen
        # The copy is the original made smaller, then centred on white where a side was too short;
        # so the longest side tells by how much it was made smaller.
        scale = min(1.0, max(self.copy_px) / max(self.size_px))
        content = [max(1, round(side * scale)) for side in self.size_px]
        across, down = zip(content, self.copy_px, strict=True)
        left, width = _without_margin(seen.left_ratio, seen.width_ratio, *across)
        top, height = _without_margin(seen.top_ratio, seen.height_ratio, *down)
        return RatioBox(left, top, width, height)

    def box_px(self, seen: RatioBox) -> PixelBox | None:
        """The part of a box that lies in the original, at least a pixel; None without a size."""
        if self.size_px is None:
            return None
        return clamp_box(self.box(seen), size_px=self.size_px, least_px=1)


def _without_margin(
    start: float, length: float, content_px: int, copy_px: int
) -> tuple[float, float]:
    if content_px >= copy_px - 1:  # a pixel may be lost to rounding where nothing was added
        return start, length
    margin_px = (copy_px - content_px) // 2
    return (start * copy_px - margin_px) / content_px, length * copy_px / content_px
