"""Whether anything secret is given away while the bot logs all it ever logs, on each line.

Over Socket Mode and HTTP it is one process on SQLite; as a fleet, several on PostgreSQL.
What a day holds, and what is searched, stands in tests/secret_places.py; the journeys about secrets
are what CI runs of it.
"""

import io
import tempfile
from pathlib import Path

from PIL import Image

from bot.sandbox import scenes
from tests import secret_places as search
from tests.figures import exactly, known
from tests.stage import running_stage, variant


def measure(*, long):
    """The figures of a day on each line; three days in a long run."""
    for line in ("socket", "http", "fleet"):
        with tempfile.TemporaryDirectory(prefix="spotter-secrets-") as folder:
            terms = search.canary_terms()
            with running_stage(Path(folder), line, terms, **search.LOUD) as stage:
                for day in range(3 if long else 1):
                    search.live_a_day(stage, _pictures(day), _blank(day))
                yield from _found(stage, line)


def _found(stage, line):
    places = list(search.places(stage))
    held = search.holders(search.secrets_of(stage), places)
    yield known(f"searched, {line}", sum(len(data) for _, data in places) / 1e6, "MB")
    yield known(f"rows searched, {line}", sum("table" in place for place, _ in places), "rows")
    yield exactly(f"secrets found, {line}", len(held), ", ".join(held), 0)


def _pictures(day):
    """A function that gives the same scene as other bytes each time."""
    park, numbers = scenes.scene_jpeg("park"), iter(range(day * 1000, day * 1000 + 1000))
    return lambda: variant(park, next(numbers))


def _blank(day):
    buffer = io.BytesIO()
    Image.new("RGB", (640, 480 + day), "white").save(buffer, "PNG")
    return buffer.getvalue()
