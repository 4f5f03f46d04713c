import pytest

from bot.model import MessageRef

MESSAGE = MessageRef("T1", "C1", "1700000000.000100")
REACTION = {
    "type": "reaction_added",
    "user": "U1",
    "reaction": "label",
    "item": {"type": "message", "channel": "C1", "ts": MESSAGE.ts},
    "item_user": "U2",
    "event_ts": "1700000009.000900",
}


def test_shortcut_is_stored(bolt, presser):
    """Using the shortcut stores who asks for which message and when, and needs no words."""
    answer = bolt.use_shortcut(presser.url)

    assert answer.status == 200
    assert bolt.requesting.asked == [("ask_in_words", MESSAGE, "U1", "1700000009.000900")]
    assert presser.said == []


def test_shortcut_in_the_way(bolt, presser):
    """What is in the way of a shortcut is said to whoever used it, and the message stays."""
    bolt.requesting.words = "I am not in this channel."
    answer = bolt.use_shortcut(presser.url)
    (said,) = presser.said

    assert answer.status == 200
    assert said["text"] == "I am not in this channel."
    assert said["replace_original"] is False
    assert said.get("response_type", "ephemeral") == "ephemeral"


def test_other_shortcut(bolt, presser):
    """Another app's shortcut is none of ours."""
    assert bolt.use_shortcut(presser.url, callback_id="other").status == 404
    assert bolt.requesting.asked == []


def test_shortcut_trouble(bolt, presser, away):
    """When a shortcut's request cannot be stored, the answer says so with the log's reference."""
    bolt.requesting.trouble = away
    bolt.use_shortcut(presser.url)
    (said,) = presser.said

    assert said["text"].startswith(f"{away} (ref ")


def test_reaction_is_stored(bolt):
    """The reaction stores who asks for which message and when."""
    assert bolt.happen(**REACTION).status == 200
    assert bolt.requesting.asked == [("ask", MESSAGE, "U1", "1700000009.000900")]


@pytest.mark.parametrize(
    "other",
    [
        {"reaction": "eyes"},
        {"reaction": "label", "item": {"type": "file", "file": "F1"}},
        {"user": "U1BOT"},
    ],
)
def test_other_reactions(bolt, other):
    """Other reactions, those on files, and the bot's own are taken with 200 and left alone."""
    assert bolt.happen(**{**REACTION, **other}).status == 200
    assert bolt.requesting.asked == []


def test_reaction_comes_again(bolt, away):
    """While the database is away a reaction is not taken, so that Slack tells it again."""
    bolt.requesting.trouble = away

    assert bolt.happen(**REACTION).status == 503
