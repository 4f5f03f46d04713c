import time

import pytest

from bot.link_texts import link_texts, plain_link
from bot.links import find_s3_links, find_unread_links

HTTPS = "https://cams.s3.amazonaws.com"
FOUND = {
    "slack link": (f"<{HTTPS}/a.jpg>", ["a.jpg"]),
    "slack link with text": (f"<{HTTPS}/a.jpg|cams/b.jpg>", ["a.jpg"]),
    "slack link with links as text": (f"<https://evil.com|s3://cams/a.jpg> <{HTTPS}/b|x>", ["b"]),
    "slack link with entities": (
        "<https://s3.console.aws.amazon.com/s3/object/cams?region=eu-west-1&amp;prefix=R%26B.jpg>",
        ["R&B.jpg"],
    ),
    "slack link of uri": ("<s3://cams/a b.jpg|this>", ["a b.jpg"]),
    "slack link keeps its end": ("<s3://cams/a.jpg.>", ["a.jpg."]),
    "entities are undone once": (
        "s3://cams/a&amp;lt;b.jpg s3://cams/&amp;copy",
        ["a&lt;b.jpg", "&copy"],
    ),
    "bare with entities": ("see s3://cams/R&amp;B.jpg", ["R&B.jpg"]),
    "typed angle brackets": ("&lt;s3://cams/a.jpg&gt;", ["a.jpg"]),
    "typed angle brackets, spaces": ("&lt;s3://cams/a b.jpg&gt;, ok", ["a b.jpg"]),
    "quoting a message": ("&gt; s3://cams/a.jpg\n&gt;s3://cams/b.jpg", ["a.jpg", "b.jpg"]),
    "full stop": ("It is s3://cams/a.jpg.", ["a.jpg"]),
    "much punctuation": ("s3://cams/a.jpg?!... s3://cams/b.jpg;", ["a.jpg", "b.jpg"]),
    "in brackets": ("(s3://cams/a.jpg) [s3://cams/b.jpg].", ["a.jpg", "b.jpg"]),
    "with brackets": ("(see s3://cams/a_(1).jpg and s3://cams/b[2])", ["a_(1).jpg", "b[2]"]),
    "several brackets": ("([{s3://cams/a(1)}])", ["a(1)"]),
    "bold and italic": ("*s3://cams/a.jpg*, _s3://cams/b_c_ ~s3://cams/d~", ["a.jpg", "b_c", "d"]),
    "own marks are kept": ("s3://cams/a_ s3://cams/b*", ["a_", "b*"]),
    "code span": ("`s3://cams/a.jpg`", ["a.jpg"]),
    "code span with spaces": ("`s3://cams/a b (1).jpg.`", ["a b (1).jpg."]),
    "code span with slack link": (f"`<{HTTPS}/a> b.jpg`", ["a b.jpg"]),
    "code span with command": ("`aws s3 cp s3://cams/a.jpg .`", ["a.jpg"]),
    "code span with two": ("`s3://cams/a.jpg s3://cams/b.jpg`", ["a.jpg", "b.jpg"]),
    "code block": ("```s3://cams/a b.jpg\ncp s3://cams/c.jpg .\n```", ["a b.jpg", "c.jpg"]),
    "code block with quotes": ('```\ncp "s3://cams/a b.jpg" .\n```', ["a b.jpg"]),
    "lone backtick": ("` s3://cams/a.jpg", ["a.jpg"]),
    "quotes": ('"s3://cams/a b.jpg"', ["a b.jpg"]),
    "single quotes": ("'s3://cams/it's b.jpg'", ["it's b.jpg"]),
    "curly quotes": ("\u201cs3://cams/a b\u201d \u2018s3://cams/c d\u2019", ["a b", "c d"]),
    "German and French quotes": (
        "\u201es3://cams/a b\u201c \u00abs3://cams/c d\u00bb",
        ["a b", "c d"],
    ),
    "quotes around slack link": (f'"<{HTTPS}/a.jpg>"', ["a.jpg"]),
    "quotes that never close": ('"s3://cams/a b', ["a"]),
    "quotes around words": ('"Look at s3://cams/a.jpg."', ["a.jpg"]),
    "quotes around two": ('"s3://cams/a and s3://cams/b"', ["a", "b"]),
    "JSON list": ('["s3://cams/a","arn:aws:s3:::cams/b"]', ["a", "b"]),
    "list marks": ("-s3://cams/a\n• s3://cams/b\n1.\ts3://cams/c", ["a", "b", "c"]),
    "after a colon": ("Link:s3://cams/a --from=s3://cams/b", ["a", "b"]),
    "unlinked https": (f"see {HTTPS}/a%20b.jpg, ok", ["a b.jpg"]),
    "wide space ends it": ("s3://cams/a\u3000b s3://cams/c\u00a0d", ["a", "c"]),
    "text without spaces": ("图片s3://cams/a.jpg", ["a.jpg"]),
}
NOTHING = {
    "mentions": "<@U0ANA> <#C0PHOTOS|photos> <!here> <mailto:a@b.com|a@b.com>",
    "inside another URL": f"https://evil.com/?to={HTTPS}/a https://evil.com/s3://cams/a",
    "inside another URL, linked": f"<https://evil.com/?to={HTTPS}/a>",
    "inside a scheme": "gs3://cams/a x+s3://cams/a x-s3://cams/a x.s3://cams/a x_s3://cams/a",
    "inside a path": "/mnt/s3://cams/a me@s3://cams/a",
    "inside a word": "barn:aws:s3:::cams/a",
    "slack link broken": "<https://cams.s3.amazonaws.com /a>",
}
HOSTILE = {
    "schemes": "s3://",
    "quotes": '"s3://a ',
    "apostrophes": "'s3://a ",
    "curly quotes": "\u201cs3://a ",
    "typed angles": "&lt;s3://a ",
    "quotes of all kinds": "\"s3://a's3://\u201cs3://\u2018s3://\u00abs3://",
    "dashes": "a--",
    "ticks": "`",
    "blocks": "```s3://b/x",
    "angles": "<a",
    "marks": "*_~",
    "brackets": "s3://cams/a)))))))))",
    "versions": "?versionId=",
    "labels": "s3.",
    "percents": "%25",
    "parameters": "a=b&",
    "entities": "&amp;",
    "arns": "arn:aws:s3::123456789012:accesspoint/",
}


@pytest.mark.parametrize(("text", "keys"), FOUND.values(), ids=FOUND)
def test_message_gives_links(text, keys):
    """However a link stands in a message, it is found as the person meant it."""
    assert [link.key for link in find_s3_links(text)] == keys


@pytest.mark.parametrize("text", NOTHING.values(), ids=NOTHING)
def test_message_gives_nothing(text):
    """What is part of something else is no link."""
    assert find_s3_links(text) == find_unread_links(text) == []


def test_slack_link_is_unwrapped():
    """A single link may come as Slack wraps it; otherwise it is taken as it is."""
    assert plain_link(" <s3://cams/R&amp;B|x> ") == "s3://cams/R&B"
    assert plain_link("s3://cams/R&amp;B") == "s3://cams/R&amp;B"


@pytest.mark.parametrize(
    "start", ["", "s3://cams/", "https://cams.s3.amazonaws.com/a?", "`s3://c "]
)
@pytest.mark.parametrize("part", HOSTILE.values(), ids=HOSTILE)
def test_time_stays_linear(start, part):
    """A message longer than Slack allows is read in moments, whatever it repeats."""
    text = start + part * (60_000 // len(part))
    begun_s = time.process_time()

    find_s3_links(text)
    find_s3_links(text + "`")
    list(link_texts(f"<{text}>"))

    assert time.process_time() - begun_s < 3
