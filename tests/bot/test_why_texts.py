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
        ({"verdict": NO}, "did not fire. Dog 84 %, over 90 % wanted."),
        ({"event": event("told")}, f"told you {AT}. Dog (95 %)."),
        (
            {"event": event("told"), "verdict": NO},
            f"told you {AT}. By now it would not: Dog 84 %, over 90 % wanted.",
        ),
        ({"event": event("held", "snoozed")}, "fired, but was held back: it was snoozed."),
        ({"event": event("held", "muted")}, "fired, but was held back: it was muted."),
        (
            {"event": event("lost", "no_access")},
            (
                "fired, but told nobody: you could not see where the picture is when it was to be "
                "sent."
            ),
        ),
        ({"event": event("lost", "gone")}, "fired, but told nobody: you could not be reached."),
        (
            {"event": event("lost", "failed")},
            "fired, but told nobody: Slack did not take the notice.",
        ),
        ({"is_under_way": True}, "fired, and its notice is on its way. Dog (95 %)."),
        ({"is_later": True}, "would fire, but it is newer than this picture. Dog (95 %)."),
        (
            {},
            (
                "would fire now, but did not when the picture came: one of them has changed. "
                "Dog (95 %)."
            ),
        ),
        ({"verdict": NO, "holds": [hold()]}, f"did not fire. {NO.why} It is muted now."),
        (
            {"verdict": NO, "holds": [hold(1_700_000_000.0)]},
            f"did not fire. {NO.why} It is snoozed until {AT}.",
        ),
    ],
)
def test_each_reason(facts, said):
    """Each way in which a watch can tell or stay silent has words of its own."""
    finding = Finding(**{"watch": DOG, "verdict": YES, **facts})

    assert why_line(finding, asker="U1") == f"• *dog over 90%*: {said}"


def test_cool_down():
    """A watch that was cooling down says how often it tells."""
    often = Watch(7, "T1", "U1", "dog every 90m")

    assert why_line(Finding(often, YES, event=event("held", "cool_down")), asker="U1").endswith(
        "held back: its last notice was too recent, and it tells at most once every 90m."
    )


def test_paused_watch():
    """A watch that is paused says why."""
    paused = Watch(7, "T1", "U1", "dog", paused_why="archived")

    line = why_line(Finding(paused, YES), asker="U1")

    assert "would fire, but is paused: that channel is archived. Dog" in line


def test_channel_watch():
    """A watch that tells a channel says which and whose it is; its words are harmless."""
    line = why_line(Finding(CHANNEL, YES, event=event("lost", "no_access")), asker="U1")

    assert line == (
        "• *dog and cat tell <#C9>* (by <@U2>): fired, but told nobody: who "
        "made it, or somebody in <#C9>, may not see where the picture is."
    )
