import sys

import pytest

from tests.chaos import database_away


@pytest.mark.timeout(400)
@pytest.mark.skipif(sys.platform != "linux", reason="Processes are killed by what /proc says.")
def test_sample_of_database_away():
    """While PostgreSQL is away Slack hears a no, and what it delivers again is served."""
    figures = list(database_away.measure(long=False, rounds=1, names=["PostgreSQL away"]))

    assert [figure for figure in figures if not figure.holds and figure.unit != "s"] == []
