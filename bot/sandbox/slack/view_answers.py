"""What becomes of a modal after the bot has answered its submission."""

from __future__ import annotations

import json
from typing import Any

from bot.sandbox.slack.delivery import Answer
from bot.sandbox.slack.methods import Args, Refused
from bot.sandbox.slack.site import Site
from bot.sandbox.slack.web_api_views import STACK_LIMIT, build_view, read_view, replace_view

_TROUBLE = "We had some trouble connecting. Try again?"


def take_view_answer(site: Site, user: str, view: dict[str, Any], answer: Answer) -> dict[str, str]:
    """Close, update, push or clear as the bot says; gives the errors shown in the modal.

    https://docs.slack.dev/surfaces/modals#response_actions. The key "" stands for the whole modal.
    """
    with site.world.changed:
        if not answer.ok:
            view["errors"] = {"": _TROUBLE}
        else:
            try:
                said = json.loads(answer.body) if answer.body.strip() else {}
                _act(site, user, view, said)
            except (ValueError, LookupError, TypeError, AttributeError, Refused):
                view["errors"] = {"": _TROUBLE}
        site.world.touch()
        return dict(view.get("errors", {}))


def _act(site: Site, user: str, view: dict[str, Any], said: dict[str, Any]) -> None:
    stack = site.world.views[user]
    action = said.get("response_action")
    view.pop("errors", None)
    if action == "errors":
        view["errors"] = said["errors"]
    elif action == "update":
        replace_view(site, view, read_view(site, Args(said)))
    elif action == "push" and len(stack) < STACK_LIMIT:
        stack.append(build_view(site, read_view(site, Args(said)), below=stack))
    elif action == "clear":
        stack.clear()
    elif view in stack:
        stack.remove(view)
