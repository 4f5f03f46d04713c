import pytest

from bot.rules import Posted, parse_rule, print_duration

HERE = Posted("C1", "U1")
OWN = Posted("C1", "U1", is_own=True)
BOT = Posted("C1", "B1", by_bot=True)
FRONT = Posted("C1", "U1", s3_url="s3://cams/front/1.jpg")


@pytest.mark.parametrize(
    ("options", "posted", "objection"),
    [
        ("", HERE, None),
        ("", BOT, None),
        ("", FRONT, None),
        ("in <#C1>", HERE, None),
        ("in <#C2>", HERE, "Posted in none of its channels."),
        ("in <#C2>, <#C1>", HERE, None),
        ("not in <#C1>", HERE, "Posted in a channel that it leaves out."),
        ("not in <#C2>", HERE, None),
        ("from <@U1>", HERE, None),
        ("from <@U2>", HERE, "Posted by somebody whom it does not name."),
        ("from <@U2>, <@U1>", HERE, None),
        ("not from <@U1>", HERE, "Posted by somebody whom it leaves out."),
        ("not from <@U2>", HERE, None),
        ("from bots", HERE, "Posted by somebody whom it does not name."),
        ("from bots", BOT, None),
        ("not from bots", HERE, None),
        ("not from bots", BOT, "Posted by somebody whom it leaves out."),
        ("", OWN, "Your own pictures count only with “from me”."),
        ("from <@U2>", OWN, "Your own pictures count only with “from me”."),
        ("from me", OWN, None),
        ("from me", HERE, "Posted by somebody whom it does not name."),
        ("from <@U1>", OWN, None),
        ("tell <#C9>", OWN, None),
        ("tell <#C9> not from me", OWN, "Posted by somebody whom it leaves out."),
        ("not from me", HERE, None),
        ("in s3://cams", HERE, "In none of its places in S3."),
        ("in s3://cams", FRONT, None),
        ("in s3://cams/front", FRONT, None),
        ("in s3://cams/front/1.jpg", FRONT, None),
        ("in s3://cams/fro", FRONT, "In none of its places in S3."),
        ("in s3://cam", FRONT, "In none of its places in S3."),
        ("in s3://other, s3://cams", FRONT, None),
        ("not in s3://cams/front", FRONT, "In a place in S3 that it leaves out."),
        ("not in s3://cams/back", FRONT, None),
        ("not in s3://cams/front", HERE, None),
        ("in <#C1> in s3://cams", FRONT, None),
        ("in <#C2> in s3://cams", FRONT, "Posted in none of its channels."),
        ("in <#C1> from <@U2>", HERE, "Posted by somebody whom it does not name."),
    ],
)
def test_scope(options, posted, objection):
    """Every scope lets through what it names and nothing else, and says what it objects to."""
    assert parse_rule(f"dog {options}").objection(posted) == objection


@pytest.mark.parametrize(
    ("duration_s", "text"), [(60, "1m"), (90, "90s"), (5400, "90m"), (3600, "1h"), (172_800, "2d")]
)
def test_duration_prints(duration_s, text):
    """A time is printed in the largest unit that needs no fraction."""
    assert print_duration(duration_s) == text
