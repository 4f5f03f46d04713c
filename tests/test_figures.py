import json
import re
from pathlib import Path

import pytest

from tests import figures

ROOT = Path(__file__).parents[1]


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
        {"name": "row: b", "value": 3, "unit": "", "goal": "4", "holds": False},
    ]
    assert seen == [
        {"name": "row: a", "value": 1.5, "unit": "s", "goal": "at most 2", "holds": True}
    ]


def test_row_alone_keeps_others(tmp_path):
    """What was measured of other rows stays when one is run alone; its own figures are replaced."""
    target, rows = tmp_path / "chaos.json", {}
    for number, row in enumerate(("one", "two", "one")):
        rows[row] = lambda *, long, number=number: [figures.known(f"a{long}", number, "times")]
        kept = figures.known_of_others(row, target)
        figures.run({row: rows[row]}, target, kept=kept)

    table = figures.markdown(json.loads(target.read_text()), ["one", "two", "three"])

    assert table.splitlines()[2:] == [
        "| one | aFalse | 2 times |  |",
        "| two | aFalse | 1 times |  |",
        "",
        "Not in this run: three.",
    ]


@pytest.mark.parametrize("words", [[], ["tabel", "chaos"], ["table", "nonsense"]])
def test_unknown_words(monkeypatch, words):
    """Words that mean nothing are told apart, with those that do."""
    monkeypatch.setattr("sys.argv", ["figures", *words])

    with pytest.raises(SystemExit, match="Say one of: bench, chaos"):
        figures.main()


def test_table_before_any_run(tmp_path, monkeypatch):
    """Who asks for a table before anything was measured is told what writes it."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("sys.argv", ["figures", "table", "bench"])

    with pytest.raises(SystemExit, match=r"There is no bench.json yet: make bench"):
        figures.main()


@pytest.mark.parametrize("kind", ["bench", "chaos"])
def test_readme_shows_figures(kind):
    """README.md shows figures of every row that can be run, or says that it was not in the run."""
    readme = (ROOT / "README.md").read_text()
    part = readme.split(f"<!-- {kind} -->")[1].split(f"<!-- /{kind} -->")[0].strip()
    table, _, left = part.partition("\n\nNot in this run: ")
    cells = [[cell.strip() for cell in line.split("|")[1:-1]] for line in table.splitlines()]
    measured = {line[0] for line in cells[2:]}

    assert cells[0] == ["Row", "What is measured", "Figure", "Goal"]
    assert {len(line) for line in cells} == {4}
    assert measured | set(left.rstrip(".").split(", ")) - {""} == set(figures.rows_of(kind))
    assert all(re.match(r"-?[0-9.e+]+( |$)", line[2]) for line in cells[2:])
