import sys

import pytest

from tests.chaos import kills


@pytest.mark.skipif(sys.platform != "linux", reason="The bot is forked.")
@pytest.mark.timeout(400)
def test_sample_of_kills():
    """Forty-four kills at calls of every kind, over both lines, lose nothing and repeat nothing."""
    figures = list(kills.measure(long=False, seeds=2, kills=22))

    assert [figure for figure in figures if not figure.holds] == []
