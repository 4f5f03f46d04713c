import pytest

from tests.bench import growth


@pytest.mark.timeout(300)
def test_sample_of_growth():
    """A bot whose store was filled answers, and so does one with a worker on PostgreSQL."""
    sizes = {"sizes": (30,), "repetitions": 1, "burst": 3, "fleets": (1,)}
    figures = {one.name: one for one in growth.measure(long=False, **sizes)}

    assert figures["with 30 pictures stored"].value > 0
    assert figures["PostgreSQL, 1 workers: lost"].holds
