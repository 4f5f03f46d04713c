import pytest

from bot.adapters.slack_history import SlackHistory
from bot.sandbox.slack.nouns import Channel, Message


@pytest.fixture
def history(workspace):
    """The history of the local Slack."""
    return SlackHistory(workspace)


def say(slack, count, **more):
    """Have so many words said in photos; their ts."""
    with slack.world.changed:
        said = [
            Message("C0PHOTOS", slack.world.next_ts(), "U0BEN", "So?", **more) for _ in range(count)
        ]
        for message in said:
            slack.world.channel("photos").add(message)
    return [message.ts for message in said]


def test_joined(slack, history):
    """The bot is in its own channels, public, private and direct, and in no archived one."""
    slack.archive("alerts")

    assert history.joined() == ["C0PHOTOS", "C0LAB", "D0ANA", "D0BEN", "D0GUEST"]


def test_joined_on_many_pages(slack, history):
    """More channels than a page are all told."""
    with slack.world.changed:
        for at in range(450):
            name = f"C1{at:03}"
            members = ["U0ANA", "U0SPOTTER"]
            slack.world.channels[name] = Channel(name, name.lower(), "public", members, 0)

    assert len(history.joined()) == 456


def test_since(slack, history):
    """Messages come the newest first, on as many pages as it takes, back to the time asked for."""
    say(slack, 5)
    since_s = float(say(slack, 1)[0])
    said = say(slack, 450)
    found = [message["ts"] for message in history.messages("C0PHOTOS", since_s=since_s)]

    assert found == said[::-1]


def test_thread(slack, history):
    """Of a thread the history has the parent with its latest reply; the replies are asked for."""
    (parent,) = say(slack, 1)
    early = say(slack, 3, thread_ts=parent)
    late = say(slack, 250, thread_ts=parent)
    (shown,) = history.messages("C0PHOTOS", since_s=0)
    replies = history.replies("C0PHOTOS", parent, since_s=float(early[-1]))

    assert (shown["ts"], shown["latest_reply"]) == (parent, late[-1])
    assert [reply["ts"] for reply in replies] == late
