"""Deliveries over Socket Mode: the bot connects to us, and acknowledges each envelope.

https://docs.slack.dev/apis/events-api/using-socket-mode. A server of its own on a free port of this
machine; several connections share the envelopes between them.
"""

from __future__ import annotations

import json
import secrets
import threading
import uuid
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from concurrent.futures import TimeoutError as NotInTime
from typing import Any, Literal

from websockets.exceptions import ConnectionClosed
from websockets.sync.server import Server, ServerConnection, serve

from bot.sandbox.slack.delivery import NOBODY_THERE, Answer, Kind, Retry
from bot.sandbox.slack.nouns import APP
from bot.sandbox.slack.terms import Terms
from bot.sandbox.slack.timetable import Timetable

CONNECTION_LIMIT = 10
_DEBUG_INFO = {"host": "applink-sandbox", "build_number": 1, "approximate_connection_time": 18060}

Reason = Literal["warning", "refresh_requested", "link_disabled", "too_many_websockets"]


class SocketMode:
    """The line to a bot that has connected by itself."""

    def __init__(self, terms: Terms, timetable: Timetable, rang: Callable[[], None]) -> None:
        """`rang` is called whenever a connection has come or gone."""
        self._terms = terms
        self._timetable = timetable
        self._rang = rang
        self._lock = threading.Lock()
        self._tickets: set[str] = set()
        self._links: list[ServerConnection] = []
        self._waiting: dict[str, tuple[ServerConnection, Future[Answer]]] = {}
        self._turn = 0
        self._server: Server | None = None

    def start(self) -> None:
        """Listen on a free port of this machine."""
        self._server = serve(self._serve, "127.0.0.1", 0, max_size=1 << 20)
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def stop(self) -> None:
        """Close every connection and stop listening."""
        if self._server:
            self._server.shutdown()
            self.cut()

    def is_open(self) -> bool:
        """Whether the bot holds a connection."""
        return self.connections > 0

    @property
    def connections(self) -> int:
        """How many connections the bot holds."""
        with self._lock:
            return len(self._links)

    def open_url(self) -> str:
        """A fresh address to connect to, good for one connection."""
        assert self._server is not None, "Socket Mode is not started"  # noqa: S101 - a programming error of ours
        ticket = secrets.token_hex(8)
        with self._lock:
            self._tickets.add(ticket)
        port = self._server.socket.getsockname()[1]
        return f"ws://127.0.0.1:{port}/link/?ticket={ticket}&app_id={APP}"

    def send(self, kind: Kind, payload: Mapping[str, Any], retry: Retry | None = None) -> Answer:
        """Send an envelope over the next connection in turn and wait for its acknowledgement."""
        envelope_id = str(uuid.uuid4())
        done: Future[Answer] = Future()
        with self._lock:
            if not self._links:
                return NOBODY_THERE
            self._turn += 1
            link = self._links[self._turn % len(self._links)]
            self._waiting[envelope_id] = (link, done)
        envelope = _envelope(envelope_id, kind, payload, retry)
        try:
            link.send(json.dumps(envelope))
            return done.result(self._terms.answer_limit_s)
        except ConnectionClosed:
            return NOBODY_THERE
        except NotInTime:
            return Answer(0, reason="timeout")
        finally:
            with self._lock:
                self._waiting.pop(envelope_id, None)

    def disconnect(self, reason: Reason = "warning") -> None:
        """Tell every connection that it will be closed, and close it: 10 s later on a warning."""
        message = {"type": "disconnect", "reason": reason, "debug_info": _DEBUG_INFO}
        delay_s = 10.0 / self._terms.speed if reason == "warning" else 1.0
        for link in self._held():
            _tell(link, message)
            self._timetable.after(delay_s, link.close)

    def cut(self) -> None:
        """Close every connection without a word, as a broken network does."""
        for link in self._held():
            link.socket.close()
            self._let_go(link)

    def _held(self) -> list[ServerConnection]:
        with self._lock:
            return list(self._links)

    def _serve(self, link: ServerConnection) -> None:
        if not self._admit(link):
            return
        try:
            for text in link:
                self._acknowledge(text)
        except ConnectionClosed:
            return
        finally:
            self._let_go(link)

    def _admit(self, link: ServerConnection) -> bool:
        ticket = link.request.path.partition("ticket=")[2].partition("&")[0] if link.request else ""
        with self._lock:
            if ticket not in self._tickets:
                return False
            self._tickets.remove(ticket)
            number = len(self._links) + 1
        if number > CONNECTION_LIMIT:
            _tell(link, {"type": "disconnect", "reason": "too_many_websockets"})
            return False
        hello = {"type": "hello", "num_connections": number, "debug_info": _DEBUG_INFO}
        _tell(link, {**hello, "connection_info": {"app_id": APP}})
        with self._lock:
            self._links.append(link)
        self._rang()
        return True

    def _let_go(self, link: ServerConnection) -> None:
        with self._lock:
            if link in self._links:
                self._links.remove(link)
            orphans = [done for held, done in self._waiting.values() if held is link]
        for done in orphans:
            if not done.done():
                done.set_result(NOBODY_THERE)
        self._rang()

    def _acknowledge(self, text: str | bytes) -> None:
        try:
            message = json.loads(text)
            envelope_id = message["envelope_id"]
        except (ValueError, TypeError, KeyError):
            return
        with self._lock:
            _, done = self._waiting.get(str(envelope_id), (None, None))
        if done and not done.done():
            payload = message.get("payload")
            done.set_result(Answer(200, json.dumps(payload) if payload else ""))


def _envelope(
    envelope_id: str, kind: Kind, payload: Mapping[str, Any], retry: Retry | None
) -> dict[str, Any]:
    envelope: dict[str, Any] = {"envelope_id": envelope_id, "type": kind, "payload": payload}
    envelope["accepts_response_payload"] = kind != "events_api"
    if kind == "events_api":
        envelope["retry_attempt"] = retry.number if retry else 0
        envelope["retry_reason"] = retry.reason if retry else ""
    return envelope


def _tell(link: ServerConnection, message: Mapping[str, Any]) -> None:
    try:
        link.send(json.dumps(message))
    except ConnectionClosed:
        return
