import sys

import pytest

from tests.chaos import database_killed


@pytest.mark.timeout(400)
@pytest.mark.skipif(sys.platform != "linux", reason="Processes are killed by what /proc says.")
def test_sample_of_database_killed():
    """PostgreSQL is killed while pictures are posted, and none is lost or answered twice."""
    figures = list(database_killed.measure(long=False, count=30, every_s=(1.0, 3.0)))

    assert [figure for figure in figures if not figure.holds] == []
