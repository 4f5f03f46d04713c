"""The other ways to draw boxes on a picture that `make bench` compares Spotter's with.

Each takes the bytes of a JPEG with names and boxes, and gives those of a JPEG in full size, at the
quality that Spotter uses. Their libraries come with the extra `bench`, and are loaded when used.
"""

import io

from PIL import Image

QUALITY = 90


def encode_again(data, things):  # noqa: ARG001 - it draws nothing
    """Pillow's plain full decode and encode: what any way of drawing costs that keeps the size."""
    target = io.BytesIO()
    Image.open(io.BytesIO(data)).save(target, "JPEG", quality=QUALITY)
    return target.getvalue()


def draw_in_figure(data, things):
    """A matplotlib figure with patches and texts, as guides to Rekognition do it."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg  # noqa: PLC0415
    from matplotlib.figure import Figure  # noqa: PLC0415
    from matplotlib.patches import Rectangle  # noqa: PLC0415

    image = Image.open(io.BytesIO(data))
    width, height = image.size
    figure = Figure(figsize=(width / 100, height / 100), dpi=100)
    axes = figure.add_axes((0, 0, 1, 1))
    axes.axis("off")
    axes.imshow(image)
    for text, (left, top, right, bottom) in _in_pixels(things, image.size):
        corner, sides = (left, top), (right - left, bottom - top)
        axes.add_patch(Rectangle(corner, *sides, fill=False, edgecolor="lime", linewidth=4))
        axes.text(left, top, text, color="black", backgroundcolor="lime", fontsize=24)
    target = io.BytesIO()
    FigureCanvasAgg(figure).print_jpg(target, pil_kwargs={"quality": QUALITY})
    return target.getvalue()


def draw_with_supervision(data, things):
    """Supervision's annotators for boxes and labels, between OpenCV's decode and encode."""
    import cv2  # noqa: PLC0415
    import numpy as np  # noqa: PLC0415
    import supervision  # noqa: PLC0415

    image = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR)
    height, width = image.shape[:2]
    texts, corners = zip(*_in_pixels(things, (width, height)), strict=True)
    found = supervision.Detections(xyxy=np.array(corners), class_id=np.arange(len(texts)))
    image = supervision.BoxAnnotator(thickness=4).annotate(image, found)
    image = supervision.LabelAnnotator(text_scale=1).annotate(image, found, labels=list(texts))
    return cv2.imencode(".jpg", image, [cv2.IMWRITE_JPEG_QUALITY, QUALITY])[1].tobytes()


def _in_pixels(things, size_px):
    """Each text with the left, top, right and bottom of its box."""
    width, height = size_px
    for text, box in things:
        left, top = box.left_ratio * width, box.top_ratio * height
        yield text, (left, top, left + box.width_ratio * width, top + box.height_ratio * height)
