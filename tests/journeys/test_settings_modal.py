import pytest

from bot.settings_modal import BY_LABEL, LABELS, THRESHOLD


@pytest.fixture
def window(quiet_stage):
    """A function that opens the window of a channel as a person, and gives it."""

    def open_it(person="ben", channel="photos"):
        quiet_stage.slack.command(person, channel, "settings")
        user = quiet_stage.slack.world.person(person).id
        assert quiet_stage.slack.wait_for(lambda: quiet_stage.slack.world.views.get(user), 10), (
            quiet_stage.bot.log_text()[-3000:]
        )
        return quiet_stage.slack.world.views[user][-1]

    return open_it


def first_values(view):
    """What stands in the fields about amounts of a window when it opens."""
    elements = {b["block_id"]: b["element"] for b in view["blocks"] if b["type"] == "input"}
    return {name: elements[name].get("initial_value", "") for name in (THRESHOLD, LABELS, BY_LABEL)}


def test_window_sets_what_is_shown(quiet_stage, fresh, window):
    """What is saved in the window holds for the next picture, and stands there the next time."""
    told = len(quiet_stage.slack.ephemerals("ben"))
    view = window(channel="alerts")
    assert first_values(view) == {THRESHOLD: "", LABELS: "", BY_LABEL: ""}
    values = {THRESHOLD: "60", LABELS: "3", BY_LABEL: "Dog 99\nperson: 99,5 %"}
    assert quiet_stage.slack.submit("ben", values) == {}
    reply = quiet_stage.post_and_wait(("park.jpg", fresh()), channel="alerts")
    again = first_values(window(channel="alerts"))
    quiet_stage.slack.dismiss("ben")
    quiet_stage.command("ben", "alerts", "settings threshold 80")

    assert again == {THRESHOLD: "60", LABELS: "3", BY_LABEL: "Dog 99\nperson 99.5"}
    assert "Dog" not in reply.text
    assert "Person" not in reply.text
    assert "1 Bird" in reply.text
    assert "below the thresholds set here" in reply.text
    assert len(quiet_stage.slack.ephemerals("ben")) == told + 1


def test_other_channels_keep_theirs(quiet_stage, fresh):
    """A channel's threshold holds in that channel alone."""
    answer = quiet_stage.command("ana", "lab", "settings threshold 95,5")
    here = quiet_stage.post_and_wait(("park.jpg", fresh()), channel="lab")
    there = quiet_stage.post_and_wait(("park.jpg", fresh()))
    quiet_stage.command("ana", "lab", "settings threshold 80")

    assert answer == "From now on I show here what is at least 95.5 % sure."
    assert here.text == "Grass · and 9 more below 95.5 %"
    assert there.text.startswith("1 Dog")


def test_old_picture_shows_more(quiet_stage, fresh):
    """A lower threshold shows more of an old picture when it is rendered again, for no new call."""
    old = quiet_stage.post_and_wait(("park.jpg", fresh()), channel="lab")
    asked = quiet_stage.detections
    link = f"{quiet_stage.slack.url}/archives/C0LAB/p{old.ts.replace('.', '')}"
    quiet_stage.command("ana", "lab", "settings threshold 55")
    quiet_stage.command("ana", "lab", f"add kite to {link}")

    def newer():
        return [one for one in quiet_stage.replies(old.thread_ts, "lab") if one.ts != old.ts]

    assert quiet_stage.slack.wait_for(newer, 30), quiet_stage.bot.log_text()[-3000:]
    quiet_stage.command("ana", "lab", "settings threshold 80")

    assert "below 80 %" in old.text
    assert "below" not in newer()[0].text
    assert "Kite (corrected)" in newer()[0].text
    assert quiet_stage.detections == asked


def test_errors_stand_in_fields(quiet_stage, window):
    """What cannot be is said in the field it was typed in, and nothing is saved."""
    before = first_values(window())
    values = {THRESHOLD: "30", LABELS: "many", BY_LABEL: "Cat 90\nDog"}
    wrong = quiet_stage.slack.submit("ben", values)
    quiet_stage.slack.dismiss("ben")

    assert wrong == {
        THRESHOLD: "A threshold is a number from 55 to 100.",
        LABELS: "This is a whole number from 1 to 30.",
        BY_LABEL: "Line 2 needs a label and its percentage, such as: Dog 90",
    }
    assert first_values(window()) == before
    quiet_stage.slack.dismiss("ben")


def test_guests_set_nothing(quiet_stage):
    """A guest gets words instead of a window."""
    answer = quiet_stage.command("guest", "photos", "settings")

    assert "Guests cannot change" in answer
    assert quiet_stage.command("guest", "photos", "settings threshold 99") == answer
    assert not quiet_stage.slack.world.views.get("U0GUEST")


def test_left_since_it_opened(quiet_stage, window):
    """Who has left the channel since the window opened saves nothing in it."""
    window("ana", "lab")
    quiet_stage.slack.leave("ana", "lab")
    wrong = quiet_stage.slack.submit("ana", {THRESHOLD: "99"})
    with quiet_stage.slack.world.changed:
        quiet_stage.slack.world.channel("lab").members.append("U0ANA")
    quiet_stage.slack.dismiss("ana")

    assert wrong == {THRESHOLD: "Only people in this channel can set how I work here."}
    assert first_values(window("ana", "lab"))[THRESHOLD] != "99"
    quiet_stage.slack.dismiss("ana")
