"""A desk where commands are typed, without the rest of the bot: what is answered, and kept."""

from slack_sdk import WebClient

from bot.access import Access
from bot.adapters.analysis_records import AnalysisRecords
from bot.adapters.call_records import CallRecords
from bot.adapters.catalogue_records import CatalogueRecords
from bot.adapters.job_intake import JobIntake
from bot.adapters.message_records import MessageRecords
from bot.adapters.records import Records
from bot.adapters.show_records import ShowRecords
from bot.adapters.slack import SlackWorkspace
from bot.adapters.watch_records import WatchRecords
from bot.adapters.withheld_records import WithheldRecords
from bot.answering import Answering, Asker
from bot.answering_channel import ChannelAnswers
from bot.answering_watches import WatchAnswers
from bot.budget import Budget
from bot.label_names import LabelNames
from bot.model import ImageSource
from bot.sandbox.slack.nouns import TEAM
from bot.showing import Showing
from bot.watching import Watching


class CommandDesk:
    """Where commands are typed, and what is known there."""

    def __init__(self, database, slack, slash_command="/labels", limit=None):
        self.analyses = AnalysisRecords(database, "everything")
        self.messages = MessageRecords(database)
        self.watches = WatchRecords(database)
        self.withheld = WithheldRecords(database)
        self.database = database
        access, names = Access(_workspace(slack), TEAM), {"slash_command": slash_command}
        self.catalogue = CatalogueRecords(database)
        self.shows = ShowRecords(database)
        showing = Showing(self.analyses, self.shows, self.withheld, usual_percent=75.0)
        self._answering = Answering(
            WatchAnswers(
                Watching(
                    access, LabelNames(access, showing, self.catalogue, **names), self.watches
                ),
                self.watches,
                **names,
            ).answers,
            ChannelAnswers(
                access,
                Budget(JobIntake(database), CallRecords(database), limit=limit, per_second=5),
                Records(database),
                showing,
                label_emoji="label",
                bot_user="U0SPOTTER",
                keep_days=90,
                **names,
            ).answers,
            label_emoji="label",
            **names,
        )

    def type(self, text, person="U0BEN", channel="C0PHOTOS"):
        """Type a command, and give the answer."""
        return self._answering.answer(Asker(TEAM, person, channel), text)

    def see(self, *names, channel="C0PHOTOS"):
        """Have labels been seen in a channel."""
        self.analyses.note_seen(ImageSource(TEAM, channel, "1.0", "F1"), set(names))

    def own(self, person="U0BEN"):
        """Give a person's watches."""
        return [watch.rule_text for watch in self.watches.of_owner(TEAM, person)]


def _workspace(slack):
    """The local Slack as the web side sees it, which waits for nothing."""
    client = WebClient(
        slack.terms.bot_token, base_url=f"{slack.url}/api/", timeout=2, retry_handlers=[]
    )
    return SlackWorkspace(client, patient=False)
