"""The Web API under `/api/`: who calls, with which scopes, how often; then the method itself.

Methods stand in `web_api_messages.py`, `web_api_people.py`, `web_api_files.py`, `web_api_views.py`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Flask, Response, jsonify, request

from bot.sandbox.slack.gate import rate_limited, refusal
from bot.sandbox.slack.methods import Args, Method, Refused
from bot.sandbox.slack.nouns import BOT, BOT_USER, TEAM, TEAM_NAME
from bot.sandbox.slack.site import Site
from bot.sandbox.slack.web_api_files import FILE_METHODS
from bot.sandbox.slack.web_api_messages import MESSAGE_METHODS
from bot.sandbox.slack.web_api_people import PEOPLE_METHODS
from bot.sandbox.slack.web_api_views import VIEW_METHODS


def add_web_api(app: Flask, site: Site) -> None:
    """Answer `/api/<method>` by GET and POST, with form, JSON or query arguments."""

    @app.route("/api/<method>", methods=["GET", "POST"])
    def call(method: str) -> Response:
        args = Args(_arguments())
        return site.gate.pass_through(method, "call", lambda: _answer(site, method, args))


def check_auth(site: Site, _args: Args) -> dict[str, Any]:
    """https://docs.slack.dev/reference/methods/auth.test."""
    return {
        "url": f"{site.world.url}/",
        "team": TEAM_NAME,
        "user": site.world.people[BOT_USER].name,
        "team_id": TEAM,
        "user_id": BOT_USER,
        "bot_id": BOT,
        "is_enterprise_install": False,
    }


def open_connection(site: Site, _args: Args) -> dict[str, Any]:
    """https://docs.slack.dev/reference/methods/apps.connections.open."""
    return {"url": site.socket_mode.open_url()}


METHODS: Mapping[str, Method] = {
    "auth.test": Method(check_auth),
    "apps.connections.open": Method(open_connection, tier=3, app_token=True),
    **MESSAGE_METHODS,
    **PEOPLE_METHODS,
    **FILE_METHODS,
    **VIEW_METHODS,
}


def _answer(site: Site, name: str, args: Args) -> tuple[Response, dict[str, Any]]:
    facts: dict[str, Any] = {}
    try:
        wait_s, found = _carry_out(site, name, args)
        facts = found.pop("facts", {})
        answer = rate_limited(str(wait_s)) if wait_s else jsonify({"ok": True, **found})
        error = "ratelimited" if wait_s else None
    except Refused as refused:
        answer, error = refusal(refused.error, **refused.more), refused.error
    answer.headers["x-oauth-scopes"] = ",".join(sorted(site.terms.scopes))
    answer.headers["x-slack-req-id"] = site.world.next_id("req")
    if name in METHODS:
        answer.headers["x-accepted-oauth-scopes"] = ",".join(METHODS[name].scopes)
    told = {**args.facts(), **facts, "ok": error is None}
    return answer, {**told, "error": error} if error else told


def _carry_out(site: Site, name: str, args: Args) -> tuple[int, dict[str, Any]]:
    """The seconds to wait, or 0 and the answer."""
    method = METHODS.get(name)
    if method is None:
        raise Refused("unknown_method", req_method=name)
    _check_token(site, args, app_token=method.app_token)
    with site.world.changed:
        method.check_scopes(site, args)
        wait_s = _wait_s(site, name, method, args)
        return (wait_s, {}) if wait_s else (0, method.run(site, args))


def _wait_s(site: Site, name: str, method: Method, args: Args) -> int:
    if not site.terms.tiers:
        return 0
    if method.posts:
        return site.limits.posting_wait_s(str(args.get("channel", "")))
    return site.limits.wait_s(name, method.tier) if method.tier else 0


def _check_token(site: Site, args: Args, *, app_token: bool) -> None:
    kind, _, token = request.headers.get("Authorization", "").partition(" ")
    token = token if kind == "Bearer" else str(args.get("token", ""))
    if not token:
        raise Refused("not_authed")
    if token not in (site.terms.bot_token, site.terms.app_token):
        raise Refused("invalid_auth")
    if not site.world.is_installed:
        raise Refused("account_inactive")
    if (token == site.terms.app_token) is not app_token:
        raise Refused("not_allowed_token_type")


def _arguments() -> dict[str, Any]:
    found: dict[str, Any] = {**request.args.to_dict(), **request.form.to_dict()}
    body = request.get_json(silent=True) if request.is_json else None
    return {**found, **body} if isinstance(body, dict) else found
