import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import errors
from bot.messages import DELETE, TRY_AGAIN, PictureAnswer, reply_body
from bot.reply_buttons import (
    AMOUNT,
    EXPLAIN,
    EXPORT,
    LESS,
    MORE,
    OPTIONS_AT_MOST,
    STYLE,
    WATCH,
    WRONG,
    picture_buttons,
)
from bot.sandbox.slack.blocks import check_blocks
from bot.show_options import STYLES

RETRY = "1700000000.000100/2"
REASON = PictureAnswer("b.jpg", reason=errors.DetectorBusy())


def seen(*labels, **facts):
    """The answer about a picture that shows these labels."""
    return PictureAnswer("a.jpg", headline="1 Dog", labels=labels, annotated_file_id="F1", **facts)


def reply(*answers):
    """The whole reply."""
    return reply_body(answers, retry_value=RETRY, buttons=picture_buttons(answers))


def actions(*answers):
    """What stands under these answers, by action id in order."""
    block = reply(*answers)["blocks"][-1]
    assert block["block_id"] == RETRY
    return {element["action_id"]: element for element in block["elements"]}


def options(element):
    """What a menu offers: words by value."""
    return {option["value"]: option["text"]["text"] for option in element["options"]}


def test_order_of_buttons():
    """Under a picture stand all buttons in one order, Delete last, and red."""
    found = actions(seen("Dog", has_more=True))

    assert list(found) == [WATCH, AMOUNT, STYLE, WRONG, EXPORT, EXPLAIN, DELETE]
    assert found[DELETE]["style"] == "danger"


def test_reasons_keep_theirs():
    """Reasons alone have Try again and Delete; beside a picture its buttons stand between."""
    assert list(actions(REASON)) == [TRY_AGAIN, DELETE]
    assert list(actions(seen("Dog"), REASON)) == [
        TRY_AGAIN,
        WATCH,
        STYLE,
        WRONG,
        EXPORT,
        EXPLAIN,
        DELETE,
    ]


def test_labels_are_offered():
    """The labels of all pictures are offered in order, each once."""
    found = actions(seen("Dog", "Grass"), REASON, seen("Grass", "Cat"))
    names = {name: name for name in ("Dog", "Grass", "Cat")}

    assert options(found[WATCH]) == options(found[WRONG]) == names
    assert list(options(found[WATCH])) == list(names)


def test_nothing_found():
    """Where nothing is shown, nothing is offered to watch, correct or draw."""
    assert list(actions(seen(has_more=True))) == [AMOUNT, EXPORT, EXPLAIN, DELETE]


@pytest.mark.parametrize(
    ("facts", "value"),
    [
        ({"has_more": True}, MORE),
        ({"shows_more": True}, LESS),
        ({"shows_more": True, "has_more": True}, LESS),
    ],
)
def test_more_or_less(facts, value):
    """The button shows what it would do: More where there is more, Less where more is shown."""
    assert actions(seen("Dog", **facts))[AMOUNT]["value"] == value


def test_every_style_is_known():
    """Each style that is offered is one that is known, and the other way round."""
    assert options(actions(seen("Dog"))[STYLE]).keys() == STYLES.keys()


def test_long_names_are_cut():
    """A long name is cut where it is read, and whole where it comes back; no longer one is kept."""
    found = options(actions(seen("n" * 100, "x" * 101))[WRONG])

    assert found == {"n" * 100: "n" * 74 + "…"}


@given(
    st.lists(
        st.lists(st.text("abc ÄÖ", min_size=1, max_size=110), max_size=60), min_size=1, max_size=10
    )
)
def test_slack_takes_it(names):
    """However many labels there are, Slack takes the reply, and the first are offered."""
    body = reply(*(seen(*own, has_more=True) for own in names))

    assert check_blocks(body["blocks"]) == []


def test_ten_full_pictures():
    """Ten pictures with all that can be said stay within Slack's blocks and characters."""
    labels = [f"Some Label {at}" for at in range(300)]
    pictures = [
        PictureAnswer(
            "n" * 80,
            headline="Dog, " * 300,
            left_out="and 7 more below 80 %",
            alt_text="A dog. " * 140,
            annotated_file_id=f"F{at}",
            seen_before=None,
            labels=tuple(labels[at * 30 : at * 30 + 30]),
            has_more=True,
        )
        for at in range(10)
    ]
    body = reply(*pictures)
    words = sum(map(len, said(body["blocks"])))

    assert check_blocks(body["blocks"]) == []
    assert len(body["blocks"]) <= 41
    assert len(options(body["blocks"][-1]["elements"][0])) <= OPTIONS_AT_MOST
    assert words < 12_000


def said(part):
    """Every word of a body that stands for people or comes back from them."""
    if isinstance(part, list):
        for one in part:
            yield from said(one)
    elif isinstance(part, dict):
        for name, one in part.items():
            if name in {"text", "alt_text", "value"} and isinstance(one, str):
                yield one
            else:
                yield from said(one)
