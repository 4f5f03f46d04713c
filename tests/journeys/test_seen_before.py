import json

import pytest

from bot.sandbox.slack.nouns import Channel

SLACK_CALLS_AT_MOST = 9
"""Two of them about channels: where it was, and whether outsiders read where it is."""


@pytest.fixture(scope="module")
def shared(quiet_stage):
    """The name of a public channel that is shared with another organisation."""
    with quiet_stage.slack.world.changed:
        members = ["U0ANA", "U0BEN", "U0SPOTTER"]
        quiet_stage.slack.world.channels["C0SHARED"] = Channel(
            "C0SHARED", "shared", "public", members, 0, is_ext_shared=True
        )
    return "shared"


def everything(reply):
    """All that a reply says."""
    return f"{reply.text}\n{json.dumps(reply.blocks)}"


@pytest.mark.usefixtures("shared")
@pytest.mark.parametrize(
    ("first", "then", "is_told"),
    [
        ("photos", "photos", True),
        ("photos", "alerts", True),
        ("lab", "lab", True),
        ("lab", "photos", False),
        ("D0ANA", "photos", False),
        ("shared", "alerts", False),
    ],
)
def test_where_it_was(quiet_stage, fresh, first, then, is_told):
    """A second post links to the first in this channel or a public one, else has no word of it."""
    data = fresh()
    asked = quiet_stage.detections
    before = quiet_stage.post_and_wait(("a.jpg", data), channel=first)
    reply = quiet_stage.post_and_wait(("b.jpg", data), channel=then)
    link = f"/archives/{before.channel}/p{before.thread_ts.replace('.', '')}"

    assert quiet_stage.detections - asked == 1
    assert "Seen before" not in everything(before)
    assert ("Seen before" in everything(reply)) is is_told
    assert (link in everything(reply)) is is_told
    assert (before.channel in everything(reply)) is is_told


def test_few_slack_calls(quiet_stage, fresh):
    """A picture that was seen before, elsewhere, takes at most nine calls of Slack's Web API."""
    counts = []
    # Twice, since the sweep asks Slack too, once a day, and may do so at this very moment.
    for _ in range(2):
        data = fresh()
        quiet_stage.post_and_wait(("a.jpg", data), channel="photos")
        before = len(quiet_stage.web_api_calls())
        reply = quiet_stage.post_and_wait(("b.jpg", data), channel="alerts")
        counts.append(len(quiet_stage.web_api_calls()) - before)
        assert "Seen before" in reply.text

    assert min(counts) <= SLACK_CALLS_AT_MOST


def test_same_message(quiet_stage, fresh):
    """Of two pictures with the same bytes in one message neither was seen before."""
    data = fresh()
    reply = quiet_stage.post_and_wait(("a.jpg", data), ("b.jpg", data))

    assert "Seen before" not in everything(reply)


def test_deleted_meanwhile(quiet_stage, fresh):
    """A first post that Slack no longer has is not spoken of."""
    data = fresh()
    first = quiet_stage.post_and_wait(("a.jpg", data), channel="alerts")
    with quiet_stage.slack.world.changed:
        channel = quiet_stage.slack.world.channel("alerts")
        channel.remove(channel.messages[first.thread_ts])
    reply = quiet_stage.post_and_wait(("b.jpg", data), channel="photos")

    assert reply.text.startswith("1 Dog")
    assert "Seen before" not in everything(reply)
