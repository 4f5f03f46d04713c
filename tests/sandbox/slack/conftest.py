"""A local Slack, a client for it, a bot that only listens, and pictures made by code."""

import http.client
import io
import json
import threading
import time
from contextlib import closing, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, urlsplit

import pytest
from PIL import Image
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.sandbox.faults import Faults
from bot.sandbox.ledger import Ledger
from bot.sandbox.slack_server import SlackSandbox, Terms


@pytest.fixture
def start_slack():
    """Start a local Slack under given terms; it is fast unless told otherwise."""
    started = []

    def start(**terms):
        quick = {"tiers": False, "processing_s": 0.05, "answer_limit_s": 0.5}
        slack = SlackSandbox(Ledger(), Faults(), Terms(**{**quick, **terms}))
        slack.start()
        started.append(slack)
        return slack

    yield start
    for slack in started:
        slack.stop()


@pytest.fixture
def slack(start_slack):
    """A local Slack with the default scopes."""
    return start_slack()


@pytest.fixture
def client_of():
    """The official client for a given local Slack."""

    def build(slack, token=None):
        url = slack.environment()["SLACK_API_URL"]
        return WebClient(token or slack.terms.bot_token, base_url=url, retry_handlers=[])

    return build


@pytest.fixture
def client(slack, client_of):
    """The official client, as the bot."""
    return client_of(slack)


@pytest.fixture
def refused():
    """Call something and give the answer with which Slack refuses it."""

    def call(method, **arguments):
        with pytest.raises(SlackApiError) as caught:
            method(**arguments)
        return caught.value.response.data

    return call


@pytest.fixture
def png():
    """The bytes of a PNG of one colour."""

    def build(width_px=40, height_px=30, kind="PNG"):
        found = io.BytesIO()
        Image.new("RGB", (width_px, height_px), "teal").save(found, kind)
        return found.getvalue()

    return build


@pytest.fixture
def upload(slack, client, png):
    """Upload a picture in three steps, keep it private, wait until it is processed; its id."""

    def run(data=None, *, name="annotated.png", wait=True):
        file_id = client.files_upload_v2(content=data or png(), filename=name)["file"]["id"]
        if wait:
            assert slack.wait_for(lambda: slack.world.file(file_id).is_processed, 2)
        return file_id

    return run


def picture_block(file_id):
    """A block that shows an uploaded file."""
    return {"type": "image", "slack_file": {"id": file_id}, "alt_text": "a picture"}


@pytest.fixture
def picture():
    """Builds a block that shows an uploaded file."""
    return picture_block


@pytest.fixture
def visit():
    """Ask any address of this machine: (status, headers with small letters, bytes)."""

    def ask(url, *, method="GET", body=None, headers=None):
        parts = urlsplit(url)
        with closing(http.client.HTTPConnection(parts.netloc, timeout=10)) as line:
            line.request(method, f"{parts.path}?{parts.query}", body, headers or {})
            answer = line.getresponse()
            found = {name.lower(): value for name, value in answer.getheaders()}
            return answer.status, found, answer.read()

    return ask


@dataclass
class Listener:
    """A bot that takes everything and answers as it is told."""

    url: str = ""
    status: int = 200
    body: bytes = b""
    delay_s: float = 0.0
    headers: dict = field(default_factory=dict)
    requests: list = field(default_factory=list)
    came: threading.Condition = field(default_factory=threading.Condition)

    def events(self, kind=None):
        """The inner events that came, of one type or of all."""
        found = [r["json"]["event"] for r in self.requests if "event" in r["json"]]
        return [event for event in found if kind in (None, event["type"])]

    def wait(self, wanted, timeout_s=3.0):
        """Wait until so many requests have come, or until a predicate holds."""
        done = wanted if callable(wanted) else lambda: len(self.requests) >= wanted
        with self.came:
            assert self.came.wait_for(done, timeout_s), self.requests
        return self.requests


def take(listener, handler):
    """Note a request and answer it."""
    body = handler.rfile.read(int(handler.headers["Content-Length"]))
    form = dict(parse_qsl(body.decode())) if b"=" in body[:40] else {}
    said = form.get("payload") or ("{}" if form else body)
    with listener.came:
        listener.requests.append(
            {"headers": dict(handler.headers), "body": body, "form": form, "json": json.loads(said)}
        )
        listener.came.notify_all()
    time.sleep(listener.delay_s)
    handler.send_response(listener.status)
    for name, value in {**listener.headers, "Content-Length": str(len(listener.body))}.items():
        handler.send_header(name, value)
    handler.end_headers()
    handler.wfile.write(listener.body)


@pytest.fixture
def redirect():
    """Put a bot behind a request URL to which a given local Slack delivers."""
    running = []

    def start(slack):
        found = Listener()

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                """Note and answer."""
                with suppress(BrokenPipeError, ConnectionResetError):
                    take(found, self)

            def log_message(self, *_):
                """Say nothing."""

        server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        running.append((server, thread))
        found.url = f"http://127.0.0.1:{server.server_port}/slack/events"
        slack.deliver_to(found.url)
        return found

    yield start
    for server, thread in running:
        server.shutdown()
        server.server_close()
        thread.join()


@pytest.fixture
def listener(slack, redirect):
    """A bot behind a request URL to which the local Slack delivers."""
    return redirect(slack)
