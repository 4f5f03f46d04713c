"""The HTTP side: Slack's endpoint and a health check, with everything hostile turned away first."""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Callable
from http import HTTPStatus

from flask import Flask, Response, request
from slack_bolt import App
from slack_bolt.adapter.flask import SlackRequestHandler
from slack_sdk.signature import SignatureVerifier

from handlers.trouble import UNREADABLE

BODY_LIMIT_BYTES = 1024 * 1024
_OLDEST_S = 300

log = logging.getLogger(__name__)


def build_server(bolt: App, *, signing_secret: str, is_ready: Callable[[], bool]) -> Flask:
    """The HTTP app: `/slack/events` for all that Slack sends, `/healthz` for whoever watches us."""
    server = Flask("spotter")
    server.config["MAX_CONTENT_LENGTH"] = BODY_LIMIT_BYTES
    handler = SlackRequestHandler(bolt)
    verifier = SignatureVerifier(signing_secret)

    @server.post("/slack/events")
    def slack_events() -> Response:
        # Before Bolt, which answers 500 to malformed headers and logs the body of a forged request.
        if not _is_signed(verifier, request.get_data()):
            return Response(status=HTTPStatus.UNAUTHORIZED)
        if not _is_understood():
            return Response(status=HTTPStatus.BAD_REQUEST)
        try:
            answer: Response = handler.handle(request)
        except UNREADABLE as exc:
            # Bolt looks deep into a body for who and where before it asks what to do.
            log.warning("body_unreadable", extra={"error": type(exc).__name__})
            return Response(status=HTTPStatus.BAD_REQUEST)
        return answer

    @server.get("/healthz")
    def healthz() -> Response:
        ready = is_ready()
        status = HTTPStatus.OK if ready else HTTPStatus.SERVICE_UNAVAILABLE
        return Response("ok\n" if ready else "not ready\n", status=status, mimetype="text/plain")

    return server


def _is_understood() -> bool:
    """Whether the body is what Slack sends: a form, or a JSON object; Bolt trips over others."""
    said = request.form.get("payload", "{}") if request.form else request.get_data() or "{}"
    try:
        return isinstance(json.loads(said), dict)
    except ValueError:
        return False


def _is_signed(verifier: SignatureVerifier, body: bytes) -> bool:
    timestamp = request.headers.get("X-Slack-Request-Timestamp", "")
    signature = request.headers.get("X-Slack-Signature", "")
    if not (timestamp.isascii() and timestamp.isdigit() and signature.isascii()):
        return False
    if len(timestamp) > 12 or abs(time.time() - int(timestamp)) > _OLDEST_S:
        return False
    try:
        text = body.decode()
    except UnicodeDecodeError:
        return False
    return verifier.is_valid(text, timestamp, signature)
