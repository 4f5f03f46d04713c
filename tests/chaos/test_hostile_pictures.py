import sys

import pytest

from tests.chaos import hostile_pictures


@pytest.mark.skipif(sys.platform != "linux", reason="Memory is read from /proc.")
def test_sample_of_hostile_pictures():
    """Two hundred mutated pictures and some bombs: all answered, no worker lost, little memory."""
    figures = list(hostile_pictures.measure(long=False, count=200))

    assert [figure for figure in figures if not figure.holds] == []
