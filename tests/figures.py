"""What `make bench` and `make chaos` run: every file of tests/bench or tests/chaos is one row.

A row is a file with a function `measure(*, long)` that yields figures as it finds them. To add one,
add a file; `test_...` files beside it are what CI runs of it. `ONLY=row` runs one, and `LONG=1` at
full length. The figures go into a table, and after each one into `bench.json` or `chaos.json`; a
row that runs alone leaves there what is known of the others. `python -m tests.figures table chaos`
makes the table of README.md from that.
"""

import importlib
import json
import logging
import os
import signal
import sys
import time
from dataclasses import asdict, dataclass
from pathlib import Path

TESTS = Path(__file__).parent
USES = (["bench"], ["chaos"], ["table", "bench"], ["table", "chaos"])


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


def run(rows, target, *, long=False, kept=()):
    """Run rows, print and write each figure as it comes, behind those kept; whether all hold."""
    figures, holds = list(kept), True
    for row, measure in rows.items():
        begun_s = time.monotonic()
        for figure in measure(long=long):
            figures.append({**asdict(figure), "name": f"{row}: {figure.name}"})
            holds = holds and figure.holds
            target.write_text(json.dumps(figures, indent=2) + "\n")
            print(_line(row, figure), flush=True)  # noqa: T201 - this is what it is for
        minutes = (time.monotonic() - begun_s) / 60
        print(f"{row:<20} took {minutes:.1f} minutes", flush=True)  # noqa: T201 - same
    return holds


def known_of_others(row, target):
    """The figures that were written before for the rows beside this one."""
    written = json.loads(target.read_text()) if target.exists() else []
    return [figure for figure in written if not figure["name"].startswith(f"{row}: ")]


def markdown(figures, rows):
    """The table of README.md: what was measured, by the names of the rows, and what was not."""
    lines = ["| Row | What is measured | Figure | Goal |", "| --- | --- | --- | --- |"]
    for figure in sorted(figures, key=lambda one: one["name"].partition(":")[0]):
        row, _, name = figure["name"].partition(": ")
        missed = "" if figure["holds"] else " (not reached)"
        value = f"{figure['value']:g} {figure['unit']}".strip()
        lines.append(f"| {row} | {name} | {value} | {figure['goal']}{missed} |")
    left = sorted(set(rows) - {figure["name"].partition(":")[0] for figure in figures})
    not_measured = f"\n\nNot in this run: {', '.join(left)}." if left else ""
    return "\n".join(lines) + not_measured


def _line(row, figure):
    mark = "ok" if figure.holds else "NOT REACHED"
    value = f"{figure.value:g} {figure.unit}"
    return f"{row:<20} {figure.name:<40} {value:>31}  {figure.goal:<14} {mark}"


def main():
    """`python -m tests.figures bench` or `chaos`; gives 1 where a goal is not reached."""
    # As Ctrl-C does: what a row has started ends with it.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    # A server of the stand-ins that is busy, or whose answer was cut, is what is measured.
    logging.getLogger("waitress").setLevel(logging.ERROR)
    if sys.argv[1:] not in USES:
        sys.exit("Say one of: bench, chaos, table bench, table chaos.")
    *table, kind = sys.argv[1:]
    target, only = Path(f"{kind}.json"), os.environ.get("ONLY", "")
    if table:
        if not target.exists():
            sys.exit(f"There is no {target} yet: make {kind} writes it.")
        print(markdown(json.loads(target.read_text()), rows_of(kind)))  # noqa: T201 - same
        return 0
    rows = rows_of(kind)
    if only and only not in rows:
        sys.exit(f"There is no row {only}. There are: {', '.join(rows)}.")
    kept = known_of_others(only, target) if only else ()
    rows = {only: rows[only]} if only else rows
    return 0 if run(rows, target, long=os.environ.get("LONG") == "1", kept=kept) else 1


if __name__ == "__main__":
    sys.exit(main())
