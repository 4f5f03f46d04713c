"""What this Slack grants, how fast it is and where its clock stands: the sandbox's settings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

SCOPES = frozenset(
    {
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
    }
)

EVENT_SCOPES: Mapping[str, str] = {
    "message.channels": "channels:history",
    "message.groups": "groups:history",
    "message.im": "im:history",
    "file_shared": "files:read",
    "file_deleted": "files:read",
    "reaction_added": "reactions:read",
    "reaction_removed": "reactions:read",
    "member_joined_channel": "channels:read",
    "member_left_channel": "channels:read",
    "app_home_opened": "",
    "channel_deleted": "channels:read",
    "group_deleted": "groups:read",
    "app_uninstalled": "",
}
"""The events this Slack can send, each with the scope without which it does not."""


@dataclass(frozen=True)
class Shortcut:
    """An entry in the menu of a message, or in the global one."""

    name: str
    callback_id: str
    kind: str = "message"


@dataclass(frozen=True)
class Terms:
    """How the sandbox's Slack behaves; the defaults suit a demo."""

    scopes: frozenset[str] = SCOPES
    """What the app was installed with."""
    events: frozenset[str] = frozenset(EVENT_SCOPES)
    """What the app has subscribed to."""
    command: str = "/labels"
    real_services: tuple[str, ...] = ()
    """What the page says is no stand-in: `s3`, `rekognition`."""
    shortcuts: tuple[Shortcut, ...] = ()
    tiers: bool = True
    """Whether the rate limits hold."""
    processing_s: float = 0.3
    """How long Slack looks at an upload before its type is known and a block can show it."""
    latency_s: Mapping[str, float] = field(default_factory=dict)
    """Seconds that every answer takes: `call` for Web API methods, `file` for bytes up or down."""
    answer_limit_s: float = 3.0
    """How long the bot may take to answer an event, command or click."""
    trigger_limit_s: float = 3.0
    """How long a trigger_id opens a modal."""
    speed: float = 1.0
    """Divides Slack's long waits: redelivery after 60 and 300 s, a response_url's 30 minutes."""
    bot_token: str = field(default="xoxb-sandbox-not-a-secret", repr=False)
    app_token: str = field(default="xapp-sandbox-not-a-secret", repr=False)
    signing_secret: str = field(default="sandbox-signing-secret", repr=False)
