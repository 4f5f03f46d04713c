import sys

import pytest

from tests.chaos import service_memory


@pytest.mark.skipif(sys.platform != "linux", reason="Memory is read from /proc.")
def test_sample_of_service_memory():
    """The whole bot stays under its bound of memory, and bombs hardly raise it."""
    figures = list(service_memory.measure(long=False, rounds=1))

    assert [figure for figure in figures if not figure.holds] == []
