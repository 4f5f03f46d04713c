import json

import pytest

from bot.model import ALL_WATCHES, Hold, Watch
from bot.sandbox.slack.blocks import check_blocks
from bot.watch_list import (
    EDIT,
    EVERYTHING,
    MUTE,
    NEW,
    PER_PAGE,
    REMOVE,
    TURN,
    TURN_BACK,
    UNMUTE,
    Listed,
    WatchList,
    choice_body,
    list_body,
)


def watch(watch_id=1, rule_text="dog", **more):
    """A watch of Ben's."""
    return Watch(watch_id, "T1", "U0BEN", rule_text, **more)


def hold(watch_id=1, *, until_s=None):
    """A mute, or a snooze until then."""
    return Hold(watch_id, "U0BEN" if watch_id == ALL_WATCHES else "", until_s, "U0ANA", 0.0)


def body_of(*mine, here=(), whole=None, **more):
    """The list as it is sent in #photos; Slack takes it."""
    found = WatchList(tuple(mine), tuple(here), whole)
    body = list_body(found, channel="C1", slash_command="/labels", **more)
    assert check_blocks(body["blocks"]) == []
    return body


def said(body):
    """All words of the list's paragraphs."""
    return "\n".join(b["text"]["text"] for b in body["blocks"] if b["type"] == "section")


def buttons(body):
    """Each row of buttons as {action id: value}."""
    rows = [block["elements"] for block in body["blocks"] if block["type"] == "actions"]
    return [{button["action_id"]: button["value"] for button in row} for row in rows]


def test_empty_list_helps():
    """Who watches nothing is told how to begin, in words and by a button."""
    body = body_of()

    assert body["text"] == "You watch nothing yet. For example: `/labels watch dog`"
    assert buttons(body) == [{NEW: "0/0"}]


def test_own_watch_has_buttons():
    """One's own watch shows whom it tells and when it last did, and can be edited and removed."""
    fired = watch(3, "dog over 90%", last_fired_at_s=1_790_000_000)
    body = body_of(Listed(watch(2)), Listed(fired))

    assert "*dog*\nTells you directly · nothing told of this yet" in said(body)
    assert "*dog over 90%*\nTells you directly · last told <!date^1790000000^" in said(body)
    assert buttons(body)[1] == {EDIT: "3/0", MUTE: "3/0", REMOVE: "3/0"}
    assert body["text"] == "You watch *dog* and *dog over 90%*."


@pytest.mark.parametrize(
    ("held", "target", "words"),
    [
        (hold(), "", " · muted"),
        (hold(until_s=1_790_000_000.0), "", " · snoozed until <!date^1790000000^"),
        (hold(), "C1", " · muted for all by <@U0ANA>"),
    ],
)
def test_hold_is_shown(held, target, words):
    """What holds a watch back stands there with its end, and can be ended."""
    body = body_of(Listed(watch(target=target), (held,)))

    assert words in said(body)
    assert UNMUTE in buttons(body)[0]


def test_pause_is_explained():
    """A watch that can tell nobody says why."""
    body = body_of(Listed(watch(target="C1", paused_why="archived")))

    assert "Tells <#C1>" in said(body)
    assert "paused: that channel is archived" in said(body)


def test_others_show_owner():
    """A watch of somebody else that tells the channel names its owner, and has no Edit."""
    tells = Listed(watch(target="C1"), is_mine=False, may_remove=False)
    body = body_of(here=[tells])
    admins = body_of(here=[Listed(watch(target="C1"), is_mine=False)])

    assert "*What tells <#C1>*" in said(body)
    assert "Made by <@U0BEN>" in said(body)
    assert buttons(body) == [{NEW: "0/0"}]
    assert buttons(admins)[0] == {MUTE: "1/0", REMOVE: "1/0"}


def test_whole_hold_is_shown():
    """That everything is quiet stands above the list, and can be ended there."""
    body = body_of(Listed(watch()), whole=hold(ALL_WATCHES))

    assert said(body).startswith(f"{EVERYTHING} is quiet until you say otherwise.")
    assert buttons(body)[0] == {UNMUTE: "0/0"}


def test_long_list_has_pages():
    """More watches than fit are on further pages, none left out, and each page fits Slack."""
    listed = [Listed(watch(at, f"label {at} " + "x" * 80)) for at in range(1, 3 * PER_PAGE)]
    pages = [body_of(*listed, page=page) for page in range(3)]
    edits = [row[EDIT] for body in pages for row in buttons(body) if EDIT in row]

    assert [one.partition("/")[0] for one in edits] == [str(at) for at in range(1, 3 * PER_PAGE)]
    assert buttons(pages[0])[-1] == {NEW: "0/0", TURN: "0/1"}
    assert buttons(pages[1])[-1] == {NEW: "0/1", TURN_BACK: "0/0", TURN: "0/2"}
    assert buttons(pages[2])[-1] == {NEW: "0/2", TURN_BACK: "0/1"}
    assert max(len(json.dumps(body["blocks"])) for body in pages) < 12_000


@pytest.mark.parametrize("page", [-1, 5])
def test_missing_page_is_near(page):
    """A page that is not there any more is the nearest one that is."""
    assert buttons(body_of(Listed(watch()), page=page))[-1] == {NEW: "0/0"}


def test_foreign_words_are_harmless():
    """What people typed is no markup, but for the channels and people that a rule names."""
    body = body_of(Listed(watch(rule_text='"<!here> & co" in <#C012AB3CD>')))

    assert '"&lt;!here&gt; &amp; co" in <#C012AB3CD>' in said(body)


def test_note_stands_last():
    """What just happened stands at the end, where people look."""
    body = body_of(Listed(watch()), note="*cat* is removed.")

    assert body["blocks"][-2]["text"]["text"] == "*cat* is removed."
    assert body["text"].startswith("*cat* is removed.")


def test_choice():
    """Each watch that fits stands with a button that removes it, and a line removes all."""
    fitting = [watch(1, "R&B"), watch(2, "R&B over 90% tell <#C9>")]
    body = choice_body(fitting, typed="R&B", slash_command="/spotter")
    _, *entries, last = body["blocks"]

    assert check_blocks(body["blocks"]) == []
    assert said(body).startswith("2 of your watches fit *R&amp;B*.")
    assert [entry["text"]["text"] for entry in entries] == [
        "*R&amp;B*",
        "*R&amp;B over 90% tell <#C9>*",
    ]
    assert [entry["accessory"]["value"] for entry in entries] == ["1/0", "2/0"]
    assert {entry["accessory"]["action_id"] for entry in entries} == {REMOVE}
    assert last["elements"][0]["text"] == "`/spotter unwatch all R&amp;B` removes all of them."


def test_choice_among_many():
    """Of very many watches that fit, a few are offered, and the number of the rest is said."""
    fitting = [watch(number, f"{'x' * 480} over {number + 1}%") for number in range(100)]
    body = choice_body(fitting, typed="x" * 480, slash_command="/labels")

    assert check_blocks(body["blocks"]) == []
    assert len(json.dumps(body["blocks"])) < 12_000
    assert len(body["blocks"]) == PER_PAGE + 2
    assert "lists 92 more" in body["blocks"][-1]["elements"][0]["text"]
