import pytest

from bot.errors import CommandError
from bot.rules import Rule, Term, parse_rule


@pytest.mark.parametrize(
    ("text", "options"),
    [
        ("in <#C1|photos>", {"in_channels": ("C1",)}),
        ("in <#C1|>, <#G2> and <#C1>", {"in_channels": ("C1", "G2")}),
        ("in <#C1> in <#C2> or <#C3>", {"in_channels": ("C1", "C2", "C3")}),
        ("not in <#C1>, not in <#C2>", {"not_in_channels": ("C1", "C2")}),
        ("in S3://Cams/Front/", {"s3_prefixes": ("s3://cams/Front",)}),
        ("in <s3://cams/a|here>, every 1h", {"s3_prefixes": ("s3://cams/a",), "every_s": 3600}),
        ("in “s3://cams/the hall”", {"s3_prefixes": ("s3://cams/the hall",)}),
        ("not in s3://a, s3://b/x(1)", {"not_s3_prefixes": ("s3://a", "s3://b/x(1)")}),
        (
            "in <#C1> in s3://cams not in <#C2>, s3://b",
            {"in_channels": ("C1",), "s3_prefixes": ("s3://cams",)}
            | {"not_in_channels": ("C2",), "not_s3_prefixes": ("s3://b",)},
        ),
        ("from <@U1|ana> or <@W2>", {"from_people": ("U1", "W2")}),
        ("from ME, Bots", {"from_people": ("me", "bots")}),
        ("not from bots", {"not_from_people": ("bots",)}),
        ("and not from bots, <@U1>", {"not_from_people": ("bots", "U1")}),
        ("every 1h", {"every_s": 3600}),
        ("every hour every 60 mins", {"every_s": 3600}),
        ("every 90 Seconds.", {"every_s": 90}),
        ("every 30d", {"every_s": 2_592_000}),
        ("every 1 week", {"every_s": 604_800}),
        ("tell <#C9|alerts>", {"tell": "C9"}),
        ("tell me", {}),
        ("always", {"always": True}),
        ("Always always and tell tell me", {"always": True}),
    ],
)
def test_options_are_read(text, options):
    """An option is read whatever its case, its commas and the joints of a list."""
    assert parse_rule(f"dog {text}") == Rule(Term("dog"), **options)


@pytest.mark.parametrize(
    ("text", "problem", "example"),
    [
        ("in #photos", "“#photos” is not a channel to me: type #", "in <#C012AB3CD|photos>"),
        ("in photos every 1h", "“photos” is not a channel to me", "in <#C012AB3CD|photos>"),
        ("not in", "“not in” needs a channel", "not in <#C012AB3CD|photos>"),
        ("in <@U1|ana>", "“@ana” is not a channel to me", "in <#C012AB3CD|photos>"),
        ("in s3://", "“s3://” is not a channel to me", "in <#C012AB3CD|photos>"),
        ("from bob", "“bob” is not a person to me: type @", "from <@U012AB3CD|ana>"),
        ("not from @ana", "“@ana” is not a person to me", "not from <@U012AB3CD|ana>"),
        ("from", "“from” needs a person", "from <@U012AB3CD|ana>"),
        ("every 1h in", "“in” needs a channel", "in <#C012AB3CD|photos>"),
        ("in <#C1> not in", "“not in” needs a channel", "not in <#C012AB3CD|photos>"),
        ("always from", "“from” needs a person", "from <@U012AB3CD|ana>"),
        ("in <#C1>, s3://a b", "do not go in one list", "in <#C1> in s3://a"),
        ('in s3://a or "s3://b/c d" and <#C1>', "list", 'in s3://a or "s3://b/c d" in <#C1>'),
        ("every", "“every” takes a time such as 30m, 1h or 2d.", "every 1h"),
        ("every 5", "not “5”", "every 1h"),
        ("every fortnight", "not “fortnight”", "every 1h"),
        ("every 59s", "a minute at least and 30 days at most, not “59s”", "every 1h"),
        ("every 31d", "a minute at least and 30 days at most, not “31d”", "every 1h"),
        ("every 1h every 2h", "“every 1h every 2h” says two things", ""),
        ("tell", "“tell” needs a channel", "tell <#C012AB3CD|alerts>"),
        ("tell #wall", "“#wall” is not a channel to me", "tell <#C012AB3CD|alerts>"),
        ("tell <@U1|ana>", "“@ana” has to ask for that", "tell me"),
        ("tell me tell <#C1>", "says two things", ""),
        ("always every 1h", "“always” tells each time", "always"),
    ],
)
def test_refusal_points_at_word(text, problem, example):
    """A refused option is named, with how it is typed."""
    with pytest.raises(CommandError) as caught:
        parse_rule(f"dog {text}")

    assert problem in caught.value.facts["problem"]
    assert caught.value.facts["example"] == f"/labels watch dog {example}".strip()
