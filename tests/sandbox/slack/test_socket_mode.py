"""Deliveries over Socket Mode, with the official client."""

import json
import threading
import time
from contextlib import ExitStack

import pytest
from slack_sdk import WebClient
from slack_sdk.socket_mode import SocketModeClient
from slack_sdk.socket_mode.response import SocketModeResponse
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect

ENVELOPE_KEYS = "envelope_id payload type accepts_response_payload retry_attempt retry_reason"


@pytest.fixture
def connected():
    """Connect the official client to a given local Slack; it takes what it is told to take."""
    running = []

    def start(slack, *, take=lambda _request: True, answer=None):
        web = WebClient(base_url=slack.environment()["SLACK_API_URL"], retry_handlers=[])
        client = SocketModeClient(slack.terms.app_token, web_client=web, ping_interval=0.2)
        client.seen = []

        def listen(client, request):
            client.seen.append(request)
            if take(request):
                envelope_id = request.envelope_id
                client.send_socket_mode_response(SocketModeResponse(envelope_id, answer))

        client.socket_mode_request_listeners.append(listen)
        before = slack.socket_mode.connections
        client.connect()
        assert slack.wait_for(lambda: slack.socket_mode.connections > before, 3)
        running.append((slack, client))
        return client

    yield start
    for slack, client in running:
        # Its own close would wait three seconds for a message, unless the line is gone before.
        client.auto_reconnect_enabled = False
        slack.socket_mode.cut()
        deadline_s = time.monotonic() + 2
        while client.is_connected() and time.monotonic() < deadline_s:
            time.sleep(0.01)
        client.close()


@pytest.fixture
def open_link():
    """A plain connection to a given local Slack, past its hello: (connection, hello)."""
    with ExitStack() as closing:

        def run(slack):
            link = closing.enter_context(connect(slack.socket_mode.open_url()))
            return link, json.loads(link.recv(2))

        yield run


def statuses(slack):
    """(attempt, status) of the message deliveries so far."""
    entries = slack.ledger.entries("event", "message")
    return [(entry.facts["attempt"], entry.facts["status"]) for entry in entries]


def test_event_is_acknowledged(slack, connected):
    """The official client gets an event and acknowledges it."""
    client = connected(slack)
    slack.post("ana", "photos", text="look")
    slack.wait_for(lambda: statuses(slack), 3)
    request = client.seen[0]

    assert statuses(slack) == [(0, 200)]
    assert request.type == "events_api"
    assert request.payload["event"]["text"] == "look"
    assert request.retry_attempt == 0


def test_hello_and_envelope_shape(slack, open_link):
    """The first message is hello; an event comes in an envelope with Slack's keys."""
    link, hello = open_link(slack)
    slack.wait_for(lambda: slack.connected, 2)
    slack.post("ana", "photos", text="look")
    envelope = json.loads(link.recv(2))

    assert hello["type"] == "hello"
    assert hello.keys() >= {"num_connections", "debug_info", "connection_info"}
    assert envelope.keys() >= set(ENVELOPE_KEYS.split())


def test_unacknowledged_comes_again(start_slack, open_link):
    """An event that is not acknowledged comes again with its attempt number."""
    slack = start_slack(answer_limit_s=0.1, speed=600.0)
    link, _ = open_link(slack)
    slack.wait_for(lambda: slack.connected, 2)
    slack.post("ana", "photos", text="look")
    envelopes = [json.loads(link.recv(2)) for _ in range(3)]
    link.send(json.dumps({"envelope_id": envelopes[2]["envelope_id"]}))
    slack.wait_for(lambda: (2, 200) in statuses(slack), 3)

    assert statuses(slack) == [(0, 0), (1, 0), (2, 200)]
    assert [e["retry_attempt"] for e in envelopes] == [0, 1, 2]
    assert envelopes[1]["retry_reason"] == "timeout"
    assert len({e["payload"]["event_id"] for e in envelopes}) == 1
    assert len({e["envelope_id"] for e in envelopes}) == 3


def test_command_answer_travels(slack, connected):
    """The payload of an acknowledgement is the answer to a command."""
    connected(slack, answer={"text": "Here is help."})
    slack.command("ana", "photos", "help")

    assert [m.text for m in slack.ephemerals("ana")] == ["Here is help."]


def test_connections_share_events(slack, open_link):
    """Several connections share the events between them."""
    links = [open_link(slack)[0], open_link(slack)[0]]
    slack.wait_for(lambda: slack.socket_mode.connections == 2, 2)
    slack.post("ana", "photos", text="one")
    slack.post("ana", "photos", text="two")
    envelopes = [json.loads(link.recv(2)) for link in links]

    assert {e["payload"]["event"]["text"] for e in envelopes} == {"one", "two"}


def test_disconnect_makes_it_reconnect(slack, connected):
    """A client that is asked to leave comes back by itself and gets what follows."""
    client = connected(slack)
    opened = slack.ledger.count("slack", "apps.connections.open")
    slack.socket_mode.disconnect("warning")
    slack.wait_for(lambda: slack.ledger.count("slack", "apps.connections.open") > opened, 5)
    slack.wait_for(lambda: slack.connected, 5)
    slack.post("ana", "photos", text="look")
    slack.wait_for(lambda: (0, 200) in statuses(slack), 3)

    assert client.seen[-1].payload["event"]["text"] == "look"


def test_cut_line_is_redelivered(start_slack, connected):
    """An event whose connection breaks before its acknowledgement comes again on the next one."""
    slack = start_slack(answer_limit_s=2.0, speed=150.0)
    held = threading.Event()
    client = connected(slack, take=lambda request: held.set() or request.retry_attempt > 0)
    slack.post("ana", "photos", text="look")
    held.wait(2)
    slack.socket_mode.cut()
    came = slack.wait_for(lambda: any(status == 200 for _, status in statuses(slack)), 10)

    assert came
    assert statuses(slack)[0] == (0, 0)
    assert client.seen[-1].payload["event"]["text"] == "look"


def test_gone_client_is_noticed(slack, open_link):
    """A connection that the bot closes is no longer counted."""
    link, _ = open_link(slack)
    there = slack.wait_for(lambda: slack.connected, 2)
    link.close()

    assert there
    assert slack.wait_for(lambda: not slack.connected, 2)


def test_ticket_opens_once(slack):
    """An address opens one connection; used or made up, it opens none."""
    url = slack.socket_mode.open_url()
    with connect(url) as right:
        right.recv(2)
        for wrong in (url, url.replace("ticket=", "ticket=0")):
            with connect(wrong) as link, pytest.raises(ConnectionClosed):
                link.recv(2)


def test_ten_connections_at_most(slack, open_link):
    """The eleventh connection is sent away."""
    greetings = [open_link(slack)[1]["num_connections"] for _ in range(10)]
    slack.wait_for(lambda: slack.socket_mode.connections == 10, 2)

    assert greetings[0] == 1
    assert open_link(slack)[1] == {"type": "disconnect", "reason": "too_many_websockets"}


def test_garbage_is_ignored(slack, open_link):
    """What is no acknowledgement is passed over, and the connection stays."""
    link, _ = open_link(slack)
    for text in ("{", "[]", "7", '{"envelope_id": []}', '{"envelope_id": "unknown"}', "ping"):
        link.send(text)
    slack.wait_for(lambda: slack.connected, 2)
    slack.post("ana", "photos", text="look")
    envelope = json.loads(link.recv(2))
    link.send(json.dumps({"envelope_id": envelope["envelope_id"]}))
    slack.wait_for(lambda: statuses(slack), 2)

    assert statuses(slack) == [(0, 200)]
