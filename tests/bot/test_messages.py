import json

import pytest

from bot import errors
from bot.messages import (
    DELETE,
    TEXT_MAX_CHARS,
    TRY_AGAIN,
    PictureAnswer,
    escape,
    reply_body,
)
from bot.messages import shorten as cut

HOSTILE = (
    "@here <!channel> <@U0ANA> & `rm` *b* \u202egnp.exe\u2066 #general :boom:\x1b[31m\ufeff.png"
)
"""A file name that tries everything."""
INVISIBLE = "\u202e\u2066\x1b\ufeff\n"
RETRY = "1700000000.000100/1"


def seen(name="dog.jpg", **facts):
    """Build the answer about a labelled picture."""
    given = {"headline": "1 Dog (95 %)", "alt_text": "A dog.", "annotated_file_id": "F1", **facts}
    return PictureAnswer(name=name, **given)


def reply(*answers):
    """Build the reply."""
    return reply_body(answers, retry_value=RETRY)


def kinds(body):
    """Name the blocks of a body in order, without its buttons, which come last."""
    assert body["blocks"][-1]["type"] == "actions"
    return [block["type"] for block in body["blocks"][:-1]]


def buttons(body):
    """What each button of a body says, does, and knows."""
    elements = body["blocks"][-1]["elements"]
    return [(e["text"]["text"], e["action_id"], e["value"]) for e in elements]


def texts(body):
    """Yield every text object of a body, wherever it is."""
    waiting = [*body["blocks"]]
    while waiting:
        part = waiting.pop()
        if isinstance(part, dict):
            if part.get("type") in {"plain_text", "mrkdwn"}:
                yield part
            waiting += part.values()
        elif isinstance(part, list):
            waiting += part


def check_limits(body):
    """Hold a body to the limits of https://docs.slack.dev/reference/block-kit/blocks."""
    assert 1 <= len(body["blocks"]) <= 50
    assert 1 <= len(body["text"]) <= 4000
    for block in body["blocks"]:
        match block["type"]:
            case "section":
                assert 1 <= len(block["text"]["text"]) <= 3000
            case "image":
                assert 1 <= len(block["alt_text"]) <= 2000
            case "context":
                assert 1 <= len(block["elements"]) <= 10
            case "actions":
                assert 1 <= len(block["elements"]) <= 25
                for button in block["elements"]:
                    assert len(button["text"]["text"]) <= 75
                    assert len(button["value"]) <= 2000
                    asked = button.get("confirm", {"title": {"text": ""}, "text": {"text": ""}})
                    assert len(asked["title"]["text"]) <= 100
                    assert len(asked["text"]["text"]) <= 300


def test_one_picture():
    """One picture: itself with its alt text, what is in it, what was left out; no file name."""
    body = reply(seen(left_out="and 7 more below 80 %"))

    assert body["text"] == "1 Dog (95 %) · and 7 more below 80 %"
    assert body["blocks"][:-1] == [
        {"type": "image", "slack_file": {"id": "F1"}, "alt_text": "A dog."},
        {
            "type": "section",
            "text": {"type": "plain_text", "text": "1 Dog (95 %)", "emoji": True},
        },
        {
            "type": "context",
            "elements": [{"type": "plain_text", "text": "and 7 more below 80 %", "emoji": False}],
        },
    ]


def test_several_pictures_in_order():
    """Several pictures stand in their order, each named."""
    body = reply(seen("a.jpg", annotated_file_id="F1"), seen("b.jpg", annotated_file_id="F2"))

    assert kinds(body) == ["image", "section", "image", "section"]
    assert [b["slack_file"]["id"] for b in body["blocks"] if b["type"] == "image"] == ["F1", "F2"]
    assert body["text"] == "a.jpg: 1 Dog (95 %)\nb.jpg: 1 Dog (95 %)"


def test_one_of_several_is_named():
    """The one picture of a later attempt is named when its message has others."""
    body = reply_body([seen("b.jpg")], retry_value=RETRY, named=True)

    assert body["text"] == "b.jpg: 1 Dog (95 %)"


def test_picture_without_upload():
    """Where the picture could not be uploaded, the words stand alone."""
    assert kinds(reply(seen(annotated_file_id=None))) == ["section"]


def test_alt_text_is_never_empty():
    """A picture has an alt text even where nobody wrote one."""
    assert reply(seen(alt_text=""))["blocks"][0]["alt_text"] == "Annotated picture"


def test_reason_says_what_to_do():
    """A reason stands in its own words, with the file's name among several."""
    reason = errors.PictureEmpty()

    assert reply(PictureAnswer("a.jpg", reason=reason))["text"] == str(reason)
    mixed = reply(seen("a.jpg"), PictureAnswer("b.jpg", reason=reason))
    assert mixed["blocks"][-2]["text"]["text"] == f"⚠️ b.jpg: {reason}"


REASONS = [kind for kind in errors.BY_CODE.values() if kind is not errors.SettingsError]


@pytest.mark.parametrize("kind", REASONS, ids=lambda kind: kind.__name__)
def test_try_again_where_it_helps(kind):
    """Try again stands exactly under reasons that can pass, and knows what to try."""
    body = reply(seen(), PictureAnswer("b.jpg", reason=kind()))

    assert (("Try again", TRY_AGAIN, RETRY) in buttons(body)) is kind.can_pass


def test_one_button_for_many():
    """Several reasons that can pass share one button, at the end."""
    answers = [PictureAnswer(f"{n}.jpg", reason=errors.DetectorBusy()) for n in range(3)]

    assert kinds(reply(*answers)) == ["section"] * 3
    assert [name for name, *_ in buttons(reply(*answers))] == ["Try again", "Delete"]


def test_delete_stands_everywhere():
    """Delete stands under every reply, asks before it happens, and knows which message it is."""
    body = reply(seen(), seen())
    (button,) = body["blocks"][-1]["elements"]

    assert buttons(body) == [("Delete", DELETE, RETRY)]
    assert button["confirm"]["deny"]["text"] == "Cancel"


@pytest.mark.parametrize("reason", [None, errors.DetectorBusy()])
def test_most_stays_within_limits(reason):
    """Ten pictures with long names and much to say stay within Slack's limits."""
    long = {"headline": "Dog, " * 900, "left_out": "and " * 900, "alt_text": "A dog. " * 900}
    answers = [seen("ü" * 80 + "&.jpg", **long, annotated_file_id=f"F{n}") for n in range(9)]
    body = reply(*answers, PictureAnswer("<" * 300, reason=reason, headline="x"))

    check_limits(body)
    assert sum(kind == "image" for kind in kinds(body)) == 9
    assert body["text"].endswith("…")


def test_long_names_are_cut():
    """A long name is cut so that the words behind it are seen."""
    body = reply(seen("n" * 300), seen())

    assert body["blocks"][1]["text"]["text"] == "n" * 79 + "…: 1 Dog (95 %)"


def test_hostile_name_is_harmless():
    """A file name mentions nobody, links nothing and turns no line around."""
    body = reply(seen(HOSTILE), seen(HOSTILE, headline=HOSTILE, left_out=HOSTILE, alt_text=HOSTILE))
    whole = json.dumps(body, ensure_ascii=False)

    assert all(text["type"] == "plain_text" for text in texts(body))
    assert "<" not in body["text"]
    assert not set(body["text"].replace("\n", "")) & set(INVISIBLE)
    assert not set(whole) & set(INVISIBLE)
    assert "link_names" not in body
    assert "parse" not in body


def test_plain_text_stands_as_it_is():
    """In plain text nothing is escaped, so that people read what was written."""
    body = reply(seen("a & b <c>.jpg"), seen())

    assert body["blocks"][1]["text"]["text"] == "a & b <c>.jpg: 1 Dog (95 %)"
    assert body["text"].startswith("a &amp; b &lt;c&gt;.jpg: ")


def test_nameless_file():
    """A file without a name gets no colon in front."""
    assert reply(seen(""), seen("b"))["text"] == "1 Dog (95 %)\nb: 1 Dog (95 %)"


@pytest.mark.parametrize(
    ("text", "expected"),
    [("", ""), ("abcd", "abcd"), ("abcde", "abcde"), ("abcdef", "abcd…"), ("abc  def", "abc…")],
)
def test_shorten(text, expected):
    """A text is cut only where it is too long, and shows that it was."""
    assert cut(text, max_chars=5) == expected


def test_escape_slack_markup():
    """What Slack reads as markup is escaped, once."""
    assert escape("<!here> & co") == "&lt;!here&gt; &amp; co"


def test_text_limit_leaves_room():
    """The text stays under the length at which Slack starts to split messages."""
    assert TEXT_MAX_CHARS < 4000
