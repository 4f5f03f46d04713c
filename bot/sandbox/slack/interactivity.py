"""What people do with the bot: slash commands, buttons, modals, shortcuts; and what it answers.

Each is delivered once and must be answered within three seconds; what the person sees otherwise is
Slack's own wording. The payloads follow https://docs.slack.dev/reference/interaction-payloads.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.sandbox.slack.acting import Acting, NotAllowed
from bot.sandbox.slack.answering import (
    NOTHING_OFFERED,
    Choice,
    action_json,
    elements_of,
    state_json,
)
from bot.sandbox.slack.command_answers import take_command_answer
from bot.sandbox.slack.delivery import Answer
from bot.sandbox.slack.nouns import APP, BOT_USER, TEAM, TEAM_DOMAIN, Channel, Message
from bot.sandbox.slack.shapes import message_json
from bot.sandbox.slack.suggesting import Offered, Option, is_asked, read_suggestions
from bot.sandbox.slack.tickets import ResponseUrl
from bot.sandbox.slack.typing_in import typed_text
from bot.sandbox.slack.view_answers import take_view_answer
from bot.sandbox.slack.world import NotThere

_TOKEN = "sandbox-verification-token"  # noqa: S105 - Slack's old verification token: no secret here
_CHANNEL_NAMES = {"im": "directmessage", "private": "privategroup"}


class Interactivity(Acting):
    """All that people do; every verb that concerns the bot waits for its answer."""

    def command(self, person: str, channel: str, text: str) -> Answer:
        """Type a slash command into a channel; `text` may leave out the bot's own `/labels`.

        `/invite @Spotter` is Slack's own. What the bot answers is shown to the person alone.

        Raises:
            NotAllowed: the person is not in the channel, or there is no such command.
        """
        words = text if text.startswith("/") else f"{self._site.terms.command} {text}"
        command, _, rest = words.partition(" ")
        if command == "/invite":
            return self._invite(person, channel, rest)
        if command != self._site.terms.command:
            known = f"{self._site.terms.command} help"
            raise NotAllowed(f"{command} is not a valid command. Try {known}.")
        with self._world.changed:
            user, where = self._seen(person, channel)
            url = self._site.tickets.new_response_url(where.id, user)
            form = self._command_form(user, where, url)
            form |= {"command": command, "text": typed_text(self._world, user, rest)}
        answer = self._site.delivery.ask(
            "slash_commands", "command", form, user=user, channel=where.id
        )
        take_command_answer(self._site, url, command, answer)
        return answer

    def press(
        self,
        person: str,
        channel: str,
        ts: str,
        action_id: str,
        *,
        choice: Choice = None,
        block_id: str = "",
    ) -> Answer:
        """Press a button, or choose in a menu, of a message that the person sees.

        Raises:
            NotAllowed: no such message or element there.
        """
        with self._world.changed:
            user, where = self._seen(person, channel)
            message = self._shown(user, where, ts)
            element = self._element(message.blocks, action_id, block_id)
            payload = self._action(user, element, choice)
            payload |= self._message_context(user, where, message)
            payload["state"] = state_json(message.blocks, {})
        return self._interact(payload, user, channel=where.id, action_id=action_id)

    def press_in_view(
        self,
        person: str,
        action_id: str,
        *,
        choice: Choice = None,
        block_id: str = "",
        home: bool = False,
    ) -> Answer:
        """Press a button, or choose in a menu, of the open modal or of the Home tab.

        Raises:
            NotAllowed: no such view or element.
        """
        with self._world.changed:
            user = self._world.person(person).id
            view = self._home(user) if home else self._modal(user)
            element = self._element(view["blocks"], action_id, block_id)
            payload = self._action(user, element, choice, self._offered(view))
            payload["container"] = {"type": "view", "view_id": view["id"]}
            payload["view"] = view
        return self._interact(payload, user, view_id=view["id"], action_id=action_id)

    def suggest(
        self, person: str, action_id: str, typed: str, *, block_id: str = ""
    ) -> list[Option]:
        """Type into an external menu of the open modal; gives the options that the bot suggests.

        Raises:
            NotAllowed: no modal is open, or it has no such menu.
        """
        with self._world.changed:
            user = self._world.person(person).id
            view = self._modal(user)
            block, element = self._element(view["blocks"], action_id, block_id)
            place = {"action_id": element["action_id"], "block_id": block["block_id"]}
            payload = {**self._shared("block_suggestion", user), **place, "value": typed}
            del payload["trigger_id"]
            payload |= {"container": {"type": "view", "view_id": view["id"]}, "view": view}
        if not is_asked(element, typed):
            return []
        answer = self._interact(payload, user, view_id=view["id"], action_id=action_id)
        found = read_suggestions(answer)
        with self._world.changed:
            self._offered(view).update({option["value"]: option for option in found})
        return found

    def submit(self, person: str, values: Mapping[str, Choice]) -> dict[str, str]:
        """Submit the open modal; `values` by block_id or action_id. Gives the errors, if any.

        Raises:
            NotAllowed: no modal is open.
        """
        with self._world.changed:
            user = self._world.person(person).id
            view = self._modal(user)
            view["state"] = state_json(view["blocks"], values, offered=self._offered(view))
            payload = {**self._shared("view_submission", user), "view": view, "response_urls": []}
        answer = self._interact(payload, user, view_id=view["id"])
        return take_view_answer(self._site, user, view, answer)

    def dismiss(self, person: str) -> None:
        """Close the open modal; the bot is told if it asked to be."""
        with self._world.changed:
            user = self._world.person(person).id
            view = self._modal(user)
            self._world.views[user].remove(view)
            self._world.touch()
            payload = {**self._shared("view_closed", user), "view": view, "is_cleared": False}
        if view["notify_on_close"]:
            self._interact(payload, user, view_id=view["id"])

    def shortcut(self, person: str, callback_id: str, channel: str = "", ts: str = "") -> Answer:
        """Use a shortcut: of a message where `channel` and `ts` are given, else a global one.

        Raises:
            NotAllowed: no such message.
        """
        kind = "message_action" if ts else "shortcut"
        with self._world.changed:
            user = self._world.person(person).id
            payload = {**self._shared(kind, user), "callback_id": callback_id}
            payload["action_ts"] = self._world.next_ts()
            if ts:
                _, where = self._seen(person, channel)
                message = self._shown(user, where, ts)
                context = self._message_context(user, where, message)
                payload |= {k: context[k] for k in ("channel", "message", "response_url")}
                payload["message_ts"] = ts
        return self._interact(payload, user, callback_id=callback_id)

    def _invite(self, person: str, channel: str, rest: str) -> Answer:
        name = rest.strip().removeprefix("@").lower()
        names = {p.real_name.lower(): p.id for p in self._world.people.values()}
        try:
            self.invite(person, channel, names.get(name, name))
        except NotThere:
            raise NotAllowed(f"There is nobody called {name}.") from None
        return Answer(200)

    def _command_form(self, user: str, where: Channel, url: ResponseUrl) -> dict[str, str]:
        return {
            "token": _TOKEN,
            "team_id": TEAM,
            "team_domain": TEAM_DOMAIN,
            "channel_id": where.id,
            "channel_name": _CHANNEL_NAMES.get(where.kind, where.name),
            "user_id": user,
            "user_name": self._world.people[user].name,
            "api_app_id": APP,
            "is_enterprise_install": "false",
            "response_url": f"{self._world.url}/commands/{TEAM}/{url.token}",
            "trigger_id": self._site.tickets.new_trigger(user),
        }

    def _interact(self, payload: dict[str, Any], user: str, **facts: Any) -> Answer:
        return self._site.delivery.ask("interactive", payload["type"], payload, user=user, **facts)

    def _shared(self, kind: str, user: str) -> dict[str, Any]:
        name = self._world.people[user].name
        return {
            "type": kind,
            "user": {"id": user, "username": name, "name": name, "team_id": TEAM},
            "api_app_id": APP,
            "token": _TOKEN,
            "trigger_id": self._site.tickets.new_trigger(user),
            "team": {"id": TEAM, "domain": TEAM_DOMAIN},
            "enterprise": None,
            "is_enterprise_install": False,
        }

    def _element(
        self, blocks: list[dict[str, Any]], action_id: str, block_id: str
    ) -> tuple[dict[str, Any], dict[str, Any]]:
        for block, element in elements_of(blocks):
            if element["action_id"] == action_id and block_id in ("", block["block_id"]):
                return block, element
        raise NotAllowed(f"There is nothing called {action_id} to press.")

    def _action(
        self,
        user: str,
        place: tuple[dict[str, Any], dict[str, Any]],
        choice: Choice,
        offered: Offered = NOTHING_OFFERED,
    ) -> dict[str, Any]:
        action = action_json(*place, choice, self._world.next_ts(), offered=offered)
        return {**self._shared("block_actions", user), "actions": [action]}

    def _offered(self, view: dict[str, Any]) -> dict[str, Option]:
        return self._world.offered.setdefault(view["id"], {})

    def _message_context(self, user: str, where: Channel, message: Message) -> dict[str, Any]:
        url = self._site.tickets.new_response_url(where.id, user, message.ts, message.thread_ts)
        container: dict[str, Any] = {"type": "message", "message_ts": message.ts}
        container |= {"channel_id": where.id, "is_ephemeral": bool(message.only_for)}
        if message.thread_ts:
            container["thread_ts"] = message.thread_ts
        return {
            "container": container,
            "channel": {"id": where.id, "name": _CHANNEL_NAMES.get(where.kind, where.name)},
            "message": message_json(self._world, message, metadata="all"),
            "response_url": f"{self._world.url}/actions/{TEAM}/{url.token}",
        }

    def _seen(self, person: str, channel: str) -> tuple[str, Channel]:
        try:
            user, where = self._world.person(person).id, self._world.channel(channel)
        except NotThere as missing:
            raise NotAllowed(f"There is no {missing}.") from None
        if not self._world.may_see(user, where):
            raise NotAllowed("This channel is not open to you.")
        return user, where

    def _shown(self, user: str, where: Channel, ts: str) -> Message:
        try:
            message = self._world.message(where.id, ts)
        except NotThere:
            raise NotAllowed("This message is gone.") from None
        if message.only_for not in (None, user):
            raise NotAllowed("This message is gone.")
        return message

    def _modal(self, user: str) -> dict[str, Any]:
        stack = self._world.views.get(user)
        if not stack:
            raise NotAllowed("No window is open.")
        return stack[-1]

    def _home(self, user: str) -> dict[str, Any]:
        if user not in self._world.homes:
            raise NotAllowed(f"<@{BOT_USER}> shows no Home tab.")
        return self._world.homes[user]
