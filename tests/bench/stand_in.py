"""How long the stand-in for Rekognition searches the fullest scene, beside decoding its JPEG."""

import io
from functools import partial

from PIL import Image

from bot.sandbox import detector
from bot.sandbox.scenes import scene_jpeg
from tests.figures import at_most
from tests.turns import duration_s, medians_s


def decoded(data):
    """The pixels of an encoded picture."""
    return Image.open(io.BytesIO(data)).convert("RGB")


def measure(*, long, scene="crowd"):
    """One ratio; what the first search imports and builds is not in it."""
    data = scene_jpeg(scene)
    image = decoded(data)
    times_s = medians_s(
        {
            "search": partial(duration_s, detector.look, image),
            "decode": partial(duration_s, decoded, data),
        },
        repetitions=201 if long else 51,
    )
    ratio = times_s["search"] / times_s["decode"]
    yield at_most("search of the fullest scene", ratio, "x plain decode", 2)
