"""People ask for pictures by hand: in a message's menu, with a reaction, with a link."""

import pytest

from bot import errors
from bot.sandbox.faults import Fault
from bot.sandbox.slack.nouns import Channel

LABEL = "label_images"
BROKEN = b"\xff\xd8\xff\xe0 a picture no more"
FORBIDDEN = Fault("error", error="AccessDeniedException")


@pytest.fixture(scope="module")
def quiet_stage(stage_of, tmp_path_factory):
    """A stage whose bot may read one bucket beside its own."""
    with stage_of(tmp_path_factory.mktemp("stage"), "socket", S3_LINK_ALLOW="cams") as stage:
        stage.aws.others.add("cams", {})
        yield stage


@pytest.fixture
def ask(quiet_stage):
    """A function that uses the shortcut; the private answer when there is to be one."""

    def ask(ts, person="ben", channel="photos", *, told=False):
        heard = quiet_stage.slack.ephemerals(person)
        quiet_stage.slack.shortcut(person, LABEL, channel, ts)
        if not told:
            return ""
        new = lambda: len(quiet_stage.slack.ephemerals(person)) > len(heard)  # noqa: E731
        assert quiet_stage.slack.wait_for(new, 20), quiet_stage.bot.log_text()
        return quiet_stage.slack.ephemerals(person)[-1].text

    return ask


@pytest.fixture
def channel(quiet_stage):
    """A function that makes a public channel that people are in and the bot is not."""

    def make(name):
        with quiet_stage.slack.world.changed:
            place = Channel(f"C0{name.upper()}", name, "public", ["U0ANA", "U0BEN"], created_s=0)
            quiet_stage.slack.world.channels[place.id] = place

    return make


@pytest.fixture
def mode(quiet_stage):
    """A function that sets a channel's mode for the length of a test."""
    changed = set()

    def set_mode(name, channel="photos"):
        changed.add(channel)
        quiet_stage.command("ana", channel, f"/labels mode {name}")

    yield set_mode
    for channel in changed:
        quiet_stage.command("ana", channel, "/labels mode auto")


def test_older_than_joining(quiet_stage, fresh, ask, channel):
    """A picture from before the bot's time is labelled for whoever uses the shortcut."""
    stage = quiet_stage
    channel("attic")
    ts = stage.post(("old.jpg", fresh()), channel="attic")
    assert "Type /invite <@U0SPOTTER> here" in ask(ts, channel="attic", told=True)
    stage.slack.command("ana", "attic", "/invite @Spotter")
    stage.settle(1)
    assert stage.replies(ts, "attic") == []
    ask(ts, channel="attic")

    assert stage.wait_reply(ts, "attic").text.startswith("1 Dog")
    assert stage.wait_marked(ts, "attic") >= {"eyes", "white_check_mark"}


def test_reaction(quiet_stage, fresh, mode):
    """Where pictures wait until somebody asks, the reaction asks; nothing came before."""
    mode("request")
    ts = quiet_stage.post(("park.jpg", fresh()))
    quiet_stage.settle(1)
    assert quiet_stage.replies(ts) == []
    quiet_stage.slack.react("ben", "photos", ts, "eyes")
    quiet_stage.slack.react("ben", "photos", ts, "label")

    assert quiet_stage.wait_reply(ts).text.startswith("1 Dog")


def test_reaction_in_thread(quiet_stage, fresh, mode):
    """The reaction works on a message in a thread, and is answered in that thread."""
    mode("request")
    parent = quiet_stage.post(text="What is this?")
    ts = quiet_stage.post(("park.jpg", fresh()), person="ben", thread_ts=parent)
    quiet_stage.slack.react("ana", "photos", ts, "label")

    assert quiet_stage.wait_reply(parent).text.startswith("1 Dog")


def test_asked_twice(quiet_stage, fresh, ask, mode):
    """Asking again, in either way, is one answer; after it the asker is pointed to it."""
    mode("request")
    ts = quiet_stage.post(("park.jpg", fresh()))
    ask(ts)
    ask(ts, "ana")
    quiet_stage.slack.react("ana", "photos", ts, "label")
    quiet_stage.wait_marked(ts)
    said = ask(ts, told=True)
    quiet_stage.settle()

    (reply,) = quiet_stage.replies(ts)
    assert said.startswith("I have answered that already: <http")
    assert f"/p{reply.ts.replace('.', '')}" in said


def test_event_comes_twice(quiet_stage, fresh, mode):
    """A reaction that Slack tells twice is one request."""
    mode("request")
    ts = quiet_stage.post(("park.jpg", fresh()))
    quiet_stage.slack.react("ben", "photos", ts, "label")
    quiet_stage.wait_marked(ts)
    told = len(quiet_stage.slack.ephemerals("ben"))
    for event in quiet_stage.ledger.entries("event", "reaction_added"):
        quiet_stage.slack.redeliver(event.facts["event_id"])
    quiet_stage.settle()

    assert len(quiet_stage.replies(ts)) == 1
    assert len(quiet_stage.slack.ephemerals("ben")) == told


def test_after_reason(quiet_stage, fresh, ask):
    """After a reason that can pass, asking opens the next attempt, and the reason goes."""
    stage = quiet_stage
    stage.faults.order("rekognition", "DetectLabels", FORBIDDEN)
    ts = stage.post(("park.jpg", fresh()))
    stage.wait_marked(ts)
    assert "may not use Amazon Rekognition" in stage.replies(ts)[0].text
    ask(ts)

    def answered():
        return [reply.text for reply in stage.replies(ts) if reply.text.startswith("1 Dog")]

    assert stage.slack.wait_for(answered, 30), stage.bot.log_text()
    assert stage.slack.wait_for(lambda: len(stage.replies(ts)) == 1, 10)


def test_after_lasting_reason(quiet_stage, ask):
    """After a reason that cannot pass, asking points to it."""
    ts = quiet_stage.post(("broken.jpg", BROKEN))
    quiet_stage.wait_marked(ts)
    said = ask(ts, told=True)

    (reply,) = quiet_stage.replies(ts)
    assert f"/p{reply.ts.replace('.', '')}" in said


def test_bots_picture(quiet_stage, fresh, ask):
    """A picture that another bot posted is labelled when somebody asks."""
    ts = quiet_stage.post(("park.jpg", fresh()), person="camera")
    ask(ts)

    assert quiet_stage.wait_reply(ts).text.startswith("1 Dog")


def test_no_picture(quiet_stage, ask):
    """Where there is no picture, who asked hears so alone."""
    ts = quiet_stage.post(text="Good morning")

    assert ask(ts, told=True) == "I see no picture in that message."
    assert quiet_stage.replies(ts) == []


def test_mode_off(quiet_stage, fresh, ask, mode):
    """Where the bot is switched off it says so to whoever asks, and leaves the picture alone."""
    mode("off")
    ts = quiet_stage.post(("park.jpg", fresh()))

    assert ask(ts, told=True).startswith("I am switched off in this channel")
    assert quiet_stage.command("ana", "photos", "/labels s3://cams/park.jpg").startswith(
        "I am switched off in this channel"
    )
    quiet_stage.settle(1)
    assert quiet_stage.replies(ts) == []


@pytest.mark.parametrize(
    ("person", "typed_in", "place"),
    [("ben", "photos", "photos"), ("ana", "elsewhere", "D0ANA")],
)
def test_link(quiet_stage, channel, fresh, person, typed_in, place):
    """A link gets a message of its own, where its asker may see it, and the answer under it."""
    channel("elsewhere")
    name = f"{person} <!channel> `pic`.jpg"
    quiet_stage.aws.others.put("cams", f"folder/{name}", fresh())
    said = quiet_stage.command(person, typed_in, f"/labels s3://cams/folder/{name}")
    assert said.startswith("I am on it: the answer comes here or, if I am not in here, in our")

    def root():
        return [m for m in quiet_stage.slack.messages(place) if "asked me to look at" in m.text]

    assert quiet_stage.slack.wait_for(root, 20), quiet_stage.bot.log_text()
    (found,) = root()
    asker = f"<@U0{person.upper()}>"
    assert found.text == f"{asker} asked me to look at `{person} &lt;!channel&gt; 'pic'.jpg`"
    assert "folder" not in found.text
    assert quiet_stage.wait_reply(found.ts, place).text.startswith("1 Dog")


@pytest.mark.parametrize("link", ["s3://cams/nothing.jpg", "s3://others/park.jpg"])
@pytest.mark.parametrize("typed_in", ["photos", "elsewhere"])
def test_unreachable_link(quiet_stage, channel, link, typed_in):
    """What may not be read, or is not there, is told the asker alone, in the same words."""
    channel("elsewhere")
    before = len(quiet_stage.slack.messages("photos"))
    told = len(quiet_stage.slack.ephemerals("ana"))
    quiet_stage.command("ana", typed_in, f"/labels {link}")
    heard = lambda: quiet_stage.slack.ephemerals("ana")[told + 1 :]  # noqa: E731

    assert quiet_stage.slack.wait_for(heard, 20), quiet_stage.bot.log_text()
    assert [one.text for one in heard()] == [str(errors.LinkOutOfReach())]
    assert len(quiet_stage.slack.messages("photos")) == before


def test_link_not_announced(quiet_stage, fresh):
    """Who was promised an answer to a link hears it where Slack lets the bot post nowhere."""
    quiet_stage.aws.others.put("cams", "park.jpg", fresh())
    refusal = Fault("error", error="restricted_action")
    quiet_stage.faults.order("slack", "chat.postMessage", refusal, times=2)
    told = len(quiet_stage.slack.ephemerals("ben"))
    quiet_stage.command("ben", "photos", "/labels s3://cams/park.jpg")
    heard = lambda: quiet_stage.slack.ephemerals("ben")[told + 1 :]  # noqa: E731

    assert quiet_stage.slack.wait_for(heard, 20), quiet_stage.bot.log_text()
    assert "restricted_action" in heard()[0].text


def test_welcome(quiet_stage, channel):
    """On joining the bot says once what it does with images, and how to leave one's own out."""
    stage = quiet_stage
    channel("general")
    stage.slack.command("ana", "general", "/invite @Spotter")

    def welcomes():
        return [m for m in stage.slack.messages("general") if m.bot_id]

    assert stage.slack.wait_for(welcomes, 20), stage.bot.log_text()
    for event in stage.ledger.entries("event", "member_joined_channel"):
        stage.slack.redeliver(event.facts["event_id"])
    stage.slack.leave("ben", "general")
    stage.slack.join("ben", "general")
    stage.settle()
    (welcome,) = welcomes()

    for words in ("Rekognition", "S3 bucket", "90 days", "/labels mode off", "/labels optout"):
        assert words in welcome.text
    assert ":no_entry_sign:" in welcome.text
    assert welcome.thread_ts is None
