"""The bot is killed at every protocol call, started again, and what must be one is counted."""

import itertools

import pytest

CALLS = (
    ("event", "message"),
    ("slack", "reactions.add"),
    ("slack", "download"),
    ("s3", "PutObject"),
    ("rekognition", "DetectLabels"),
    ("slack", "files.getUploadURLExternal"),
    ("slack", "upload"),
    ("slack", "files.completeUploadExternal"),
    ("slack", "files.info"),
    ("slack", "chat.postMessage"),
    ("slack", "users.info"),
    ("slack", "conversations.info"),
    ("slack", "conversations.open"),
    ("slack", "chat.getPermalink"),
)
MOMENTS = ("arrival", "effect")

_numbers = itertools.count(1)


def _post_watched_picture(stage, park):
    """A picture of its own, so that Rekognition must be asked, that ben's watch matches."""
    number = next(_numbers)
    return stage.post((f"park{number}.jpg", park + number.to_bytes(4, "big")))


def _ben_hears_of(stage, ts):
    """Ben's notices about this message."""
    mark = f"p{ts.replace('.', '')}"
    return [sent for sent in stage.slack.direct_messages("ben") if mark in sent.text]


def _assert_exactly_one(stage, ts, calls_before):
    assert stage.slack.wait_for(lambda: stage.replies(ts) and _ben_hears_of(stage, ts), 60), (
        stage.bot.log_text()[-3000:]
    )
    stage.settle()

    assert len(stage.replies(ts)) == 1
    assert len(_ben_hears_of(stage, ts)) == 1
    assert stage.ledger.count("rekognition", "DetectLabels") - calls_before in {1, 2}
    picture = next(b for b in stage.replies(ts)[0].blocks if b["type"] == "image")
    shown = stage.slack.world.file(picture["slack_file"]["id"])
    assert shown.completed
    assert not shown.deleted


@pytest.fixture(scope="module")
def watched(stage):
    """A stage where ben watches dogs."""
    stage.command("ben", "photos", "/labels watch dog")
    return stage


@pytest.mark.parametrize("moment", MOMENTS)
@pytest.mark.parametrize(("service", "call"), CALLS)
def test_kill_leaves_one_reply(watched, park, service, call, moment):
    """After a kill at any call there is one reply, one notice, at most one question more."""
    calls_before = watched.ledger.count("rekognition", "DetectLabels")
    watched.faults.kill_at(service, call, moment)

    ts = _post_watched_picture(watched, park)
    assert watched.until_no_faults(30), "never called"
    watched.start()

    _assert_exactly_one(watched, ts, calls_before)


def test_second_post_kill_leaves_one_notice(watched, park):
    """A kill at the notice's own post, after the reply's, leaves one of each."""
    for moment in MOMENTS:
        calls_before = watched.ledger.count("rekognition", "DetectLabels")
        watched.faults.kill_at("slack", "chat.postMessage", moment, nth=2)

        ts = _post_watched_picture(watched, park)
        assert watched.until_no_faults(30)
        watched.start()

        _assert_exactly_one(watched, ts, calls_before)
