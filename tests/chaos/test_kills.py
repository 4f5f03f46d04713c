import sys
import time

import pytest

from bot.sandbox.ledger import Ledger
from tests.chaos import kills

SIZE_PX = (420, 320)


@pytest.mark.skipif(sys.platform != "linux", reason="The bot is forked.")
@pytest.mark.timeout(600)
def test_sample_of_kills():
    """Forty-four kills at calls of every kind, over both lines, lose nothing and repeat nothing."""
    figures = list(kills.measure(long=False, seeds=2, kills=22))

    assert [figure for figure in figures if not figure.holds] == []


@pytest.mark.parametrize(
    ("answered", "in_life", "needless"),
    [(frozenset(), True, 0), ({SIZE_PX}, True, 1), (frozenset(), False, 1)],
)
def test_needless_calls(answered, in_life, needless):
    """A second call for a picture is explained by a kill after the first, without its answer."""
    ledger, began_s = Ledger(), time.monotonic()
    ledger.record("rekognition", "DetectLabels", size_px=SIZE_PX, took_s=0.0)
    killed_s = time.monotonic() if in_life else began_s - 1
    ledger.record("rekognition", "DetectLabels", size_px=SIZE_PX, took_s=0.0)
    life = kills.Life(began_s - 2, killed_s, frozenset(answered))

    assert kills.needless_calls(ledger.entries(), [life]) == needless
    assert kills.needless_calls(ledger.entries(), []) == 1
