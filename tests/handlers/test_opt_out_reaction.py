import pytest

from bot.model import MessageRef

ITEM = {"type": "message", "channel": "C1", "ts": "1.0"}


def react(bolt, **facts):
    """Put an emoji on a message."""
    event = {"type": "reaction_added", "user": "U1", "reaction": "no_entry_sign", "item": ITEM}
    return bolt.happen(**{**event, "item_user": "U2", **facts})


@pytest.mark.parametrize("emoji", ["no_entry_sign", "no_entry_sign::skin-tone-2"])
def test_reaction_is_asked_about(bolt, emoji):
    """The opt-out emoji withdraws a message, if it is the person's own."""
    answer = react(bolt, reaction=emoji)

    assert answer.status == 200
    message = MessageRef("T1", "C1", "1.0")
    assert bolt.removing.asked == [("withdraw", message, {"person": "U1", "author": "U2"})]


def test_author_may_be_unsaid(bolt):
    """Slack names no author for some messages; then nobody is."""
    react(bolt, item_user=None)

    assert bolt.removing.asked[0][-1] == {"person": "U1", "author": ""}


@pytest.mark.parametrize(
    "facts",
    [{"reaction": "eyes"}, {"item": {"type": "file", "file": "F1"}}, {"item": None}],
    ids=["other emoji", "file", "nothing"],
)
def test_other_reactions(bolt, facts):
    """Other emoji, and reactions to other things than messages, mean nothing."""
    answer = react(bolt, **facts)

    assert answer.status == 200
    assert bolt.removing.asked == []
