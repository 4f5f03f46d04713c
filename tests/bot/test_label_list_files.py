import contextlib
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import LabelListRefused
from bot.label_list_files import LIMIT_BYTES, NAMES_AT_MOST, read_label_list
from tests.bot.label_lists import stored, written, zipped

HELP = (
    ". Give the zip file of labels that Amazon's page about Rekognition's labels offers, or the "
    "CSV files in it."
)


def refusal(*paths):
    """Why these files are refused, without the help that follows."""
    with pytest.raises(LabelListRefused) as caught:
        read_label_list(paths)
    assert str(caught.value).endswith(HELP)
    return str(caught.value).removesuffix(HELP).removeprefix("Nothing was imported: ")


@pytest.fixture
def given_file(tmp_path):
    """A function that writes bytes into a file and gives its path."""

    def write(data, name="list.csv"):
        (tmp_path / name).write_bytes(data)
        return tmp_path / name

    return write


def test_csv_files(tmp_path):
    """The CSV files together give labels with categories, other names, and all categories."""
    found = read_label_list(written(tmp_path))
    catalogue = found.catalogue

    assert catalogue.labels == {
        "Caño Cristales": ("Popular Landmarks",),
        "Car": (),
        "Dog": ("Animals and Pets",),
        "Dryer Sheet": (),
        "Mobile Phone": (),
        "Washer": (),
        "Body Part": ("Person Description",),
    }
    assert catalogue.aliases["Auto"] == "Car"
    assert len(catalogue.aliases) == 4
    assert {*catalogue.categories} == {
        *("Animals and Pets", "Medical", "Person Description", "Popular Landmarks")
    }


def test_any_order(tmp_path):
    """The order in which files are named changes nothing."""
    paths = written(tmp_path)
    first, last = (read_label_list(each).catalogue for each in (paths, paths[::-1]))

    assert first.names_by_key.keys() == last.names_by_key.keys()
    assert first.aliases == last.aliases


def test_boxes_are_no_list(tmp_path):
    """The file about boxes names some labels under other names, and is left out."""
    assert read_label_list(written(tmp_path)).not_read == ["BoundingBoxLabels.csv"]
    assert refusal(*written(tmp_path, "BoundingBoxLabels.csv")) == (
        "BoundingBoxLabels.csv has no list of labels in it"
    )


def test_zip_is_the_same(tmp_path, given_file):
    """The zip gives what the files in it give; whatever else is in it does not matter."""
    path = given_file(zipped(), "labels.zip")
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("readme.pdf", b"%PDF")
        archive.writestr("__MACOSX/._AllLabels.csv", b"\0\0")
        archive.writestr("../../outside.csv", b"nothing,of,that\n")
    found = read_label_list([path])

    assert found.catalogue == read_label_list(written(tmp_path)).catalogue
    assert "outside.csv in labels.zip" in found.not_read
    assert not list(tmp_path.parent.glob("outside*"))


def test_renamed_file(given_file):
    """What a file holds is told by its first line, whatever it is called."""
    path = given_file(stored("LabelsCategoriesMapping.csv"), "download (3)")

    assert read_label_list([path]).catalogue.known("caño cristales")


@pytest.mark.parametrize("ends", [b"\r\n", b"\r", b"\n\n"])
def test_line_ends(given_file, ends):
    """Every kind of line end is read."""
    path = given_file(stored("AllLabels.csv").replace(b"\n", ends))

    assert len(read_label_list([path]).catalogue.labels) == 6


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "has no list of labels in it"),
        (b"name,price\nDog,3\n", "has no list of labels in it"),
        (b"\x89PNG\r\n\x1a\n\0\0", "has no list of labels in it"),
        (stored("AliasLabels.csv"), "has no list of labels in it"),
        (b"Label\n" + b"x" * 101, "has a name that is too long"),
        (b'Label\n"' + b"x\n" * 100_000, "is not a CSV file"),
        (b"Label\n" + b"x" * LIMIT_BYTES, "is too large: 2 MiB are read at most"),
        (
            b"Label\n" + b"".join(b"%d\n" % number for number in range(NAMES_AT_MOST + 1)),
            "has more than 50,000 names",
        ),
        (zipped()[:400], "is damaged: download it again"),
        (zipped({"readme.txt": b"Label\nDog\n"}), "has no list of labels in it"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_wrong_file(given_file, data, why):
    """A file that is none of Amazon's is refused with what is wrong with it."""
    path = given_file(data)

    assert refusal(path).removeprefix(str(path)).removeprefix(path.name) == f" {why}"


def test_no_file(tmp_path):
    """A folder, a device and a file that is not there are named as they were typed."""
    for path in (tmp_path, tmp_path / "nothing.zip"):
        assert refusal(path) == f"{path} is not a file"


@pytest.mark.parametrize("packing", [zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_zip_bomb(given_file, packing):
    """A zip that unpacks to far more than any list is refused before it is unpacked."""
    bomb = zipped({"AllLabels.csv": b"Label\n" + b"A\n" * 20_000_000}, packing=packing)
    path = given_file(bomb, "bomb.zip")

    assert len(bomb) < LIMIT_BYTES
    assert refusal(path) == "AllLabels.csv in bomb.zip is too large: 2 MiB are read at most"


def test_many_small_bombs(given_file):
    """What is read of all files together is bounded too."""
    members = {f"{number}.csv": b"Label\n" + b"A\n" * 200_000 for number in range(9)}

    assert "too large" in refusal(given_file(zipped(members), "bomb.zip"))


def test_locked_zip(given_file):
    """A zip that wants a password is refused."""
    data = bytearray(zipped({"AllLabels.csv": b"Label\nDog\n"}, packing=zipfile.ZIP_STORED))
    data[6] |= 1
    data[data.index(b"PK\1\2") + 8] |= 1

    assert refusal(given_file(data, "a.zip")) == "a.zip is locked or packed unusually"


@given(st.data())
def test_damaged_zip(tmp_path_factory, data):
    """However a zip is damaged, it is read or refused."""
    damaged = bytearray(zipped())
    for _ in range(data.draw(st.integers(1, 8))):
        damaged[data.draw(st.integers(0, len(damaged) - 1))] = data.draw(st.integers(0, 255))
    path = tmp_path_factory.getbasetemp() / "damaged.zip"
    path.write_bytes(damaged[: data.draw(st.integers(0, len(damaged)))])

    with contextlib.suppress(LabelListRefused):
        assert read_label_list([path]).catalogue
