import json
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from slack_bolt import App, BoltRequest
from slack_bolt.authorization import AuthorizeResult
from slack_sdk import WebClient

import handlers
from bot import errors, reply_buttons


class Intake:
    """Remembers what it was asked to take in, and answers what a test has set."""

    def __init__(self):
        self.asked = []
        self.answer = True

    def accept(self, post):
        """Take a post in."""
        return self._take("accept", post)

    def accept_edit(self, edit):
        """Take an edit in."""
        return self._take("accept_edit", edit)

    def owe_welcome(self, team, channel, *, at):
        """Store that a welcome is owed."""
        return self._take("owe_welcome", team, channel, at)

    def try_again(self, message, *, after):
        """Open the next attempt."""
        return self._take("try_again", message, after)

    def _take(self, *asked):
        self.asked.append(asked)
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer


class Removing:
    """Remembers what was taken away, and answers what a test has set."""

    def __init__(self):
        self.asked = []
        self.answer = True

    def __getattr__(self, name):
        """Whatever is asked, remember it."""

        def take(*asked, **more):
            self.asked.append((name, *asked, more))
            if isinstance(self.answer, Exception):
                raise self.answer
            return self.answer

        return take


class Answering:
    """Remembers what was typed, and answers what a test has set."""

    def __init__(self):
        self.asked = []
        self.result = "An answer."

    def answer(self, asker, text):
        """Answer."""
        self.asked.append((asker, text))
        if isinstance(self.result, Exception):
            raise self.result
        return self.result


class Requesting:
    """Remembers what was asked of it, and answers what a test has set."""

    def __init__(self):
        self.asked = []
        self.words = ""
        self.trouble = None

    def ask(self, message, *, asker, at):
        """Store a request."""
        self._take("ask", message, asker, at)

    def ask_in_words(self, message, *, asker, at):
        """Store a request, or say what is in its way."""
        self._take("ask_in_words", message, asker, at)
        return self.words

    def _take(self, *asked):
        self.asked.append(asked)
        if self.trouble:
            raise self.trouble


class Tuning:
    """Remembers what was saved, and finds wrong what a test has set."""

    def __init__(self):
        self.asked = []
        self.wrong = {}

    def submit(self, asker, values):
        """Take a window."""
        self.asked.append((asker, values))
        return self.wrong


class Pressing(Removing):
    """The same for what was pressed; nothing is said unless a test has set it."""

    def __init__(self):
        super().__init__()
        self.answer = ""


class Noticing(Pressing):
    """The same for what was pressed under a notice."""


class Bolt:
    """The real handlers in a real Bolt app, and what Slack would send it."""

    def __init__(self):
        self.intake = Intake()
        self.answering = Answering()
        self.requesting = Requesting()
        self.removing = Removing()
        self.tuning = Tuning()
        self.pressing = Pressing()
        self.noticing = Noticing()
        found = AuthorizeResult(
            enterprise_id=None, team_id="T1", bot_token="xoxb-1", bot_id="B1", bot_user_id="U1BOT"
        )
        self._app = App(
            client=WebClient("xoxb-1", base_url="http://127.0.0.1:9/api/"),
            authorize=lambda: found,
            process_before_response=True,
            request_verification_enabled=False,
            ssl_check_enabled=False,
        )
        use = handlers.UseCases(
            intake=self.intake,
            answering=self.answering,
            requesting=self.requesting,
            removing=self.removing,
            tuning=self.tuning,
            pressing=self.pressing,
            noticing=self.noticing,
        )
        names = {"label_emoji": "label", "opt_out_emoji": "no_entry_sign"}
        handlers.register(self._app, use, slash_command="/labels", **names)

    def send(self, body):
        """Send a request's body, and give Bolt's answer."""
        kind = {"content-type": ["application/json"]}
        return self._app.dispatch(BoltRequest(body=json.dumps(body), headers=kind))

    def happen(self, **event):
        """Send an event."""
        return self.send(
            {"type": "event_callback", "team_id": "T1", "event_id": "Ev1", "event": event}
        )

    def type(self, text, **more):
        """Send a command."""
        asked = {"command": "/labels", "team_id": "T1", "user_id": "U1", "channel_id": "C1"}
        return self.send({**asked, "text": text, **more})

    def use_shortcut(self, response_url, callback_id="label_images"):
        """Send the use of a message's shortcut."""
        return self.send(
            {
                "type": "message_action",
                "callback_id": callback_id,
                "team": {"id": "T1"},
                "user": {"id": "U1"},
                "channel": {"id": "C1"},
                "message_ts": "1700000000.000100",
                "action_ts": "1700000009.000900",
                "message": {"type": "message", "ts": "1700000000.000100"},
                "response_url": response_url,
            }
        )

    def press(self, response_url, value="1700000000.000100/1", action_id="try_again"):
        """Send the press of a button."""
        action = {"type": "button", "action_id": action_id, "value": value}
        return self._act(response_url, action, block_id="b")

    def press_under_reply(self, response_url, action_id, choice):
        """Send the press of a button about pictures, or a choice in such a menu."""
        action = {"type": "button", "action_id": action_id, "value": choice}
        if action_id != reply_buttons.AMOUNT:
            option = {"text": {"type": "plain_text", "text": "…"}, "value": choice}
            action = {"type": "static_select", "action_id": action_id, "selected_option": option}
        return self._act(response_url, action, block_id="1700000000.000100/3")

    def press_under_notice(self, response_url, action_id, choice, *, is_menu=False):
        """Send the press of a button under a notice, or a choice in such a menu."""
        action = {"type": "button", "action_id": action_id, "value": choice}
        if is_menu:
            option = {"text": {"type": "plain_text", "text": "…"}, "value": choice}
            action = {"type": "static_select", "action_id": action_id, "selected_option": option}
        return self._act(response_url, action, block_id="K1")

    def _act(self, response_url, action, *, block_id):
        return self.send(
            {
                "type": "block_actions",
                "team": {"id": "T1"},
                "user": {"id": "U1"},
                "channel": {"id": "C1"},
                "response_url": response_url,
                "actions": [{**action, "block_id": block_id}],
            }
        )


class Response(BaseHTTPRequestHandler):
    """Keeps what is said to whoever did something."""

    def do_POST(self):
        """Keep the words."""
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.said.append(json.loads(body))
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"ok")

    def log_message(self, *_):
        """Keep the test's output clean."""


@pytest.fixture
def presser():
    """Somebody who sees what is answered to their press."""
    with HTTPServer(("127.0.0.1", 0), Response) as server:
        server.said = []
        server.url = f"http://127.0.0.1:{server.server_address[1]}/"
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}).start()
        yield server
        server.shutdown()


@pytest.fixture
def bolt():
    """The real handlers before use cases that only remember."""
    return Bolt()


@pytest.fixture
def away():
    """The trouble of a database that is away."""
    return errors.RecordsUnavailable()
