import dataclasses
import json

import pytest

from bot import notices
from bot.model import Label, Watch
from bot.notices import HELD, MUTE, REMOVE, SNOOZE, SNOOZES, WHY
from bot.rules import Verdict
from bot.sandbox.slack.blocks import check_blocks

LINK = "https://example.slack.com/archives/C1/p1"
HOSTILE = "@here <!channel> <@U0ANA> & `rm` \u202egnp.exe\u2066\x1b[31m"
SEEN = (Label("Dog", 95.2),)
DOG = Watch(7, "T1", "U3", "dog")
CAR = Watch(8, "T1", "U3", "vehicle in <#C2> from <@U2>")


def notice(*watches, matched=SEEN, missing=(), **facts):
    """A notice about a picture that met these watches."""
    given = {"key": "K1", "channel": "C1", "poster": "U1", "link": LINK, **facts}
    seen = Verdict(True, tuple(matched), "", tuple(missing))
    body = notices.body(seen, watches or (DOG,), **given)
    assert check_blocks(body["blocks"]) == []
    return body


def words(body):
    """What a notice says first, and the line about its watches."""
    section, *_, context, _ = body["blocks"]
    return section["text"]["text"], context["elements"][0]["text"]


def buttons(body):
    """Each button or menu of a notice by its action id, in order."""
    actions = body["blocks"][-1]
    assert actions["block_id"] == "K1"
    return {element["action_id"]: element for element in actions["elements"]}


def options(element):
    """What a menu offers: words by value."""
    return {option["value"]: option["text"]["text"] for option in element["options"]}


def test_what_where_who():
    """A notice says what appeared how surely, where, by whom, and leads there."""
    matched = (*SEEN, Label("Car", 91.0), Label("Bus", 90.0))
    body = notice(matched=matched)
    first, _ = words(body)

    assert body["text"] == f"Dog (95 %), Car (91 %), Bus (90 %) in <#C1>, posted by <@U1>. {LINK}"
    assert "*Dog (95 %), Car (91 %), Bus (90 %)* appeared in <#C1>, posted by <@U1>" in first
    assert f"<{LINK}|See the picture>" in first


def test_what_is_missing():
    """A notice of what is missing begins with that, then says where it is missing."""
    body = notice(matched=(Label("Person", 98.0),), missing=("helmet", "R&B"))
    first, _ = words(body)

    assert first.startswith(
        ":bell: *No helmet, no R&amp;B* where *Person (98 %)* appeared in <#C1>, posted by <@U1>."
    )
    assert body["text"].startswith("No helmet, no R&amp;B where Person (98 %) appeared in <#C1>")


def test_names_every_watch():
    """Every watch is named once, and what its options name stays a mention."""
    assert words(notice(DOG, CAR))[1] == "You watch: dog, vehicle in <#C2> from <@U2>"


def test_corrected_label():
    """What a person said has no percentage."""
    said = Label("Dog", 100.0, origin="human")

    assert notice(matched=(said,))["text"].startswith("Dog (corrected) in ")


def test_channel_mentions_nobody():
    """A notice in a channel names no person, whom it would call each time."""
    there = dataclasses.replace(CAR, target="C9", rule_text=f"{CAR.rule_text} tell <#C9>")
    body = notice(there)

    assert "<@" not in json.dumps(body)
    assert words(body)[1] == "Watched here: vehicle in <#C2> from somebody"


def test_buttons_about_one():
    """Under a notice of one watch stand a menu to snooze it, and buttons that know it."""
    found = buttons(notice())

    assert list(found) == [SNOOZE, MUTE, WHY, REMOVE]
    assert options(found[SNOOZE]) == SNOOZES
    assert found[MUTE]["value"] == found[REMOVE]["value"] == "7"
    assert found[REMOVE]["confirm"]["deny"]["text"] == "Cancel"


def test_buttons_about_several():
    """Where a notice names several watches, one says which is muted or removed."""
    found = buttons(notice(DOG, CAR))
    named = {"7": "dog", "8": "vehicle in a channel from somebody"}

    assert options(found[MUTE]) == options(found[REMOVE]) == named
    assert found[REMOVE]["confirm"]["confirm"]["text"] == "Remove"


def test_held_back():
    """What was held back is counted, in words and on a button that stands first."""
    body = notice(held_back=4)

    assert body["text"].endswith(" · +4 held back")
    assert next(iter(buttons(body))) == HELD
    assert buttons(body)[HELD]["text"]["text"] == "+4 held back"
    assert HELD not in buttons(notice(held_back=0))


def test_preview():
    """A preview stands under the words, and a screen reader says what it shows."""
    image = notice(preview_file_id="F0000000001")["blocks"][1]

    assert image["slack_file"] == {"id": "F0000000001"}
    assert image["alt_text"] == "The picture, with Dog (95 %)"


@pytest.mark.parametrize("target", ["", "C9"])
def test_hostile_names(target):
    """Hostile label names mention nobody, and no markup is read out of them."""
    watch = Watch(7, "T1", "U3", '"mac & cheese"', target)
    body = notice(watch, matched=(Label(HOSTILE, 95.0),))
    first, second = words(body)

    assert body["blocks"][0]["text"]["verbatim"]
    assert "<!channel>" not in body["text"] + first
    assert "<@U0ANA>" not in body["text"] + first
    assert not set(body["text"] + first.replace("\n", "")) & set("\u202e\u2066\x1b")
    assert '"mac &amp; cheese"' in second


def test_very_much():
    """A notice of very many watches stays within Slack's limits, cuts no name, keeps its link."""
    many = [Watch(number, "T1", "U3", f"{'x' * 90} & {number}") for number in range(500)]
    matched = [Label(f"Label & {number}", 95.0) for number in range(500)]
    body = notice(*many, matched=matched, held_back=10_000, preview_file_id="F0000000001")
    first, second = words(body)

    assert body["text"].endswith(f"{LINK} · +10000 held back")
    assert first.endswith("|See the picture>")
    assert second.endswith("more")
    assert len(json.dumps(body["blocks"])) < 12_000
