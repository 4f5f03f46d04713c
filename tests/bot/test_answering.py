"""This is long because each command has several answers, and each answer is a fact of its own."""

import re
import time

import pytest
from slack_sdk import WebClient

from bot import errors
from bot.access import Access
from bot.adapters.analysis_records import AnalysisRecords
from bot.adapters.call_records import CallRecords
from bot.adapters.catalogue_records import CatalogueRecords
from bot.adapters.jobs import JobIntake
from bot.adapters.message_records import Accepted, MessageRecords
from bot.adapters.records import Records
from bot.adapters.removal_records import RemovalRecords
from bot.adapters.show_records import ShowRecords
from bot.adapters.slack import SlackWorkspace
from bot.adapters.watch_records import WatchRecords
from bot.adapters.withheld_records import WithheldRecords
from bot.answering import Answering, Asker
from bot.answering_channel import ChannelAnswers
from bot.answering_watches import WatchAnswers
from bot.budget import Budget
from bot.command_help import GROUPS, HELP
from bot.label_catalogue import Catalogue
from bot.label_names import LabelNames
from bot.model import ImageSource, MessageRef, ShowSettings
from bot.sandbox.faults import Fault
from bot.sandbox.slack.nouns import Channel
from bot.showing import Showing
from bot.watching import Watching

TEAM = "T0SANDBOX"
INVITE = "I am not in this channel. Type /invite <@U0SPOTTER> here, then post a picture."
HOW = "with _Label images_ in its menu, or :label: on it"
AWAY = "Slack does not answer me right now. Try again in a minute."


class Desk:
    """Where commands are typed, and what is known there."""

    def __init__(self, database, workspace, slash_command, limit=None):
        self.analyses = AnalysisRecords(database, "everything")
        self.messages = MessageRecords(database)
        self.watches = WatchRecords(database)
        self.withheld = WithheldRecords(database)
        self.database = database
        access, names = Access(workspace, TEAM), {"slash_command": slash_command}
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
                Budget(JobIntake(database), CallRecords(database), limit=limit),
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


@pytest.fixture
def workspace(slack):
    """The local Slack as the web side sees it, which waits for nothing."""
    client = WebClient(
        slack.terms.bot_token, base_url=f"{slack.url}/api/", timeout=2, retry_handlers=[]
    )
    return SlackWorkspace(client, patient=False)


@pytest.fixture
def many(slack):
    """The ids of sixty more public channels."""
    with slack.world.changed:
        ids = [f"C1{at:02}" for at in range(60)]
        for name in ids:
            members = ["U0ANA", "U0SPOTTER"]
            slack.world.channels[name] = Channel(name, name.lower(), "public", members, 0)
    return ids


@pytest.fixture
def desk(database, workspace):
    """A desk where nothing was typed yet."""
    return Desk(database, workspace, "/labels")


@pytest.mark.parametrize("text", ["", "  ", "help", " HELP ", "“help”"])
def test_help_shows_every_command(desk, text):
    """Help, which is also for no words, shows every command with an example, in its group."""
    answer = desk.type(text)
    groups = [block["text"]["text"] for block in answer["blocks"]]

    for line in HELP:
        assert f"`/labels {line.usage}`" in answer["text"]
        assert f"`/labels {line.example}`" in answer["text"]
    assert answer["text"] == "\n\n".join(groups)
    assert [group.split("\n")[0] for group in groups[1:]] == [f"*{name}*" for name in GROUPS]


def test_help_about_one(desk):
    """Help about one command shows that one alone."""
    answer = desk.type("help watches")

    assert answer.startswith("`/labels watches`")
    assert "unwatch" not in answer


def test_unknown_word(desk):
    """An unknown word gets what was probably meant, with an example that works."""
    answer = desk.type("wach dog")

    assert answer == (
        "“wach” is not a command. Did you mean “watch”? For example: /labels watch dog"
    )
    assert desk.own() == []


def test_watch(desk):
    """A watch is kept, and the answer says what will happen."""
    desk.see("Dog")

    assert desk.type("watch dog") == (
        "You now watch *dog*: I tell you in a direct message when somebody else posts a picture "
        "that shows it, in any channel you may see."
    )
    assert desk.own() == ["dog"]
    assert desk.own("U0ANA") == []


@pytest.mark.parametrize(
    "text",
    [
        "watch dog",
        "watch DOG",
        "  Watch   “Dog” ",
        "watch \u2018dog\u2019",
        'WATCH "dog"',
        "watch dog.",
    ],
)
def test_watch_twice(desk, text):
    """The same watch again, however it is typed, is said to be there already."""
    desk.type("watch dog")
    answer = desk.type(text)

    assert answer.startswith("You watch *")
    assert "already" in answer
    assert desk.own() == ["dog"]


def test_watch_over_percent(desk):
    """The same label with another threshold is another watch."""
    for text in ("watch dog", "watch dog over 90%", "watch dog over 90 percent"):
        desk.type(text)

    assert desk.own() == ["dog", "dog over 90%"]


def test_watch_nonsense(desk):
    """What cannot be a rule is explained with an example, and nothing is kept."""
    for text in ("watch over 90%", "watch dog over 900%", "watch not dog"):
        assert "For example: /labels watch" in desk.type(text)

    assert desk.own() == []


def test_known_label_gets_no_hint(desk):
    """A label that was seen, in whatever case, raises no doubt."""
    desk.see("Mobile Phone")

    assert "\n" not in desk.type("watch mobile phone")


def test_typo_gets_suggestion(desk):
    """A typo in a label that was seen gets what was probably meant, and can be taken at once."""
    desk.see("Dog", "Mobile Phone")
    answer = desk.type("watch mobil phone")

    assert "\nDid you mean *Mobile Phone*? Then type `/labels watch Mobile Phone`." in answer
    assert answer.endswith("`/labels unwatch mobil phone`.")
    assert desk.own() == ["mobil phone"]


def test_never_seen_label(desk):
    """A label that nobody has seen is watched, with a word of caution."""
    assert desk.type("watch platypus").endswith(
        "\nIt is new to me, so check the spelling if nothing ever comes."
    )


def test_suggestions_stay_private(desk):
    """Labels of a channel that the asker may not see are neither suggested nor known."""
    desk.see("Platypus", channel="C0LAB")

    assert "Did you mean *Platypus*" in desk.type("watch platypos", person="U0ANA")
    assert "Platypus" not in desk.type("watch platypos")
    assert "new to me" in desk.type("watch platypus")
    assert "new to me" not in desk.type("watch platypus", person="U0ANA")


@pytest.mark.parametrize("text", ["watch woman", "watch WOMAN over 99%", "watch “Prayer Beads”"])
def test_withheld_is_not_watched(desk, text):
    """A label that is withheld is not watched, and the answer says why."""
    desk.see("Dog")
    answer = desk.type(text)

    assert answer.startswith("I do not say “")
    assert "guesses somebody's" in answer
    assert desk.own() == []


def test_withheld_since(desk):
    """A name that was seen before an admin withheld it is suggested no more."""
    desk.see("Platypus")
    assert "Did you mean *Platypus*" in desk.type("watch platypos")
    desk.withheld.change(TEAM, "platypus", is_withheld=True, person="U0ANA")

    assert "Platypus" not in desk.type("watch platypis")
    assert "an admin of this workspace withholds it" in desk.type("watch platypus")


def test_list_refuses_unknown(desk):
    """With Amazon's list an unknown name is refused, with what was probably meant."""
    desk.catalogue.replace(Catalogue({"Dog": (), "Mobile Phone": ()}))

    assert desk.type("watch dgo over 90%") == (
        "“dgo” is not on Amazon's list of labels. Did you mean “Dog”? "
        "For example: /labels watch Dog over 90%"
    )
    assert desk.own() == []


def test_other_name_is_one_watch(desk):
    """Another name for a label is the same watch, whichever is typed, and also to end it."""
    desk.type("watch cell phone")
    desk.catalogue.replace(Catalogue({"Mobile Phone": ()}, {"Cell Phone": "Mobile Phone"}))

    assert desk.type("watch mobile phone").startswith("You watch *mobile phone* already.")
    assert desk.type("unwatch mobile phone") == "You no longer watch *cell phone*."
    assert desk.type("watch cell phone").endswith(
        "\nRekognition calls “cell phone” *Mobile Phone*."
    )
    assert desk.own() == ["Mobile Phone"]


def test_guest_gets_own_channels(desk):
    """A guest gets suggestions from the channels they are in."""
    desk.see("Platypus", channel="C0ALERTS")

    elsewhere = desk.type("watch platypos", person="U0GUEST")
    desk.see("Platypus", channel="C0PHOTOS")
    own = desk.type("watch platypas", person="U0GUEST")

    assert "Platypus" not in elsewhere
    assert "Did you mean *Platypus*" in own


@pytest.mark.parametrize("text", ["watch platypos", "watch platypus", "watch zyxw"])
def test_no_hint_in_doubt(desk, slack, text):
    """While Slack does not say who may see what, nothing is said of any label, seen or not."""
    desk.see("Platypus")
    slack.faults.order("slack", "users.info", Fault("error", error="internal_error"))

    assert desk.type(text).endswith("in any channel you may see.")
    assert desk.own() == [text.removeprefix("watch ")]


@pytest.mark.parametrize(
    ("person", "text", "asked"),
    [
        ("U0BEN", "watch dog", [1, 1, 0]),
        ("U0BEN", "watch dogg", [1, 1, 0]),
        ("U0BEN", "watch zyxw", [1, 0, 0]),
        ("U0BEN", "watch dogg or carr or persn", [1, 1, 0]),
        ("U0GUEST", "watch dog", [1, 5, 5]),
        ("U0GUEST", "watch dogg", [1, 5, 5]),
    ],
)
def test_few_channels_are_asked(desk, slack, many, *, person, text, asked):
    """However many channels there are, Slack is asked about a few, and once about the person."""
    for channel in many:
        desk.see("Dog", "Car", "Person", channel=channel)
    desk.type(text, person=person)
    counts = [
        slack.ledger.count("slack", method)
        for method in ("users.info", "conversations.info", "conversations.members")
    ]

    assert counts == asked


def test_own_channel_first(desk, many):
    """The channel that the asker is in is among those that are asked about."""
    for channel in many:
        desk.see("Platypus", channel=channel)
    desk.see("Platypus", channel="C0PHOTOS")

    assert "Did you mean *Platypus*" in desk.type("watch platypos", person="U0GUEST")


def test_suggestion_keeps_time(desk, slack, many):
    """Where Slack is slow, the answer comes without a suggestion rather than too late."""
    for channel in many:
        desk.see("Platypus", channel=channel)
    slack.faults.order("slack", "conversations.info", Fault("slow", seconds=0.6), times=9)
    begun_s = time.monotonic()
    desk.type("watch platypos", person="U0GUEST")

    assert time.monotonic() - begun_s < 2.5


def test_unwatch(desk):
    """A watch that is stopped is gone; a label alone stops every watch of it."""
    for text in ("watch dog", "watch dog over 90%", "watch cat"):
        desk.type(text)

    assert desk.type("unwatch DOG") == "You no longer watch *dog* and *dog over 90%*."
    assert desk.own() == ["cat"]


def test_unwatch_exactly(desk):
    """With its threshold, one watch is stopped and its neighbours stay."""
    for text in ("watch dog", "watch dog over 90%"):
        desk.type(text)

    assert desk.type("unwatch dog over 90%") == "You no longer watch *dog over 90%*."
    assert desk.own() == ["dog"]


def test_unwatch_leaves_the_rest(desk):
    """A label alone stands for no watch that is about another label too."""
    rules = ("dog and cat", "dog missing where cat", "category:sports", "dog over 90%")
    for rule in rules:
        desk.type(f"watch {rule}")
    for rule in ("dog", "category:sports", "cat and dog"):
        desk.type(f"unwatch {rule}")

    assert desk.own() == ["dog missing where cat"]


def test_unwatch_what_is_not(desk):
    """Stopping a watch that is not there says so, and leaves other people's alone."""
    desk.type("watch dog", person="U0ANA")

    assert desk.type("unwatch dog") == (
        "You do not watch *dog*. `/labels watches` lists what you watch."
    )
    assert desk.own("U0ANA") == ["dog"]


def test_status(desk):
    """The status says how the channel is set and when the last picture was answered."""
    assert desk.type("status") == (
        "I am in this channel.\nEvery picture posted here is labelled.\n"
        "Pictures that other bots post here are left alone.\n"
        "I show what is at least 75 % sure, at most 8 labels.\n"
        "Pictures and labels are kept for 90 days here.\nLast picture answered here: none yet."
    )


def test_status_tells_settings(desk):
    """The status says what the channel's people have set about what is shown."""
    settings = ShowSettings(85.5, 1, {"Dog": 90.0, "A&B": 60.0}, {"hide": ["Person"]})
    desk.shows.change_settings(TEAM, "C0PHOTOS", lambda _: settings)

    assert desk.type("status").splitlines()[3:6] == [
        "I show what is at least 85.5 % sure, at most 1 label.",
        "With a confidence of their own: Dog 90 %, A&amp;B 60 %.",
        "Hidden in pictures: Person.",
    ]


def test_status_tells_opt_out(desk):
    """Who wants their pictures left alone is reminded of it, and nobody else."""
    RemovalRecords(desk.database).mark_person(TEAM, "U0BEN")
    line = "Your own pictures are left alone. `/labels optin` undoes that."

    assert line in desk.type("status").splitlines()
    assert line not in desk.type("status", person="U0ANA").splitlines()


def test_guest_sees_status(desk):
    """A guest sees how a channel of theirs is set, and hears that members alone set it."""
    assert desk.type("status", person="U0GUEST").startswith("I am in this channel.")
    assert desk.type("mode off", person="U0GUEST").startswith("Guests cannot change")


def test_status_after_picture(desk):
    """The last answered picture is told in the reader's own time."""
    message = MessageRef(TEAM, "C0PHOTOS", "1.0")
    with desk.database.begin() as connection:
        accepted = Accepted(message, "1.0", "U0ANA")
        desk.messages.accept(connection, accepted, files=[{"id": "F1"}])
    desk.messages.note_reply(message, 1, state="sent")
    last = desk.type("status").splitlines()[-1]

    assert re.fullmatch(
        r"Last picture answered here: <!date\^\d{10}\^\{date_short_pretty\} at \{time\}"
        r"\|\d{4}-\d\d-\d\d \d\d:\d\d UTC>\.",
        last,
    )


def test_status_tells_limit(database, workspace):
    """Where there is a monthly limit of calls, the status tells how much of it is used."""
    Budget(JobIntake(database), CallRecords(database), limit=2000).reserve()
    desk = Desk(database, workspace, "/labels", limit=2000)

    assert desk.type("status").splitlines()[-1] == "Rekognition calls this month: 1 of 2,000."


def test_status_counts_labels(desk):
    """Once Amazon's list is imported, the status tells how many names there are."""
    desk.catalogue.replace(Catalogue({"Dog": (), "TV": ()}, {"Television": "TV"}))

    assert desk.type("status").splitlines()[-1] == (
        "Names in watches are checked against Amazon's list: 2 labels, 1 other names for them, "
        "0 categories."
    )


def test_status_in_direct_message(desk):
    """A direct message with the bot is a channel like any other."""
    assert desk.type("status", channel="D0BEN").startswith("I am in this channel.")


def test_status_is_for_members(slack, desk):
    """Who may not see a channel is told nothing of it."""
    slack.leave("ana", "lab")

    assert "Last picture" not in desk.type("status", person="U0ANA", channel="C0LAB")


@pytest.mark.parametrize("text", ["status", "mode off", "mode bots on"])
@pytest.mark.parametrize("method", ["conversations.info", "users.info"])
@pytest.mark.parametrize(
    "fault",
    [
        Fault("rate_limited", retry_after="30"),
        Fault("error", error="internal_error"),
        Fault("html"),
    ],
    ids=lambda fault: fault.kind,
)
def test_slack_away(desk, slack, *, text, method, fault):
    """While Slack does not say who may see what, that is the answer, and nothing is set."""
    slack.faults.order("slack", method, fault)
    begun_s = time.monotonic()

    assert desk.type(text) == AWAY
    assert time.monotonic() - begun_s < 1
    assert desk.watches.channel(TEAM, "C0PHOTOS").mode == "auto"


@pytest.mark.parametrize("text", ["status", "mode off", "mode bots on"])
@pytest.mark.parametrize("channel", ["C0RANDOM", "C0PRIVATE"])
def test_invite(desk, text, channel):
    """Where the bot is not in the channel, the answer says how to bring it in."""
    assert desk.type(text, channel=channel) == INVITE


@pytest.mark.parametrize(
    ("text", "answer", "then"),
    [
        ("mode off", "Pictures posted here are left alone.", ("off", False)),
        (
            "MODE  Request",
            f"Pictures posted here are labelled only when somebody asks: {HOW}.",
            ("request", False),
        ),
        ("mode auto", "Every picture posted here is labelled.", ("auto", False)),
        ("mode bots on", "Pictures that other bots post here are labelled too.", ("auto", True)),
        ("mode bots off", "Pictures that other bots post here are left alone.", ("auto", False)),
    ],
)
def test_modes(desk, text, answer, then):
    """A mode is set for the channel, and the answer says what that means."""
    assert desk.type(text) == answer
    settings = desk.watches.channel(TEAM, "C0PHOTOS")
    assert (settings.mode, settings.bots_on) == then


def test_modes_are_kept_apart(desk):
    """Setting the mode leaves what is set for bots, and the other way round."""
    for text in ("mode bots on", "mode request"):
        desk.type(text)
    settings = desk.watches.channel(TEAM, "C0PHOTOS")

    assert (settings.mode, settings.bots_on) == ("request", True)
    assert "other bots" not in desk.type("status")


def test_modes_are_for_members(desk):
    """Who may not see a channel does not set how the bot works there."""
    answer = desk.type("mode off", person="U0BEN", channel="C0LAB")

    assert answer == "Only people in this channel can set how I work here."
    assert desk.watches.channel(TEAM, "C0LAB").mode == "auto"


def test_wrong_mode(desk):
    """A mode that there is not is answered with those that there are."""
    assert "auto, request, off" in desk.type("mode of")


def test_typed_markup_is_harmless(desk):
    """What was typed mentions nobody in the answer."""
    for text in ("<!channel>", "watch <!here>", "watch a &lt;b&gt;", "unwatch x & y"):
        assert not re.search("<[!@#]", desk.type(text))


def test_command_by_its_name(database, workspace):
    """Every answer names the command by the name that people type here."""
    desk = Desk(database, workspace, "/spotter")
    desk.see("Dog")
    texts = ("wach dog", "watch over 9%", "watch dog", "watch dog", "watch dogg", "unwatch cat")
    answers = [desk.type(text) for text in (*texts, "mode", "help x", "help watch")]
    answers.append(desk.type("")["text"])

    assert not any("/labels" in answer for answer in answers)
    assert sum("/spotter" in answer for answer in answers) >= 9


def test_own_words_stay(database, workspace):
    """What people type themselves is not renamed with the command."""
    desk = Desk(database, workspace, "/spotter")

    assert "*/labels*" in desk.type("watch /labels")
    assert "*/labels*" in desk.type("unwatch /labels")
    assert "“a/labels”" in desk.type("a/labels b")
    assert "/spotter watch" in desk.type("watch dog over /labels")


def test_database_away(desk):
    """While the records are away the asker hears so, through whoever answers for errors."""
    with desk.database.begin() as connection:
        connection.exec_driver_sql("DROP TABLE watches")

    with pytest.raises(errors.RecordsUnavailable):
        desk.type("unwatch dog")


def test_guest_changes_no_mode(desk):
    """A guest cannot switch a channel off for everybody."""
    answer = desk.type("mode off", person="U0GUEST")

    assert answer.startswith("Guests cannot change")
    assert "Every picture" in desk.type("status")


def test_help_explains_watches(desk):
    """Help on watches shows the language beside the commands."""
    said = desk.type("help watch")

    assert "`helmet missing where person`" in said
    assert "`tell #alerts`" in said


def test_examples_are_as_typed(desk):
    """An example has channels and people as they are typed, not as Slack sends them."""
    said = desk.type("watch dog tell #nowhere")

    assert "tell #nowhere" in said
    assert "C012AB3CD" not in said
