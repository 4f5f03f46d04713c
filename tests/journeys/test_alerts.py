import pytest

from bot.sandbox.faults import Fault


def mark(ts):
    """How a message's link ends."""
    return f"p{ts.replace('.', '')}"


def notices(stage, person, ts):
    """What a person was told about a message."""
    return [sent for sent in stage.slack.direct_messages(person) if mark(ts) in sent.text]


def wait_notices(stage, person, ts, *, count=1):
    """What a person was told about a message, once it is so much and nothing more comes."""
    assert stage.slack.wait_for(lambda: len(notices(stage, person, ts)) >= count, 20), (
        stage.bot.log_text()[-3000:]
    )
    stage.settle(0.7)
    found = notices(stage, person, ts)
    assert len(found) == count
    return found


def context(notice):
    """The small print under a notice."""
    (block,) = [block for block in notice.blocks if block["type"] == "context"]
    return block["elements"][0]["text"]


@pytest.fixture
def watch(quiet_stage):
    """A function that makes a person watch; it ends with the test."""
    made = []

    def add(person, *rules):
        for rule in rules:
            quiet_stage.command(person, f"D0{person.upper()}", f"/labels watch {rule}")
            made.append((person, rule))

    yield add
    for person, rule in made:
        quiet_stage.command(person, f"D0{person.upper()}", f"/labels unwatch {rule}")


@pytest.fixture
def in_lab(quiet_stage):
    """Ben as a member of #lab for a while."""
    quiet_stage.slack.invite("ana", "lab", "ben")
    yield quiet_stage
    quiet_stage.slack.leave("ben", "lab")


def test_notice(quiet_stage, fresh, watch):
    """Who watches is told in a direct message: label, confidence, place, poster and link."""
    watch("ben", "dog")
    ts = quiet_stage.post(("park.jpg", fresh()))
    (notice,) = wait_notices(quiet_stage, "ben", ts)

    assert notice.text.startswith("Dog (94 %) in <#C0PHOTOS>, posted by <@U0ANA>. http")
    assert notice.text.endswith(f"/archives/C0PHOTOS/{mark(ts)}")
    assert context(notice) == "You watch: dog"
    assert [block["type"] for block in notice.blocks] == ["section", "image", "context", "actions"]
    assert len(quiet_stage.replies(ts)) == 1


def test_parents_and_aliases(quiet_stage, fresh, watch):
    """Vehicle fires for a car and a bus, and Automobile, another name for it, for the car."""
    watch("ben", "vehicle", "automobile")
    ts = quiet_stage.post(("street.jpg", fresh("street")), channel="alerts")
    (notice,) = wait_notices(quiet_stage, "ben", ts)

    assert "Car (9" in notice.text
    assert "Bus (9" in notice.text
    assert context(notice) == "You watch: vehicle, automobile"


def test_five_rules(quiet_stage, fresh, watch):
    """A picture that meets five watches of one person is one notice, which names the five."""
    rules = ("dog", "person", "bird", "tennis ball", "animal over 50%")
    watch("ben", *rules)
    ts = quiet_stage.post(("park.jpg", fresh()))
    (notice,) = wait_notices(quiet_stage, "ben", ts)

    assert all(rule in context(notice) for rule in rules)


def test_three_pictures(quiet_stage, fresh, watch):
    """Of three pictures in one message, each that shows a dog is one notice."""
    watch("ben", "dog")
    files = [
        (f"{number}.jpg", fresh(name)) for number, name in enumerate(("park", "kitchen", "park"))
    ]
    ts = quiet_stage.post(*files, channel="alerts")

    assert len(wait_notices(quiet_stage, "ben", ts, count=2)) == 2


def test_not_told(quiet_stage, fresh, watch):
    """Nobody is told of one's own picture, of what is below one's limit, or after unwatching."""
    watch("ben", "dog", "bird over 99%")
    watch("guest", "cat")
    quiet_stage.command("guest", "D0GUEST", "/labels unwatch cat")
    own = quiet_stage.post(("park.jpg", fresh()), person="ben")
    other = quiet_stage.post(("kitchen.jpg", fresh("kitchen")), channel="alerts")
    last = quiet_stage.post(("park.jpg", fresh()), channel="D0ANA")
    for ts, channel in ((own, "photos"), (other, "alerts"), (last, "D0ANA")):
        quiet_stage.wait_marked(ts, channel)
    quiet_stage.settle(1.0)

    assert notices(quiet_stage, "ben", own) == []
    assert notices(quiet_stage, "ben", other) == []
    assert notices(quiet_stage, "guest", other) == []
    assert notices(quiet_stage, "ben", last) == []


def test_guest(quiet_stage, fresh, watch):
    """A guest hears of the channels they are in, and of no other, however public."""
    watch("guest", "dog")
    watch("ben", "dog")
    public = quiet_stage.post(("park.jpg", fresh()), channel="alerts")
    wait_notices(quiet_stage, "ben", public)
    own = quiet_stage.post(("park.jpg", fresh()))
    wait_notices(quiet_stage, "guest", own)

    assert notices(quiet_stage, "guest", public) == []


def test_public_channel_of_others(quiet_stage, fresh, watch):
    """A full member hears of a public channel without being in it."""
    watch("ben", "dog")
    quiet_stage.slack.leave("ben", "alerts")
    ts = quiet_stage.post(("park.jpg", fresh()), channel="alerts")

    assert len(wait_notices(quiet_stage, "ben", ts)) == 1
    quiet_stage.slack.join("ben", "alerts")


def test_member_of_private_channel(in_lab, fresh, watch):
    """A member of a private channel hears of it, and from leaving on no more."""
    watch("ben", "dog")
    ts = in_lab.post(("park.jpg", fresh()), channel="lab")
    wait_notices(in_lab, "ben", ts)
    in_lab.slack.leave("ben", "lab")
    later = in_lab.post(("park.jpg", fresh()), channel="lab")
    in_lab.wait_marked(later, "lab")
    in_lab.settle(1.0)

    assert notices(in_lab, "ben", later) == []


def test_removed_before_sending(in_lab, fresh, watch):
    """Who is removed between the match and the sending is not told: access is asked last."""
    watch("ben", "dog")
    in_lab.faults.order("slack", "conversations.info", Fault("slow", seconds=1))
    ts = in_lab.post(("park.jpg", fresh()), channel="lab")
    asked = in_lab.ledger.count("slack", "users.info")
    assert in_lab.slack.wait_for(lambda: in_lab.ledger.count("slack", "users.info") > asked, 10)
    in_lab.slack.leave("ben", "lab")
    assert in_lab.until_no_faults(5)
    in_lab.settle(1.5)

    assert notices(in_lab, "ben", ts) == []


@pytest.mark.parametrize(("call", "times"), [("users.info", 4), ("conversations.info", 2)])
def test_slack_does_not_say(quiet_stage, fresh, watch, call, times):
    """Where Slack refuses to say who may see what, nobody is told."""
    watch("ben", "dog")
    # It is asked before the preview is drawn, and again before the notice is sent.
    quiet_stage.faults.order("slack", call, Fault("error", error="access_denied"), times=times)
    ts = quiet_stage.post(("park.jpg", fresh()), channel="alerts")
    assert quiet_stage.until_no_faults(10)
    quiet_stage.settle(1.0)

    assert notices(quiet_stage, "ben", ts) == []


def test_private_channel_never_named(quiet_stage, fresh, watch):
    """Ben, who was never in #lab, hears nothing of it, not even its name."""
    quiet_stage.slack.leave("ben", "lab")
    watch("ben", "cup", "animal")
    told = len(quiet_stage.slack.direct_messages("ben"))
    ts = quiet_stage.post(("kitchen.jpg", fresh("kitchen")), channel="lab")
    quiet_stage.wait_marked(ts, "lab")
    quiet_stage.settle(1.0)

    assert len(quiet_stage.slack.direct_messages("ben")) == told


@pytest.mark.parametrize("kind", ["drop_before", "drop_after", "cut", "rate_limited", "status"])
def test_notice_survives_trouble(quiet_stage, fresh, watch, kind):
    """Whatever Slack does instead of answering the notice's post, there is exactly one."""
    watch("ben", "dog")
    # The reply's own post comes first.
    quiet_stage.faults.order("slack", "chat.postMessage", Fault(kind), after=1)
    ts = quiet_stage.post(("park.jpg", fresh()), channel="alerts")
    wait_notices(quiet_stage, "ben", ts)

    assert quiet_stage.faults.pending() == 0
    assert len(quiet_stage.replies(ts, "alerts")) == 1


def test_preview(in_lab, fresh, watch):
    """The small picture in a notice is there for who is told, for nobody else, and goes with it."""
    watch("ben", "dog")
    ts = in_lab.post(("park.jpg", fresh()), channel="lab")
    (notice,) = wait_notices(in_lab, "ben", ts)
    (image,) = [block for block in notice.blocks if block["type"] == "image"]
    file, sees = in_lab.slack.world.file(image["slack_file"]["id"]), in_lab.slack.world.may_see_file
    seen_by = {user for user in ("U0ANA", "U0BEN", "U0GUEST") if sees(user, file)}
    in_lab.slack.delete_message("ana", "lab", ts)

    assert seen_by == {"U0BEN"}
    assert in_lab.slack.wait_for(lambda: file.deleted, 20)
    assert notices(in_lab, "ben", ts) == []
