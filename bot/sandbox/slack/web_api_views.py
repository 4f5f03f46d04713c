"""Web API methods about modals and the Home tab: `views.*`."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from typing import Any

from bot.sandbox.slack.blocks import check_view, is_view_too_large, settle
from bot.sandbox.slack.composing import check_slack_files
from bot.sandbox.slack.methods import Args, Method, Refused, invalid_arguments
from bot.sandbox.slack.nouns import APP, BOT, TEAM
from bot.sandbox.slack.site import Site
from bot.sandbox.slack.tickets import Spent

STACK_LIMIT = 3


def open_view(site: Site, args: Args) -> dict[str, Any]:
    """https://docs.slack.dev/reference/methods/views.open."""
    given, user = read_view(site, args), _user_of(site, args)
    view = build_view(site, given)
    site.world.views[user] = [view]
    site.world.touch()
    return {"view": view}


def push_view(site: Site, args: Args) -> dict[str, Any]:
    """https://docs.slack.dev/reference/methods/views.push."""
    given, user = read_view(site, args), _user_of(site, args)
    stack = site.world.views.setdefault(user, [])
    if len(stack) >= STACK_LIMIT:
        raise Refused("push_limit_reached")
    view = build_view(site, given, below=stack)
    stack.append(view)
    site.world.touch()
    return {"view": view}


def update_view(site: Site, args: Args) -> dict[str, Any]:
    """https://docs.slack.dev/reference/methods/views.update."""
    given = read_view(site, args)
    wanted = ("id", args.get("view_id")), ("external_id", args.get("external_id"))
    for stack in site.world.views.values():
        for view in stack:
            if any(value and view[name] == value for name, value in wanted):
                _check_hash(view, args)
                replace_view(site, view, given)
                return {"view": view}
    raise Refused("not_found")


def publish_view(site: Site, args: Args) -> dict[str, Any]:
    """https://docs.slack.dev/reference/methods/views.publish."""
    given, user = read_view(site, args), args.need("user_id")
    if user not in site.world.people:
        raise Refused("invalid_arguments")
    if user in site.world.homes:
        _check_hash(site.world.homes[user], args)
    view = build_view(site, given)
    site.world.homes[user] = view
    site.world.touch()
    return {"view": view}


def read_view(site: Site, args: Args) -> dict[str, Any]:
    """The view that was sent, inside Slack's limits."""
    view = args.decoded("view")
    if is_view_too_large(view):
        raise Refused("view_too_large")
    problems = check_view(view)
    if problems:
        raise invalid_arguments(*problems)
    check_slack_files(site, view["blocks"])
    return dict(view)


def build_view(
    site: Site, given: dict[str, Any], *, below: list[dict[str, Any]] | None = None
) -> dict[str, Any]:
    """A view as Slack keeps it; `below` are the ones that it is pushed on top of."""
    view_id = site.world.next_id("V")
    return {
        "id": view_id,
        "team_id": TEAM,
        "private_metadata": "",
        "callback_id": "",
        "external_id": "",
        "title": {"type": "plain_text", "text": "View Title", "emoji": True},
        "close": None,
        "submit": None,
        "clear_on_close": False,
        "notify_on_close": False,
        **given,
        "blocks": settle(given["blocks"]),
        "state": {"values": {}},
        "hash": _new_hash(site),
        "previous_view_id": below[-1]["id"] if below else None,
        "root_view_id": below[0]["id"] if below else view_id,
        "app_id": APP,
        "app_installed_team_id": TEAM,
        "bot_id": BOT,
    }


def replace_view(site: Site, view: dict[str, Any], given: dict[str, Any]) -> None:
    """Put new content into a view that stays where it is."""
    view.pop("errors", None)
    view |= {**given, "blocks": settle(given["blocks"]), "hash": _new_hash(site)}
    site.world.touch()


def _new_hash(site: Site) -> str:
    return f"{site.world.next_ts()}.{secrets.token_hex(4)}"


def _check_hash(view: dict[str, Any], args: Args) -> None:
    if args.get("hash") not in (None, view["hash"]):
        raise Refused("hash_conflict")


def _user_of(site: Site, args: Args) -> str:
    try:
        return site.tickets.use_trigger(args.need("trigger_id"))
    except Spent as spent:
        raise Refused(spent.error) from None


VIEW_METHODS: Mapping[str, Method] = {
    "views.open": Method(open_view, tier=4),
    "views.push": Method(push_view, tier=4),
    "views.update": Method(update_view, tier=4),
    "views.publish": Method(publish_view, tier=4),
}
