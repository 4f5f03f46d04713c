import pytest

WORDS = {"ts": "1.0", "user": "U1", "text": "Hello"}
FILE = {"id": "F1", "name": "dog.jpg", "mimetype": "image/jpeg"}
LINK = {**WORDS, "text": "s3://cams/dog.jpg"}


def change(bolt, after, before):
    """Let Slack tell of a changed message."""
    facts = {"channel": "C1", "ts": "9.0", "hidden": True, "event_ts": "9.0"}
    return bolt.happen(
        type="message", subtype="message_changed", message=after, previous_message=before, **facts
    )


def test_added_link_is_taken_in(bolt):
    """An edit that adds a link is taken in under the message's own time stamp."""
    answer = change(bolt, LINK, WORDS)
    ((what, edit),) = bolt.intake.asked

    assert (answer.status, what) == (200, "accept_edit")
    assert (edit.post.message.channel, edit.post.message.ts) == ("C1", "1.0")
    assert len(edit.new_ids) == 1


@pytest.mark.parametrize(
    ("after", "before"),
    [
        ({**WORDS, "text": "Good morning"}, WORDS),
        (LINK, LINK),
        (WORDS, LINK),
        ({**LINK, "attachments": [{"from_url": "s3://cams/b.jpg", "text": "s3://b/c"}]}, LINK),
        ({**LINK, "bot_id": "B1"}, None),
        ({**WORDS, "user": "U1BOT", "files": [FILE]}, None),
        ({"ts": "1.0", "subtype": "tombstone", "text": "This message was deleted."}, LINK),
        ({**WORDS, "files": [{"id": "F1", "mode": "tombstone"}]}, {**WORDS, "files": [FILE]}),
    ],
)
def test_other_edits_are_left_alone(bolt, after, before):
    """Other words, an unfurl, a deletion and edits of our own ask nothing of anybody."""
    assert change(bolt, after, before).status == 200
    assert bolt.intake.asked == []


@pytest.mark.parametrize("own", [{"bot_id": "B1", "user": "U1BOT"}, {"user": "U1BOT"}])
def test_own_edits_are_ignored(bolt, own):
    """The bot does not follow links in a reply that it changed itself."""
    assert change(bolt, {**LINK, **own}, {**WORDS, **own}).status == 200
    assert bolt.intake.asked == []


def test_trouble_makes_slack_repeat(bolt, away):
    """When an edit cannot be stored Slack gets a 500, and so delivers it again."""
    bolt.intake.answer = away

    assert change(bolt, LINK, WORDS).status == 503
