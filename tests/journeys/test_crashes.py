"""The bot is killed at every protocol call, started again, and what must be one is counted."""

import itertools

import pytest

from bot.sandbox.slack.nouns import Channel
from bot.sandbox.slack.terms import Terms

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
)
MOMENTS = ("arrival", "effect")
PATIENT = Terms(tiers=False, speed=20.0)
"""Slack's redeliveries span a quarter of a minute, in which a busy machine starts the bot again."""

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


@pytest.fixture(scope="module", params=("socket", "http"))
def watched(request, stage_of, tmp_path_factory):
    """A stage where ben watches dogs, and where links into one bucket are read."""
    folder = tmp_path_factory.mktemp("stage")
    with stage_of(folder, request.param, PATIENT, S3_LINK_ALLOW="cams") as stage:
        stage.aws.others.add("cams", {})
        stage.command("ben", "photos", "/labels watch dog")
        yield stage


@pytest.mark.parametrize("moment", MOMENTS)
@pytest.mark.parametrize(("service", "call"), CALLS)
def test_kill_leaves_one_reply(watched, park, service, call, moment):
    """After a kill at any call there is one reply, one notice, at most one question more."""
    calls_before = watched.ledger.count("rekognition", "DetectLabels")
    watched.faults.kill_at(service, call, moment)

    ts = _post_watched_picture(watched, park)
    assert watched.until_no_faults(), watched.bot.log_text()[-4000:]
    watched.start()

    _assert_exactly_one(watched, ts, calls_before)


def test_second_post_kill_leaves_one_notice(watched, park):
    """A kill at the notice's own post, after the reply's, leaves one of each."""
    for moment in MOMENTS:
        calls_before = watched.ledger.count("rekognition", "DetectLabels")
        watched.faults.kill_at("slack", "chat.postMessage", moment, nth=2)

        ts = _post_watched_picture(watched, park)
        assert watched.until_no_faults()
        watched.start()

        _assert_exactly_one(watched, ts, calls_before)


def _told(stage, channel, ts):
    """What the bot said about a message in another channel."""
    mark = f"p{ts.replace('.', '')}"
    return [m for m in stage.slack.messages(channel) if m.bot_id and mark in m.text]


@pytest.mark.parametrize("moment", MOMENTS)
def test_kill_while_telling_channel(watched, park, moment):
    """After a kill at a channel's notice there is one, and its cool-down runs from that one."""
    rule = "dog every 1h tell #random"
    watched.slack.invite("ana", "random", "spotter")
    assert watched.slack.wait_for(lambda: watched.slack.messages("random")[-1].bot_id, 20)
    watched.command("ana", "photos", f"/labels watch {rule}")
    watched.command("ben", "photos", "/labels mute dog")
    watched.faults.kill_at("slack", "chat.postMessage", moment, nth=2)
    first = _post_watched_picture(watched, park)
    assert watched.until_no_faults(), watched.bot.log_text()[-4000:]
    watched.start()
    assert watched.slack.wait_for(lambda: _told(watched, "random", first), 60)
    second = _post_watched_picture(watched, park)
    watched.wait_marked(second)
    watched.settle(1.5)
    watched.command("ana", "photos", f"/labels unwatch {rule}")
    watched.command("ben", "photos", "/labels unmute dog")

    assert len(_told(watched, "random", first)) == 1
    assert _told(watched, "random", second) == []


def _assert_one_message(stage, channel, words):
    """One message of the bot with these words stands in a channel, after a restart too."""

    def found():
        return [m for m in stage.slack.messages(channel) if m.bot_id and words in m.text]

    assert stage.until_no_faults(), "never called"
    stage.start()
    assert stage.slack.wait_for(found, 60), stage.bot.log_text()[-3000:]
    stage.settle()

    (message,) = found()
    return message


@pytest.mark.parametrize("moment", MOMENTS)
def test_kill_leaves_one_welcome(watched, moment):
    """After a kill at the welcome's post there is one welcome."""
    with watched.slack.world.changed:
        name = f"new{next(_numbers)}"
        place = Channel(f"C{name.upper()}", name, "public", ["U0ANA", "U0BEN"], created_s=0)
        watched.slack.world.channels[place.id] = place
    watched.faults.kill_at("slack", "chat.postMessage", moment)
    watched.slack.invite("ana", name, "spotter")

    _assert_one_message(watched, name, "Hello!")


@pytest.mark.parametrize("moment", MOMENTS)
def test_kill_leaves_one_root(watched, park, moment):
    """After a kill at the post about a link there is one such post, with one answer under it."""
    name = f"link{next(_numbers)}"
    watched.aws.others.put("cams", name, park)
    watched.faults.kill_at("slack", "chat.postMessage", moment)
    watched.slack.command("ana", "photos", f"/labels s3://cams/{name}")

    root = _assert_one_message(watched, "photos", f"`{name}`")
    watched.wait_marked(root.ts)
    assert len(watched.replies(root.ts)) == 1


@pytest.mark.parametrize("call", ["conversations.history", "users.info"])
@pytest.mark.parametrize("moment", MOMENTS)
def test_kill_keeps_request(watched, park, call, moment):
    """A kill while a request is looked into loses nothing: one reply comes."""
    watched.command("ana", "alerts", "/labels mode request")
    number = next(_numbers)
    ts = watched.post((f"park{number}.jpg", park + number.to_bytes(4, "big")), channel="alerts")
    watched.faults.kill_at("slack", call, moment)
    watched.slack.react("ben", "alerts", ts, "label")
    assert watched.until_no_faults(), watched.bot.log_text()[-4000:]
    watched.start()
    watched.wait_marked(ts, "alerts")
    watched.settle()

    assert len(watched.replies(ts, "alerts")) == 1
