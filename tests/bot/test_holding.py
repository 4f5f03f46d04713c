"""Who may hold which watch back, until when, and what is said about it."""

import re
import time

import pytest

from bot.access import Access
from bot.adapters.hold_records import HoldRecords
from bot.adapters.watch_records import WatchRecords
from bot.answering import GONE_WATCH, Asker
from bot.holding import Holding, held_by
from bot.model import ALL_WATCHES, MUTED, SNOOZED, Hold, Watch
from bot.rules import parse_rule

TEAM = "T0SANDBOX"
ANA, BEN, GUEST = "U0ANA", "U0BEN", "U0GUEST"


class Desk:
    """Watches of ben's, and who wants them quiet; ana is an admin."""

    def __init__(self, database, workspace):
        self.watches, self.holds = WatchRecords(database), HoldRecords(database)
        access = Access(workspace, TEAM)
        self.holding = Holding(
            workspace, access, watches=self.watches, holds=self.holds, slash_command="/labels"
        )
        for text in ("dog", "dog tell <#C0PHOTOS>"):
            self.watches.add(TEAM, BEN, parse_rule(text))
        self.own, self.shared = (w.watch_id for w in self.watches.of_owner(TEAM, BEN))

    def snooze(self, person, watch_id, choice="1h"):
        """Snooze a watch as this person."""
        return self.holding.snooze(Asker(TEAM, person, "C0PHOTOS"), watch_id, choice)

    def mute(self, person, watch_id):
        """Mute a watch as this person."""
        return self.holding.mute(Asker(TEAM, person, "C0PHOTOS"), watch_id)

    def unmute(self, person, watch_id):
        """Unmute a watch as this person."""
        return self.holding.unmute(Asker(TEAM, person, "C0PHOTOS"), watch_id)

    def held(self):
        """What is held back of ben's."""
        ids = [self.own, self.shared]
        found = self.holds.of_watches(TEAM, ids, person=BEN)
        return {hold.watch_id: (hold.reason, hold.by) for hold in found}


@pytest.fixture
def desk(database, workspace):
    """That desk."""
    return Desk(database, workspace)


def test_own_watch(desk):
    """One's own watch can be muted, and unmuted once."""
    assert desk.mute(BEN, desk.own) == "*dog* is muted until `/labels unmute dog`."
    assert desk.held() == {desk.own: (MUTED, BEN)}
    assert desk.unmute(BEN, desk.own) == "*dog* tells again."

    assert desk.held() == {}
    assert desk.unmute(BEN, desk.own) == "*dog* is not held back."


@pytest.mark.parametrize("person", [ANA, GUEST])
def test_watch_of_others(desk, person):
    """Nobody else, not even an admin, learns of somebody's own watch, or holds it back."""
    said = {
        desk.mute(person, desk.own),
        desk.snooze(person, desk.own),
        desk.unmute(person, desk.own),
        desk.mute(person, 999),
    }

    assert said == {GONE_WATCH}
    assert desk.held() == {}


@pytest.mark.parametrize("person", [BEN, ANA])
def test_watch_of_channel(desk, person):
    """A channel's watch is held back for all by its owner and by admins, and ended by either."""
    desk.snooze(person, desk.shared)
    assert desk.held() == {desk.shared: (SNOOZED, person)}
    desk.mute(ANA if person == BEN else BEN, desk.shared)
    assert desk.held()[desk.shared][0] == MUTED

    assert "tells again" in desk.unmute(person, desk.shared)
    assert desk.held() == {}


def test_member_of_channel(desk):
    """Who is neither is told that only these may, and how to mute the whole channel."""
    said = {desk.mute(GUEST, desk.shared), desk.snooze(GUEST, desk.shared)}
    (words,) = {*said, desk.unmute(GUEST, desk.shared)}

    assert "<@U0BEN> and admins" in words
    assert "_Mute channel_" in words
    assert desk.held() == {}


def test_everything(desk):
    """Everything that one watches can be held back at once, for oneself alone."""
    assert desk.mute(BEN, ALL_WATCHES) == (
        "All that tells you directly, except what says `always`, is muted until "
        "`/labels unmute all`."
    )
    assert desk.held() == {ALL_WATCHES: (MUTED, BEN)}
    assert desk.unmute(ANA, ALL_WATCHES) == "All that tells you directly is not held back."

    assert desk.unmute(BEN, ALL_WATCHES) == "All that tells you directly tells again."


def test_mute_outlives_edit(desk):
    """A mute can be lifted after its watch was changed to tell somebody else, either way."""
    desk.mute(BEN, desk.own)
    desk.mute(BEN, desk.shared)
    desk.watches.change(desk.own, parse_rule("cat tell <#C0PHOTOS>"))
    desk.watches.change(desk.shared, parse_rule("bird"))
    assert set(desk.held()) == {desk.own, desk.shared}

    assert desk.unmute(BEN, desk.own).endswith("tells again.")
    assert desk.unmute(BEN, desk.shared) == "*bird* tells again."
    assert desk.held() == {}


def test_snooze_shortens_nothing(desk):
    """A snooze ends no mute and no longer snooze, and says that those stay."""
    desk.snooze(BEN, desk.shared, "week")
    desk.mute(BEN, desk.own)

    assert "is snoozed for longer already: until <!date^" in desk.snooze(BEN, desk.shared)
    assert desk.snooze(BEN, desk.own) == (
        "*dog* is muted already, and stays so until `/labels unmute dog`."
    )
    assert {why for why, _ in desk.held().values()} == {SNOOZED, MUTED}


def test_whole_mute_is_named(desk):
    """While everything is muted, what is said about one's own watch says so."""
    desk.mute(BEN, ALL_WATCHES)
    whole = "all that tells you directly is quiet until `/labels unmute all`."

    assert desk.unmute(BEN, desk.own) == f"*dog* is not held back by itself. But {whole}"
    assert desk.mute(BEN, desk.own).endswith(f"`/labels unmute dog`. Besides, {whole}")
    assert desk.unmute(BEN, desk.own) == f"*dog* is no longer held back by itself. But {whole}"
    assert desk.unmute(BEN, desk.shared).endswith("* is not held back.")


def test_single_mutes_are_named(desk):
    """Whoever unmutes everything hears which watches are muted by themselves."""
    desk.mute(BEN, desk.own)
    desk.mute(BEN, ALL_WATCHES)
    still = "but for *dog*: muted or snoozed by itself."

    assert desk.unmute(BEN, ALL_WATCHES) == f"All that tells you directly tells again, {still}"
    assert desk.unmute(BEN, ALL_WATCHES).endswith(f"is not held back, {still}")


def test_snooze_says_until_when(desk, slack):
    """A snooze ends by the person's own clock, and says when."""
    slack.world.people[BEN].tz = "Pacific/Auckland"
    said = desk.snooze(BEN, desk.own, "tomorrow")
    stamp, fallback = re.search(
        r"<!date\^(\d+)\^\{date_short_pretty\} \{time\}\|(.*)>", said
    ).groups()
    (hold,) = desk.holds.of_watches(TEAM, [desk.own])

    assert fallback.endswith("08:00")
    assert int(stamp) == hold.until_s
    assert 0 < hold.until_s - time.time() < 32 * 3600 + 60
    assert said.endswith("then goes on by itself.")


def hold(watch_id=1, person=""):
    """A mute."""
    return Hold(watch_id, person, until_s=None, by=person, at_s=0.0)


@pytest.mark.parametrize(
    ("rule", "held", "expected"),
    [
        ("dog", hold(), MUTED),
        ("dog", hold(2), None),
        ("dog", hold(ALL_WATCHES, BEN), MUTED),
        ("dog", hold(ALL_WATCHES, ANA), None),
        ("dog always", hold(), MUTED),
        ("dog always", hold(ALL_WATCHES, BEN), None),
        ("dog tell <#C1>", hold(), MUTED),
        ("dog tell <#C1>", hold(ALL_WATCHES, BEN), None),
    ],
)
def test_what_is_held(rule, held, expected):
    """A hold is about its watch; one of everything about all that tell its person, but `always`."""
    parsed = parse_rule(rule)
    watch = Watch(1, TEAM, BEN, rule, parsed.tell or "")

    assert held_by(watch, parsed, [held]) == expected
    assert held_by(watch, parsed, []) is None
