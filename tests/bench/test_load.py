import pytest

from tests.bench import load


@pytest.mark.timeout(300)
def test_sample_of_load():
    """For a second, every event is taken and every picture answered."""
    figures = {one.name: one for one in load.measure(long=False, seconds=1)}

    assert figures["events refused"].value == 0
    assert [one for name, one in figures.items() if "lost" in name and not one.holds] == []
