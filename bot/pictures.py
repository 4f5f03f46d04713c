"""Open bytes as a picture, safely: upright, RGB, and of a size that Rekognition takes.

No Slack, no AWS. The bytes decide what a file is, never its name. Decoding untrusted bytes belongs
into `bot.adapters.picture_pool`, whose processes may die of it.
"""

from __future__ import annotations

import io
from dataclasses import dataclass, replace
from typing import cast

import pillow_heif
from PIL import AvifImagePlugin, ExifTags, Image, ImageFile

from bot import errors
from bot.model import PixelBox, RatioBox
from bot.picture_frames import DEFAULT_MAX_FRAMES, check_frames
from bot.picture_kinds import READ_KINDS, sniff
from bot.picture_limits import (
    DEFAULT_MEMORY_BYTES,
    check_cost,
    pillow_under_our_limits,
    too_large,
)
from bot.picture_sizes import MIN_SIDE_PX, Size, halving, is_kept, working_size

MAX_JPEG_BYTES = 5_242_880
"""Source: https://docs.aws.amazon.com/rekognition/latest/dg/limits.html"""

_DECODER_THREADS = 2
_KEPT_BLOCKS = 2
_QUALITIES = (90, 80, 70, 50, 30, 10)
_SHARP_COLOUR_BELOW_PX = 1_000_000
_WHITE = (255, 255, 255)
_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
_TIFF_REDUCED, _TIFF_SUB_IMAGES, _DNG_VERSION = 0xFE, 0x14A, 0xC612


@dataclass(frozen=True)
class Picture:
    """A picture ready to be looked at and drawn on.

    `image` is the working copy: upright RGB without any metadata, both sides 80 to 10,000 px.
    `content` is where the picture itself lies in it: all of it, unless white had to be added.
    Rekognition sees the working copy, its boxes are kept as they came, and they are drawn on it,
    white and all: one frame of reference. Only who hands out ratios of the original picture has to
    undo the white, and `to_original` is the one place that does.
    `original_size` is (width, height) in pixels of the upright original.
    """

    image: Image.Image
    original_size: Size
    format: str
    frames: int
    content: PixelBox

    def to_jpeg(self) -> bytes:
        """The working copy as Rekognition gets it: JPEG of at most 5,242,880 bytes, no metadata."""
        return encode_jpeg(self.image)

    def reduced(self, longest_px: int) -> Picture:
        """The same picture for a glance: its longest side so long, but no side under 80 px."""
        width, height = self.image.size
        scale = max(longest_px / max(width, height), MIN_SIDE_PX / min(width, height))
        if scale >= 1:
            return self
        size = round(width * scale), round(height * scale)
        image = self.image.resize(size, Image.Resampling.BICUBIC, reducing_gap=2.0)
        return replace(self, image=image, content=_scaled(self.content, scale))

    def to_original(self, box: RatioBox) -> RatioBox:
        """A box found on the working copy, in ratios of the original picture.

        The same box unless the picture was padded. One that Rekognition saw in the padding
        sticks out of 0-1, as its boxes may.
        """
        width, height = self.image.size
        across, down = width / self.content.width_px, height / self.content.height_px
        return RatioBox(
            left_ratio=(box.left_ratio - self.content.left_px / width) * across,
            top_ratio=(box.top_ratio - self.content.top_px / height) * down,
            width_ratio=box.width_ratio * across,
            height_ratio=box.height_ratio * down,
        )


def open_picture(
    data: bytes,
    *,
    memory_bytes: int = DEFAULT_MEMORY_BYTES,
    max_frames: int = DEFAULT_MAX_FRAMES,
) -> Picture:
    """Decode the first frame and make it upright RGB of a workable size.

    EXIF is applied and dropped, transparency is laid on white. The longest side comes down to
    about 2,048 px (JPEG by its own scaled decoding), the shorter never below 160 px by that; a
    side shorter than 80 px is padded on white.

    Raises: the `errors.PictureError` family, with words for the person who posted. Too large is
    what would take more than `memory_bytes` to decode, or has more than `max_frames` frames, both
    told before any pixel is decoded.
    """
    kind = _readable_kind(data)
    try:
        with pillow_under_our_limits(kind, memory_bytes=memory_bytes):
            return _decode(data, kind=kind, memory_bytes=memory_bytes, max_frames=max_frames)
    except errors.PictureError:
        raise
    except (MemoryError, Image.DecompressionBombError) as exc:
        raise too_large(memory_bytes, is_estimate=not isinstance(exc, MemoryError)) from exc
    except Exception as exc:  # on damaged bytes decoders raise whatever comes
        raise errors.PictureBroken from exc


def limit_decoder_threads() -> None:
    """Let codecs use two threads each in this process: every one reserves address space."""
    pillow_heif.options.DECODE_THREADS = _DECODER_THREADS
    AvifImagePlugin.DEFAULT_MAX_THREADS = _DECODER_THREADS


def reuse_working_memory() -> None:
    """Let Pillow keep two freed blocks of 16 MiB in this process for the next picture.

    A working copy fits into one, and drawing takes two: fresh memory for each costs as much as
    drawing on it does.
    """
    Image.core.set_blocks_max(_KEPT_BLOCKS)  # type: ignore[attr-defined]


def encode_jpeg(image: Image.Image) -> bytes:
    """RGB pixels as JPEG of at most 5,242,880 bytes, at quality 90 or the next that fits.

    Small pictures keep full colour resolution: thin coloured lines would smear.
    """
    sharp = image.width * image.height < _SHARP_COLOUR_BELOW_PX
    encoded = b""
    for quality in _QUALITIES:
        target = io.BytesIO()
        image.save(target, "JPEG", quality=quality, subsampling="4:4:4" if sharp else "4:2:0")
        encoded = target.getvalue()
        if len(encoded) <= MAX_JPEG_BYTES:
            break
    return encoded


def _readable_kind(data: bytes) -> str:
    if not data:
        raise errors.PictureEmpty
    kind = sniff(data)
    if kind is None:
        raise errors.NotAPicture
    if kind not in READ_KINDS:
        raise errors.PictureTypeNotRead(kind=kind)
    return kind


def _decode(data: bytes, *, kind: str, memory_bytes: int, max_frames: int) -> Picture:
    if kind == "HEIF":
        pillow_heif.register_heif_opener()
    with Image.open(io.BytesIO(data), formats=[kind]) as source:
        if kind == "TIFF":
            _refuse_camera_raw(source)
        frames = check_frames(source, data, max_frames=max_frames)
        full_size, frame_format = source.size, source.format or kind
        if kind == "JPEG":
            _ask_for_less(source, size_bytes=len(data))
        check_cost(
            source,
            file_bytes=len(data),
            full_size=full_size,
            working_size=working_size(full_size),
            memory_bytes=memory_bytes,
        )
        source.load()
        turn = _TURNS.get(_orientation(source))
        upright = _upright(source, full_size=full_size, turn=turn)
        image, content = _pad(upright)
        return Picture(
            image=image,
            original_size=_turned(full_size, turn),
            format=frame_format,
            frames=frames,
            content=content,
        )


def _ask_for_less(source: ImageFile.ImageFile, *, size_bytes: int) -> None:
    """Let JPEG's decoder bring a large picture down itself, and take its fast ways while it does.

    Measured at 12 megapixels: a fifth less time, no channel off by more than 2 of 255.
    """
    full_size = source.size
    parts = halving(full_size)
    source.draft("RGB", (full_size[0] // parts, full_size[1] // parts))
    source.decodermaxblock = size_bytes  # in one piece: all of it is in memory anyway
    if source.size != full_size:
        scale = source.decoderconfig[0]
        source.decoderconfig = (scale, 1)


def _refuse_camera_raw(source: Image.Image) -> None:
    """Camera files are TIFF with a thumbnail in front; labelling the thumbnail would mislead."""
    tags = getattr(source, "tag_v2", {})
    if _DNG_VERSION in tags or (tags.get(_TIFF_REDUCED) == 1 and _TIFF_SUB_IMAGES in tags):
        raise errors.PictureTypeNotRead(kind="camera RAW")


def _orientation(source: Image.Image) -> int:
    try:
        return int(source.getexif().get(ExifTags.Base.Orientation, 1))
    except Exception:  # noqa: BLE001 - damaged EXIF must not cost a picture that decodes
        return 1


def _upright(source: Image.Image, *, full_size: Size, turn: Image.Transpose | None) -> Image.Image:
    """A plain RGB image of its own, with nothing left of the file's metadata."""
    image = _scalable(source)
    if image.size == full_size and (parts := halving(full_size)) > 1:
        image = image.reduce(parts)
    size = working_size(full_size)
    if size != image.size and not is_kept(image.size):
        image = image.resize(size, Image.Resampling.BICUBIC)
    image = _opaque(image)
    image = image.transpose(turn) if turn is not None else image
    if image is source and source.format not in {"JPEG", "MPO"}:
        image = image.copy()  # its decoder would go on holding memory; JPEG's is gone by now
    image.info.clear()
    return image


def _scalable(source: Image.Image) -> Image.Image:
    """The same pixels in a mode whose neighbours can be averaged."""
    if source.mode in {"I", "F"}:
        low, high = cast("tuple[float, float]", source.getextrema())
        scale = 255 / max(high - low, 1e-9)
        return source.point(lambda value: value * scale - low * scale).convert("L")
    if source.mode.startswith("I;16"):
        # Only the machine's own byte order can be scaled as it is.
        wide = source if source.mode == "I;16" else source.convert("I")
        return wide.point(lambda value: value * (1 / 256)).convert("L")
    if source.has_transparency_data:
        return source if source.mode == "RGBA" else source.convert("RGBA")
    if source.mode in {"1", "P", "PA"}:
        return source.convert("L" if source.mode == "1" else "RGB")
    return source


def _opaque(image: Image.Image) -> Image.Image:
    if image.mode == "RGB":
        return image
    if image.mode != "RGBA":
        return image.convert("RGB")
    ground = Image.new("RGB", image.size, _WHITE)
    ground.paste(image, mask=image.getchannel("A"))
    return ground


def _pad(image: Image.Image) -> tuple[Image.Image, PixelBox]:
    """Centre on white where a side is shorter than Rekognition takes; and where the picture is."""
    width, height = image.size
    size = max(width, MIN_SIDE_PX), max(height, MIN_SIDE_PX)
    left, top = (size[0] - width) // 2, (size[1] - height) // 2
    content = PixelBox(left, top, left + width, top + height)
    if size == image.size:
        return image, content
    padded = Image.new("RGB", size, _WHITE)
    padded.paste(image, (left, top))
    return padded, content


def _scaled(box: PixelBox, scale: float) -> PixelBox:
    sides = (box.left_px, box.top_px, box.right_px, box.bottom_px)
    return PixelBox(*(round(side * scale) for side in sides))


def _turned(size: Size, turn: Image.Transpose | None) -> Size:
    lies_down = turn in {_TURNS[5], _TURNS[6], _TURNS[7], _TURNS[8]}
    return (size[1], size[0]) if lies_down else size
