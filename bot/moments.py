"""A moment as Slack shows it to each reader in their own time zone. No Slack is called.

Source: https://docs.slack.dev/messaging/formatting-message-text#date-formatting
"""

from __future__ import annotations

import datetime as dt


def when(at_s: float | None, *, link: str = "") -> str:
    """A moment in mrkdwn, for example "yesterday at 14:05"; as a link, if there is one."""
    if at_s is None:
        return "none yet"
    at = dt.datetime.fromtimestamp(at_s, tz=dt.UTC)
    leads_to = f"^{link}" if link else ""
    words = f"{at:%Y-%m-%d %H:%M} UTC"
    return f"<!date^{int(at_s)}^{{date_short_pretty}} at {{time}}{leads_to}|{words}>"
