JOINED = {
    "type": "member_joined_channel",
    "user": "U1BOT",
    "channel": "C1",
    "channel_type": "C",
    "team": "T1",
    "event_ts": "1700000009.000900",
}


def test_bot_owes_welcome(bolt):
    """When the bot joins a channel a welcome is stored."""
    assert bolt.happen(**JOINED).status == 200
    assert bolt.intake.asked == [("owe_welcome", "T1", "C1", "1700000009.000900")]


def test_other_people_join(bolt):
    """When anybody else joins nothing is stored."""
    assert bolt.happen(**{**JOINED, "user": "U1"}).status == 200
    assert bolt.intake.asked == []


def test_joining_comes_again(bolt, away):
    """While the database is away the joining is not taken, so that Slack tells it again."""
    bolt.intake.answer = away

    assert bolt.happen(**JOINED).status == 503
