import dataclasses
import json
import re

from slack_bolt import App

import handlers
from bot.manifest import BOT_EVENTS, SCOPES, build_manifest


class Listeners(App):
    """A Bolt app that remembers what it was asked to listen to."""

    def __init__(self):
        super().__init__(token="xoxb-1", token_verification_enabled=False)
        self.events = []
        self.commands = []
        self.shortcuts = []

    def event(self, event, *rest, **options):
        """Remember the event's type; a pattern is what catches the rest."""
        if not isinstance(event, re.Pattern):
            self.events.append(event if isinstance(event, str) else event["type"])
        return super().event(event, *rest, **options)

    def command(self, command, *rest, **options):
        """Remember the command."""
        self.commands.append(command)
        return super().command(command, *rest, **options)

    def message_shortcut(self, callback_id, *rest, **options):
        """Remember the shortcut."""
        self.shortcuts.append(callback_id)
        return super().message_shortcut(callback_id, *rest, **options)


def registered(**options):
    """A Bolt app with the real handlers."""
    app = Listeners()
    options = {"slash_command": "/labels", "label_emoji": "label", **options}
    nothing = {field.name: None for field in dataclasses.fields(handlers.UseCases)}
    handlers.register(app, handlers.UseCases(**nothing), opt_out_emoji="no_entry_sign", **options)
    return app


def test_events_are_the_handlers():
    """The manifest asks for exactly the events that a handler answers."""
    app = registered()

    assert {event.partition(".")[0] for event in BOT_EVENTS} == set(app.events)


def test_message_events_cover_every_place():
    """Messages arrive from public and private channels, from direct messages and groups."""
    events = build_manifest()["settings"]["event_subscriptions"]["bot_events"]

    assert [event for event in events if event.startswith("message.")] == [
        "message.channels",
        "message.groups",
        "message.im",
        "message.mpim",
    ]


def test_command_is_the_handlers():
    """The command of the manifest is the one that is listened to, whatever its name."""
    app = registered(slash_command="/spot")
    command = build_manifest(slash_command="/spot")["features"]["slash_commands"][0]

    assert [command["command"]] == app.commands


def test_shortcuts_are_the_handlers():
    """The manifest offers exactly the entries in a message's menu that a handler answers."""
    shortcuts = build_manifest()["features"]["shortcuts"]

    assert [(one["type"], one["callback_id"]) for one in shortcuts] == [
        ("message", callback_id) for callback_id in registered().shortcuts
    ]
    assert [one["name"] for one in shortcuts] == ["Label images"]


def test_command_gets_ids():
    """Slack turns names typed after the command into ids, which an answer can check."""
    command = build_manifest()["features"]["slash_commands"][0]

    assert command["should_escape"] is True


def test_scopes_are_these():
    """The bot asks for these permissions and no others."""
    scopes = build_manifest()["oauth_config"]["scopes"]

    assert scopes == {"bot": list(SCOPES)}
    assert set(SCOPES) == {
        "commands",
        "chat:write",
        *("files:read", "files:write", "reactions:read", "reactions:write"),
        *("channels:history", "groups:history", "im:history", "mpim:history"),
        *("channels:read", "groups:read", "im:read", "mpim:read", "im:write", "users:read"),
    }


def test_socket_mode_by_default():
    """Without an address the app needs none: Slack is reached by Socket Mode."""
    manifest = build_manifest()

    assert manifest["settings"]["socket_mode_enabled"] is True
    assert "request_url" not in json.dumps(manifest)


def test_address_goes_everywhere():
    """With an address, events, buttons and the command all arrive at the one endpoint."""
    manifest = build_manifest(address="https://spotter.example.com/")

    urls = re.findall(r'"(?:request_)?url": "([^"]+)"', json.dumps(manifest))
    assert urls == ["https://spotter.example.com/slack/events"] * 3
    assert manifest["settings"]["socket_mode_enabled"] is False


def test_messages_tab_is_on():
    """People can write to the bot directly."""
    home = build_manifest()["features"]["app_home"]

    assert home["messages_tab_enabled"] is True
    assert home["messages_tab_read_only_enabled"] is False


def test_buttons_are_on():
    """Pressing a button reaches the bot."""
    assert build_manifest()["settings"]["interactivity"]["is_enabled"] is True


def test_words_fit_slack():
    """Names and descriptions stay within the lengths that Slack's manifest schema allows."""
    manifest = build_manifest()
    info, (shortcut,) = manifest["display_information"], manifest["features"]["shortcuts"]

    assert len(info["name"]) <= 35
    assert len(info["description"]) <= 140
    assert 175 <= len(info["long_description"]) <= 4000
    assert len(shortcut["name"]) <= 24
    assert len(shortcut["description"]) <= 150


def test_suggestions_have_an_address():
    """Over HTTP, Slack asks for suggestions at the address of everything else."""
    asked = build_manifest(address="https://spotter.example")["settings"]["interactivity"]

    assert asked["message_menu_options_url"] == asked["request_url"]
    assert "message_menu_options_url" not in build_manifest()["settings"]["interactivity"]
