"""What people may do by themselves."""

import pytest

from bot.sandbox.slack.acting import NotAllowed


@pytest.mark.parametrize(
    ("person", "channel"),
    [("ben", "lab"), ("guest", "alerts"), ("ana", "nowhere"), ("nobody", "photos")],
)
def test_posting_needs_membership(slack, person, channel):
    """People post only where they are members."""
    with pytest.raises(NotAllowed):
        slack.post(person, channel, text="hi")


def test_post_needs_something(slack):
    """A message needs words or files, at most ten of these."""
    with pytest.raises(NotAllowed, match="nothing to post"):
        slack.post("ana", "photos")
    with pytest.raises(NotAllowed, match="At most 10"):
        slack.post("ana", "photos", [("a.txt", b"a")] * 11)


def test_own_things_only(slack, png):
    """Only one's own messages and files can be deleted, unless one is an admin."""
    ts = slack.post("ana", "photos", [("cat.png", png())])
    file_id = slack.messages("photos")[0].files[0]
    with pytest.raises(NotAllowed):
        slack.delete_message("ben", "photos", ts)
    with pytest.raises(NotAllowed):
        slack.delete_file("ben", file_id)
    theirs = slack.post("ben", "photos", text="mine")
    slack.delete_message("ana", "photos", theirs)

    assert [m.ts for m in slack.messages("photos")] == [ts]


def test_guest_joins_nothing(slack):
    """A guest cannot join a public channel; a member can."""
    with pytest.raises(NotAllowed):
        slack.join("guest", "random")
    slack.leave("ben", "random")
    slack.join("ben", "random")

    assert "U0BEN" in slack.world.channel("random").members


def test_typed_text_is_linked(slack):
    """Typed mentions and links arrive as Slack writes them."""
    slack.post("ana", "photos", text="@ben see #photos & https://a.b/c?d&e, not @nobody or #none")

    assert slack.messages("photos")[0].text == (
        "<@U0BEN> see <#C0PHOTOS|photos> &amp; <https://a.b/c?d&amp;e,> not @nobody or #none"
    )


def test_direct_messages_are_read(slack, client):
    """What the bot writes to a person is found by their name."""
    client.chat_postMessage(channel="U0BEN", text="A dog!")

    assert [m.text for m in slack.direct_messages("ben")] == ["A dog!"]
    assert slack.direct_messages("ana") == []


def test_files_are_kept_whole(slack, png):
    """The bytes of a posted file can be read back."""
    slack.post("ana", "photos", [("cat.png", png())])

    assert slack.file_bytes(slack.messages("photos")[0].files[0]) == png()


def test_environment_points_here(slack):
    """The environment has what a bot needs to find this Slack."""
    environment = slack.environment()

    assert environment["SLACK_API_URL"] == f"{slack.url}/api/"
    assert environment.keys() == {
        "SLACK_API_URL",
        "SLACK_BOT_TOKEN",
        "SLACK_APP_TOKEN",
        "SLACK_SIGNING_SECRET",
    }
