import pytest

from bot.model import MessageRef

WORDS = {"type": "message", "channel": "C1", "ts": "1.0", "user": "U1"}


@pytest.mark.parametrize("more", [{}, {"subtype": "thread_broadcast"}, {"thread_ts": "0.5"}])
def test_link_is_taken_in(bolt, more):
    """A message that names a picture in S3 is taken in, in a channel and in a thread."""
    answer = bolt.happen(**WORDS, **more, text="s3://cams/dog.jpg")
    ((what, post),) = bolt.intake.asked

    assert (answer.status, what) == (200, "accept")
    assert post.message == MessageRef("T1", "C1", "1.0")
    assert [file["name"] for file in post.files] == ["dog.jpg"]


@pytest.mark.parametrize("text", ["", "Good morning", "https://example.com/dog.jpg"])
def test_words_are_left_alone(bolt, text):
    """A message without a link to S3 asks nothing of anybody."""
    assert bolt.happen(**WORDS, text=text).status == 200
    assert bolt.intake.asked == []


@pytest.mark.parametrize("own", [{"bot_id": "B1"}, {"user": "U1BOT"}])
def test_own_words_are_ignored(bolt, own):
    """The bot does not follow links in what it says itself."""
    assert bolt.happen(**{**WORDS, **own}, text="s3://cams/dog.jpg").status == 200
    assert bolt.intake.asked == []


def test_trouble_makes_slack_repeat(bolt, away):
    """When a link cannot be stored Slack gets a 500, and so delivers it again."""
    bolt.intake.answer = away

    assert bolt.happen(**WORDS, text="s3://cams/dog.jpg").status == 503
