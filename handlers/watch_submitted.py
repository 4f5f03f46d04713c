"""Somebody saved the window in which a watch is made or changed."""

from typing import Any

from slack_bolt import Ack, Respond

from bot.answering import Asker
from bot.listing_watches import ListingWatches
from bot.watch_modal import FormContext
from handlers.responding import respond_in_time


class OnWatchSubmitted:
    """Closes the window and says what is watched, or shows beside its fields what is wrong."""

    def __init__(self, listing: ListingWatches) -> None:
        """Take what keeps and shows watches."""
        self._listing = listing

    def __call__(
        self, ack: Ack, body: dict[str, Any], context: dict[str, Any], view: dict[str, Any]
    ) -> None:
        """The window carries what it is about, and where to answer."""
        about = FormContext.from_metadata(view["private_metadata"])
        asker = Asker(str(context["team_id"]), body["user"]["id"], about.channel)
        wrong, said = self._listing.submit(asker, about, view["state"]["values"])
        if wrong:
            ack(response_action="errors", errors=wrong)
            return
        respond = Respond(response_url=about.reply_url)
        respond_in_time(respond, said, replace_original=about.page is not None)
        ack()
