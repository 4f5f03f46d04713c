import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.errors import CommandError
from bot.rules import RULE_MAX_CHARS, Rule, Term, parse_label, parse_rule, tidy
from tests.generated_rules import rules


def refusal(text):
    """Why a rule cannot be followed; None where it can."""
    try:
        parse_rule(text)
    except CommandError as error:
        return error.facts
    return None


def read(text):
    """Read a rule as far as it can be read."""
    return None if refusal(text) else parse_rule(text)


@pytest.mark.parametrize(
    ("text", "label", "over_percent", "printed"),
    [
        ("dog", "dog", None, "dog"),
        ("Dog", "Dog", None, "Dog"),
        ("  mobile \t phone ", "mobile phone", None, "mobile phone"),
        ("mobile\u00a0phone", "mobile phone", None, "mobile phone"),
        ("zero\u200bwidth", "zerowidth", None, "zerowidth"),
        ('"mobile phone"', "mobile phone", None, "mobile phone"),
        ("“mobile  phone”", "mobile phone", None, "mobile phone"),
        ("'mobile phone'", "mobile phone", None, "mobile phone"),
        ("\u2018mobile phone\u2019, over 90", "mobile phone", 90.0, "mobile phone over 90%"),
        ("`dog`", "dog", None, "dog"),
        ('"dog', "dog", None, "dog"),
        ("dog.", "dog", None, "dog"),
        ("farmer\u2019s market", "farmer's market", None, "farmer's market"),
        ("'farmer's market'", "farmer's market", None, "farmer's market"),
        ("St. Peter's Basilica", "St. Peter's Basilica", None, "St. Peter's Basilica"),
        ("18-wheeler truck", "18-wheeler truck", None, "18-wheeler truck"),
        ("can\u0303o", "caño", None, "caño"),
        ("dog over 90%", "dog", 90.0, "dog over 90%"),
        ("dog OVER 90 %", "dog", 90.0, "dog over 90%"),
        ("dog, over 90 percent.", "dog", 90.0, "dog over 90%"),
        ("dog over 90", "dog", 90.0, "dog over 90%"),
        ("dog over 85,5%", "dog", 85.5, "dog over 85.5%"),
        ("dog over 0.01", "dog", 0.01, "dog over 0.01%"),
        ("dog over 100%", "dog", 100.0, "dog over 100%"),
        ('"Mac and Cheese"', "Mac and Cheese", None, '"Mac and Cheese"'),
        ('mac "and" cheese over 90', "mac and cheese", 90.0, '"mac and cheese" over 90%'),
        ('"game over"', "game over", None, '"game over"'),
        ('"over"', "over", None, '"over"'),
        ('"wow!"', "wow!", None, '"wow!"'),
        ("Bun (Hairstyle)", "Bun (Hairstyle)", None, '"Bun (Hairstyle)"'),
        ("Cabin In The Woods", "Cabin In The Woods", None, "Cabin In The Woods"),
    ],
)
def test_rule_reads_and_prints(text, label, over_percent, printed):
    """A rule is read forgivingly, keeps the spelling that was typed, and prints tidily."""
    rule = parse_rule(text)

    assert rule == Rule(Term(label, over_percent=over_percent))
    assert str(rule) == printed


WORDS = st.sampled_from(
    [
        *(
            "dog",
            "Mac",
            "90%",
            "3",
            "(",
            ")",
            "(x)",
            '"',
            "“",
            "'",
            "\u2019",
            ",",
            ".",
            " ",
            "é",
            "<",
        ),
        *("and", "or", "not", "over", "at", "least", "most", "bigger", "than", "missing", "where"),
        *("in", "from", "tell", "every", "always", "1h", "me", "bots", "exact:", "Category:"),
        *("<#C1|photos>", "<@U1>", "#photos", "@ana", "s3://cams/in", "photos", "the woods"),
    ]
)
TEXTS = st.text(max_size=40) | st.lists(WORDS, max_size=14).map(" ".join)


@given(TEXTS | TEXTS.map(lambda text: f'"{text}" over 5'))
@example('A"\u0300')
@example("\u1fef\u1fef")
@example("\"x 'a' y\" over 1.005")
def test_print_inverts_parse(text):
    """Whatever can be read prints as something that reads back as the same rule."""
    rule = read(text)

    assert rule is None or parse_rule(str(rule)) == rule


@given(rules().filter(lambda rule: len(str(rule)) <= RULE_MAX_CHARS))
def test_every_rule_reads_back(rule):
    """Whatever a rule asks for, its printed form is read as the very same rule."""
    assert parse_rule(str(rule)) == rule


@given(TEXTS)
def test_refusals_help(text):
    """Whatever is refused, in few words, the example that is given can be typed."""
    facts = refusal(text)

    assert facts is None or len(facts["problem"]) < 250
    assert facts is None or parse_rule(facts["example"].removeprefix("/labels watch "))


@given(st.text(max_size=40).map(lambda text: text.replace('"', "")))
def test_any_quoted_name_reads(text):
    """Every visible name of a tidy spelling can be watched when it stands in quotes."""
    name = tidy(text).replace('"', "")
    rule = read(f'"{name}"')

    assert rule == (Rule(Term(tidy(name))) if name.strip() else None)


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        ("(dog or cat) and not indoors in <#C1>", None),
        ("person at least 3 every 1 hour", "person at least 3 every 1h"),
        ("helmet missing where person", None),
        ("category:“Animals and Pets”", 'category:"Animals and Pets"'),
        ("Exact: Vehicle", "exact:Vehicle"),
        ("dog in <#C1|photos> over 90%", "dog over 90% in <#C1>"),
        ("dog and, and cat,, OR or bird.", "dog and cat or bird"),
        ("dog and not in <#C1> and every 2d", "dog not in <#C1> every 2d"),
        (
            "dog always tell <#C9> in s3://b/k not from bots from <@U1> not in <#C2> in <#C1>",
            "dog in <#C1> not in <#C2> from <@U1> not from bots in s3://b/k tell <#C9> always",
        ),
    ],
)
def test_options_in_any_order(text, printed):
    """Labels come first, then options in any order, printed in one; doubles are forgiven."""
    assert str(parse_rule(text)) == (printed or text)


@pytest.mark.parametrize(
    ("text", "problem", "example"),
    [
        ("", "Which label?", "dog over 90%"),
        ('""', "Which label?", "dog over 90%"),
        ("...", "Which label?", "dog over 90%"),
        ("always every 1h", "Which label?", "dog over 90%"),
        ("not indoors", "say where it should be missing", "indoors missing where person"),
        ("dog or not cat", "say where it should be missing", "indoors missing where person"),
        ("not (dog or cat)", "say where", "(dog or cat) missing where person"),
        ("dog in <#C1> and cat", "“and” belongs before the options", "dog and cat in <#C1>"),
        ("a or b in <#C1> over 9%", "“over” belongs behind", "(a or b) over 9% in <#C1>"),
        (" or ".join(f"label {n}" for n in range(50)), "at most 500 characters", "dog over 90%"),
    ],
)
def test_refused_as_a_whole(text, problem, example):
    """What is no rule as a whole is refused, with the same words put right where that is clear."""
    facts = refusal(text)

    assert problem in facts["problem"]
    assert facts["example"] == f"/labels watch {example}"


def test_refusals_stay_short():
    """However much was typed, a refusal quotes little of it."""
    assert len(refusal("dog over " + "9" * 5000)["problem"]) < 120


@pytest.mark.parametrize("text", ["(" * 3000 + "dog", "not " * 3001 + "dog", "(dog and " * 3000])
def test_deep_nesting_is_survived(text):
    """Any number of brackets and negations is answered."""
    assert refusal(text)


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("“Mac  and cheese”", "Mac and cheese"),
        ("Dog in Hat.", "Dog in Hat"),
        ("Bun (Hairstyle)", "Bun (Hairstyle)"),
        ("dog over 90%", None),
        ("mac and cheese", None),
        ("dog, cat", None),
        ("(dog)", None),
        ("exact:dog", None),
        ("<#C1|photos>", None),
        ("", None),
    ],
)
def test_one_label_alone(text, label):
    """Where one label is asked for, its name is read as in a rule, and nothing else."""
    if label is None:
        with pytest.raises(CommandError):
            parse_label(text)
        return

    assert parse_label(text) == label
