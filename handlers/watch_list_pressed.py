"""Somebody pressed a button in the list of watches."""

from typing import Any

from slack_bolt import Ack, Respond

from bot.answering import Asker
from bot.listing_watches import ListingWatches
from handlers.responding import respond_in_time


class OnWatchListPressed:
    """Does what the button is for, and shows whoever pressed it the list as it is then."""

    def __init__(self, listing: ListingWatches) -> None:
        """Take what shows the list."""
        self._listing = listing

    def __call__(
        self, ack: Ack, body: dict[str, Any], context: dict[str, Any], respond: Respond
    ) -> None:
        """The button's value says which watch, on which page."""
        (action,) = body["actions"]
        place = str(context["team_id"]), body["user"]["id"], body["channel"]["id"]
        asker = Asker(*place, at=body.get("trigger_id", ""), reply_url=body["response_url"])
        if said := self._listing.press(asker, action["action_id"], action["value"]):
            respond_in_time(respond, said, replace_original=True)
        ack()
