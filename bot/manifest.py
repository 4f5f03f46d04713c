"""The Slack app as one document: paste it once and the app exists, with the rights it needs.

Data only; no Slack is called. A test holds it to the handlers and to the README.
Source: https://docs.slack.dev/reference/app-manifest
"""

from __future__ import annotations

from typing import Any

from bot.messages import LABEL_IMAGES

SCOPES = (
    "commands",
    "chat:write",
    "files:read",
    "files:write",
    "channels:history",
    "groups:history",
    "im:history",
    "mpim:history",
    "channels:read",
    "groups:read",
    "im:read",
    "mpim:read",
    "im:write",
    "users:read",
    "reactions:read",
    "reactions:write",
)
"""What the bot token may do; the doctor compares it with what was granted."""

BOT_EVENTS = (
    "member_joined_channel",
    "message.channels",
    "message.groups",
    "message.im",
    "message.mpim",
    "reaction_added",
    "file_deleted",
    "channel_deleted",
    "group_deleted",
    "app_uninstalled",
)
"""What Slack tells the bot about; only what a handler answers."""

EVENTS_PATH = "/slack/events"
"""Where Slack's events, commands and button presses arrive over HTTP."""

_LONG_DESCRIPTION = (
    "Post a picture in a channel that Spotter is in: seconds later its thread holds the picture "
    "with what is in it drawn on it, and a summary in words. Ask to be told about a thing, such "
    "as a dog, and Spotter sends you a direct message when somebody posts a picture that shows "
    "one. Pictures are labelled by Amazon Rekognition and kept in your own S3 bucket."
)


SHORTCUT = {
    "name": "Label images",
    "type": "message",
    "callback_id": LABEL_IMAGES,
    "description": "Says in its thread what is in the images of a message.",
}
"""The entry in the menu of every message."""


def build_manifest(*, slash_command: str = "/labels", address: str | None = None) -> dict[str, Any]:
    """The app manifest, as Slack reads it in JSON.

    Without an `address` the app uses Socket Mode; with the public `https://` address of the bot,
    Slack sends its requests there.
    """
    request_url = {"request_url": f"{address.rstrip('/')}{EVENTS_PATH}"} if address else {}
    url = {"url": request_url["request_url"]} if request_url else {}
    # Over HTTP, Slack asks for suggestions only where it is told where to.
    suggests = {"message_menu_options_url": url["url"]} if url else {}
    command = {
        "command": slash_command,
        **url,
        "description": "Be told when a picture shows something",
        "usage_hint": "watch dog | watches | s3://bucket/key | status | help",
        "should_escape": True,
    }
    return {
        "display_information": {
            "name": "Spotter",
            "description": "Says what is in your pictures, and tells who asked to be told.",
            "long_description": _LONG_DESCRIPTION,
            "background_color": "#1f3a4d",
        },
        "features": {
            "app_home": {
                "home_tab_enabled": False,
                "messages_tab_enabled": True,
                "messages_tab_read_only_enabled": False,
            },
            "bot_user": {"display_name": "Spotter", "always_online": True},
            "shortcuts": [SHORTCUT],
            "slash_commands": [command],
        },
        "oauth_config": {"scopes": {"bot": list(SCOPES)}},
        "settings": {
            "event_subscriptions": {**request_url, "bot_events": list(BOT_EVENTS)},
            "interactivity": {"is_enabled": True, **request_url, **suggests},
            "org_deploy_enabled": False,
            "socket_mode_enabled": address is None,
            "token_rotation_enabled": False,
        },
    }
