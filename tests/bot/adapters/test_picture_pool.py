"""`bot.adapters.picture_pool`: what goes wrong in a worker costs one picture only."""

import io
import multiprocessing
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from PIL import Image

from bot import errors
from bot.adapters.picture_pool import PicturePool, WorkerFailed
from bot.drawing import Style

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
    pool = PicturePool(workers=2, memory_bytes=200 * MEBIBYTE, time_limit_s=30)
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
    prepared = pool.prepare(png((3000, 1000)))

    assert Image.open(io.BytesIO(prepared.jpeg)).size == prepared.size_px == (2048, 683)
    assert prepared.original_size_px == (3000, 1000)
    assert (prepared.format, prepared.frames) == ("PNG", 1)


def test_annotate_draws_the_answer(pool):
    """The answer of DetectLabels is drawn on the working copy, the strip below it."""
    annotated = pool.annotate(pool.prepare(png()).jpeg, RESPONSE, Style())

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


def test_kill_reads_as_memory(pool):
    """A worker killed outright, as the system does when memory is short, reads as too large."""
    with pytest.raises(errors.PictureTooLarge):
        pool.run(signal.raise_signal, signal.SIGKILL)


def test_mistakes_arrive_as_text(pool):
    """A mistake of ours arrives as the worker's traceback, not as a foreign exception."""
    with pytest.raises(WorkerFailed, match="ValueError"):
        pool.run(int, "x")


def test_hang_costs_one_picture():
    """A worker that takes too long is stopped; its neighbour and the next picture are not."""
    pool = PicturePool(workers=2, memory_bytes=200 * MEBIBYTE, time_limit_s=0.5)
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


def test_idle_deaths_are_survived():
    """Workers that die between pictures are replaced."""
    pool = PicturePool(workers=1, memory_bytes=200 * MEBIBYTE, time_limit_s=30)
    before = {child.pid for child in multiprocessing.active_children()}
    try:
        pool.warm_up()
        mine = [c for c in multiprocessing.active_children() if c.pid not in before]
        for child in mine:
            child.kill()
            child.join()

        assert len(mine) == 1
        assert pool.prepare(png()).size_px == (300, 200)
    finally:
        pool.close()


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


def test_main_program_runs_once(tmp_path):
    """Workers do not run the program's own `__main__` again, however it was started."""
    package = tmp_path / "program"
    package.mkdir()
    (package / "__init__.py").touch()
    (package / "__main__.py").write_text(
        "from bot.adapters.picture_pool import PicturePool\n"
        "print('started', flush=True)\n"
        "pool = PicturePool(workers=1, memory_bytes=1 << 28, time_limit_s=30)\n"
        "print(pool.run(abs, -7))\n"
        "pool.close()\n"
    )

    done = subprocess.run(
        [sys.executable, "-m", "program"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )

    assert done.stdout.split() == ["started", "7"]
