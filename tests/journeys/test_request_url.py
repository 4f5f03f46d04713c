import sys

import pytest

from tests.full_disk import full_disk
from tests.stage import IS_FLEET


@pytest.mark.skipif(IS_FLEET, reason="The database's disk is another's.")
@pytest.mark.skipif(sys.platform != "linux", reason="Only Linux limits another process.")
def test_disk_full(http_stage, fresh):
    """While the disk takes no more, Slack is refused in time; its redelivery is served."""
    http_stage.post_and_wait(("park.jpg", fresh()))
    with full_disk(http_stage.bot.pid):
        ts = http_stage.post(("park.jpg", fresh()), channel="alerts")
        assert http_stage.slack.wait_for(lambda: http_stage.deliveries(ts), 10)
    http_stage.wait_marked(ts, "alerts")
    first = http_stage.deliveries(ts)[0]
    http_stage.settle(1.0)

    assert first["status"] >= 500
    assert first["took_s"] < 2.5
    assert len(http_stage.replies(ts, "alerts")) == 1


@pytest.mark.parametrize(
    ("timestamp", "signature"),
    [
        (None, "v0=" + "0" * 64),
        (None, ""),
        (None, "v0="),
        (None, "v1=nonsense"),
        (None, "v0=\xe4\xf6\xfc"),
        ("1600000000", None),
        ("99999999999", None),
        ("soon", None),
        ("", None),
        ("-1", None),
        ("\xb2", None),
        ("1" * 400, None),
    ],
)
def test_bad_signatures(http_stage, timestamp, signature):
    """A wrong, old or malformed signature is turned away with 401, and nothing comes of it."""
    said = len(http_stage.said())
    body = {"type": "event_callback", "team_id": "T0SANDBOX", "event": {"type": "message"}}
    answer = http_stage.slack.deliver_raw(body, timestamp=timestamp, signature=signature)

    assert answer.status == 401
    assert len(http_stage.said()) == said


@pytest.mark.parametrize("name", ["X-Slack-Signature", "X-Slack-Request-Timestamp"])
def test_missing_header(http_stage, name):
    """A request without one of Slack's headers is turned away with 401."""
    assert http_stage.slack.deliver_raw({"type": "event_callback"}, {name: None}).status == 401


def test_huge_body(http_stage):
    """A body beyond any event's size is turned away with 413."""
    assert http_stage.slack.deliver_raw(b"x" * 2_000_000).status == 413


@pytest.mark.parametrize(
    "body", [b"", b"{", b"[]", b"null", b'"words"', b"\xff\xfe", b"payload=%7B", b'{"event": 1}']
)
def test_signed_nonsense(http_stage, body):
    """A signed body that is nothing Slack sends is never a server error."""
    assert http_stage.slack.deliver_raw(body).status < 500


def test_request_url_check(http_stage):
    """The bot passes the check that Slack makes of a request URL."""
    assert http_stage.slack.verify_url(http_stage.request_url)
