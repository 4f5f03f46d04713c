"""`bot.adapters.picture_pool`: what goes wrong in a worker costs one picture only."""

import io
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from PIL import Image, ImageCms, PngImagePlugin

from bot import errors
from bot.adapters.picture_pool import PicturePool, WorkerFailed
from bot.adapters.picture_worker import prepare_within_share
from bot.adapters.rekognition import parse_detect_labels
from bot.drawing import Style
from tests.picture_files import saved

MEBIBYTE = 1024 * 1024
ROOT = Path(__file__).parents[3]
RESPONSE = {
    "Labels": [
        {
            "Name": "Dog",
            "Confidence": 97.0,
            "Instances": [
                {
                    "BoundingBox": {"Left": 0.2, "Top": 0.3, "Width": 0.5, "Height": 0.5},
                    "Confidence": 97.0,
                }
            ],
        },
        {"Name": "Beach", "Confidence": 91.0, "Instances": []},
    ]
}


@pytest.fixture(scope="module")
def pool():
    """Two workers, shared by the tests of this file."""
    pool = PicturePool(workers=2, memory_bytes=200 * MEBIBYTE, max_frames=9, time_limit_s=30)
    pool.warm_up()
    yield pool
    pool.close()


@pytest.fixture
def lone_pool():
    """One worker, which a test may harm."""
    pool = PicturePool(workers=1, memory_bytes=200 * MEBIBYTE, max_frames=9, time_limit_s=30)
    pool.warm_up()
    yield pool
    pool.close()


def png(size=(300, 200)):
    """A plain picture as a file."""
    target = io.BytesIO()
    Image.new("RGB", size, (90, 140, 200)).save(target, "PNG", compress_level=1)
    return target.getvalue()


def test_prepare_makes_the_jpeg(pool):
    """A posted picture comes back as the JPEG that Rekognition gets, with its facts."""
    prepared = pool.prepare(png((2700, 900)))

    assert Image.open(io.BytesIO(prepared.jpeg)).size == prepared.size_px == (2048, 683)
    assert prepared.original_size_px == (2700, 900)
    assert (prepared.format, prepared.frames) == ("PNG", 1)


def test_annotate_draws_the_answer(pool):
    """What is shown is drawn on the working copy, the strip below it."""
    analysis = parse_detect_labels(RESPONSE)
    annotated = pool.annotate(pool.prepare(png()).jpeg, analysis, Style())

    image = Image.open(io.BytesIO(annotated))
    assert image.format == "JPEG"
    assert image.width == 300
    assert image.height > 200


def test_refusals_cross_with_facts(pool):
    """An error of ours arrives as itself, with its facts and words."""
    with pytest.raises(errors.PictureTypeNotRead) as raised:
        pool.prepare(b"8BPS")

    assert raised.value.facts == {"kind": "Photoshop"}


def test_estimate_respects_the_pool(pool):
    """The pool's memory limit is the one that pictures are refused by."""
    with pytest.raises(errors.PictureTooLarge, match="200 MiB"):
        pool.prepare(png((8000, 8000)))


def test_large_ones_go_alone(pool):
    """A picture that takes more than a share is opened when nothing else runs, others beside."""
    large, small, done = png((5000, 5000)), png(), []

    def start(name, task, *arguments):
        thread = threading.Thread(target=lambda: (task(*arguments), done.append(name)))
        thread.start()
        return thread

    busy = start("busy", pool.run, time.sleep, 3)
    start("small", pool.prepare, small).join()
    start("large", pool.prepare, large).join()
    busy.join()

    assert done == ["small", "busy", "large"]
    assert pool.prepare(small).size_px == (300, 200)


def test_only_cost_goes_alone():
    """Too many frames are refused beside others: more memory would not help."""
    frames, target = [Image.new("L", (9, 9), grey) for grey in range(99)], io.BytesIO()
    frames[0].save(target, "GIF", save_all=True, append_images=frames[1:])

    with pytest.raises(errors.PictureTooLarge, match="frames or pages"):
        prepare_within_share(target.getvalue(), 100 * MEBIBYTE, 9)
    assert prepare_within_share(png((5000, 5000)), MEBIBYTE, 9) is None


def test_nothing_of_the_original_stays(pool):
    """EXIF, GPS, ICC, XMP, comments and text chunks do not come out again, drawn on or not."""
    exif, text = Image.Exif(), PngImagePlugin.PngInfo()
    exif[0x010E] = "SECRET"
    exif.get_ifd(0x8825)[29] = "SECRET"
    text.add_text("SECRET", "SECRET")
    text.add_itxt("SECRET", "SECRET")
    image = Image.new("RGB", (300, 200), "teal")
    icc = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes() + b"SECRET"
    more = {"exif": exif, "icc_profile": icc, "xmp": b"SECRET", "comment": b"SECRET"}
    originals = [
        saved(image, kind, pnginfo=text, **more) for kind in ("JPEG", "PNG", "WEBP", "TIFF")
    ]
    originals.append(saved(image, "GIF", comment=b"SECRET"))

    for original in originals:
        assert b"SECRET" in original
        jpeg = pool.prepare(original).jpeg
        for shown in (jpeg, pool.annotate(jpeg, parse_detect_labels(RESPONSE), Style())):
            plain = {"jfif", "jfif_version", "jfif_unit", "jfif_density"}
            assert set(Image.open(io.BytesIO(shown)).info) <= plain
            assert b"SECRET" not in shown


def test_crash_costs_one_picture(pool):
    """A worker that crashes is a broken picture; the next one is answered."""
    with pytest.raises(errors.PictureBroken):
        pool.run(os.abort)

    assert pool.prepare(png()).size_px == (300, 200)


@pytest.mark.skipif(sys.platform != "linux", reason="RLIMIT_AS binds on Linux only")
def test_memory_costs_one_picture(pool):
    """A worker that is refused memory says so; the next picture is answered."""
    with pytest.raises(errors.PictureTooLarge, match="more memory"):
        pool.run(bytearray, 4096 * MEBIBYTE)

    assert pool.prepare(png()).size_px == (300, 200)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_group_signals_pass_by(pool, number):
    """What stops the program reaches the workers too, and the picture in work is finished."""
    assert pool.run(signal.raise_signal, number) is None


def test_kills_read_as_memory(pool):
    """A picture killed outright twice, as the system does when memory is short, is too large."""
    with pytest.raises(errors.PictureTooLarge):
        pool.run(signal.raise_signal, signal.SIGKILL)


def test_one_kill_costs_nothing(lone_pool):
    """A worker killed outright once may not be to blame: its picture is taken up once more."""
    worker = lone_pool.run(os.getpid)
    threading.Timer(0.2, os.kill, (worker, signal.SIGKILL)).start()

    assert lone_pool.run(time.sleep, 0.5) is None
    assert lone_pool.run(os.getpid) != worker


def test_closing_interrupts(lone_pool):
    """Who waits for a picture when the pool is closed, or comes later, is told to come again."""
    begun_s = time.monotonic()
    threading.Timer(0.2, lone_pool.close).start()
    for _ in range(2):
        with pytest.raises(errors.Interrupted):
            lone_pool.run(time.sleep, 60)

    assert time.monotonic() - begun_s < 5


def test_mistakes_arrive_as_text(pool):
    """A mistake of ours arrives as the worker's traceback, not as a foreign exception."""
    with pytest.raises(WorkerFailed, match="ValueError"):
        pool.run(int, "x")


def test_hang_costs_one_picture():
    """A worker that takes too long is stopped; its neighbour and the next picture are not."""
    pool = PicturePool(workers=2, memory_bytes=200 * MEBIBYTE, max_frames=9, time_limit_s=0.5)
    sizes = []
    try:
        pool.warm_up()
        neighbour = threading.Thread(
            target=lambda: sizes.extend(pool.prepare(png()).size_px for _ in range(20))
        )
        neighbour.start()
        with pytest.raises(errors.PictureTooLarge, match=r"0\.5 seconds"):
            pool.run(time.sleep, 60)
        neighbour.join()

        assert sizes == [(300, 200)] * 20
        assert pool.prepare(png()).size_px == (300, 200)
    finally:
        pool.close()


def test_idle_deaths_are_survived(lone_pool):
    """Workers that die between pictures are replaced."""
    os.kill(lone_pool.run(os.getpid), signal.SIGKILL)

    assert lone_pool.prepare(png()).size_px == (300, 200)


def test_many_threads_may_call(pool):
    """More callers than workers are all answered."""
    sizes = []
    threads = [
        threading.Thread(target=lambda: sizes.append(pool.prepare(png()).size_px))
        for _ in range(12)
    ]

    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sizes == [(300, 200)] * 12


def start_program(folder, *lines):
    """Start a program that has a pool and does these lines."""
    package = folder / "program"
    package.mkdir()
    (package / "__init__.py").touch()
    begin = (
        "import threading, time",
        "from bot.adapters.picture_pool import PicturePool",
        "print('started', flush=True)",
        "pool = PicturePool(workers=1, memory_bytes=1 << 28, max_frames=9, time_limit_s=30)",
    )
    (package / "__main__.py").write_text("\n".join(begin + lines))
    return subprocess.Popen(
        [sys.executable, "-m", "program"],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )


def test_main_program_runs_once(tmp_path):
    """Workers do not run the program's own `__main__` again, however it was started."""
    with start_program(tmp_path, "print(pool.run(abs, -7))", "pool.close()") as program:
        told, _ = program.communicate(timeout=60)

    assert program.returncode == 0
    assert told.split() == ["started", "7"]


def test_no_worker_outlives_program(tmp_path):
    """When the program is killed outright, its workers end too, also in the middle of a picture."""
    busy = "threading.Thread(target=pool.run, args=(time.sleep, 20)).start()"
    done = "time.sleep(0.5); print('busy', flush=True)"
    with start_program(tmp_path, "pool.warm_up()", busy, done) as program:
        program.stdout.readline()
        program.stdout.readline()
        program.kill()
        begun_s = time.monotonic()
        # The workers share the program's output: it ends when the last of them does.
        program.stdout.read()

    assert time.monotonic() - begun_s < 5


def kept_blocks():
    """How many freed blocks Pillow keeps for later in this process."""
    return Image.core.get_blocks_max()


def test_worker_reuses_memory(pool):
    """A worker keeps freed memory for two working copies, and no more of a large picture."""
    assert pool.run(kept_blocks) == 2
