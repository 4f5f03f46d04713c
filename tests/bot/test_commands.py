import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import commands
from bot.command_help import GROUPS, HELP, help_groups, help_lines
from bot.commands import (
    AddWatch,
    Audit,
    Correct,
    Help,
    Keep,
    LabelLink,
    ListWatches,
    OpenSettings,
    OptIn,
    OptOut,
    RemoveWatch,
    Review,
    SetBots,
    SetMode,
    SetThreshold,
    Status,
    Withhold,
    parse_command,
)
from bot.errors import CommandError
from bot.links import S3Link
from bot.model import Correction
from bot.permalinks import Permalink
from bot.rules import Rule, Term

LINK = "https://our.slack.com/archives/C012AB3CD/p1700000000000100"
PLACE = Permalink("C012AB3CD", "1700000000.000100")


def refused(text):
    """Read a command that cannot be followed and hand back why."""
    with pytest.raises(CommandError) as caught:
        parse_command(text)
    return caught.value.facts


@pytest.mark.parametrize(
    ("text", "command"),
    [
        ("", Help()),
        (" \u00a0\n", Help()),
        ("/labels", Help()),
        ("help", Help()),
        ("HELP Mode", Help("mode")),
        ("watch dog", AddWatch(Rule(Term("dog")))),
        (
            "  Watch \u00a0 Mobile  Phone  Over 90 % ",
            AddWatch(Rule(Term("Mobile Phone", over_percent=90.0))),
        ),
        ("watch “mobile phone” over 90%", AddWatch(Rule(Term("mobile phone", over_percent=90.0)))),
        ("watch farmer\u2019s market", AddWatch(Rule(Term("farmer's market")))),
        ("/labels watch dog", AddWatch(Rule(Term("dog")))),
        ("watch R&amp;B", AddWatch(Rule(Term("R&B")))),
        ("watch R&B&copy", AddWatch(Rule(Term("R&B&copy")))),
        ("unwatch dog", RemoveWatch(Rule(Term("dog")))),
        ("unwatch Dog over 80", RemoveWatch(Rule(Term("Dog", over_percent=80.0)))),
        ("unwatch ALL dog", RemoveWatch(Rule(Term("dog")), is_all=True)),
        ('unwatch "all dog"', RemoveWatch(Rule(Term("all dog")))),
        ("watches", ListWatches()),
        ("Status", Status()),
        ("mode auto", SetMode("auto")),
        ("mode  REQUEST", SetMode("request")),
        ("mode “off”", SetMode("off")),
        ("“watch mobile phone”", AddWatch(Rule(Term("mobile phone")))),
        ("mode bots on", SetBots(on=True)),
        ("Mode Bots OFF", SetBots(on=False)),
        ("keep 30d", Keep(30)),
        ("keep 1 Day", Keep(1)),
        ("keep 3650", Keep(3650)),
        ("Keep Default", Keep(None)),
        ("optout", OptOut()),
        ("OptIn", OptIn()),
        ("settings", OpenSettings()),
        ("Settings Threshold 85,5 %", SetThreshold(85.5)),
        (f"wrong dog in {LINK}", Correct(Correction("wrong", "dog"), PLACE)),
        (f"wrong Dog in Hat in <{LINK}> 2", Correct(Correction("wrong", "Dog in Hat"), PLACE, 2)),
        (
            f"add “Dog” to <{LINK}?thread_ts=1.2&amp;cid=C1|x>",
            Correct(Correction("add", "Dog"), PLACE),
        ),
        (f"rename cat to dog in {LINK}", Correct(Correction("rename", "cat", "dog"), PLACE)),
        ("withhold Mobile Phone", Withhold("Mobile Phone", is_withheld=True)),
        ("show “bride”", Withhold("bride", is_withheld=False)),
        ("review", Review()),
        ("audit", Audit()),
    ],
)
def test_command_is_read(text, command):
    """Commands are read whatever their case, spaces and quotes, with or without the slash word."""
    assert parse_command(text) == command


@pytest.mark.parametrize(
    ("text", "link"),
    [
        ("s3://cams/park.jpg", S3Link("cams", "park.jpg")),
        (" S3://cams/My  park.jpg\n", S3Link("cams", "My  park.jpg")),
        ("s3://cams/R&amp;B.jpg", S3Link("cams", "R&B.jpg")),
        ("<s3://cams/R&amp;B.jpg>", S3Link("cams", "R&B.jpg")),
        ("<https://cams.s3.amazonaws.com/R%26B.jpg|here>", S3Link("cams", "R&B.jpg")),
        ("https://cams.s3.amazonaws.com/a.jpg?versionId=1", S3Link("cams", "a.jpg", None, "1")),
        ("arn:aws:s3:::cams/park.jpg", S3Link("cams", "park.jpg")),
    ],
)
def test_link_is_read(text, link):
    """A link to S3 is a command by itself, as it is typed and as Slack wraps and escapes it."""
    assert parse_command(text) == LabelLink(link)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("s3://cams", "This link names a bucket or a folder."),
        ("<https://example.com/park.jpg>", "This is not a link to one object in S3."),
        ("arn:aws:s3:us-east-1:123456789012:accesspoint/cams/object/a.jpg", "does not read"),
    ],
)
def test_link_is_corrected(text, problem):
    """A link that names no one object, or one of a kind that is not read, is corrected at once."""
    facts = refused(text)

    assert problem in facts["problem"]
    assert facts["example"] == "/labels s3://our-pictures/park.jpg"


@pytest.mark.parametrize(
    ("text", "problem", "example"),
    [
        ("dog", "“dog” is not a command.", "watch dog"),
        ("cell phone over 50", "“cell” is not a command.", "watch cell phone over 50"),
        ("dog or cat", "“dog” is not a command.", "watch dog or cat"),
        ("wach dog", "“wach” is not a command. Did you mean “watch”?", "watch dog"),
        ("Unwach", "Did you mean “unwatch”?", "unwatch mobile phone"),
        ("moed auto", "Did you mean “mode”?", "mode auto"),
        ("mod on", "Did you mean “mode”?", "mode request"),
        ("<#C1|photos>", "“#photos” is not a command.", "help"),
        ("<#C1|>", "“<#C1|>” is not a command.", "help"),
        ("help wach", "Did you mean “watch”?", "watch"),
        ("help xyz", "“xyz” is not a command.", "help"),
        ("watch over 90%", "Which label?", "watch dog over 90%"),
        ("unwatch", "Which label?", "unwatch dog over 90%"),
        ("unwatch all", "“unwatch all” takes a label", "unwatch all dog"),
        ("unwatch all dog or", "“or” needs a label behind it", "unwatch all dog or cat"),
        ("unwatch dog or", "“or” needs a label behind it", "unwatch dog or cat"),
        ("watch dog <#C1|photos>", "“#photos” needs “in”", "watch dog in <#C1|photos>"),
        ("watch a &lt; b", "“<” cannot be part", "watch mobile phone"),
        ("watches all", "Nothing belongs after “watches”, but “all” is there.", "watches"),
        ("status now", "Nothing belongs after “status”, but “now” is there.", "status"),
        ("mode", "takes one of auto, request, off, bots on, bots off.", "mode auto"),
        ("mode of", "Did you mean “off”?", "mode off"),
        ("mode auto please", "not “auto please”", "mode auto"),
        ("mode bots", "“mode bots” takes one of on, off.", "mode bots on"),
        ("mode bots offf", "Did you mean “off”?", "mode bots off"),
        ("keep", "takes a number of days from 1 to 3650, or “default”.", "keep 30d"),
        ("keep 0d", "not “0d”", "keep 30d"),
        ("keep 3651", "not “3651”", "keep 30d"),
        ("keep 2 weeks", "not “2 weeks”", "keep 30d"),
        ("optout now", "Nothing belongs after “optout”", "optout"),
        ("settings threshold 54.99", "from 55 to 100", "settings threshold 85"),
        ("settings threshold", "from 55 to 100", "settings threshold 85"),
        ("settings treshold 60", "takes one of threshold", "settings threshold 85"),
        ("wrong cat", "“in” and the link", help_lines("wrong")[0].example),
        ("wrong cat in s3://b/k", "“in” and the link", help_lines("wrong")[0].example),
        (f"wrong in {LINK}", "“in” and the link", help_lines("wrong")[0].example),
        (f"add to {LINK}", "“to” and the link", help_lines("add")[0].example),
        (f"add cat, dog to {LINK}", "more than a name", help_lines("add")[0].example),
        (f"rename cat in {LINK}", "“to” between", help_lines("rename")[0].example),
        (
            f"wrong cat over 90% in {LINK}",
            "“over” is more than a name",
            help_lines("wrong")[0].example,
        ),
        ("withhold", "Which label?", "withhold tattoo"),
        ("review all", "Nothing belongs after “review”", "review"),
    ],
)
def test_refusal_helps(text, problem, example):
    """A refusal says what is wrong, what was probably meant, and an example that works."""
    facts = refused(text)

    assert problem in facts["problem"]
    assert facts["example"] == f"/labels {example}"
    assert parse_command(example)


WORDS = st.sampled_from(
    [*commands.MODES, "mode", "bots", "watch", "help", "/", '"', "<#C|", "&lt;"]
)


def example_for(text):
    """Hand back the example that a refusal gives, or the text itself where it can be followed."""
    try:
        parse_command(text)
    except CommandError as error:
        return error.facts["example"]
    return text


@given(st.text() | st.lists(WORDS).map(" ".join))
def test_anything_is_answered(text):
    """Whatever is typed is a command or a refusal whose example works."""
    assert parse_command(example_for(text))


@pytest.mark.parametrize("line", HELP, ids=lambda line: line.usage)
def test_help_examples_work(line):
    """Every example of the help can be typed and is the command that it stands for."""
    assert line.name in {line.example.split()[0], "link"}
    assert parse_command(line.example) is not None
    assert parse_command(f"help {line.name}") == Help(line.name)


def test_help_shows_every_command():
    """The help has a line for every kind of command."""
    shown = {type(parse_command(line.example)) for line in HELP}

    assert shown == set(commands.Command.__args__)


def test_help_has_groups():
    """Every command stands in one group of the help, and each group has some."""
    grouped = [line for lines in help_groups().values() for line in lines]

    assert sorted(grouped, key=HELP.index) == list(HELP)
    assert all(help_groups().values())
    assert {line.name for line in HELP} <= {name for names in GROUPS.values() for name in names}


def test_help_of_one_topic():
    """The help of one topic is its lines alone; without a topic it is all of them."""
    assert [line.usage for line in help_lines("mode")] == [
        "mode auto|request|off",
        "mode bots on|off",
    ]
    assert help_lines() == HELP
