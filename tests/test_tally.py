import io

import pytest
from PIL import Image
from slack_sdk import WebClient

from tests.stage import Stage
from tests.tally import Tally


@pytest.fixture
def stage(tmp_path):
    """A stage whose bot was never started: the tests speak in its place."""
    stage = Stage(tmp_path, "socket")
    yield stage
    stage.stop()


@pytest.fixture
def client(stage):
    """Speaks to Slack as the bot."""
    told = stage.slack.environment()
    return WebClient(told["SLACK_BOT_TOKEN"], base_url=told["SLACK_API_URL"], retry_handlers=[])


@pytest.fixture
def tally(stage):
    """A tally for which ben is to hear of every post."""
    return Tally(stage, watchers=("ben",))


@pytest.fixture
def posted(tally):
    """A post of one picture."""
    return tally.post(("a.png", png()))


def png():
    """The bytes of a small picture."""
    buffer = io.BytesIO()
    Image.new("RGB", (90, 90), "red").save(buffer, "PNG")
    return buffer.getvalue()


def answer(client, posted, **more):
    """Answer in the thread of a post."""
    client.chat_postMessage(channel=posted.channel, thread_ts=posted.ts, text="1 Dog", **more)


def tell_ben(client, posted, key):
    """Send ben a notice about a post."""
    link = f"https://a.slack.com/archives/{posted.channel}/p{posted.ts.replace('.', '')}"
    metadata = {"event_type": "spotter", "event_payload": {"key": key}}
    client.chat_postMessage(channel="D0BEN", text=f"Dog: {link}", metadata=metadata)


def test_nothing_came(tally, posted):
    """A post without answer, notice and original is all of that."""
    assert not tally.wait(within_s=0.2)
    count = tally.count()

    assert posted in tally.posts
    assert (count.posts, count.lost, count.notices_lost) == (1, 1, 1)
    assert (count.originals_wrong, count.reasons, count.questions) == (1, 1, 0)
    assert not all(figure.holds for figure in count.figures())


def test_answered_in_words(tally, posted, client):
    """An answer that shows no picture is an answer, and a reason."""
    answer(client, posted)
    count = tally.count()

    assert (count.lost, count.twice, count.reasons) == (0, 0, 1)


def test_answered_twice(tally, posted, client):
    """A second answer counts, also when it was deleted again."""
    answer(client, posted)
    answer(client, posted)
    last = tally.count()
    for message in client.conversations_replies(channel=posted.channel, ts=posted.ts)["messages"][
        1:
    ]:
        client.chat_delete(channel=posted.channel, ts=message["ts"])

    assert last.twice == 1
    assert tally.count().twice == 1
    assert tally.count().lost == 1


def test_told_twice(tally, posted, client):
    """One notice is right for one picture, another one is too much."""
    tell_ben(client, posted, "one")
    once = tally.count()
    tell_ben(client, posted, "two")

    assert (once.notices_lost, once.notices_twice) == (0, 0)
    assert tally.count().notices_twice == 1


def test_same_notice_twice(stage, client):
    """A notice with the key of an earlier one is too much, however many pictures there are."""
    tally = Tally(stage, watchers=("ben",))
    posted = tally.post(("a.png", png()), ("b.png", png()))
    tell_ben(client, posted, "one")
    tell_ben(client, posted, "one")

    assert tally.count().notices_twice == 1


@pytest.mark.parametrize(("kept", "wrong"), [(png(), 0), (b"other", 1)])
def test_original_is_compared(stage, tally, posted, kept, wrong):
    """An original is right in S3 when it is the posted one byte for byte."""
    (file_id,) = posted.files
    stage.store(f"t/T0SANDBOX/{posted.channel}/{posted.ts}/{file_id}", kept)

    assert tally.count().originals_wrong == wrong
