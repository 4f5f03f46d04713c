import sys

import pytest

from tests.chaos import quota


@pytest.mark.timeout(400)
@pytest.mark.skipif(sys.platform != "linux", reason="Processes are killed by what /proc says.")
def test_sample_of_quota():
    """Twenty pictures, some of them throttled, keep to five calls a second over four processes."""
    figures = list(quota.measure(long=False, count=20))

    assert [figure for figure in figures if not figure.holds] == []
