import pytest

from bot.model import ShowSettings
from bot.show_options import LESS, MORE, STYLES, combine, shows_more, with_options


@pytest.mark.parametrize("max_labels", [None, 5])
def test_options_come_on_top(max_labels):
    """What is chosen for one reply counts more than the channel's settings, and leaves the rest."""
    settings = ShowSettings(threshold_percent=70.0, max_labels=max_labels)

    assert with_options(settings, {"max_labels": 20}) == ShowSettings(70.0, 20)
    assert with_options(settings, {}) == settings


def test_more_and_less():
    """More shows all that is known, whatever the channel set; Less is the channel's own again."""
    settings = ShowSettings(90.0, 3, {"Dog": 99.0}, {"colours": "one"})
    more = combine({}, MORE)

    assert with_options(settings, more) == ShowSettings(55.0, 30, {}, {"colours": "one"})
    assert (shows_more(more), shows_more({})) == (True, False)
    assert combine(more, LESS) == {}
    assert with_options(settings, LESS) == settings


def test_styles_add_up():
    """A style comes on top of what was chosen before; the channel's own ends that."""
    chosen = {}
    for name in ("hide_people", "confidence", "plain"):
        chosen = combine(chosen, STYLES[name])
    chosen = combine(chosen, MORE)
    style = {
        "hide": ["Person"],
        "colours": "confidence",
        "thickness": "thin",
        "show_confidence": False,
    }

    assert chosen == {**MORE, "style": style}
    assert combine(chosen, STYLES["channel"]) == MORE


@pytest.mark.parametrize("name", STYLES)
def test_hidden_stays_hidden(name):
    """No style that is chosen for one reply shows what the channel hides."""
    settings = ShowSettings(style={"hide": ["Car"], "hide_by": "blur"})
    style = with_options(settings, STYLES[name]).style

    assert style["hide"][0] == "Car"
    assert style["hide_by"] == "blur"
    assert ("Person" in style["hide"]) is (name == "hide_people")
