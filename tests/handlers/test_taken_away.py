import pytest

from bot.model import MessageRef

MESSAGE = MessageRef("T1", "C1", "1.0")
PICTURE = {"ts": "1.0", "user": "U1", "text": "", "files": [{"id": "F1"}]}
LINK = {"ts": "1.0", "user": "U1", "text": "<s3://shots/dog.jpg>"}
WORDS_OVER_LINK = {
    "ts": "1.0",
    "user": "U1",
    "text": "our dog",
    "blocks": [
        {
            "type": "rich_text",
            "elements": [
                {
                    "type": "rich_text_section",
                    "elements": [{"type": "link", "url": "s3://shots/dog.jpg", "text": "our dog"}],
                }
            ],
        }
    ],
}
FORWARDED = {**LINK, "text": "", "attachments": [{"is_share": True, "text": LINK["text"]}]}
PLAIN = {"ts": "1.0", "user": "U1", "text": "Hello"}
OURS = {**PICTURE, "bot_id": "B1"}
THEIRS = {**PICTURE, "bot_id": "B2"}


@pytest.mark.parametrize(
    ("before", "expected"),
    [
        (PICTURE, True),
        (LINK, True),
        (WORDS_OVER_LINK, True),
        (FORWARDED, True),
        (PLAIN, False),
        (OURS, False),
        (THEIRS, True),
        (None, True),
    ],
    ids=["picture", "link", "words over link", "forwarded", "plain", "ours", "theirs", "unsaid"],
)
def test_message_deleted(bolt, before, expected):
    """A deleted message is taken away, also before it arrives if it may be work."""
    gone = {"subtype": "message_deleted", "deleted_ts": "1.0", "ts": "9.0"}
    more = {"previous_message": before} if before else {}
    answer = bolt.happen(type="message", channel="C1", **gone, **more)

    assert answer.status == 200
    assert bolt.removing.asked == [("take_away", MESSAGE, {"also_unknown": expected})]


def test_tombstone(bolt):
    """A deleted message with replies is heard of as one that changed into a tombstone."""
    left = {"type": "message", "subtype": "tombstone", "ts": "1.0", "text": "gone"}
    event = {"subtype": "message_changed", "message": left, "previous_message": PICTURE}
    bolt.happen(type="message", channel="C1", ts="9.0", **event)

    assert bolt.removing.asked == [("take_away", MESSAGE, {"also_unknown": True})]


def test_edit_takes_nothing_away(bolt):
    """A message that was only changed is not taken away."""
    event = {"subtype": "message_changed", "message": PICTURE, "previous_message": PICTURE}
    bolt.happen(type="message", channel="C1", ts="9.0", **event)

    assert bolt.removing.asked == []


@pytest.mark.parametrize(
    ("event", "expected"),
    [
        ({"type": "file_deleted", "file_id": "F1"}, ("file_deleted", "T1", "F1", {})),
        ({"type": "channel_deleted", "channel": "C1"}, ("channel_deleted", "T1", "C1", {})),
        ({"type": "group_deleted", "channel": "G1"}, ("channel_deleted", "T1", "G1", {})),
        ({"type": "app_uninstalled"}, ("uninstalled", "T1", {})),
    ],
    ids=lambda value: value["type"] if isinstance(value, dict) else "",
)
def test_other_deletions(bolt, event, expected):
    """A deleted file, channel or installation is taken away."""
    answer = bolt.happen(**event)

    assert answer.status == 200
    assert bolt.removing.asked == [expected]


def test_database_away(bolt, away):
    """While the database is away Slack is asked to deliver the deletion again."""
    bolt.removing.answer = away

    assert bolt.happen(type="file_deleted", file_id="F1").status == 503
