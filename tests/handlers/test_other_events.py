import pytest


@pytest.mark.parametrize(
    "event",
    [
        {"type": "message", "text": "Hello"},
        {"type": "message", "text": ""},
        {"type": "message", "subtype": "channel_join"},
        {"type": "message", "subtype": "message_changed", "message": {"ts": "1.0"}},
        {"type": "message", "subtype": "subtype_of_tomorrow"},
        {"type": "file_shared", "file_id": "F1"},
        {"type": "reaction_added", "reaction": "eyes"},
        {"type": "event_of_tomorrow"},
    ],
    ids=lambda event: event.get("subtype") or event["type"],
)
def test_other_events_are_answered(bolt, event):
    """What Spotter does nothing about is answered 200, since Slack counts anything else."""
    answer = bolt.happen(channel="C1", ts="1.0", user="U1", **event)

    assert answer.status == 200
    assert bolt.intake.asked == bolt.removing.asked == []
