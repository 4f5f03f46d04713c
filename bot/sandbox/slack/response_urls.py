"""Messages that the bot sends to a response URL, or at once as the answer to a command.

https://docs.slack.dev/interactivity/handling-user-interaction#message_responses
"""

from __future__ import annotations

from typing import Any

from flask import Flask, Response, request

from bot.sandbox.slack.composing import read_content, read_thread
from bot.sandbox.slack.gate import refusal
from bot.sandbox.slack.methods import Args, Refused
from bot.sandbox.slack.nouns import Message
from bot.sandbox.slack.site import Site
from bot.sandbox.slack.tickets import ResponseUrl, Spent
from bot.sandbox.slack.web_api_messages import own_message
from bot.sandbox.slack.world import NotThere


def add_response_urls(app: Flask, site: Site) -> None:
    """Answer `/commands/...` and `/actions/...`."""

    @app.post("/commands/<team>/<token>")
    @app.post("/actions/<team>/<token>")
    def respond(team: str, token: str) -> Response:
        del team
        said = request.get_json(silent=True)
        said = said if isinstance(said, dict) else {}
        return site.gate.pass_through("response_url", "call", lambda: _take(site, token, said))


def say_back(site: Site, url: ResponseUrl, said: dict[str, Any]) -> str:
    """Show the message where the URL leads: to one person unless it says `in_channel`; its ts.

    Raises:
        Refused: Slack does not take it.
    """
    with site.world.changed:
        args = Args(said)
        original = _original(site, url)
        if args.flag("delete_original"):
            if original:
                site.workspace.delete_message(original)
            return ""
        content = read_content(site, args)
        if args.flag("replace_original") and original:
            site.workspace.edit_message(original, None, **content)
            return original.ts
        only_for = None if said.get("response_type") == "in_channel" else url.user
        thread_ts = read_thread(args, site.world.channels[url.channel])
        message = own_message(
            site, url.channel, only_for=only_for, thread_ts=thread_ts or url.thread_ts, **content
        )
        site.workspace.add_message(message)
        return message.ts


def _original(site: Site, url: ResponseUrl) -> Message | None:
    if not url.message_ts:
        return None
    try:
        return site.world.message(url.channel, url.message_ts)
    except NotThere:
        return None


def _take(site: Site, token: str, said: dict[str, Any]) -> tuple[Response, dict[str, Any]]:
    try:
        with site.world.changed:
            url = site.tickets.use_response_url(token)
        ts = say_back(site, url, said)
    except Spent as spent:
        return refusal(spent.error, status=404), {"ok": False, "error": spent.error}
    except Refused as refused:
        answer = refusal(refused.error, status=400, **refused.more)
        return answer, {"ok": False, "error": refused.error}
    facts = {"ok": True, "channel": url.channel, "user": url.user, "ts": ts}
    return Response("ok", content_type="text/plain"), facts
