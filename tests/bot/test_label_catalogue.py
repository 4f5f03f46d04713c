import pytest

from bot.label_catalogue import Catalogue

LIST = Catalogue(
    {
        "Cat": ("Animals and Pets",),
        "Dog": ("Animals and Pets",),
        "God": ("Religion",),
        "Mobile Phone": ("Technology and Computing",),
        "TV": (),
    },
    {"Cell Phone": "Mobile Phone", "Television": "TV"},
    ("Animals and Pets", "Religion", "Technology and Computing"),
)


@pytest.mark.parametrize(
    ("typed", "label"),
    [
        ("dog", "Dog"),
        ("CELL  phone", "Mobile Phone"),
        ("mobile phone", "Mobile Phone"),
        ("television", "TV"),
        ("dgo", "dgo"),
    ],
)
def test_canonical_name(typed, label):
    """Case, spaces and other names aside, a label has one name; an unknown one stays as it is."""
    assert LIST.canonical(typed) == label


def test_known_names():
    """Labels and other names for them are known, and nothing else."""
    names = ("tv", "Television", "dgo", "")

    assert [LIST.known(name) for name in names] == [True, True, False, False]


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("dgo", ["Dog", "God"]),
        ("mobil phone", ["Mobile Phone"]),
        ("cel phone", ["Cell Phone"]),
        ("platypus", []),
    ],
)
def test_near_names(typed, meant):
    """What was probably meant comes first; of nothing that is close, nothing."""
    assert LIST.near(typed) == meant


def test_categories():
    """Categories are known in any case, and a typo finds what was meant."""
    assert LIST.category("animals AND pets") == "Animals and Pets"
    assert LIST.category("animals") is None
    assert LIST.near_categories("animal and pets") == ["Animals and Pets"]


def test_label_tells_all():
    """A label by any of its names comes with its other names and its categories."""
    phone = LIST.label("cell phone")

    assert (phone.name, phone.aliases) == ("Mobile Phone", ("Cell Phone",))
    assert phone.categories == ("Technology and Computing",)


def test_empty_knows_nothing():
    """Before an import there is no list, and it knows nothing."""
    empty = Catalogue()

    assert not empty
    assert LIST
    assert not empty.known("dog")
    assert empty.canonical("dog") == "dog"
    assert empty.label("dog").categories == ()


def test_catalogue_as_json():
    """What is written as JSON reads back the same."""
    assert Catalogue.from_json(LIST.to_json()) == LIST


def test_catalogue_in_words():
    """Its size can be said."""
    assert str(LIST) == "5 labels, 2 other names for them, 3 categories"
    assert str(Catalogue({"TV": ()}, {"Television": "TV"}, ("Home",))) == (
        "1 label, 1 other name for them, 1 category"
    )
