"""Messages and reactions through the official client."""

import pytest

MESSAGE_KEYS = {"type", "user", "text", "ts", "team", "bot_id", "app_id", "bot_profile"}


def test_posted_message_shape(client):
    """A posted message comes back with the keys that Slack documents."""
    answer = client.chat_postMessage(channel="C0PHOTOS", text="hello")

    assert answer.data.keys() >= {"ok", "channel", "ts", "message"}
    assert answer["message"].keys() >= MESSAGE_KEYS
    assert answer["message"]["bot_id"] == "B0SPOTTER"


@pytest.mark.parametrize(
    ("channel", "error"),
    [
        ("C0NOWHERE", "channel_not_found"),
        ("C0RANDOM", "not_in_channel"),
        ("U0CAMERA", "channel_not_found"),
    ],
)
def test_posting_elsewhere_is_refused(client, refused, channel, error):
    """The bot posts only where it is a member."""
    assert refused(client.chat_postMessage, channel=channel, text="hi")["error"] == error


def test_left_private_channel_vanishes(slack, client, refused):
    """A private channel that the bot is not in does not exist for it."""
    slack.leave("spotter", "lab")

    assert refused(client.chat_postMessage, channel="C0LAB", text="hi")["error"] == (
        "channel_not_found"
    )
    assert refused(client.conversations_info, channel="C0LAB")["error"] == "channel_not_found"
    assert refused(client.conversations_members, channel="C0LAB")["error"] == "channel_not_found"


def test_archived_channel_is_refused(slack, client, refused):
    """Nothing can be posted into an archived channel."""
    slack.archive("alerts")

    assert refused(client.chat_postMessage, channel="C0ALERTS", text="hi")["error"] == "is_archived"


def test_channel_name_is_taken(client):
    """A message may be sent to a channel by name, or to a person by id."""
    assert client.chat_postMessage(channel="#photos", text="hi")["channel"] == "C0PHOTOS"
    assert client.chat_postMessage(channel="U0BEN", text="hi")["channel"] == "D0BEN"


def test_empty_message_is_refused(client, refused):
    """A message without text, blocks or attachments is `no_text`."""
    assert refused(client.api_call, api_method="chat.postMessage", json={"channel": "C0PHOTOS"})[
        "error"
    ] == ("no_text")


def test_long_text_is_cut(client):
    """Text beyond 40,000 characters is cut off when posted and refused when it is an update."""
    answer = client.chat_postMessage(channel="C0PHOTOS", text="a" * 40_001)

    assert len(answer["message"]["text"]) == 40_000


def test_update_text_limit(client, refused):
    """An update takes at most 4,000 characters."""
    ts = client.chat_postMessage(channel="C0PHOTOS", text="a")["ts"]
    answer = refused(client.chat_update, channel="C0PHOTOS", ts=ts, text="a" * 4001)

    assert answer["error"] == "msg_too_long"


def test_reply_stands_in_thread(slack, client):
    """A reply is listed under its parent and not in the channel's own history."""
    ts = slack.post("ana", "photos", text="look")
    reply = client.chat_postMessage(channel="C0PHOTOS", thread_ts=ts, text="nice")
    thread = client.conversations_replies(channel="C0PHOTOS", ts=ts)["messages"]
    history = client.conversations_history(channel="C0PHOTOS")["messages"]

    assert [m["ts"] for m in thread] == [ts, reply["ts"]]
    assert thread[0]["reply_count"] == 1
    assert thread[1]["parent_user_id"] == "U0ANA"
    assert [m["ts"] for m in history] == [ts]
    assert slack.replies_by_bot("photos", ts)[0].text == "nice"


def test_reply_to_nothing_is_refused(slack, client, refused):
    """A reply under a deleted message is `thread_not_found`."""
    ts = slack.post("ana", "photos", text="look")
    slack.delete_message("ana", "photos", ts)
    answer = refused(client.chat_postMessage, channel="C0PHOTOS", thread_ts=ts, text="nice")

    assert answer["error"] == "thread_not_found"


def test_metadata_needs_asking(slack, client):
    """Metadata comes back whole only when all of it is asked for."""
    ts = slack.post("ana", "photos", text="look")
    metadata = {"event_type": "reply", "event_payload": {"key": "k1"}}
    client.chat_postMessage(channel="C0PHOTOS", thread_ts=ts, text="x", metadata=metadata)
    where = {"channel": "C0PHOTOS", "ts": ts}
    whole = client.conversations_replies(**where, include_all_metadata=True)["messages"][1]
    part = client.conversations_replies(**where)["messages"][1]

    assert whole["metadata"] == metadata
    assert part["metadata"] == {"event_type": "reply"}
    assert slack.ledger.entries("slack", "chat.postMessage")[0].facts["metadata"] == metadata


def test_bad_metadata_is_refused(client, refused):
    """Metadata without a payload is refused."""
    answer = refused(
        client.chat_postMessage, channel="C0PHOTOS", text="x", metadata={"event_type": "reply"}
    )

    assert answer["error"] == "invalid_metadata_schema"


def test_update_keeps_metadata(slack, client):
    """An update changes the words; metadata stays, and blocks go when only text is sent."""
    blocks = [{"type": "divider"}]
    metadata = {"event_type": "reply", "event_payload": {"key": "k1"}}
    ts = client.chat_postMessage(channel="C0PHOTOS", text="one", blocks=blocks, metadata=metadata)[
        "ts"
    ]
    client.chat_update(channel="C0PHOTOS", ts=ts, text="two")
    message = slack.messages("photos")[-1]

    assert (message.text, message.blocks, message.metadata) == ("two", [], metadata)


def test_foreign_message_stays(slack, client, refused):
    """The bot can neither change nor delete what somebody else wrote."""
    where = {"channel": "C0PHOTOS", "ts": slack.post("ana", "photos", text="mine")}

    assert refused(client.chat_update, **where, text="x")["error"] == "cant_update_message"
    assert refused(client.chat_delete, **where)["error"] == "cant_delete_message"
    gone = {"channel": "C0PHOTOS", "ts": "1.000001"}
    assert refused(client.chat_update, **gone, text="x")["error"] == "message_not_found"


def test_deleted_message_is_gone(slack, client):
    """What the bot deletes is gone for all."""
    ts = client.chat_postMessage(channel="C0PHOTOS", text="oops")["ts"]
    client.chat_delete(channel="C0PHOTOS", ts=ts)

    assert slack.messages("photos") == []


def test_ephemeral_is_for_one(slack, client, refused):
    """An ephemeral message is shown to its person only, who must be in the channel."""
    client.chat_postEphemeral(channel="C0LAB", user="U0ANA", text="psst")
    answer = refused(client.chat_postEphemeral, channel="C0LAB", user="U0BEN", text="psst")

    assert [m.text for m in slack.ephemerals("ana")] == ["psst"]
    assert slack.ephemerals("ben") == slack.messages("lab") == []
    assert answer["error"] == "user_not_in_channel"


def test_reaction_counts_once(slack, client, refused):
    """A reaction is added once; unknown messages and bad names are refused."""
    where = {"channel": "C0PHOTOS", "timestamp": slack.post("ana", "photos", text="look")}
    client.reactions_add(**where, name="eyes")
    shown = client.reactions_get(**where)["message"]["reactions"]

    assert shown == [{"name": "eyes", "users": ["U0SPOTTER"], "count": 1}]
    assert refused(client.reactions_add, **where, name="eyes")["error"] == "already_reacted"
    assert refused(client.reactions_add, **where, name="Ä")["error"] == "invalid_name"
    nowhere = {"channel": "C0PHOTOS", "timestamp": "1.000001"}
    assert refused(client.reactions_add, **nowhere, name="eyes")["error"] == "message_not_found"


def test_permalink_names_thread(slack, client):
    """A permalink names the message, and for a reply its thread."""
    ts = slack.post("ana", "photos", text="look")
    reply = client.chat_postMessage(channel="C0PHOTOS", thread_ts=ts, text="x")["ts"]
    link = client.chat_getPermalink(channel="C0PHOTOS", message_ts=reply)["permalink"]

    assert f"/archives/C0PHOTOS/p{reply.replace('.', '')}?thread_ts={ts}" in link


def test_bad_blocks_are_refused(client, refused):
    """Blocks beyond Slack's limits are refused with the place."""
    blocks = [{"type": "section", "text": {"type": "mrkdwn", "text": "a" * 3001}}]
    answer = refused(client.chat_postMessage, channel="C0PHOTOS", text="x", blocks=blocks)

    assert answer["error"] == "invalid_blocks"
    assert answer["errors"] == [
        "must be less than 3001 characters [json-pointer:/blocks/0/text/text]"
    ]
