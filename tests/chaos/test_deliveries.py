import sys

import pytest

from tests.chaos import deliveries


@pytest.mark.timeout(400)
@pytest.mark.skipif(sys.platform != "linux", reason="Processes are killed by what /proc says.")
def test_sample_of_deliveries():
    """Thirty posts, delivered up to four times in any order, have one answer each."""
    figures = list(deliveries.measure(long=False, count=30))

    assert [figure for figure in figures if not figure.holds] == []
