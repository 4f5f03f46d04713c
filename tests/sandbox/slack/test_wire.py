"""Faults and kills at the protocol, as the official client meets them."""

import http.client
import time

import pytest
from slack_sdk.errors import SlackApiError

from bot.sandbox.faults import Fault

DROPPED = (http.client.RemoteDisconnected, http.client.IncompleteRead, ConnectionResetError)
CUTS = ["drop_before", "drop_after", "stall", "cut"]


@pytest.fixture
def post(client):
    """Post one message."""
    return lambda: client.chat_postMessage(channel="C0PHOTOS", text="hi")


@pytest.mark.parametrize(
    ("kind", "count"), [("drop_before", 0), ("drop_after", 1), ("stall", 1), ("cut", 1)]
)
def test_line_is_cut(slack, post, kind, count):
    """A cut line looks the same to the bot whether or not its message was posted."""
    slack.faults.order("slack", "chat.postMessage", Fault(kind, seconds=0.05))
    with pytest.raises(DROPPED):
        post()

    assert len(slack.messages("photos")) == count
    assert post()["ok"]


@pytest.mark.parametrize("done", [False, True])
@pytest.mark.parametrize(
    ("fault", "error"),
    [
        ({"kind": "error", "error": "internal_error"}, "internal_error"),
        ({"kind": "error", "error": "fatal_error"}, "fatal_error"),
        ({"kind": "status", "status": 503}, "non-JSON"),
        ({"kind": "status", "status": 200, "body": '{"ok": tr'}, "non-JSON"),
        ({"kind": "html"}, "Sign in"),
        ({"kind": "rate_limited", "retry_after": "3"}, "ratelimited"),
    ],
)
def test_wrong_answer(slack, post, fault, error, done):
    """An answer can be wrong in any way, with or without the message being posted."""
    slack.faults.order("slack", "chat.postMessage", Fault(**fault, done=done))
    with pytest.raises(SlackApiError) as caught:
        post()

    assert error in str(caught.value.response.data)
    assert len(slack.messages("photos")) == done


@pytest.mark.parametrize("retry_after", ["7", "soon", None])
def test_retry_after_as_ordered(slack, post, retry_after):
    """The header of a 429 is what was ordered: seconds, garbage, or none."""
    slack.faults.order("slack", "chat.postMessage", Fault("rate_limited", retry_after=retry_after))
    with pytest.raises(SlackApiError) as caught:
        post()

    assert caught.value.response.status_code == 429
    assert caught.value.response.headers.get("Retry-After") == retry_after


def test_slow_answer(slack, post):
    """A slow call takes as long as ordered and then does its work."""
    slack.faults.order("slack", "chat.postMessage", Fault("slow", seconds=0.2))
    begun_s = time.monotonic()

    assert post()["ok"]
    assert time.monotonic() - begun_s >= 0.2


@pytest.mark.parametrize(("moment", "count"), [("arrival", 0), ("effect", 1)])
def test_kill_points(slack, post, moment, count):
    """A kill comes before anything has happened, or after it and before the answer."""
    killed = []
    slack.faults.kill = lambda: killed.append(len(slack.messages("photos")))
    slack.faults.kill_at("slack", "chat.postMessage", moment)
    with pytest.raises(DROPPED):
        post()

    assert killed == [count]
    assert slack.ledger.count("slack", "chat.postMessage") == count


@pytest.mark.parametrize("call", ["upload", "download", "response_url"])
def test_bytes_have_kill_points(slack, listener, visit, png, call, client):
    """Uploads, downloads and response URLs have kill points of their own."""
    slack.post("ana", "photos", [("cat.png", png())])
    slack.command("ana", "photos", "help")
    listener.wait(3)
    form = next(r["form"] for r in listener.requests if r["form"])
    file_id = slack.messages("photos")[0].files[0]
    url = {
        "upload": client.files_getUploadURLExternal(filename="a.png", length=3)["upload_url"],
        "download": client.files_info(file=file_id)["file"]["url_private"],
        "response_url": form["response_url"],
    }[call]
    slack.faults.kill_at("slack", call, "arrival")
    with pytest.raises(DROPPED):
        visit(url, method="GET" if call == "download" else "POST", body=b"abc")

    assert slack.faults.pending() == 0


def test_latency_is_kept(start_slack, client_of):
    """Every answer takes as long as the terms say."""
    slack = start_slack(latency_s={"call": 0.1})
    begun_s = time.monotonic()
    client_of(slack).auth_test()

    assert time.monotonic() - begun_s >= 0.1


def test_stop_frees_stalled_lines(start_slack, client_of):
    """A stalled answer does not keep the sandbox from stopping."""
    slack = start_slack()
    slack.faults.order("slack", "auth.test", Fault("slow", seconds=60))
    client = client_of(slack)
    client.timeout = 0.1
    with pytest.raises(TimeoutError):
        client.auth_test()
    begun_s = time.monotonic()
    slack.stop()

    assert time.monotonic() - begun_s < 2
