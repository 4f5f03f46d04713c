"""A notice as it stands in Slack, with the buttons that people press under it."""

from bot.notices import HELD, SNOOZE, WHY
from bot.sandbox.slack.nouns import TEAM

ACTIONS = {SNOOZE: "1h", WHY: "why", HELD: "held"}


class SentNotice:
    """The newest notice that the bot has posted somewhere, and presses of its buttons."""

    def __init__(self, house, channel):
        self._house = house
        self._channel = channel
        self.message = [m for m in house.slack.messages(channel) if m.bot_id][-1]
        self.key = next(b["block_id"] for b in self.message.blocks if b["type"] == "actions")

    def press(self, user, button, choice=None, *, team=TEAM):
        """Press a button, or choose in a menu; what is answered."""
        action = {"action_id": button, "block_id": self.key}
        action |= {"type": "button", "value": choice or ACTIONS[button]}
        return self._house.press(user, self._channel, action, team=team)
