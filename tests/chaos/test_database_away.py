import sys

import pytest

from tests.chaos import database_away


@pytest.mark.timeout(400)
@pytest.mark.skipif(sys.platform != "linux", reason="Processes are killed by what /proc says.")
def test_sample_of_database_away():
    """Whatever ails the database, Slack is refused in time and its redelivery is served."""
    figures = list(database_away.measure(long=False, rounds=1))

    assert [figure for figure in figures if not figure.holds] == []
