import pytest
from slack_sdk import WebClient

from bot import errors
from bot.adapters.slack import SlackWorkspace
from bot.adapters.slack_history import SlackHistory
from bot.sandbox.slack.nouns import Channel, Message


@pytest.fixture
def history(workspace):
    """The history of the local Slack."""
    return SlackHistory(workspace)


def test_old_message(slack, history):
    """A message is found among later ones, with its words and whole file objects."""
    ts = slack.post("ana", "photos", [("park.jpg", b"bytes")], text="Look")
    for _ in range(3):
        slack.post("ben", "photos", text="later")
    found = history.message("C0PHOTOS", ts)

    assert (found["ts"], found["text"], found["user"]) == (ts, "Look", "U0ANA")
    assert found["files"][0]["url_private_download"].startswith("http")


def test_message_in_thread(slack, history):
    """A message in a thread is found too, and says which thread it is in."""
    parent = slack.post("ana", "photos", text="Look")
    slack.post("ben", "photos", text="first", thread_ts=parent)
    ts = slack.post("ben", "photos", text="second", thread_ts=parent)
    found = history.message("C0PHOTOS", ts)

    assert (found["text"], found["thread_ts"]) == ("second", parent)
    assert history.message("C0PHOTOS", parent)["text"] == "Look"


def test_no_message(slack, history):
    """Where no message is, or none any more, none is found."""
    ts = slack.post("ana", "photos", text="Look")
    slack.delete_message("ana", "photos", ts)

    assert history.message("C0PHOTOS", ts) is None
    assert history.message("C0PHOTOS", "1.000100") is None


def test_foreign_channel(history):
    """Where the bot is not, Slack refuses to say."""
    with pytest.raises(errors.SlackRefused) as caught:
        history.message("C0RANDOM", "1.000100")

    assert caught.value.facts == {"error": "not_in_channel"}


def test_whole_thread_comes_back(answers):
    """When Slack answers with the whole thread, the one message is picked from it."""
    parent = {"ts": "1.000100", "text": "parent", "thread_ts": "1.000100"}
    reply = {"ts": "1.000200", "text": "reply", "thread_ts": "1.000100"}
    answers.slack("conversations.history", {"ok": True, "messages": [parent]})
    answers.otherwise = (200, {}, '{"ok": false, "error": "unknown_method"}')
    answers.slack("conversations.replies", {"ok": True, "messages": [parent, reply]})
    client = WebClient("xoxb-1", base_url=f"{answers.url}api/", timeout=5, retry_handlers=[])

    assert SlackHistory(SlackWorkspace(client)).message("C1", "1.000200") == reply


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
