import sys

import pytest

from tests.chaos import socket_line


@pytest.mark.skipif(sys.platform != "linux", reason="Processes are killed by what /proc says.")
@pytest.mark.timeout(600)
def test_sample_of_line_trouble():
    """A line that is cut, refreshed, doubled or away for ten minutes loses and repeats nothing."""
    figures = list(socket_line.measure(long=False, times=1))

    assert [figure for figure in figures if not figure.holds] == []
