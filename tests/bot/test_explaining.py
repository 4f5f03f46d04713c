import pytest

from bot.adapters.tables import WATCHES
from bot.answering import UNKNOWN_LINK
from bot.model import ALL_WATCHES
from bot.sandbox.faults import Fault
from bot.sandbox.slack.nouns import TEAM

PHOTOS, ALERTS, LAB = "C0PHOTOS", "C0ALERTS", "C0LAB"


def why(house, source, user="U0BEN", *, channel=PHOTOS, number=""):
    """What somebody is told who asks about a picture, line by line."""
    return house.type(user, channel, f"why {house.link(source)} {number}").splitlines()


def test_fired(house):
    """A watch that told says so, with when and what was met."""
    house.watch("U0BEN", "instrument")
    source = house.post("U0ANA", PHOTOS, "Harp")
    house.tell(source)
    (line,) = why(house, source)

    assert line.startswith("• *instrument*: Told you <!date^")
    assert "Harp (95 %" in line


def test_condition_that_failed(house):
    """A watch that did not fire names the condition that failed, with its values."""
    house.watch("U0BEN", "harp over 99%")
    house.watch("U0BEN", f"harp in <#{ALERTS}>")
    house.watch("U0BEN", "cello")
    source = house.post("U0ANA", PHOTOS, "Harp")
    house.tell(source)
    over, scope, other = why(house, source)

    assert over == "• *harp over 99%*: Not sure enough, below 99 %: Harp (95 %)."
    assert scope.endswith(": Posted in none of its channels.")
    assert other == "• *cello*: No “cello” was seen."


def test_what_fits_comes_first(house):
    """A watch that a picture meets stands before those that it has nothing to do with."""
    for text in ("cello", "harp", "organ"):
        house.watch("U0BEN", text)
    source = house.post("U0ANA", PHOTOS, "Harp")
    house.tell(source)

    assert [line.split("*")[1] for line in why(house, source)] == ["harp", "cello", "organ"]


def test_unreadable_rule(house):
    """A rule that cannot be read any more does not fire, and keeps nobody from anything else."""
    house.watch("U0BEN", "organ")
    with house.front.database.begin() as connection:
        connection.execute(WATCHES.update().values(rule_text="organ in loft"))
    house.watch("U0BEN", "harp")
    source = house.post("U0ANA", PHOTOS, "Harp", "Organ")

    assert house.tell(source) == {"U0BEN": "sent"}
    assert why(house, source)[1] == "• *organ in loft*: No “organ in loft” was seen."
    assert "*organ in loft*" in house.type("U0BEN", PHOTOS, "watches")
    assert "You now watch" in house.type("U0BEN", PHOTOS, "watch cello")
    assert "is muted" in house.type("U0BEN", PHOTOS, "mute harp")
    assert "organ in loft" in house.type("U0BEN", PHOTOS, 'unwatch "organ in loft"')


def test_held_by_cool_down(house):
    """What a cool-down held back says how often the watch tells."""
    house.watch("U0BEN", "harp every 1h")
    first, second = (house.post("U0ANA", PHOTOS, "Harp") for _ in range(2))
    house.tell(first)
    house.tell(second)
    (line,) = why(house, second)

    assert line.endswith(": Told of another picture less than 1h before.")


@pytest.mark.parametrize("until_s", [None, 9e9])
@pytest.mark.parametrize("is_whole", [True, False])
def test_held_on_purpose(house, until_s, is_whole):
    """What a mute or a snooze held back says which, and that it still is."""
    house.watch("U0BEN", "harp")
    (watch,) = house.records.watches.of_owner(TEAM, "U0BEN")
    watch_id = ALL_WATCHES if is_whole else watch.watch_id
    house.records.holds.hold(TEAM, watch_id, "U0BEN", until_s=until_s, by="U0BEN")
    source = house.post("U0ANA", PHOTOS, "Harp")
    house.tell(source)
    (line,) = why(house, source)

    assert f": {'Snoozed' if until_s else 'Muted'} when the picture came." in line
    assert f"Still {'snoozed until ' if until_s else 'muted.'}" in line


def test_lost_for_access(house):
    """A watch whose owner could not look there when it was to be sent says so, once they can."""
    house.watch("U0BEN", "harp")
    house.slack.invite("ana", "lab", "ben")
    source = house.post("U0ANA", LAB, "Harp")
    recipients = house.match(source)
    house.slack.leave("ben", "lab")
    assert house.notify(source, *recipients) == "withheld"
    house.slack.invite("ana", "lab", "ben")
    (line,) = why(house, source)

    assert "You could not see where the picture is" in line


def test_newer_watch(house):
    """A watch that was made after the picture says so."""
    source = house.post("U0ANA", PHOTOS, "Harp")
    house.tell(source)
    house.watch("U0BEN", "harp")

    assert "Made after this picture was posted." in why(house, source)[0]


def test_notice_on_its_way(house):
    """Between match and sending, a watch says that its notice is on its way."""
    house.watch("U0BEN", "harp")
    source = house.post("U0ANA", PHOTOS, "Harp")
    house.match(source)

    assert "On its way to you." in why(house, source)[0]


def test_channel_watches(house):
    """A watch that tells a channel is explained to whoever may look there, and to nobody else."""
    house.watch("U0ANA", f"harp tell <#{ALERTS}>")
    house.watch("U0ANA", f"harp tell <#{LAB}>")
    house.watch("U0ANA", "harp")
    source = house.post("U0BEN", PHOTOS, "Harp")
    house.tell(source)
    (line,) = why(house, source)
    (guest,) = why(house, source, "U0GUEST")

    assert f"Told <#{ALERTS}>" in line
    assert "(by <@U0ANA>)" in line
    assert guest.startswith("You watch nothing yet.")
    assert len(why(house, source, "U0ANA")) == 3


def test_one_of_several(house):
    """Of a message with several pictures all are explained, or the one that is asked for."""
    house.watch("U0BEN", "harp")
    source = house.post("U0ANA", PHOTOS, "Harp")
    with house.front.database.begin() as connection:
        house.records.messages.add_pictures(connection, source.message, [{"id": "F999"}])

    assert [line for line in why(house, source) if line.startswith("*")] == [
        "*Picture 1*",
        "*Picture 2*",
    ]
    assert why(house, source, number=2)[1] == (
        "I have no labels for this picture, so nobody was told of it."
    )
    assert why(house, source, number=3) == [UNKNOWN_LINK]


def test_link_to_reply(house):
    """The link to the bot's answer is as good as that to the message."""
    house.watch("U0BEN", "harp")
    source = house.post("U0ANA", PHOTOS, "Harp")
    house.tell(source)
    reply = house.reply(source)
    link = house.link(source.message.__class__(TEAM, PHOTOS, reply.ts))

    assert "Told you" in house.type("U0BEN", PHOTOS, f"why <{link}>")


@pytest.mark.parametrize("link", ["", "dog", "https://a.example/archives/C1/p1700000000000100 x"])
def test_not_a_link(house, link):
    """Anything but a link to a message is refused with an example."""
    said = house.type("U0BEN", PHOTOS, f"why {link}")

    assert "“why” takes the link" in said
    assert "For example: /labels why https://" in said


def test_slack_does_not_say(house):
    """Where Slack does not say who may look, nothing is said."""
    house.watch("U0BEN", "harp")
    source = house.post("U0ANA", PHOTOS, "Harp")
    house.slack.faults.order("slack", "users.info", Fault("error", error="internal_error"))

    assert "Slack does not answer me" in why(house, source)[0]


def test_very_many(house):
    """More lines than Slack takes end with a whole one, and say that there are others."""
    for number in range(100):
        house.watch("U0BEN", f"harp over {number + 1}% every 1h in <#{PHOTOS}>")
    source = house.post("U0ANA", PHOTOS, "Harp")
    lines = why(house, source)

    assert sum(map(len, lines)) < 4000
    assert lines[-1].startswith("… There are more.")
    assert all(line.startswith("• ") for line in lines[:-1])
