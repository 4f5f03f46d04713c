"""Rules and pictures of every shape, for tests of what holds for all of them."""

from hypothesis import strategies as st

from bot.model import Analysis, Instance, Label, RatioBox
from bot.rules import And, Or, Rule, Term, join, tidy
from bot.rules.terms import index_keys, negate

NAMES = (
    *("Dog", "Mobile Phone", "Mac and Cheese", "Cabin In The Woods", "Bun (Hairstyle)", "hat in"),
    *("farmer's market", "rock 'n", "n' roll", "over", "in", "from me", "St. Peter", "wow!", "7 %"),
    *("a, b", "exact:x", "category:", "<#C1>", "#photos", "s3://b/k", "(x)", "at least 3", "every"),
)


def _is_name(text):
    return bool(text) and '"' not in text and len(text) <= 100


names = st.sampled_from(NAMES) | st.text(max_size=8).map(tidy).filter(_is_name)
conditions = st.lists(
    st.sampled_from(
        [
            ("over_percent", 85.5),
            ("over_percent", 0.01),
            ("at_least", 1),
            ("at_least", 30),
            ("at_most", 30),
            ("at_most", 1000),
            ("bigger_than_percent", 99.99),
            ("exact", True),
        ]
    ),
    max_size=3,
).map(dict)
terms = st.builds(lambda name, more: Term(name, **more), names, conditions) | st.builds(
    Term, names, is_category=st.just(True)
)


def trees(leaves):
    """Those joined in every way; what needs no label to be there is left out."""

    def grow(inner):
        several = st.lists(inner, min_size=2, max_size=3)
        kinds = st.sampled_from([And, Or])
        return st.builds(join, kinds, several) | st.builds(negate, inner)

    return st.recursive(leaves, grow, max_leaves=5).filter(index_keys)


options = st.lists(
    st.sampled_from(
        [
            ("in_channels", ("C1", "C0PHOTOS")),
            ("in_channels", ("C1",)),
            ("not_in_channels", ("G1",)),
            ("from_people", ("me", "U1")),
            ("from_people", ("U1", "bots", "me")),
            ("not_from_people", ("bots", "W2A")),
            ("not_from_people", ("me",)),
            ("s3_prefixes", ("s3://b1", "s3://my-cams/in the/hall")),
            ("not_s3_prefixes", ("s3://b/a,b", "s3://b/it's(1)", "s3://b/5%;")),
            ("tell", "C9"),
            ("every_s", 90),
            ("every_s", 2_592_000),
        ]
    ),
    max_size=5,
).map(dict)


@st.composite
def rules(draw):
    """A rule with any labels and options, as long as one may type it."""
    found = draw(options)
    return Rule(draw(trees(terms)), always="every_s" not in found and draw(st.booleans()), **found)


_boxes = st.sampled_from(
    [RatioBox(0, 0, 0.5, 1), RatioBox(0, 0, 0.5, 0.99), RatioBox(-0.1, 0.5, 0.3, 0.2)]
)
_percents = st.sampled_from([55.0, 79.9, 80.0, 99.0])
_few = st.sampled_from(["Dog", "Cat", "Animal"])
_few_names = st.sampled_from([(), ("Animal",), ("Dog", "Animal")])
labels = st.builds(
    Label,
    _few,
    _percents,
    st.lists(st.builds(Instance, _boxes, _percents), max_size=2).map(tuple),
    parents=_few_names,
    aliases=_few_names,
    categories=_few_names,
)
analyses = st.lists(labels, max_size=3).map(lambda found: Analysis(tuple(found)))
few_terms = st.builds(
    lambda name, more: Term(name.lower(), **more),
    _few,
    st.sampled_from(
        [{}, {"exact": True}, {"is_category": True}, {"at_least": 2}, {"bigger_than_percent": 10.0}]
    ),
)
