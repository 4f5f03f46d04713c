"""The local Slack: put together, started, stopped; and what tests and the demo do with it.

sandbox = SlackSandbox(ledger, faults, Terms(tiers=False))
sandbox.start()                                  # then give the bot sandbox.environment()
sandbox.deliver_to("http://127.0.0.1:3000/slack/events")        # else Socket Mode
ts = sandbox.post("ana", "photos", [("cat.jpg", data)])
sandbox.wait_for(lambda: sandbox.replies_by_bot("photos", ts), timeout_s=10)
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Mapping
from typing import Any

import waitress
from flask import Flask
from waitress.server import BaseWSGIServer

from bot.sandbox.control import add_control
from bot.sandbox.faults import Faults
from bot.sandbox.ledger import Ledger
from bot.sandbox.loopback import CONNECTIONS, stop_server
from bot.sandbox.samples import Samples
from bot.sandbox.slack.delivery import Answer, Delivery, Line
from bot.sandbox.slack.gate import Gate
from bot.sandbox.slack.http_line import HttpLine
from bot.sandbox.slack.interactivity import Interactivity
from bot.sandbox.slack.limits import Limits
from bot.sandbox.slack.nouns import BOT, Message
from bot.sandbox.slack.response_urls import add_response_urls
from bot.sandbox.slack.site import Site
from bot.sandbox.slack.socket_mode import SocketMode
from bot.sandbox.slack.terms import Shortcut, Terms
from bot.sandbox.slack.tickets import Tickets
from bot.sandbox.slack.timetable import Timetable
from bot.sandbox.slack.uploads import add_uploads
from bot.sandbox.slack.web_api import add_web_api
from bot.sandbox.slack.workspace import Workspace
from bot.sandbox.slack.world import World

__all__ = ["Shortcut", "SlackSandbox", "Terms"]

THREADS = 48
"""The page's long polls and stalled answers each hold one."""


class SlackSandbox(Interactivity):
    """One workspace, in memory; what people do in it, it has from `Acting` and `Interactivity`.

    People and channels go by id or name.
    """

    def __init__(self, ledger: Ledger, faults: Faults, terms: Terms | None = None) -> None:
        self.ledger = ledger
        self.faults = faults
        self.terms = terms or Terms()
        self.world = World(ledger)
        self.samples: Samples = {}
        """Pictures that the page offers to post; may be filled at any time."""
        self._timetable = Timetable()
        self.socket_mode = SocketMode(self.terms, self._timetable, self.world.touch)
        self._server: BaseWSGIServer | None = None
        self._serving: threading.Thread | None = None
        super().__init__(self._build_site())

    def start(self, port: int = 0) -> None:
        """Serve on this port of 127.0.0.1; 0 takes a free one."""
        self._server = waitress.create_server(
            self._build_app(),
            host="127.0.0.1",
            port=port,
            threads=THREADS,
            max_request_body_size=1 << 30,
            clear_untrusted_proxy_headers=True,
            asyncore_use_poll=True,  # select() knows no file beyond the 1,024th
            connection_limit=CONNECTIONS,
        )
        self.world.url = f"http://127.0.0.1:{self._server.effective_port}"
        self.socket_mode.start()
        self._serving = threading.Thread(target=self._server.run, daemon=True)
        self._serving.start()

    def stop(self) -> None:
        """Stop delivering and serving, and forget the files; a second time does nothing."""
        if self._timetable.stopping.is_set():
            return
        self._timetable.stopping.set()
        self.world.touch()
        self.socket_mode.stop()
        if self._server and self._serving:
            stop_server(self._server, self._serving)
        self._timetable.stop()
        self.world.close()

    @property
    def url(self) -> str:
        """Where the page and the APIs are."""
        return self.world.url

    def environment(self) -> dict[str, str]:
        """The variables that point a bot here."""
        return {
            "SLACK_API_URL": f"{self.url}/api/",
            "SLACK_BOT_TOKEN": self.terms.bot_token,
            "SLACK_APP_TOKEN": self.terms.app_token,
            "SLACK_SIGNING_SECRET": self.terms.signing_secret,
        }

    def deliver_to(self, url: str | None) -> None:
        """Deliver by HTTP to this request URL from now on; None goes back to Socket Mode."""
        self.deliver_over(self.line_to(url) if url else self.socket_mode)

    def deliver_over(self, line: Line) -> None:
        """Deliver over this line from now on."""
        self._site.delivery.line = line

    @property
    def connected(self) -> bool:
        """Whether there is somebody to deliver to: a request URL, or a Socket Mode connection."""
        line = self._site.delivery.line
        return line is not None and line.is_open()

    def verify_url(self, url: str) -> bool:
        """Whether this request URL passes the check that Slack makes when it is entered."""
        challenge = self.world.next_id("challenge")
        body = {"token": "sandbox-verification-token", "challenge": challenge}
        body["type"] = "url_verification"
        answer = self.line_to(url).send("events_api", body)
        return answer.status == 200 and challenge in answer.body

    def redeliver(self, event_id: str) -> Answer:
        """Deliver an event once more, as if the answer had been missed."""
        return self._site.delivery.redeliver(event_id)

    def deliver_raw(
        self,
        body: bytes | Mapping[str, Any],
        headers: Mapping[str, str | None] | None = None,
        *,
        timestamp: str | None = None,
        signature: str | None = None,
    ) -> Answer:
        """Send any body to the request URL: signed well unless a part of that is given.

        A header of None is left out, as `{"X-Slack-Signature": None}`.
        """
        line = self._site.delivery.line
        if not isinstance(line, HttpLine):
            raise TypeError("Socket Mode checks no signature: call deliver_to first")
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()
        return line.send_raw(raw, headers, timestamp=timestamp, signature=signature)

    def wait_for(self, predicate: Callable[[], Any], timeout_s: float = 10.0) -> bool:
        """Wait until the predicate holds; it is asked again whenever something has changed."""
        return self.ledger.wait_for(predicate, timeout_s)

    def messages(self, channel: str) -> list[Message]:
        """Every message of the channel, replies too, oldest first."""
        with self.world.changed:
            return list(self.world.channel(channel).messages.values())

    def thread(self, channel: str, ts: str) -> list[Message]:
        """The replies under this message, oldest first."""
        with self.world.changed:
            return self.world.channel(channel).replies(ts)

    def replies_by_bot(self, channel: str, ts: str) -> list[Message]:
        """The bot's replies under this message, oldest first."""
        return [message for message in self.thread(channel, ts) if message.bot_id == BOT]

    def direct_messages(self, person: str) -> list[Message]:
        """What the bot has written to this person directly, oldest first."""
        with self.world.changed:
            where = self.world.direct(self.world.person(person).id)
            return [m for m in where.messages.values() if m.bot_id == BOT]

    def ephemerals(self, person: str) -> list[Message]:
        """What only this person has been shown, oldest first."""
        with self.world.changed:
            user = self.world.person(person).id
            return [m for m in self.world.ephemerals if m.only_for == user]

    def file_bytes(self, file_id: str) -> bytes:
        """The bytes of a file, whoever may see it.

        Raises:
            NotThere: there never was such a file.
        """
        return self.world.file(file_id).path.read_bytes()

    def archive(self, channel: str) -> None:
        """Archive the channel."""
        with self.world.changed:
            self.world.channel(channel).is_archived = True
            self.world.touch()

    def line_to(self, url: str) -> HttpLine:
        """A line to a request URL, to deliver over."""
        return HttpLine(url, self.terms.signing_secret, self.terms.answer_limit_s)

    def _build_site(self) -> Site:
        parts = self.ledger, self.faults, self.terms, self._timetable
        delivery = Delivery(*parts)
        delivery.line = self.socket_mode
        return Site(
            ledger=self.ledger,
            terms=self.terms,
            world=self.world,
            workspace=Workspace(self.world, self.terms, delivery.event),
            timetable=self._timetable,
            tickets=Tickets(self.terms),
            limits=Limits(),
            gate=Gate(*parts),
            delivery=delivery,
            socket_mode=self.socket_mode,
        )

    def _build_app(self) -> Flask:
        app = Flask("sandbox-slack", static_folder=None)
        # Waitress must see ClientDisconnected itself: that is how it drops a line unanswered.
        app.config["PROPAGATE_EXCEPTIONS"] = True
        add_web_api(app, self._site)
        add_uploads(app, self._site)
        add_response_urls(app, self._site)
        add_control(app, self._site, self, samples=self.samples)
        return app
