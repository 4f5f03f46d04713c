"""What the journeys share: stages, and pictures."""

import io
import itertools

import pytest
from PIL import Image

from bot.demo import running_demo
from bot.sandbox import scenes
from tests.fleet import postgresql
from tests.stage import IS_FLEET, running_stage, variant

LINES = ("fleet",) if IS_FLEET else ("socket", "http", "fleet")


def pytest_configure(config):
    """Name the mark of the journeys that are always made with several processes too."""
    config.addinivalue_line("markers", "on_fleet: made with several processes on PostgreSQL too")


def pytest_collection_modifyitems(config, items):
    """Leave out what is made with one process only, or else what is not marked for several."""
    left_out = [item for item in items if not _is_to_be_made(item)]
    config.hook.pytest_deselected(items=left_out)
    items[:] = [item for item in items if item not in left_out]


def _is_to_be_made(item):
    chosen = list(item.callspec.params.values()) if hasattr(item, "callspec") else []
    if IS_FLEET:
        return "socket" not in chosen
    return "fleet" not in chosen or item.get_closest_marker("on_fleet") is not None


@pytest.fixture(scope="session")
def park() -> bytes:
    """A JPEG with a dog, a person, a bird and a ball in a park."""
    return scenes.scene_jpeg("park")


@pytest.fixture(scope="session")
def fresh():
    """A function that gives a sample scene as bytes that were never posted before."""
    numbers = itertools.count(1_000_000)
    drawn = {}

    def draw(name: str = "park") -> bytes:
        if name not in drawn:
            image = scenes.SCENES[name]().image
            image.thumbnail((800, 800))
            drawn[name] = scenes.jpeg_bytes(image)
        return variant(drawn[name], next(numbers))

    return draw


@pytest.fixture(scope="session")
def blank() -> bytes:
    """A PNG with nothing on it."""
    buffer = io.BytesIO()
    Image.new("RGB", (640, 480), "white").save(buffer, "PNG")
    return buffer.getvalue()


@pytest.fixture(scope="session")
def stage_of():
    """A function that runs a stage of one's own for a while; takes what `Stage` takes."""
    return running_stage


@pytest.fixture(scope="session")
def server():
    """A real PostgreSQL server, or a skip that says why there is none."""
    try:
        return postgresql()
    except Exception as exc:  # noqa: BLE001 - whatever keeps it from starting, there is none
        pytest.skip(f"PostgreSQL does not start here: {type(exc).__name__}.")


@pytest.fixture(scope="module", params=LINES)
def stage(request, tmp_path_factory):
    """A running stage for a whole module: over Socket Mode, over HTTP, and with a fleet."""
    if request.param == "fleet":
        request.getfixturevalue("server")
    with running_stage(tmp_path_factory.mktemp("stage"), request.param) as stage:
        yield stage


@pytest.fixture(scope="module")
def quiet_stage(tmp_path_factory):
    """A running stage over Socket Mode alone, for what does not depend on the line."""
    with running_stage(tmp_path_factory.mktemp("stage"), "socket") as stage:
        yield stage


@pytest.fixture(scope="module")
def http_stage(tmp_path_factory):
    """A running stage over HTTP alone, for what only a request URL has."""
    with running_stage(tmp_path_factory.mktemp("stage"), "http") as stage:
        yield stage


@pytest.fixture(scope="session")
def demo_url():
    """The address of a running demo."""
    with running_demo() as demo:
        yield demo.slack.url
