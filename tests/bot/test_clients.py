import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from slack_sdk.errors import SlackApiError

from bot.clients import KeptOpenClient


class Answering(BaseHTTPRequestHandler):
    """Says ok on a connection that stays open; busy where that is asked for."""

    protocol_version = "HTTP/1.1"

    def do_POST(self):
        """Answer, and note on which connection."""
        self.server.connections.add(self.client_address)
        self.rfile.read(int(self.headers["Content-Length"]))
        is_busy = self.path.endswith("busy")
        body = b'{"ok": false, "error": "ratelimited"}' if is_busy else b'{"ok": true}'
        self.send_response(429 if is_busy else 200)
        self.send_header("Content-Length", str(len(body)))
        if is_busy:
            self.send_header("Retry-After", "7")
        self.end_headers()
        if self.path.endswith("cut"):
            self.wfile.write(body[:3])
            self.close_connection = True
        else:
            self.wfile.write(body)

    def log_message(self, *_):
        """Keep the output clean."""


@pytest.fixture
def slack():
    """A server that knows its connections."""
    with ThreadingHTTPServer(("127.0.0.1", 0), Answering) as server:
        server.connections = set()
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}).start()
        yield server
        server.shutdown()


@pytest.fixture
def client(slack):
    """The bot's client of that server."""
    url = f"http://127.0.0.1:{slack.server_address[1]}/api/"
    return KeptOpenClient("xoxb-secret", base_url=url, retry_handlers=[])


def test_calls_share_connection(slack, client):
    """Calls one after the other go over one connection, also after Slack was busy."""
    answers = [client.api_call("auth.test") for _ in range(3)]
    with pytest.raises(SlackApiError) as busy:
        client.api_call("busy")
    client.api_call("auth.test", json={"a": 1})

    assert all(answer["ok"] for answer in answers)
    assert (busy.value.response.status_code, busy.value.response.headers["Retry-After"]) == (
        429,
        "7",
    )
    assert len(slack.connections) == 1


def test_cut_answer_is_no_answer(client):
    """An answer that ends too soon is a broken connection, and the next call gets another one."""
    with pytest.raises(ConnectionError):
        client.api_call("cut")

    assert client.api_call("auth.test")["ok"]


def test_proxy_is_used(slack, client):
    """Where there is a proxy the library's own way through it is taken."""
    client.proxy = f"http://127.0.0.1:{slack.server_address[1]}"
    client.base_url = "http://slack.invalid/api/"

    assert client.api_call("auth.test")["ok"]
