import pytest

from bot.model import MessageRef

POST = {
    "type": "message",
    "subtype": "file_share",
    "channel": "C1",
    "ts": "1700000000.000100",
    "user": "U1",
    "text": "",
    "files": [{"id": "F1", "name": "dog.jpg", "mimetype": "image/jpeg"}],
}


@pytest.mark.parametrize("text", ["", "Look at this"])
def test_post_is_taken_in(bolt, text):
    """A posted picture is taken in once, with words beside it or without."""
    answer = bolt.happen(**{**POST, "text": text})
    ((what, post),) = bolt.intake.asked

    assert (answer.status, what) == (200, "accept")
    assert post.message == MessageRef("T1", "C1", "1700000000.000100")
    assert [file["id"] for file in post.files] == ["F1"]


def test_post_of_bot_is_taken_in(bolt):
    """What another bot posts is taken in under either subtype, and known as a bot's."""
    for post in ({**POST, "bot_id": "B2"}, {**POST, "bot_id": "B2", "subtype": "bot_message"}):
        assert bolt.happen(**post).status == 200

    assert [post.is_from_bot for _, post in bolt.intake.asked] == [True, True]


@pytest.mark.parametrize("own", [{"bot_id": "B1"}, {"user": "U1BOT"}])
def test_own_post_is_ignored(bolt, own):
    """The bot does not take in what it posted itself."""
    assert bolt.happen(**{**POST, **own}).status == 200
    assert bolt.intake.asked == []


def test_trouble_makes_slack_repeat(bolt, away):
    """When a post cannot be stored Slack gets a 500, and so delivers it again."""
    bolt.intake.answer = away

    assert bolt.happen(**POST).status == 503


def test_post_without_ts(bolt):
    """A post without what Slack promises is refused, and no crash."""
    assert bolt.happen(**{name: POST[name] for name in POST if name != "ts"}).status == 400
