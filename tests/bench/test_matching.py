from bot.rules import names_of
from tests.bench import matching


def test_sample_of_matching():
    """Each number of watches is timed through the records, and the most against the fewest."""
    figures = list(matching.measure(long=False, sizes=(10, 40)))

    assert [figure.name for figure in figures[:2]] == [
        "10 watches, of which 10 fire",
        "40 watches, of which 10 fire",
    ]
    assert len(figures) == 3
    assert figures[0].value > 0
    assert figures[2].goal == "at most 5"


def test_watches_are_spread():
    """Hardly two watches are about the same name, and some are about what the picture shows."""
    names = names_of(matching.picture().shown.analysis)
    keys = [rule.index_keys for rule in matching.rules(1_000)]

    assert len(frozenset().union(*keys)) > 900
    assert 10 < sum(not names.isdisjoint(each) for each in keys) < 40
