import pytest

from bot.model import Hold, ImageSource, Label, Watch, WatchEvent
from bot.rules import Verdict
from bot.why_texts import Finding, why_line

SOURCE = ImageSource("T1", "C1", "1700000000.000100", "F1")
DOG = Watch(7, "T1", "U1", "dog over 90%")
CHANNEL = Watch(8, "T1", "U2", "dog and cat tell <#C9>", target="C9")
YES = Verdict(fired=True, matched=(Label("Dog", 95.0),), why="Dog (95 %).")
NO = Verdict(fired=False, matched=(), why="Dog 84 %, over 90 % wanted.")
AT = "<!date^1700000000^{date_short_pretty} at {time}|2023-11-14 22:13 UTC>"


def event(state, reason=None):
    """What came of the picture."""
    return WatchEvent(7, SOURCE, state, reason, at_s=1_700_000_000.0, notice_key=None)


def hold(until_s=None):
    """A mute, or a snooze."""
    return Hold(7, "", until_s=until_s, by="U1", at_s=1.0)


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        ({"verdict": NO}, "Dog 84 %, over 90 % wanted."),
        ({"event": event("told")}, f"Told you {AT}: Dog (95 %)."),
        ({"event": event("told"), "verdict": NO}, f"Told you {AT}. Now it would not: {NO.why}"),
        ({"event": event("held", "snoozed")}, "Snoozed when the picture came."),
        ({"event": event("held", "muted")}, "Muted when the picture came."),
        (
            {"event": event("lost", "no_access")},
            "You could not see where the picture is when it was to be sent.",
        ),
        ({"event": event("lost", "gone")}, "You could not be reached."),
        ({"event": event("lost", "failed")}, "Slack did not take the message."),
        ({"is_under_way": True}, "On its way to you."),
        ({"is_later": True}, "Made after this picture was posted."),
        ({}, "Fits now, but did not when the picture came: Dog (95 %)."),
        ({"event": event("told"), "holds": [hold()]}, f"Told you {AT}: Dog (95 %). Now muted."),
        (
            {"event": event("held", "muted"), "holds": [hold()]},
            "Muted when the picture came. Still muted.",
        ),
        (
            {"event": event("held", "muted"), "holds": [hold(1_700_000_000.0)]},
            f"Muted when the picture came. Now snoozed until {AT}.",
        ),
        (
            {"event": event("held", "snoozed"), "holds": [hold(1.0), hold(1_700_000_000.0)]},
            f"Snoozed when the picture came. Still snoozed until {AT}.",
        ),
        ({"verdict": NO, "holds": [hold()]}, NO.why),
    ],
)
def test_each_reason(facts, said):
    """Each way in which a watch can tell or stay silent has words of its own."""
    finding = Finding(**{"watch": DOG, "verdict": YES, **facts})

    assert why_line(finding, asker="U1") == f"• *dog over 90%*: {said}"


def test_cool_down():
    """A watch that was cooling down says how often it tells."""
    often = Watch(7, "T1", "U1", "dog every 90m")

    assert why_line(Finding(often, YES, event=event("held", "cool_down")), asker="U1") == (
        "• *dog every 90m*: Told of another picture less than 90m before."
    )


def test_paused_watch():
    """A watch that is paused says why."""
    paused = Watch(7, "T1", "U1", "dog", paused_why="archived")

    line = why_line(Finding(paused, YES), asker="U1")

    assert line == "• *dog*: Paused: that channel is archived."


def test_channel_watch():
    """A watch that tells a channel says which and whose it is; its words are harmless."""
    line = why_line(Finding(CHANNEL, YES, event=event("lost", "no_access")), asker="U1")

    assert line == (
        "• *dog and cat tell <#C9>* (by <@U2>): Who made it, or somebody in <#C9>, may not see "
        "where the picture is."
    )
    gone = why_line(Finding(CHANNEL, YES, event=event("lost", "gone")), asker="U1")
    assert gone.endswith(": <#C9> could not be reached.")
