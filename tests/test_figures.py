import json

import pytest

from tests import figures


@pytest.mark.parametrize("kind", ["bench", "chaos"])
def test_rows_are_files(kind):
    """Every file of tests/bench and tests/chaos that is no test is a row, and can be measured."""
    rows = figures.rows_of(kind)

    assert rows
    assert all(callable(measure) for measure in rows.values())


def test_figures_are_written(tmp_path):
    """Every figure is written as it comes, with its goal and whether that is reached."""
    target, seen = tmp_path / "bench.json", []

    def measure(*, long):
        assert not long
        yield figures.at_most("a", 1.5, "s", 2)
        seen.extend(json.loads(target.read_text()))
        yield figures.exactly("b", 3, "", 4)

    holds = figures.run({"row": measure}, target)

    assert not holds
    assert json.loads(target.read_text()) == [
        *seen,
        {"name": "b", "value": 3, "unit": "", "goal": "4", "holds": False},
    ]
    assert seen == [{"name": "a", "value": 1.5, "unit": "s", "goal": "at most 2", "holds": True}]
