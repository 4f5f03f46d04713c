"""What `make bench` and `make chaos` run: every file of tests/bench or tests/chaos is one row.

A row is a file with a function `measure(*, long)` that yields figures as it finds them. To add one,
add a file; `test_...` files beside it are what CI runs of it. `ONLY=row` runs one, and `LONG=1` at
full length. The figures go into a table, and after each one into `bench.json` or `chaos.json`.
"""

import importlib
import json
import os
import sys
from dataclasses import asdict, dataclass
from pathlib import Path

TESTS = Path(__file__).parent


@dataclass(frozen=True)
class Figure:
    """One measured value; `goal` is in words, and `holds` says whether it is reached."""

    name: str
    value: float
    unit: str
    goal: str
    holds: bool


def at_most(name, value, unit, most):
    """A figure that should not be larger than this."""
    return Figure(name, round(value, 2), unit, f"at most {most:g}", value <= most)


def at_least(name, value, unit, least):
    """A figure that should not be smaller than this."""
    return Figure(name, round(value, 2), unit, f"at least {least:g}", value >= least)


def exactly(name, value, unit, wanted):
    """A figure that should be this very number."""
    return Figure(name, value, unit, f"{wanted:g}", value == wanted)


def known(name, value, unit):
    """A figure that is told, without a goal."""
    return Figure(name, round(value, 2), unit, "", True)


def rows_of(kind):
    """What measures, by the name of its row."""
    names = [path.stem for path in sorted((TESTS / kind).glob("*.py"))]
    rows = [name for name in names if not name.startswith("test_")]
    return {name: importlib.import_module(f"tests.{kind}.{name}").measure for name in rows}


def run(rows, target, *, long=False):
    """Run rows, print and write each figure as it comes; whether all of them hold."""
    figures = []
    for name, measure in rows.items():
        for figure in measure(long=long):
            figures.append(figure)
            target.write_text(json.dumps([asdict(each) for each in figures], indent=2) + "\n")
            print(_line(name, figure), flush=True)  # noqa: T201 - this is what it is for
    return all(figure.holds for figure in figures)


def _line(row, figure):
    mark = "ok" if figure.holds else "NOT REACHED"
    value = f"{figure.value:g} {figure.unit}"
    return f"{row:<20} {figure.name:<40} {value:>31}  {figure.goal:<14} {mark}"


def main():
    """`python -m tests.figures bench` or `chaos`; gives 1 where a goal is not reached."""
    kind, only = sys.argv[1], os.environ.get("ONLY", "")
    rows = rows_of(kind)
    if only and only not in rows:
        sys.exit(f"There is no row {only}. There are: {', '.join(rows)}.")
    rows = {only: rows[only]} if only else rows
    sys.exit(0 if run(rows, Path(f"{kind}.json"), long=os.environ.get("LONG") == "1") else 1)


if __name__ == "__main__":
    main()
