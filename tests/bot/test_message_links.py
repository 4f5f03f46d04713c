import pytest

from bot.links import S3Link
from bot.message_links import links_of, unread_links_of

PARK = S3Link("cams", "park.jpg")
URL = "https://cams.s3.amazonaws.com/park.jpg"
ODD = "https://ap-123456789012.s3-accesspoint.eu-west-1.amazonaws.com/a.jpg"


def rich(*elements):
    """Build the block that Slack's client sends along with what was typed."""
    return [
        {
            "type": "rich_text",
            "elements": [{"type": "rich_text_section", "elements": list(elements)}],
        }
    ]


def link(url, **more):
    """Build a link of rich text."""
    return {"type": "link", "url": url, **more}


NESTED = [
    {
        "type": "rich_text",
        "elements": [
            {
                "type": "rich_text_list",
                "elements": [{"type": "rich_text_section", "elements": [link(URL)]}],
            }
        ],
    }
]
MESSAGES = {
    "text": {"text": f"Look, <{URL}>"},
    "other words": {"text": "Look, <https://e.com|here>", "blocks": rich(link(URL, text="here"))},
    "both": {"text": f"<{URL}>", "blocks": rich({"type": "text", "text": "Look"}, link(URL))},
    "a list": {"text": "", "blocks": NESTED},
    "raw": {"blocks": rich(link("s3://cams/park.jpg"))},
    "forwarded": {"text": "", "attachments": [{"is_share": True, "text": f"<{URL}>"}]},
}


@pytest.mark.parametrize("message", MESSAGES.values(), ids=MESSAGES)
def test_link_is_found_once(message):
    """A link is found wherever Slack carries a person's words, and once."""
    assert links_of(message) == [PARK]


@pytest.mark.parametrize(
    "url",
    [
        "https://cams.s3.amazonaws.com/a&amp;b<c>|d.jpg",
        "https://cams.s3.amazonaws.com/a%26amp%3Bb%3Cc%3E%7Cd.jpg",
    ],
)
def test_rich_link_is_raw(url):
    """The address in rich text is taken as it stands there, without Slack's escapes."""
    assert links_of({"blocks": rich(link(url))}) == [S3Link("cams", "a&amp;b<c>|d.jpg")]


@pytest.mark.parametrize(
    "message",
    [
        {},
        {"text": None, "blocks": None, "attachments": None},
        {"attachments": [{"text": f"<{URL}>", "from_url": "https://e.com", "title_link": URL}]},
        {"attachments": [{"is_msg_unfurl": True, "text": f"<{URL}>"}]},
        {"blocks": [{"type": "section", "text": {"type": "mrkdwn", "text": f"<{URL}>"}}]},
        {"blocks": [{"type": "image", "image_url": URL, "title": {"text": URL}}]},
        {"blocks": rich({"type": "text", "text": URL}, {"type": "link"})},
    ],
)
def test_unfurls_are_nothing(message):
    """What Slack or an app shows of a link by itself counts for nothing."""
    assert links_of(message) == unread_links_of(message) == []


def test_order_of_links():
    """Links come in the order of the text, and then those that only the rich text has."""
    text = "s3://cams/b.jpg s3://cams/a.jpg"
    blocks = rich(link("s3://cams/c.jpg"), link("s3://cams/a.jpg"))

    assert [found.key for found in links_of({"text": text, "blocks": blocks})] == [
        *("b.jpg", "a.jpg", "c.jpg")
    ]


def test_unread_kind_comes_once():
    """A kind that is not read is told once, however many links of it a message has."""
    found = unread_links_of({"text": f"<{ODD}> <{ODD}b>", "blocks": rich(link(f"{ODD}c"))})

    assert [reason.facts for reason in found] == [{"kind": "S3 access points"}]
