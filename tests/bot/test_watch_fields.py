import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.rules import parse_rule
from bot.watch_fields import ALL, ALWAYS, ANY, WatchFields, fields_of

NAMES = st.sampled_from(["dog", "Mobile Phone", '"Mac and Cheese"', "exact:vehicle", "tree", "cup"])
SETS = st.lists(NAMES, max_size=3, unique=True).map(tuple)
FIELDS = st.builds(
    WatchFields,
    labels=st.lists(NAMES, min_size=1, max_size=3, unique=True).map(tuple),
    joined_by=st.sampled_from([ANY, ALL]),
    without=st.lists(st.sampled_from(["indoors", "car", "night sky"]), unique=True).map(tuple),
    over=st.sampled_from(["", "90", "99.5"]),
    at_least=st.sampled_from(["", "3"]),
    bigger=st.sampled_from(["", "10"]),
    channels=st.sampled_from([(), ("C012AB3CD",), ("C012AB3CD", "C112AB3CD")]),
    people=st.sampled_from([(), ("U012AB3CD",)]),
    every=st.sampled_from(["", "90m", "1h", ALWAYS]),
    tell=st.sampled_from(["", "C212AB3CD"]),
)


@settings(deadline=None)
@given(FIELDS)
def test_fields_come_back(fields):
    """Whatever is filled in is a rule, and that rule is edited in fields that say the same."""
    rule = parse_rule(str(fields))
    again = fields_of(rule)

    assert again is not None
    assert parse_rule(str(again)).key == rule.key
    assert (again.labels, again.without) == (fields.labels, fields.without)


@pytest.mark.parametrize(
    "text",
    [
        "dog",
        "(dog or cat) and not indoors in <#C012AB3CD>",
        "(dog and cat) over 90%",
        "helmet missing where person",
        'category:"Animals and Pets" at least 2 every 1h',
        "dog from <@U012AB3CD> always tell <#C012AB3CD>",
    ],
)
def test_rule_fits_fields(text):
    """What is typed as a line can be edited in the fields, and stays the same."""
    rule = parse_rule(text)

    assert parse_rule(str(fields_of(rule))).key == rule.key


@pytest.mark.parametrize(
    "text",
    [
        "dog over 90% or cat",
        "dog at most 2",
        "dog not in <#C012AB3CD>",
        "dog from me",
        "dog in s3://cams/in",
        "(dog or cat) and (car or bus)",
        "dog and not (cat or car)",
    ],
)
def test_richer_rule_fits_not(text):
    """What asks for more than the fields hold has none."""
    assert fields_of(parse_rule(text)) is None
