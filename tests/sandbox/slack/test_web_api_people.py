"""Channels and people through the official client."""

import pytest

from bot.sandbox.slack.nouns import Message

CHANNEL_KEYS = (
    "id name name_normalized created creator is_archived is_channel is_ext_shared "
    "is_general is_group is_im is_mpim is_org_shared is_pending_ext_shared is_private "
    "is_shared is_member pending_shared previous_names purpose topic unlinked"
)
USER_KEYS = (
    "id team_id name deleted real_name tz tz_label tz_offset profile is_admin "
    "is_owner is_primary_owner is_restricted is_ultra_restricted is_bot is_app_user "
    "updated"
)


def test_channel_shape(client):
    """A channel has the keys that Slack documents, and says whether it is private."""
    public = client.conversations_info(channel="C0PHOTOS")["channel"]
    private = client.conversations_info(channel="C0LAB")["channel"]
    direct = client.conversations_info(channel="D0ANA")["channel"]

    assert public.keys() >= set(CHANNEL_KEYS.split())
    assert (public["is_private"], private["is_private"]) == (False, True)
    assert (direct["is_im"], direct["user"]) == (True, "U0ANA")


@pytest.mark.parametrize(
    ("person", "admin", "guest", "bot"),
    [
        ("U0ANA", True, False, False),
        ("U0GUEST", False, True, False),
        ("U0SPOTTER", False, False, True),
    ],
)
def test_user_shape(client, person, admin, guest, bot):
    """A user has the keys that Slack documents, and says what kind of person it is."""
    user = client.users_info(user=person)["user"]

    assert user.keys() >= set(USER_KEYS.split())
    assert (user["is_admin"], user["is_restricted"], user["is_bot"]) == (admin, guest, bot)


def test_kinds_of_people(slack, client, refused):
    """Who is deactivated or from outside is shown as such; the former has no direct message."""
    slack.world.people["U0BEN"].is_deactivated = True
    slack.world.people["U0GUEST"].team = "T0OTHER"
    ben, outside = (client.users_info(user=user)["user"] for user in ("U0BEN", "U0GUEST"))

    assert (ben["deleted"], outside["deleted"]) == (True, False)
    assert (ben.get("is_stranger"), outside["is_stranger"]) == (None, True)
    assert outside["team_id"] == "T0OTHER"
    assert refused(client.conversations_open, users="U0BEN")["error"] == "user_disabled"


def test_own_time_zone(slack, client):
    """A user has a time zone, with its distance from UTC now."""
    slack.world.people["U0BEN"].tz = "Asia/Kolkata"
    user = client.users_info(user="U0BEN")["user"]

    assert (user["tz"], user["tz_offset"]) == ("Asia/Kolkata", 19800)


def test_unknown_user_is_refused(client, refused):
    """A user id that nobody has is `user_not_found`."""
    assert refused(client.users_info, user="U0NOBODY")["error"] == "user_not_found"


def test_members_come_in_pages(client):
    """Members come page by page until the cursor is empty."""
    first = client.conversations_members(channel="C0PHOTOS", limit=3)
    cursor = first["response_metadata"]["next_cursor"]
    second = client.conversations_members(channel="C0PHOTOS", limit=3, cursor=cursor)

    assert first["members"] + second["members"] == [
        "U0ANA",
        "U0BEN",
        "U0GUEST",
        "U0SPOTTER",
        "U0CAMERA",
    ]
    assert second["response_metadata"]["next_cursor"] == ""


def test_lists_show_what_is_visible(slack, client):
    """The bot lists public channels and the private ones that it is in."""
    kinds = "public_channel,private_channel"
    before = {c["name"] for c in client.conversations_list(types=kinds)["channels"]}
    slack.leave("spotter", "lab")
    after = {c["name"] for c in client.conversations_list(types=kinds)["channels"]}
    ben = {c["id"] for c in client.users_conversations(user="U0BEN", types=kinds)["channels"]}

    assert before == {"photos", "alerts", "random", "lab"}
    assert after == {"photos", "alerts", "random"}
    assert ben == {"C0PHOTOS", "C0ALERTS", "C0RANDOM"}


def test_open_gives_direct_message(client, refused):
    """Opening a conversation with a person gives the bot's direct message with them."""
    assert client.conversations_open(users="U0BEN")["channel"]["id"] == "D0BEN"
    assert refused(client.conversations_open, users="U0NOBODY")["error"] == "user_not_found"
    assert refused(client.conversations_open, users="")["error"] == "users_list_not_supplied"


def test_history_needs_membership(client, refused):
    """The bot reads the messages of a public channel only as a member."""
    assert refused(client.conversations_history, channel="C0RANDOM")["error"] == "not_in_channel"


def test_unknown_thread_is_refused(client, refused):
    """A thread under a message that never was is `thread_not_found`."""
    answer = refused(client.conversations_replies, channel="C0PHOTOS", ts="1.000001")

    assert answer["error"] == "thread_not_found"


def test_history_pages_and_bounds(slack, client):
    """History comes newest first, in pages, between the given times."""
    times = [slack.post("ana", "photos", text=str(n)) for n in range(4)]
    page = client.conversations_history(channel="C0PHOTOS", limit=3)
    later = client.conversations_history(channel="C0PHOTOS", oldest=times[1])["messages"]
    exact = {"oldest": times[1], "latest": times[2], "inclusive": True}

    assert [m["text"] for m in page["messages"]] == ["3", "2", "1"]
    assert page["has_more"]
    assert [m["text"] for m in later] == ["3", "2"]
    both = client.conversations_history(channel="C0PHOTOS", **exact)["messages"]
    assert [m["ts"] for m in both] == [times[2], times[1]]


def test_join_needs_scope(start_slack, client_of, refused):
    """Joining by itself needs a scope that the bot does not ask for."""
    slack = start_slack()
    with_scope = start_slack(scopes=slack.terms.scopes | {"channels:join"})
    answer = refused(client_of(slack).conversations_join, channel="C0RANDOM")
    client_of(with_scope).conversations_join(channel="C0RANDOM")

    assert answer["needed"] == "channels:join"
    assert "U0SPOTTER" in with_scope.world.channel("random").members


def test_a_thousand_messages_are_quick(slack, client):
    """A thread is found without looking through the whole channel."""
    channel = slack.world.channel("photos")
    for number in range(1000):
        ts = f"{number}.000000"
        channel.add(Message(channel.id, ts, "U0ANA", "look"))
        channel.add(Message(channel.id, f"{number}.000001", "U0BEN", "nice", thread_ts=ts))
    thread = client.conversations_replies(channel="C0PHOTOS", ts="500.000000")["messages"]

    assert [m["ts"] for m in thread] == ["500.000000", "500.000001"]
