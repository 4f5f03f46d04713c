"""What one picture costs to match through the records (SQLite), with few and with many watches.

The watches are spread over as many names as Rekognition has labels, in four forms of rule; every
workspace also has the same ten that the picture fires. So what grows with the watches is what the
index lets through: those that name something in the picture.
"""

import itertools
import tempfile
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path

from bot.adapters.database import Database
from bot.adapters.message_records import Accepted
from bot.adapters.watch_records import WatchRecords
from bot.matching import Matching, SeenPicture
from bot.model import Analysis, ImageSource, Instance, Label, RatioBox, ShowSettings
from bot.rules import parse_rule
from bot.shown import Shown
from tests.figures import at_most, known
from tests.turns import duration_s, medians_s

SIZES = (10, 100, 1_000, 10_000)
NAMES = 3_081
_SEEN = 20
_FORMS = (
    "{0} over 70%",
    "{0} and not {1} every 1h",
    "({0} or {1}) in <#C1>",
    "{1} missing where {0} at least 2 bigger than 1% not from bots",
)


def name(number):
    """One of so many names of two words."""
    return f"thing {number % NAMES}"


def picture():
    """Twenty labels with a box each, two parents and a category, as a street has them."""
    box = (Instance(RatioBox(0.1, 0.1, 0.3, 0.3), 95.0),)
    labels = [
        Label(name(at), 95.0, box, (name(at + 1), name(at + 2)), categories=("Street",))
        for at in range(_SEEN)
    ]
    source = ImageSource("T1", "C1", "1.0", "F1")
    accepted = Accepted(source.message, "1.0", "U1")
    return SeenPicture(source, "0" * 64, accepted, Shown(Analysis(tuple(labels)), ShowSettings()))


def rules(count):
    """Ten that the picture fires, then those that are spread over all names."""
    yield from (parse_rule(f"{name(at)} over 90%") for at in range(10))
    # A step that shares no factor with the number of names comes by every name.
    for at, form in zip(range(10, count), itertools.cycle(_FORMS), strict=False):
        yield parse_rule(form.format(name(at * 1_000), name(at * 1_000 + 7)))


@contextmanager
def workspace(folder, count):
    """What finds the watches in a workspace that has so many."""
    database = Database(f"sqlite:///{folder}/{count}.db", statement_timeout_s=30)
    database.migrate()
    records = WatchRecords(database)
    for at, rule in enumerate(rules(count)):
        records.add("T1", f"UOWNER{at}", rule)
    yield Matching(None, None, records)
    database.close()


def measure(*, long, sizes=SIZES):
    """The time for each number of watches, and what the most cost more than the fewest."""
    seen = picture()
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        spaces = {size: stack.enter_context(workspace(Path(folder), size)) for size in sizes}
        found = {size: space.find(seen) for size, space in spaces.items()}
        ways = {size: partial(duration_s, space.find, seen) for size, space in spaces.items()}
        times_s = medians_s(ways, repetitions=201 if long else 51)
    for size, time_s in times_s.items():
        fired = len(found[size])
        yield known(f"{size:,} watches, of which {fired} fire", time_s * 1_000, "ms")
    more_ms = (times_s[sizes[-1]] - times_s[sizes[0]]) * 1_000
    yield at_most(f"{sizes[-1]:,} watches cost more than {sizes[0]:,}", more_ms, "ms", 5)
