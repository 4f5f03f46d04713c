"""Watches as people keep them: typed, listed, pressed, filled in.

This is long because all of it asks one desk.
"""

import pytest
from slack_sdk import WebClient

from bot import errors, watch_list, watch_modal
from bot.access import Access
from bot.adapters.records import Records
from bot.adapters.slack import SlackWorkspace
from bot.answering import AWAY, Answering, Asker
from bot.answering_holds import HoldAnswers
from bot.answering_watches import WatchAnswers
from bot.holding import Holding
from bot.label_catalogue import Catalogue
from bot.label_names import LabelNames
from bot.listing_watches import ListingWatches
from bot.model import ALL_WATCHES, ImageSource
from bot.removing_watches import RemovingWatches
from bot.rules import parse_rule
from bot.sandbox.faults import Fault, Faults
from bot.sandbox.ledger import Ledger
from bot.sandbox.slack.answering import state_json
from bot.sandbox.slack_server import SlackSandbox, Terms
from bot.showing import Showing
from bot.watch_modal import FormContext
from bot.watch_window import WatchWindow
from bot.watching import WATCHES_MOST, Watching

TEAM = "T0SANDBOX"
HERE, ALERTS, LAB, RANDOM = "C0PHOTOS", "C0ALERTS", "C0LAB", "C0RANDOM"
LABELS = "labels"


class Desk:
    """Where watches are typed, listed and filled in."""

    def __init__(self, slack, database):
        self.slack = slack
        self.database = database
        client = WebClient(
            slack.terms.bot_token, base_url=f"{slack.url}/api/", timeout=2, retry_handlers=[]
        )
        workspace, name = SlackWorkspace(client, patient=False), {"slash_command": "/labels"}
        self.records = records = Records(database)
        self.watches, self.holds = records.watches, records.holds
        access = Access(workspace, TEAM)
        showing = Showing(records.analyses, records.shows, records.withheld)
        names = LabelNames(access, showing, records.catalogue, **name)
        watching = Watching(access, names, self.watches)
        self.window = WatchWindow(workspace, watching, names)
        holding = Holding(workspace, access, watches=self.watches, holds=self.holds, **name)
        self.listing = ListingWatches(
            access,
            self.window,
            holding,
            RemovingWatches(access, self.watches),
            watches=self.watches,
            holds=self.holds,
            **name,
        )
        self._answering = Answering(
            WatchAnswers(watching, self.watches, **name).answers,
            self.listing.answers,
            HoldAnswers(holding, watching, self.watches, **name).answers,
            label_emoji="label",
            **name,
        )

    def asker(self, person, channel=HERE):
        """Somebody who has just typed or pressed something."""
        trigger = self.slack._site.tickets.new_trigger(person)  # noqa: SLF001 - Slack's side
        return Asker(TEAM, person, channel, at=trigger, reply_url="https://hooks.example/x")

    def type(self, text, person="U0BEN", channel=HERE):
        """Type a command, and give the answer."""
        return self._answering.answer(self.asker(person, channel), text)

    def listed(self, person="U0BEN", channel=HERE):
        """The words of the list that somebody sees."""
        return words_of(self.type("watches", person, channel))

    def press(self, button, watch_id=0, page=0, *, person="U0BEN", channel=HERE):
        """Press a button of the list; the list as it is then, or the words instead."""
        value = f"{watch_id}/{page}"
        return self.listing.press(self.asker(person, channel), button, value)

    def view(self, person="U0BEN"):
        """The window that somebody sees."""
        return self.slack.world.views[person][-1]

    def fill(self, person="U0BEN", **values):
        """Submit the open window with these values; what is wrong, and what is said."""
        view = self.view(person)
        options = [*values.get(LABELS, ()), *values.get(watch_modal.WITHOUT, ())]
        offered = {name: {"text": {}, "value": name} for name in options}
        state = state_json(view["blocks"], values, offered=offered)["values"]
        context = FormContext.from_metadata(view["private_metadata"])
        return self.listing.submit(self.asker(person, context.channel), context, state)

    def own(self, person="U0BEN"):
        """A person's watches, by what they ask for."""
        return [watch.rule_text for watch in self.watches.of_owner(TEAM, person)]

    def id_of(self, rule_text, person="U0BEN"):
        """The id of a person's watch."""
        own = self.watches.of_owner(TEAM, person)
        return next(watch.watch_id for watch in own if watch.rule_text == rule_text)


def words_of(body):
    """The words of a list's paragraphs."""
    return "\n".join(b["text"]["text"] for b in body["blocks"] if b["type"] == "section")


@pytest.fixture
def slack():
    """A running local Slack that leaves a busy machine the time to open a window."""
    sandbox = SlackSandbox(Ledger(), Faults(), Terms(tiers=False, trigger_limit_s=60.0))
    sandbox.start()
    yield sandbox
    sandbox.stop()


@pytest.fixture
def desk(slack, database):
    """A desk where nothing was typed yet."""
    return Desk(slack, database)


# -- the list


def test_own_watches_are_private(desk):
    """A watch that tells its owner directly is shown to its owner alone, admins included."""
    desk.type("watch dog", "U0BEN")

    assert "*dog*" in desk.listed("U0BEN")
    assert "dog*" not in desk.listed("U0ANA")
    assert "dog*" not in desk.listed("U0GUEST")


def test_channel_watch_is_shown(desk):
    """Who sees a channel sees there, and only there, which watches of others tell it."""
    desk.type(f"watch dog tell <#{ALERTS}|alerts>", "U0BEN")

    assert "Made by <@U0BEN>" in desk.listed("U0ANA", ALERTS)
    assert "Made by" not in desk.listed("U0ANA", HERE)
    assert "Tells <#C0ALERTS>" in desk.listed("U0BEN", HERE)
    assert "Made by" not in desk.listed("U0GUEST", ALERTS)


def test_left_channel_shows_nothing(desk, slack):
    """Who has left a private channel sees no watch that tells it, nor does a press reach one."""
    desk.type(f"watch dog tell <#{LAB}>", "U0ANA", LAB)
    with slack.world.changed:
        slack.world.channel(LAB).members.append("U0BEN")
    before = desk.listed("U0BEN", LAB)
    slack.leave("ben", "lab")
    pressed = desk.press(watch_list.REMOVE, desk.id_of(f"dog tell <#{LAB}>", "U0ANA"), channel=LAB)

    assert "Made by <@U0ANA>" in before
    assert "Made by" not in desk.listed("U0BEN", LAB)
    assert "not there any more" in words_of(pressed)
    assert desk.own("U0ANA") == [f"dog tell <#{LAB}>"]


def test_doubt_shows_nothing(desk, slack):
    """While Slack does not say who sees a channel, the watches that tell it are not shown."""
    desk.type(f"watch dog tell <#{ALERTS}>", "U0ANA", ALERTS)
    slack.faults.order("slack", "conversations.info", Fault("error", error="internal_error"))

    assert "Made by" not in desk.listed("U0BEN", ALERTS)


def test_database_away(desk):
    """While the records are away the asker hears so, through whoever answers for errors."""
    with desk.database.begin() as connection:
        connection.exec_driver_sql("DROP TABLE watches")

    with pytest.raises(errors.RecordsUnavailable):
        desk.type("watches")


# -- its buttons


def test_remove(desk):
    """The owner removes a watch, and sees the list without it."""
    desk.type("watch dog")
    body = desk.press(watch_list.REMOVE, desk.id_of("dog"))

    assert "*dog* is removed" in words_of(body)
    assert "You watch nothing yet" in words_of(body)
    assert desk.own() == []


@pytest.mark.parametrize("person", ["U0BEN", "U0GUEST"])
def test_others_remove_nothing(desk, person):
    """Who neither owns a watch nor is an admin removes and mutes nothing, whatever they send."""
    desk.type(f"watch dog tell <#{HERE}>", "U0ANA")
    desk.type("watch cat", "U0ANA")
    for rule_text in (f"dog tell <#{HERE}>", "cat"):
        watch_id = desk.id_of(rule_text, "U0ANA")
        for button in (watch_list.REMOVE, watch_list.MUTE, watch_list.EDIT):
            desk.press(button, watch_id, person=person)

    assert len(desk.own("U0ANA")) == 2
    assert desk.holds.of_watches(TEAM, [1, 2]) == []
    assert not desk.slack.world.views.get(person)


def test_admin_removes_channel_watch(desk):
    """An admin removes a watch of somebody else that tells a channel, but none of their own."""
    desk.type(f"watch dog tell <#{HERE}>", "U0BEN")
    desk.type("watch cat", "U0BEN")
    for rule_text in (f"dog tell <#{HERE}>", "cat"):
        desk.press(watch_list.REMOVE, desk.id_of(rule_text), person="U0ANA")

    assert desk.own("U0BEN") == ["cat"]


def test_mute_and_unmute(desk):
    """A muted watch says so in the list, until it is unmuted there."""
    desk.type("watch dog")
    muted = words_of(desk.press(watch_list.MUTE, desk.id_of("dog")))
    unmuted = words_of(desk.press(watch_list.UNMUTE, desk.id_of("dog")))

    assert " · muted" in muted
    assert " · muted" not in unmuted


def test_channel_is_muted_for_all(desk):
    """The owner's Mute of a watch that tells a channel holds for all, and each sees by whom."""
    desk.type(f"watch dog tell <#{HERE}>")
    desk.press(watch_list.MUTE, desk.id_of(f"dog tell <#{HERE}>"))

    assert "muted for all by <@U0BEN>" in desk.listed("U0ANA")


def test_everything_goes_on(desk):
    """That everything is quiet ends by the button above the list."""
    desk.type("watch dog")
    desk.holds.hold(TEAM, ALL_WATCHES, "U0BEN", by="U0BEN")
    before = desk.listed()

    assert "is quiet until you say otherwise" in before
    assert "is quiet" not in words_of(desk.press(watch_list.UNMUTE, ALL_WATCHES))


def test_pages_turn(desk):
    """The next page shows the watches that the first has no room for."""
    for at in range(watch_list.PER_PAGE + 1):
        desk.type(f"watch label {at}")

    assert "*label 8*" not in desk.listed()
    assert "*label 8*" in words_of(desk.press(watch_list.TURN, page=1))


def test_press_while_slack_is_away(desk, slack):
    """While Slack does not answer, a press changes nothing, says so, and keeps the list."""
    desk.type("watch dog")
    slack.faults.order("slack", "views.open", Fault("error", error="internal_error"))
    body = desk.press(watch_list.EDIT, desk.id_of("dog"))

    assert AWAY in words_of(body)
    assert "*dog*" in words_of(body)


# -- the window


def test_window_makes_a_watch(desk):
    """What is filled in is kept as the line that says the same, and its owner is told."""
    assert desk.type("watch") == ""
    values = {LABELS: ["dog", "cat"], watch_modal.OVER: "90", watch_modal.EVERY: "1h"}
    wrong, said = desk.fill(**values, channels=[HERE])

    assert wrong == {}
    assert said.startswith("You now watch *")
    assert desk.own() == [f"dog over 90% or cat over 90% in <#{HERE}> every 1h"]


def test_window_changes_a_watch(desk):
    """An edited watch is the same one with another rule, and the list is shown with it."""
    desk.type("watch dog over 90%")
    watch_id = desk.id_of("dog over 90%")
    assert desk.press(watch_list.EDIT, watch_id) == ""
    wrong, body = desk.fill(over="", at_least="2")

    assert wrong == {}
    assert "Changed: you watch *dog at least 2*" in words_of(body)
    assert desk.id_of("dog at least 2") == watch_id


def test_rich_watch_is_a_line(desk):
    """A watch that asks for more than the fields hold is changed as one line."""
    desk.type("watch dog at most 2")
    desk.press(watch_list.EDIT, desk.id_of("dog at most 2"))
    refused, _ = desk.fill(rule="dog at most")
    wrong, _ = desk.fill(rule="dog at most 3")

    assert list(refused) == ["rule"]
    assert wrong == {}
    assert desk.own() == ["dog at most 3"]


@pytest.mark.parametrize(
    ("values", "field", "words"),
    [
        ({LABELS: ["cat"]}, LABELS, "You have another watch that asks for exactly this."),
        ({LABELS: ["Woman"]}, LABELS, "it guesses somebody's gender"),
        ({LABELS: ["dog"], "channels": [LAB]}, "channels", "You cannot see all of these"),
        ({LABELS: ["dog"], "channels": ["C0NOWHERE"]}, "channels", "You cannot see all of these"),
        ({LABELS: ["dog"], "tell": LAB}, "tell", "you can see and that I am in"),
        ({LABELS: ["dog"], "tell": RANDOM}, "tell", "you can see and that I am in"),
        ({LABELS: ["dog"], "over": "0"}, "over", "out of range"),
    ],
)
def test_wrong_fields_are_named(desk, values, field, words):
    """What is in the way stands beside its field, and nothing is kept."""
    desk.type("watch cat")
    desk.type("watch")
    wrong, said = desk.fill(**values)

    assert list(wrong) == [field]
    assert words in wrong[field]
    assert said == ""
    assert desk.own() == ["cat"]


def test_guests_tell_no_channel(desk):
    """A guest may watch for themselves, and have no channel told."""
    answer = desk.type(f"watch dog tell <#{HERE}>", "U0GUEST")

    assert answer == "Guests cannot have a channel told; ask a member to."
    assert desk.type("watch dog", "U0GUEST").startswith("You now watch *dog*")


def test_too_many(desk):
    """Who has a hundred watches gets no other, typed or in the window, but may change those."""
    for number in range(WATCHES_MOST):
        desk.watches.add(TEAM, "U0BEN", parse_rule(f"dog bigger than {number + 1}%"))
    typed = desk.type("watch cat")
    desk.type("watch")
    wrong, _ = desk.fill(**{LABELS: ["cat"]})
    desk.press(watch_list.EDIT, desk.id_of("dog bigger than 1%"))
    changed, _ = desk.fill(bigger="0.5")

    assert typed == wrong[LABELS]
    assert typed.startswith("You have 100 watches, the most that one person can have. Remove one")
    assert desk.type("watch dog bigger than 100%").endswith("lists what you watch.")
    assert len(desk.own()) == WATCHES_MOST
    assert changed == {}
    assert desk.own()[0] == "dog bigger than 0.5%"
    desk.type("unwatch dog bigger than 2%")
    assert desk.type("watch cat").startswith("You now watch *cat*")


def test_gone_while_editing(desk):
    """A watch that was removed while its window stood open is not made again."""
    desk.type("watch dog")
    desk.press(watch_list.EDIT, desk.id_of("dog"))
    desk.type("unwatch dog")
    wrong, _ = desk.fill(at_least="2")

    assert wrong == {LABELS: "That watch is not there any more."}
    assert desk.own() == []


def test_window_while_slack_is_away(desk, slack):
    """While Slack does not say what somebody sees, the window says so and keeps nothing."""
    desk.type("watch")
    slack.faults.order("slack", "users.info", Fault("error", error="internal_error"), times=2)
    wrong, _ = desk.fill(**{LABELS: ["dog"]}, channels=[HERE])

    assert wrong == {LABELS: AWAY}
    assert desk.own() == []


def test_two_rules_are_said(desk):
    """Two watches of one label stand side by side, and the second answer says so."""
    desk.type("watch dog")
    answer = desk.type("watch dog every 1h")

    assert "You watch *dog* as well;" in answer
    assert desk.own() == ["dog", "dog every 1h"]


def test_unwatch_spares_joined_labels(desk):
    """A label alone stands for all watches of it, but for none that asks for others too."""
    for text in ("dog every 1h", "dog and cat", "exact:dog", "cat"):
        desk.type(f"watch {text}")
    desk.type("unwatch all dog")

    assert desk.own() == ["dog and cat", "cat"]


def test_unwatch_by_choice(desk):
    """Of several watches that fit, the one goes whose button is pressed; the list says so."""
    for text in ("dog", "dog over 90%"):
        desk.type(f"watch {text}")
    (first, _) = [b["accessory"] for b in desk.type("unwatch dog")["blocks"] if "accessory" in b]
    listed = desk.press(first["action_id"], first["value"].split("/")[0])

    assert desk.own() == ["dog over 90%"]
    assert "*dog* is removed" in words_of(listed)


def test_other_names_are_meant(desk):
    """A label's other name stands for its watches, whatever is to be done with them."""
    desk.type("watch dog over 90% or dog at least 2")
    desk.records.catalogue.replace(Catalogue({"Dog": ()}, {"Hound": "Dog"}))
    muted = desk.type("mute hound")
    gone = desk.type("unwatch hound")

    assert "is muted" in muted
    assert gone == "You no longer watch *dog over 90% or dog at least 2*."


# -- what is suggested


def test_suggestions_complete(desk):
    """Labels that were seen where somebody may look are suggested, then what they typed."""
    source = ImageSource(TEAM, HERE, "1.0", "F1")
    desk.records.analyses.note_seen(source, {"Dog", "Mac and Cheese", "Cat"})
    offered = desk.window.suggest(desk.asker("U0BEN"), "do")
    quoted = desk.window.suggest(desk.asker("U0BEN"), "mac an")

    assert [option["value"] for option in offered] == ["Dog", "do"]
    assert [option["value"] for option in quoted] == ['"Mac and Cheese"', "mac an"]
    assert quoted[0]["text"]["text"] == "Mac and Cheese"


def test_suggestions_stay_private(desk):
    """What was seen in another's private channel is suggested to nobody else."""
    source = ImageSource(TEAM, LAB, "1.0", "F1")
    desk.records.analyses.note_seen(source, {"Platypus"})

    assert len(desk.window.suggest(desk.asker("U0ANA"), "platy")) == 2
    assert len(desk.window.suggest(desk.asker("U0BEN"), "platy")) == 1
    assert desk.window.suggest(desk.asker("U0BEN"), "") == []


def test_lost_access_is_listed(desk):
    """A watch of channels of which its owner may see none is paused as soon as that is so."""
    desk.slack.invite("ana", "lab", "ben")
    for rule in ("dog in <#C0LAB>", "dog in <#C0LAB>, <#C0PHOTOS>", "dog"):
        desk.watches.add(TEAM, "U0BEN", parse_rule(rule))
    assert "paused" not in desk.listed()
    desk.slack.leave("ben", "lab")

    assert desk.listed().count("paused: who it tells may not see that channel") == 1
    desk.slack.invite("ana", "lab", "ben")
    assert "paused" not in desk.listed()


@pytest.mark.parametrize("cause", ["lost_access", "deactivated"])
def test_old_pause_is_not_listed(desk, cause):
    """What was found out when a picture matched is not listed: it would tell of that picture."""
    desk.watches.add(TEAM, "U0BEN", parse_rule("dog"))
    (watch,) = desk.watches.of_owner(TEAM, "U0BEN")
    desk.records.pauses.pause([watch.watch_id], cause)

    assert "paused" not in desk.listed()


def test_listed_while_slack_is_away(desk):
    """The list is there without Slack, though not what it alone knows."""
    desk.watches.add(TEAM, "U0BEN", parse_rule("dog in <#C0LAB>"))
    desk.slack.faults.order("slack", "users.info", Fault("status"))

    assert "dog in" in desk.listed()
