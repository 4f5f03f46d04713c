import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.commands import parse_command
from bot.errors import CommandError
from bot.export_command import Export
from bot.permalinks import Permalink

WEEK = dt.timedelta(days=7)
LINK = "https://our.slack.com/archives/C01/p1700000000000100"
MESSAGE = Permalink("C01", "1700000000.000100")
IN_THREAD = Permalink("C01", "1700000000.000100", "1699999999.000001")


@pytest.mark.parametrize(
    ("text", "command"),
    [
        ("export json", Export("json")),
        ("EXPORT Csv", Export("csv")),
        ("export “coco”", Export("coco")),
        ("export csv since 7d", Export("csv", WEEK)),
        ("export csv since 12H", Export("csv", dt.timedelta(hours=12))),
        ("export csv SINCE 4w", Export("csv", dt.timedelta(weeks=4))),
        ("export csv since 2026-11-01", Export("csv", dt.date(2026, 11, 1))),
        ("export csv in <#C1|photos>", Export("csv", channel="C1")),
        ("export csv in <#C1|>", Export("csv", channel="C1")),
        ("export csv in <#C1>", Export("csv", channel="C1")),
        ("export csv in #lab", Export("csv", channel="#lab")),
        ("export json in <#C1|x> since 7d", Export("json", WEEK, "C1")),
        ("export json since 7d in #lab", Export("json", WEEK, "#lab")),
        (f"export csv of {LINK}", Export("csv", thread=MESSAGE)),
        (f"export coco OF <{LINK}|that> since 7d", Export("coco", WEEK, thread=MESSAGE)),
        (
            f"export csv of {LINK}?thread_ts=1699999999.000001&amp;cid=C01",
            Export("csv", thread=IN_THREAD),
        ),
    ],
)
def test_export_is_read(text, command):
    """A format is needed; a period, and a channel or a thread, may follow in any order and case."""
    assert parse_command(text) == command


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("export", "“export” takes one of json, csv, coco."),
        ("export xml", "not “xml”"),
        ("export jsno", "Did you mean “json”?"),
        ("export in #photos", "not “in”"),
        ("export csv #photos", "“#photos” cannot be part of “export”."),
        ("export csv since", "“since” takes 12h, 7d, 4w or the like"),
        ("export csv since yesterday", "not “yesterday”"),
        ("export csv since 0d", "not “0d”"),
        ("export csv since 999999w", "not “999999w”"),
        ("export csv since 2026-02-30", "not “2026-02-30”"),
        ("export csv since 7d since 8d", "“since” stands there twice."),
        ("export csv in", "“in” takes a channel such as #photos."),
        ("export csv in photos", "not “photos”"),
        ("export csv in <@U1>", "“in” takes a channel"),
        ("export csv in #", "not “#”"),
        ("export csv of", "“of” takes the link to a message."),
        ("export csv of #photos", "“of” takes the link to a message, not “#photos”."),
        (f"export csv of {LINK} of {LINK}", "“of” stands there twice."),
        (f"export csv of {LINK} in #photos", "say one of them."),
        ("exprot csv", "Did you mean “export”?"),
    ],
)
def test_refusal_helps(text, problem):
    """A refusal says what is wrong and gives an example that works."""
    with pytest.raises(CommandError) as caught:
        parse_command(text)

    assert problem in caught.value.facts["problem"]
    assert isinstance(parse_command(caught.value.facts["example"]), Export)


WORDS = st.sampled_from(
    ["csv", "since", "in", "of", "7d", "#x", "<#C1|>", LINK, "0001-01-01", "“", "٣d"]
)


@given(st.lists(WORDS | st.text(max_size=5), max_size=7).map(" ".join))
def test_anything_is_answered(words):
    """Whatever follows is an export or a refusal whose example works."""
    try:
        command = parse_command(f"export {words}")
    except CommandError as error:
        command = parse_command(error.facts["example"])

    assert isinstance(command, Export)
