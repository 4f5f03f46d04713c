"""Who may see a picture is decided in the moment of sending, however long was prepared before."""

import shutil

import pytest

from bot import errors
from bot.sandbox.faults import Fault
from tests.house import House

HOUR_S = 3600


@pytest.fixture(scope="module")
def building(tmp_path_factory, empty_database):
    """A workspace in which notices show the picture."""
    path = tmp_path_factory.mktemp("house") / "spotter.db"
    shutil.copy(empty_database, path)
    house = House(f"sqlite:///{path}", previews=True)
    yield house
    house.close()


@pytest.fixture
def house(building):
    """That workspace with a watch of ben's, who is in the private #lab."""
    building.reset()
    building.slack.invite("ana", "lab", "ben")
    building.watch("U0BEN", "dog")
    return building


def post(house):
    """Post a picture of a dog in #lab."""
    return house.post("U0ANA", "C0LAB", "Dog", kind="Animal")


def told(house):
    """The notices that ben got."""
    return [message for message in house.slack.messages("D0BEN") if message.bot_id]


def drawn(house):
    """How many previews were uploaded."""
    return house.slack.ledger.count("slack", "files.completeUploadExternal")


def test_shows_the_picture(house):
    """A notice shows the preview that was made for it."""
    assert house.tell(post(house)) == {"U0BEN": "sent"}
    (notice,) = told(house)

    assert any(block["type"] == "image" for block in notice.blocks)


def test_left_while_drawing(house):
    """Who leaves a channel while the preview is drawn gets neither a notice nor the preview."""
    before = drawn(house)
    house.drawing.meanwhile = lambda: house.slack.leave("ben", "lab")
    assert house.tell(post(house)) == {"U0BEN": "withheld"}

    assert told(house) == []
    assert drawn(house) == before + 1
    assert not [m for m in house.slack.messages("D0BEN") if "slack_file" in str(m.blocks)]


def test_taken_away_while_drawing(house):
    """What is taken away while the preview is drawn is told to nobody, and no preview stays."""
    source = post(house)
    before = house.slack.ledger.count("slack", "files.delete")
    house.drawing.meanwhile = lambda: house.take_away(source)

    assert house.tell(source) == {"U0BEN": "withheld"}
    assert told(house) == []
    assert house.slack.ledger.count("slack", "files.delete") == before + 1


def test_changed_while_drawing(house):
    """A watch that is changed while the preview is drawn tells as it is then."""
    (watch,) = house.records.watches.of_owner("T0SANDBOX", "U0BEN")
    house.drawing.meanwhile = lambda: house.change(watch.watch_id, "cat")

    assert house.tell(post(house)) == {"U0BEN": "withheld"}
    assert told(house) == []


def test_left_while_busy(house):
    """A busy Slack is not waited for in the middle: the next round decides anew who may look."""
    house.slack.faults.order("slack", "chat.postMessage", Fault("rate_limited", retry_after="1"))
    source = post(house)
    with pytest.raises(errors.SlackBusy):
        house.tell(source)
    house.slack.leave("ben", "lab")

    assert house.notify(source, "U0BEN") == "withheld"
    assert told(house) == []


def test_sent_after_busy(house):
    """Once Slack has time again, a notice is sent once, with its preview."""
    house.slack.faults.order("slack", "chat.postMessage", Fault("rate_limited", retry_after="1"))
    source = post(house)
    with pytest.raises(errors.SlackBusy):
        house.tell(source)

    assert house.notify(source, "U0BEN") == "sent"
    assert len(told(house)) == 1
    assert drawn(house) == house.slack.ledger.count("slack", "files.getUploadURLExternal")


def test_not_drawn_for_nobody(house):
    """Nothing is drawn where nobody may be told of it."""
    house.slack.leave("ben", "lab")
    before = drawn(house)

    assert house.tell(post(house)) == {"U0BEN": "withheld"}
    assert drawn(house) == before
