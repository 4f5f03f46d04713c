"""Deliveries over HTTP: signed, within three seconds, again when not taken."""

import time

import pytest
from slack_sdk.signature import Clock, SignatureVerifier

from bot.sandbox.faults import Fault


@pytest.fixture
def verifier(slack):
    """The official check of a signature."""
    return SignatureVerifier(slack.terms.signing_secret, Clock())


@pytest.fixture
def hurried(start_slack):
    """A local Slack whose waits pass six hundred times as fast."""
    return start_slack(speed=600.0)


def attempts(slack):
    """The attempt numbers of the message deliveries so far."""
    return [entry.facts["attempt"] for entry in slack.ledger.entries("event", "message")]


def test_deliveries_are_signed(slack, listener, verifier):
    """The official verifier takes what is delivered: events, commands and clicks."""
    slack.post("ana", "photos", text="look")
    slack.command("ana", "photos", "help")
    slack.shortcut("ana", "anything")
    requests = listener.wait(3)

    assert all(verifier.is_valid_request(r["body"], r["headers"]) for r in requests)


@pytest.mark.parametrize(
    "wrong",
    [
        {"signature": "v0=00"},
        {"signature": ""},
        {"timestamp": "1000000000"},
        {"headers": {"X-Slack-Signature": None}},
        {"headers": {"X-Slack-Request-Timestamp": None}},
    ],
)
def test_raw_requests_can_lie(slack, listener, verifier, wrong):
    """A request that pretends to be Slack's can be wrong in each part, and is still sent."""
    answer = slack.deliver_raw({"type": "event_callback", "event": {}}, **wrong)
    request = listener.requests[0]

    assert answer.status == 200
    assert not verifier.is_valid_request(request["body"], request["headers"])


def test_raw_header_may_be_foreign(slack, listener):
    """A header may hold characters that no honest request has."""
    slack.deliver_raw(b"{}", {"X-Slack-Retry-Num": "viele"}, timestamp="jetzt", signature="v0=ä")
    headers = listener.requests[0]["headers"]

    assert headers["X-Slack-Request-Timestamp"] == "jetzt"
    assert not headers["X-Slack-Signature"].isascii()


def test_raw_request_may_be_right(slack, listener, verifier):
    """A raw request is signed well where nothing else is said."""
    slack.deliver_raw(b'{"type": "event_callback", "event": {}}')
    request = listener.requests[0]

    assert verifier.is_valid_request(request["body"], request["headers"])


def test_url_is_verified(slack, listener):
    """A request URL passes only when it gives the challenge back."""
    silent = slack.verify_url(listener.url)
    listener.body = b'{"challenge": "challenge0000000002"}'

    assert silent is False
    assert slack.verify_url(listener.url) is True


def test_refused_event_comes_again(hurried, redirect):
    """An event that is answered with 500 comes three more times, with number and reason."""
    listener = redirect(hurried)
    listener.status = 500
    hurried.post("ana", "photos", text="look")
    requests = listener.wait(4)
    retries = [r["headers"].get("X-Slack-Retry-Num") for r in requests]
    reasons = {r["headers"].get("X-Slack-Retry-Reason") for r in requests[1:]}

    assert retries == [None, "1", "2", "3"]
    assert reasons == {"http_error"}
    assert len({r["json"]["event_id"] for r in requests}) == 1
    assert hurried.wait_for(lambda: attempts(hurried) == [0, 1, 2, 3], 2)


def test_taken_event_rests(hurried, redirect):
    """Once an event is taken it does not come again."""
    listener = redirect(hurried)
    listener.status = 503
    hurried.post("ana", "photos", text="look")
    hurried.wait_for(lambda: attempts(hurried) == [0], 2)
    listener.status = 200
    hurried.wait_for(lambda: attempts(hurried) == [0, 1], 2)
    time.sleep(0.2)

    assert attempts(hurried) == [0, 1]


def test_no_retry_is_heeded(hurried, redirect):
    """An answer that forbids it is not followed by another try."""
    listener = redirect(hurried)
    listener.status = 500
    listener.headers = {"X-Slack-No-Retry": "1"}
    hurried.post("ana", "photos", text="look")
    listener.wait(1)
    time.sleep(0.2)

    assert attempts(hurried) == [0]


def test_late_answer_is_none(start_slack, redirect):
    """An answer after the limit does not count: the event comes again as `http_timeout`."""
    slack = start_slack(answer_limit_s=0.1, speed=600.0)
    listener = redirect(slack)
    listener.delay_s = 0.3
    slack.post("ana", "photos", text="look")
    requests = listener.wait(2)

    assert requests[1]["headers"]["X-Slack-Retry-Reason"] == "http_timeout"


def test_nobody_there_is_tried_again(hurried):
    """Where nobody listens the event is tried four times in all."""
    hurried.deliver_to("http://127.0.0.1:9/slack/events")
    hurried.post("ana", "photos", text="look")
    given_up = hurried.wait_for(lambda: attempts(hurried) == [0, 1, 2, 3], 3)
    reasons = {entry.facts["reason"] for entry in hurried.ledger.entries("event", "message")}

    assert given_up
    assert reasons == {"connection_failed"}


def test_redelivery_can_be_asked(slack, listener):
    """A test can have an event delivered once more, marked as a retry."""
    slack.post("ana", "photos", text="look")
    event_id = listener.wait(1)[0]["json"]["event_id"]
    answer = slack.redeliver(event_id)
    again = listener.requests[1]

    assert answer.ok
    assert again["json"]["event_id"] == event_id
    assert again["headers"]["X-Slack-Retry-Num"] == "1"


@pytest.mark.parametrize(("kind", "count"), [("duplicate", 2), ("drop_after", 2), ("slow", 1)])
def test_delivery_faults(hurried, redirect, kind, count):
    """A delivery can be ordered to come twice, to lose its answer, or to come late."""
    listener = redirect(hurried)
    hurried.faults.order("event", "message", Fault(kind, seconds=0.05))
    hurried.post("ana", "photos", text="look")
    listener.wait(count)
    time.sleep(0.1)

    assert len(listener.requests) == count


def test_kill_before_event(hurried, redirect):
    """A bot killed before an event is sent gets it again when it is back."""
    listener = redirect(hurried)
    hurried.faults.kill = lambda: hurried.deliver_to("http://127.0.0.1:9/gone")
    hurried.faults.kill_at("event", "message", "arrival")
    hurried.post("ana", "photos", text="look")
    hurried.wait_for(lambda: attempts(hurried) == [0], 2)
    hurried.deliver_to(listener.url)
    listener.wait(1)

    assert listener.requests[0]["headers"]["X-Slack-Retry-Reason"] == "connection_failed"


def test_kill_after_event(slack, listener):
    """A bot killed right after it took an event does not get it again."""
    killed = []
    slack.faults.kill = lambda: killed.append(len(listener.requests))
    slack.faults.kill_at("event", "message", "effect")
    slack.post("ana", "photos", text="look")
    slack.wait_for(lambda: slack.faults.pending() == 0 and attempts(slack), 2)
    listener.wait(lambda: killed)

    assert killed == [1]
    assert attempts(slack) == [0]
