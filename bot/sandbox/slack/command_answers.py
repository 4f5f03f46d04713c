"""What becomes of the bot's answer to a slash command."""

from __future__ import annotations

import json
from typing import Any

from bot.sandbox.slack.delivery import Answer
from bot.sandbox.slack.methods import Refused
from bot.sandbox.slack.response_urls import say_back
from bot.sandbox.slack.site import Site
from bot.sandbox.slack.tickets import ResponseUrl


def take_command_answer(site: Site, url: ResponseUrl, command: str, answer: Answer) -> None:
    """Show what came back at once, or Slack's words for why nothing did."""
    if not answer.ok:
        late = answer.reason in ("http_timeout", "timeout")
        error = "operation_timeout" if late else "dispatch_failed"
        say_back(site, url, {"text": f'{command} failed with the error "{error}"'})
    elif answer.body.strip():
        _show(site, url, _read(answer.body))


def _show(site: Site, url: ResponseUrl, said: dict[str, Any]) -> None:
    """An answer that Slack does not take is shown to nobody, but stands in the ledger."""
    try:
        say_back(site, url, said)
    except Refused as refused:
        site.ledger.record("slack", "command_answer", ok=False, error=refused.error)


def _read(body: str) -> dict[str, Any]:
    """An answer to a command is JSON, or plain text as it stands."""
    try:
        found = json.loads(body)
    except ValueError:
        return {"text": body}
    return found if isinstance(found, dict) else {"text": body}
