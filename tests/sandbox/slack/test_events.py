"""What the bot is told of, and in which shape."""

import pytest
from slack_sdk.errors import SlackApiError

from bot.sandbox.slack.nouns import SLACK_CONNECT_STUB
from bot.sandbox.slack.terms import EVENT_SCOPES, SCOPES

ENVELOPE_KEYS = (
    "token team_id context_team_id context_enterprise_id api_app_id event type event_id event_time "
    "authorizations is_ext_shared_channel event_context"
)
SHARE_KEYS = (
    "type subtype text files upload user display_as_bot ts channel event_ts channel_type blocks "
    "client_msg_id"
)
FILE_KEYS = (
    "id created timestamp name title mimetype filetype pretty_type user editable size mode "
    "is_external external_type is_public public_url_shared display_as_bot username url_private "
    "url_private_download media_display_type permalink permalink_public has_rich_preview "
    "thumb_64 thumb_80 thumb_160 thumb_360 thumb_360_w thumb_360_h original_w original_h"
)


@pytest.fixture
def told(listener):
    """The inner events of one type, once at least so many have come."""

    def wait(kind, count=1):
        listener.wait(lambda: len(listener.events(kind)) >= count)
        return listener.events(kind)

    return wait


def test_file_share_shape(slack, listener, told, png):
    """A posted picture comes as `file_share` in Slack's envelope, with whole file objects."""
    slack.post("ana", "lab", [("cat.png", png(600, 400))], text="look")
    event = told("message")[0]
    envelope = next(r["json"] for r in listener.requests if r["json"]["event"] == event)

    assert envelope.keys() >= set(ENVELOPE_KEYS.split())
    assert event.keys() >= set(SHARE_KEYS.split())
    assert event["files"][0].keys() >= set(FILE_KEYS.split())
    assert "team" not in event
    assert (event["subtype"], event["channel_type"]) == ("file_share", "group")
    assert envelope["authorizations"][0]["user_id"] == "U0SPOTTER"


def test_file_shared_twin(slack, told, png):
    """Each file of a message also comes as `file_shared`, which names neither ts nor thread."""
    slack.post("ana", "photos", [("a.png", png()), ("b.png", png())])
    twins = told("file_shared", 2)

    assert sorted(t["file_id"] for t in twins) == sorted(slack.messages("photos")[0].files)
    assert all({"user_id", "channel_id", "file", "event_ts"} <= t.keys() for t in twins)
    assert not any("ts" in t or "thread_ts" in t for t in twins)


def test_thread_is_told(slack, told):
    """A message inside a thread names its parent and the parent's author."""
    ts = slack.post("ana", "photos", text="look")
    slack.post("ben", "photos", text="nice", thread_ts=ts)
    reply = next(e for e in told("message", 2) if e["text"] == "nice")

    assert (reply["thread_ts"], reply["parent_user_id"]) == (ts, "U0ANA")


def test_own_posts_come_back(client, told):
    """The bot's own post is told to it too, marked as its own."""
    client.chat_postMessage(channel="C0PHOTOS", text="done")
    event = told("message")[0]

    assert (event["bot_id"], event["app_id"]) == ("B0SPOTTER", "A0SPOTTER")
    assert event["user"] == "U0SPOTTER"


def test_other_bot_posts(slack, told, png):
    """Another bot's picture comes with that bot's id."""
    slack.post("camera", "photos", [("door.png", png())])
    event = told("message")[0]

    assert (event["bot_id"], event["subtype"]) == ("B0CAMERA", "file_share")


def test_elsewhere_is_silent(slack, told):
    """Of channels that the bot is not in it hears nothing."""
    slack.post("ana", "random", text="secret")
    slack.post("ana", "photos", text="open")
    events = told("message")

    assert [e["text"] for e in events] == ["open"]


def test_edit_is_told(slack, told):
    """An edit comes as `message_changed` with the message before and after."""
    ts = slack.post("ana", "photos", text="one")
    slack.edit("ana", "photos", ts, "two")
    event = next(e for e in told("message", 2) if e.get("subtype") == "message_changed")

    assert (event["previous_message"]["text"], event["message"]["text"]) == ("one", "two")
    assert event["message"]["edited"]["user"] == "U0ANA"
    assert event["message"]["ts"] == ts != event["ts"]
    assert event["hidden"]


def test_deletion_is_told(slack, told, png):
    """A deletion comes as `message_deleted` with the message that was there."""
    ts = slack.post("ana", "photos", [("cat.png", png())])
    slack.delete_message("ana", "photos", ts)
    event = next(e for e in told("message", 2) if e["subtype"] == "message_deleted")

    assert event["deleted_ts"] == ts
    assert event["previous_message"]["files"][0]["name"] == "cat.png"


def test_parent_leaves_tombstone(slack, client, told):
    """A deleted parent with replies becomes a tombstone, and its replies stay."""
    ts = slack.post("ana", "photos", text="look")
    client.chat_postMessage(channel="C0PHOTOS", thread_ts=ts, text="nice")
    slack.delete_message("ana", "photos", ts)
    event = next(e for e in told("message", 3) if e.get("subtype") == "message_changed")

    assert event["message"]["subtype"] == "tombstone"
    assert [m.text for m in slack.replies_by_bot("photos", ts)] == ["nice"]


def test_file_deletion_is_told(slack, told, png):
    """A deleted file comes as `file_deleted`, and its message changes to a tombstone."""
    slack.post("ana", "photos", [("cat.png", png())])
    file_id = slack.messages("photos")[0].files[0]
    slack.delete_file("ana", file_id)
    event = told("file_deleted")[0]
    changed = next(e for e in told("message", 2) if e["subtype"] == "message_changed")

    assert (event["file_id"], event["channel_ids"]) == (file_id, ["C0PHOTOS"])
    assert changed["message"]["files"] == [{"id": file_id, "mode": "tombstone"}]
    assert changed["previous_message"]["files"][0]["mode"] == "hosted"


def test_reaction_is_told(slack, told):
    """A reaction comes with its name and the message it is on; taken back, likewise."""
    ts = slack.post("ana", "photos", text="look")
    slack.react("ben", "photos", ts, "eyes")
    slack.react("ben", "photos", ts, "eyes", remove=True)
    event = told("reaction_added")[0]

    assert event["item"] == {"type": "message", "channel": "C0PHOTOS", "ts": ts}
    assert (event["reaction"], event["user"], event["item_user"]) == ("eyes", "U0BEN", "U0ANA")
    assert told("reaction_removed")[0]["reaction"] == "eyes"


def test_invitation_is_told(slack, told):
    """Who invites the bot makes it hear of its own joining and of what follows."""
    slack.invite("ana", "random", "spotter")
    slack.post("ben", "random", text="welcome")
    joined = told("member_joined_channel")[0]
    subtypes = {e.get("subtype") for e in told("message", 2)}

    assert (joined["user"], joined["inviter"]) == ("U0SPOTTER", "U0ANA")
    assert subtypes == {"channel_join", None}


def test_home_is_told(slack, client, told):
    """Opening the Home tab comes with the view that was published before."""
    client.views_publish(user_id="U0BEN", view={"type": "home", "blocks": [{"type": "divider"}]})
    slack.open_home("ben")
    event = told("app_home_opened")[0]

    assert (event["user"], event["tab"], event["channel"]) == ("U0BEN", "home", "D0BEN")
    assert event["view"]["type"] == "home"


def test_connect_file_is_stub(slack, told, png):
    """A file of a Slack Connect channel is only a stub in the event."""
    slack.world.channel("photos").is_ext_shared = True
    slack.post("ana", "photos", [("cat.png", png())], stub=SLACK_CONNECT_STUB)
    file = told("message")[0]["files"][0]

    assert file.keys() == {"id", "mode", "file_access", "created", "timestamp", "user"}


def test_unprocessed_file_is_untyped(slack, told, png):
    """A file that Slack still looks at comes with an empty type."""
    slack.post("ana", "photos", [("cat.png", png())], processing_s=5)
    file = told("message")[0]["files"][0]

    assert (file["mimetype"], file["filetype"]) == ("", "")


def test_direct_message_is_told(slack, told, png):
    """What a person writes to the bot directly comes as `im`."""
    slack.post("ben", "D0BEN", [("cat.png", png())])

    assert told("message")[0]["channel_type"] == "im"


def test_scope_silences_events(start_slack):
    """Without the history scope, messages of that kind of channel are not told."""
    slack = start_slack(scopes=SCOPES - {"groups:history"})
    slack.post("ana", "lab", text="private")
    slack.post("ana", "photos", text="public")
    slack.wait_for(lambda: slack.ledger.count("event", "message"), 2)
    channels = {entry.facts["channel"] for entry in slack.ledger.entries("event", "message")}

    assert channels == {"C0PHOTOS"}


def test_unsubscribed_is_silent(start_slack):
    """Only events that the app has subscribed to are told."""
    slack = start_slack(events=frozenset(EVENT_SCOPES) - {"file_shared"})
    slack.post("ana", "photos", [("a.txt", b"words")])
    slack.wait_for(lambda: slack.ledger.count("event"), 2)

    assert slack.ledger.count("event", "file_shared") == 0


@pytest.mark.parametrize(
    ("channel", "kind"), [("photos", "channel_deleted"), ("lab", "group_deleted")]
)
def test_deleted_channel_is_told(slack, told, channel, kind):
    """A channel that an admin deletes is told of by its id, and is no more."""
    channel_id = slack.world.channel(channel).id
    slack.delete_channel("ana", channel)

    assert told(kind)[0]["channel"] == channel_id
    assert channel_id not in slack.world.channels


def test_lost_file_is_not_told(slack, client, listener, png):
    """A file that retention removes raises no event, and is gone for whoever asks."""
    ts = slack.post("ana", "photos", [("a.png", png())])
    (file_id,) = next(m.files for m in slack.messages("photos") if m.ts == ts)
    slack.lose_file(file_id)
    slack.post("ana", "photos", text="later")
    listener.wait(lambda: any(e["text"] == "later" for e in listener.events("message")))

    assert listener.events("file_deleted") == []
    with pytest.raises(SlackApiError, match="file_deleted"):
        client.files_info(file=file_id)


def test_removed_app_is_told(slack, client, told):
    """An app that an admin removes hears of it, and its token is worth nothing from then on."""
    slack.uninstall("ana")

    assert told("app_uninstalled")
    with pytest.raises(SlackApiError, match="account_inactive"):
        client.auth_test()
