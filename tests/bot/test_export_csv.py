import csv
import datetime as dt
import io
import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.export_csv import COLUMNS, safe_cell, write_csv
from bot.model import Analysis, Label

MADE_AT = dt.datetime(2026, 11, 25, 13, 0, tzinfo=dt.UTC)
FORMULA = "=+-@\u2212\uff1d\uff0b\uff0d\uff20\ufe66\ufe62\ufe63\ufe6b"
BREAKS = ";,|\t\r\n"
TEXTS = st.text(
    st.one_of(st.sampled_from(FORMULA + BREAKS + " \"'\u200b\ufeffa1"), st.characters())
)


def rows(*pictures):
    """Write pictures as CSV and read them as a spreadsheet would."""
    file = io.BytesIO()
    assert write_csv(iter(pictures), file, MADE_AT) == len(pictures)
    text = file.getvalue().decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline=""), strict=True))


def starts_formula(cell):
    """Tell, in another way than the code, whether a program could take a cell for a formula."""
    shown = [c for c in cell if not (c.isspace() or unicodedata.category(c)[0] == "C" or c == '"')]
    return bool(shown) and (
        shown[0] in FORMULA or unicodedata.normalize("NFKC", shown[0])[0] in "=+-@"
    )


def cells_anywhere(text):
    """Give what stands as a cell where another sign than the comma parts cells, or a line ends."""
    cells = [text]
    for sign in BREAKS:
        cells += [piece for cell in list(cells) for piece in cell.split(sign)]
    return cells


@given(TEXTS)
@example("=1+1")
@example("\t=1")
@example("\uff1dcmd|' /C calc'!A0")
@example("a;=1+1")
@example(" \u200b@SUM(A1)")
@example('"=1"')
def test_no_cell_is_formula(text):
    """No cell, nor what another separator would make of it, can be taken for a formula."""
    cell = safe_cell(text)

    assert not any(map(starts_formula, cells_anywhere(cell)))
    assert cell[:1] not in ("\t", "\r", "\n") or not cell


@given(TEXTS)
def test_other_cells_stay(exported, text):
    """What could not be a formula comes back as it was; what could, but for apostrophes."""
    (row,) = rows(exported(file_name=text, labels=[Label("Dog", 90.0)]))
    sent = text.encode("utf-8", errors="replace").decode()

    if any(map(starts_formula, cells_anywhere(text))) or text[:1] in ("\t", "\r", "\n"):
        assert row["file_name"].replace("'", "") == sent.replace("'", "")
    else:
        assert row["file_name"] == sent


def test_row_per_instance(exported):
    """Each box has a row; a label without a box has one too."""
    found = rows(exported())
    told = [(row["label"], row["instance"], row["left_px"]) for row in found]

    assert told == [("Dog", "1", "100"), ("Dog", "2", "0"), ("Park", "", "")]
    assert set(found[0]) == set(COLUMNS)
    assert found[0]["parents"] == "Canine | Animal"


def test_nothing_found_has_row(exported):
    """A picture in which nothing was found has one row, without a label."""
    (row,) = rows(exported(analysis=Analysis((), "3.0")))

    assert (row["file_id"], row["model_version"], row["label"], row["origin"]) == (
        "F1",
        "3.0",
        "",
        "",
    )


def test_box_inside_picture(exported):
    """A box that sticks out is cut at the edges, so that no number is negative."""
    row = rows(exported())[1]

    assert (row["left_ratio"], row["width_ratio"]) == ("0.000000", "0.100000")
    assert (row["top_ratio"], row["height_ratio"]) == ("0.500000", "0.500000")


def test_hostile_names(exported):
    """Names that people chose, of files and of labels, start no formula in any column."""
    label = Label("=1+1", 90.0, parents=("@a", "\uff0bb"), aliases=("-x",), categories=("+y",))
    (row,) = rows(exported(file_name="=HYPERLINK(1)", labels=[label]))

    assert not any(starts_formula(cell) for cell in row.values())
    assert row["label"] == "'=1+1"


def test_empty(exported):
    """Without pictures there are the names of the columns."""
    assert rows() == []
    assert rows(exported(labels=[]))[0]["label"] == ""


@pytest.mark.parametrize("ending", [b"\r\n"])
def test_excel_reads_it(exported, ending):
    """The file begins with the mark by which Excel knows UTF-8, and its lines end as it expects."""
    file = io.BytesIO()
    write_csv([exported(file_name="Zürich 猫.jpg")], file, MADE_AT)

    assert file.getvalue().startswith(b"\xef\xbb\xbfschema_version,")
    assert file.getvalue().endswith(ending)
    assert "Zürich 猫.jpg" in file.getvalue().decode("utf-8-sig")
