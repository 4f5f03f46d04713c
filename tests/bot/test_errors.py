import ast
import json
import re
import string
from pathlib import Path

import pytest

from bot import errors
from bot.errors import BY_CODE, SpotterError, Turn, describe

CLASSES = [
    kind
    for kind in vars(errors).values()
    if isinstance(kind, type) and issubclass(kind, SpotterError)
]
LENIENT = [kind for kind in CLASSES if kind is not errors.SettingsError]
FACTS = {
    "error": "channel_not_found",
    "example": "/labels help",
    "file": "labels.zip",
    "instead": "a smaller copy",
    "kind": "SVG",
    "left_out": "3",
    "limit": "50 megapixels",
    "problem": "“x” is not a command.",
    "problems": ["S3_BUCKET is missing.", "PORT is not a number."],
    "reference": "7f3a",
    "resumes_on": "1 December",
    "what": "it has 80 megapixels",
}


def gaps(kind):
    """List the facts that the words of an error class have a place for."""
    return {name for _, name, _, _ in string.Formatter().parse(kind.words) if name}


def build(kind):
    """Build an error with every fact that it takes."""
    if kind is errors.SettingsError:
        return kind(problems=FACTS["problems"])
    return kind(**{name: FACTS[name] for name in gaps(kind)})


def drawn():
    """Read the tree in the docstring of bot.errors as pairs of a class and its parent."""
    path, pairs = [], []
    for line in errors.__doc__.splitlines():
        branch = re.match(r"((?:[│ ]   )*[├└]── |(?=SpotterError$))(\w+)", line)
        if branch:
            depth = len(branch[1]) // 4
            path[depth:] = [branch[2]]
            pairs.append((branch[2], path[depth - 1] if depth else "Exception"))
    return pairs


@pytest.mark.parametrize("kind", CLASSES)
def test_own_code(kind):
    """Every error class has a code of its own, apart from the root, which nobody raises."""
    assert kind is SpotterError or "code" in vars(kind)
    assert kind is SpotterError or BY_CODE[kind.code] is kind
    assert re.fullmatch(r"[a-z]+(_[a-z]+)*", kind.code)


def test_codes_differ():
    """No two error classes share a code."""
    codes = [kind.code for kind in CLASSES if kind is not SpotterError]

    assert sorted(codes) == sorted(set(codes))


@pytest.mark.parametrize("kind", CLASSES)
def test_words_hold_facts(kind):
    """The words name every fact and leave no gap open."""
    text = str(build(kind))

    assert all(FACTS[name] in text for name in gaps(kind))
    assert not re.search(r"[{}?]", text)


@pytest.mark.parametrize("kind", CLASSES)
def test_words_are_sentences(kind):
    """The words are sentences for people: they begin with a capital and end with a full stop."""
    words = kind.words.format_map(FACTS | {"problem": "X.", "example": "x."})

    assert re.fullmatch(r"[A-Z].*\.", words)
    assert "  " not in words


@pytest.mark.parametrize("kind", LENIENT)
def test_missing_facts_are_marked(kind):
    """A fact that an older release did not record reads as a question mark."""
    assert str(kind()).count("?") == len(gaps(kind))


@pytest.mark.parametrize("kind", CLASSES)
def test_try_again_is_offered(kind):
    """Words ask to press Try again only where that may help."""
    asks = "press try again" in kind.words.casefold()

    assert kind.can_pass or not asks


@pytest.mark.parametrize("kind", CLASSES)
def test_waiting_implies_passing(kind):
    """What passes by itself may also pass when a person tries again."""
    assert kind.can_pass or not kind.passes_by_itself


@pytest.mark.parametrize("kind", CLASSES)
def test_turn_is_known(kind):
    """Every error says whose turn it is."""
    assert isinstance(kind.turn, Turn)


@pytest.mark.parametrize("kind", LENIENT)
def test_outcome_describes_itself(kind):
    """A recorded outcome is JSON and comes back as the same class with the same words."""
    error = build(kind)

    back = describe(json.loads(json.dumps(error.to_outcome())))

    assert type(back) is BY_CODE[kind.code]
    assert back.facts == error.facts
    assert kind is SpotterError or str(back) == str(error)


@pytest.mark.parametrize(
    "outcome", [{}, {"outcome": "of_the_future", "facts": {"a": 1}}, {"outcome": None}]
)
def test_unknown_outcome_has_words(outcome):
    """An outcome that another release recorded still has words."""
    assert str(describe(outcome)) == SpotterError.words


def test_settings_error_lists_problems():
    """The settings error prints every problem on a line of its own."""
    error = build(errors.SettingsError)

    assert str(error).splitlines() == FACTS["problems"]
    assert str(describe(error.to_outcome())) == SpotterError.words


def test_docstring_draws_every_class():
    """The tree in the docstring is the tree of classes, in the order of the code."""
    source = ast.parse(Path(errors.__file__).read_text(encoding="utf-8"))
    classes = {node.name for node in source.body if isinstance(node, ast.ClassDef)}
    tree = [(kind.__name__, kind.__base__.__name__) for kind in CLASSES]

    assert drawn() == tree
    assert {name for name, _ in tree} == classes - {"Turn", "_Gaps"}
