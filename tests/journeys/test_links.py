"""Pictures in S3 that people link to; long because all that may come of a link stands together."""

import pytest

from bot import errors
from bot.messages import DELETE
from bot.sandbox.faults import Fault
from tests.stage import IS_FLEET

LEFT = "LEFT THIS MACHINE"
OUT_OF_REACH = str(errors.LinkOutOfReach())
SIGNATURE = "c0ffee5167a7"
SIGNED = f"X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AKIDSECRET&X-Amz-Signature={SIGNATURE}"
ALLOWED = "cams/front,far,closed,nobodys,spotter-sandbox"
REFUSED = {
    "a bucket not named": "s3://private/front/park.jpg",
    "a neighbour of the folder": "s3://cams/frontal/park.jpg",
    "another folder": "https://cams.s3.eu-west-1.amazonaws.com/back/park.jpg",
    "the bot's own store": "s3://spotter-sandbox/t/T0SANDBOX/C0LAB/1.0/F1.jpg",
}
OUT = {
    "no such object": "s3://cams/front/nothing.jpg",
    "a folder up": "s3://cams/front/../back/park.jpg",
    "no such version": "s3://cams/front/park.jpg?versionId=none",
    "no access": "s3://closed/park.jpg",
    "no such bucket": "s3://nobodys/park.jpg",
}
NOTHING = (
    "s3://cams/front/notes",
    "s3://cams/front/notes.jpg and s3://cams/front/empty.jpg",
    "s3://cams/front/readings.csv",
    "s3://cams/front/ and https://s3.console.aws.amazon.com/s3/buckets/cams",
    "https://cams.s3.amazonaws.com.evil.com/front/park.jpg",
    "https://169.254.169.254/latest/meta-data/a.jpg",
)
PLACES = ("photos", "alerts", "lab", "D0ANA")


@pytest.fixture(scope="module")
def stage(stage_of, tmp_path_factory, fresh):
    """A stage whose bot may read some places beside its own bucket."""
    folder = tmp_path_factory.mktemp("stage")
    with stage_of(folder, "socket", S3_LINK_ALLOW=ALLOWED) as stage:
        park = fresh()
        objects = {"front/park.jpg": park, "front/a b.jpg": fresh("kitchen"), "front/bare": park}
        objects |= {"frontal/park.jpg": park, "back/park.jpg": park, "front/notes": b"Milk"}
        objects |= {"front/notes.jpg": b"Milk", "front/empty.jpg": b""}
        stage.aws.others.add("cams", objects)
        stage.aws.others.add("private", {"front/park.jpg": park})
        stage.aws.others.add("closed", {"park.jpg": park}, is_closed=True)
        yield stage


def s3_calls(stage, bucket=None):
    """What S3 was asked so far, of one bucket or of all."""
    entries = stage.ledger.entries("s3")
    return [e.call for e in entries if bucket in {None, e.facts["bucket"]}]


def say_and_wait(stage, text, *, person="ana", channel="photos", **more):
    """Post words; all replies of the bot, once it is done with the message."""
    ts = stage.post(text=text, person=person, channel=channel, **more)
    stage.wait_marked(ts, channel)
    return stage.replies(ts, channel)


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("Look: s3://cams/front/park.jpg.", "1 Dog"),
        ("<https://cams.s3.eu-west-1.amazonaws.com/front/a%20b.jpg>", "1 Cat"),
        ("`s3://cams/front/a b.jpg`", "1 Cat"),
        ("https://s3.console.aws.amazon.com/s3/object/cams?prefix=front/park.jpg", "1 Dog"),
        ("arn:aws:s3:::cams/front/bare", "1 Dog"),
    ],
)
def test_link_is_answered(stage, text, seen):
    """A message that names a picture in S3 gets one reply, as a posted picture does."""
    ts = stage.post(text=text)
    marks = stage.wait_marked(ts)
    (reply,) = stage.replies(ts)

    assert reply.text.startswith(seen)
    assert reply.thread_ts == ts
    assert reply.blocks[0]["type"] == "image"
    assert marks == {"eyes", "white_check_mark"}


def test_file_and_links(stage, fresh):
    """Files come first, then links in their order, each once, and named by the key's last part."""
    text = "`s3://cams/front/a b.jpg` and s3://cams/front/park.jpg,"
    text += " and once more https://cams.s3.amazonaws.com/front/park.jpg"
    reply = stage.post_and_wait(("street.jpg", fresh("street")), text=text, channel="alerts")
    names = [line.partition(":")[0] for line in reply.text.splitlines()]

    assert names == ["street.jpg", "a b.jpg", "park.jpg"]
    assert [block["type"] for block in reply.blocks].count("image") == 3


def test_second_message(stage):
    """The same link posted elsewhere is read and answered anew, and looked at once."""
    say_and_wait(stage, "s3://cams/front/park.jpg")
    asked = stage.detections
    (reply,) = say_and_wait(stage, "s3://cams/front/park.jpg", person="ben", channel="alerts")

    assert reply.text.startswith("1 Dog")
    assert stage.detections == asked


def test_original_is_kept(stage, fresh):
    """What a link names is kept under the message's own key, byte for byte."""
    data = fresh()
    stage.aws.others.put("cams", "front/kept.jpg", data)
    ts = stage.post(text="s3://cams/front/kept.jpg", channel="lab")
    stage.wait_marked(ts, "lab")
    keys = {e.facts["key"] for e in stage.ledger.entries("s3", "PutObject")}
    (key,) = [key for key in keys if key.startswith(f"t/T0SANDBOX/C0LAB/{ts}/s3-")]

    assert stage.stored(key) == data


@pytest.fixture(scope="module")
def refusals(stage):
    """The replies to all kinds of links that are refused, each posted by itself, at once."""
    links = list({**REFUSED, **OUT}.items())
    places = [
        (kind, PLACES[number % 4], stage.post(text=link, channel=PLACES[number % 4]))
        for number, (kind, link) in enumerate(links)
    ]
    for _, channel, ts in places:
        stage.wait_marked(ts, channel)
    return {kind: stage.replies(ts, channel) for kind, channel, ts in places}


@pytest.mark.parametrize("kind", [*REFUSED, *OUT])
def test_refusals_read_alike(refusals, kind):
    """Not allowed, not there and no access read alike to the letter, button and all."""
    (reply,) = refusals[kind]
    (other,) = refusals["no such object"]
    shown = [[(block["type"], block.get("text")) for block in r.blocks] for r in (reply, other)]

    assert reply.text == OUT_OF_REACH
    assert shown[0] == shown[1]
    assert shown[0][-1][0] == "actions"


def test_not_allowed_costs_nothing(stage, refusals):
    """Links that are not allowed cost no call of AWS at all; the others cost one each."""
    entries = [entry.facts for entry in stage.ledger.entries("s3")]
    asked = [(facts["bucket"], facts["key"]) for facts in entries]
    refused = [("private", "front/park.jpg"), ("cams", "frontal/park.jpg")]
    refused += [("cams", "back/park.jpg"), ("spotter-sandbox", "t/T0SANDBOX/C0LAB/1.0/F1.jpg")]

    assert refusals
    assert [place for place in refused if place in asked] == []
    assert asked.count(("cams", "front/../back/park.jpg")) == 1
    assert asked.count(("closed", "park.jpg")) == 1


def test_log_tells_operator(stage):
    """The log says why each link was refused, with its bucket, and without the key."""
    for link in ("s3://private/hidden-1.jpg", "s3://closed/hidden-2.jpg"):
        say_and_wait(stage, link, channel="lab")
    log = stage.bot.log_text()

    assert "event=link_refused" in log
    assert "bucket=private reason=not_allowed" in log
    assert "bucket=closed reason=AccessDenied" in log
    assert "hidden-" not in log


def test_guest(stage):
    """A guest's link is refused like any other, before AWS is asked anything."""
    calls = s3_calls(stage)
    (reply,) = say_and_wait(stage, "s3://cams/front/park.jpg", person="guest")

    assert reply.text == OUT_OF_REACH
    assert s3_calls(stage) == calls


def test_slack_does_not_say(stage):
    """While Slack does not say who somebody is the answer waits, and then it is no refusal."""
    stage.faults.order("slack", "users.info", Fault("status", status=503), times=2)
    (reply,) = say_and_wait(stage, "s3://cams/front/park.jpg", channel="D0ANA")

    assert reply.text.startswith("1 Dog")


def test_bots_links(stage, fresh):
    """What a bot's words name is left alone, also where its pictures count."""
    stage.command("ana", "photos", "/labels mode bots on")
    ts = stage.post(text="s3://cams/front/park.jpg", person="camera")
    file = ("street.jpg", fresh("street"))
    reply = stage.post_and_wait(file, text="s3://cams/front/park.jpg", person="camera")
    stage.command("ana", "photos", "/labels mode bots off")

    assert stage.replies(ts) == []
    assert reply.text.startswith("1 Bus")


def test_wrong_region(stage, fresh):
    """A bucket in another region is found there, and after that no more call goes astray."""
    stage.aws.others.add("far", {"park.jpg": fresh(), "two.jpg": fresh()}, region="ap-south-1")
    link = "https://far.s3.us-west-2.amazonaws.com/park.jpg"
    replies = [say_and_wait(stage, text) for text in (link, "s3://far/two.jpg")]
    entries = [e for e in stage.ledger.entries("s3") if e.facts["bucket"] == "far"]

    assert all(reply.text.startswith("1 Dog") for (reply,) in replies)
    statuses = [entry.facts["status"] for entry in entries]
    assert {entry.call for entry in entries} == {"GetObject"}
    # Each worker finds out by itself.
    assert statuses in ([301, 200, 200], [301, 200, 301, 200][: 4 * stage.is_fleet])


def test_version(stage, fresh):
    """A link with a version gives that one, although another lies on top."""
    old = stage.aws.others.put("cams", "front/v.jpg", fresh("kitchen"))
    stage.aws.others.put("cams", "front/v.jpg", fresh())
    (reply,) = say_and_wait(stage, f"s3://cams/front/v.jpg?versionId={old}")

    assert reply.text.startswith("1 Cat")


def test_signature_goes_nowhere(stage):
    """The signature of a presigned link is in no log, no table, no reply and no call of AWS."""
    link = f"https://cams.s3.eu-west-1.amazonaws.com/front/park.jpg?{SIGNED}"
    (reply,) = say_and_wait(stage, link, channel="lab")
    kept = b"".join(path.read_bytes() for path in (stage.folder / "data").glob("spotter.db*"))
    told = str([entry.facts for entry in stage.ledger.entries("s3")])

    assert reply.text.startswith("1 Dog")
    for secret in (SIGNATURE, "AKIDSECRET"):
        assert secret.encode() not in kept
        assert secret not in stage.bot.log_text() + "".join(stage.said()) + told


def test_left_alone(stage):
    """What proves to be no picture, is a folder, or only looks like S3 is left alone in silence."""
    said = len(stage.said())
    posted = [stage.post(text=text) for text in NOTHING]
    say_and_wait(stage, "s3://cams/front/park.jpg", channel="alerts")
    stage.settle()

    assert [stage.replies(ts) for ts in posted] == [[]] * len(NOTHING)
    assert len(stage.said()) == said + 1


def test_unread_kind(stage):
    """A kind of S3 that is not read is named once, beside what is."""
    odd = "https://ap-123456789012.s3-accesspoint.eu-west-1.amazonaws.com"
    text = f"{odd}/a.jpg {odd}/b.jpg s3://cams/front/park.jpg"
    (reply,) = say_and_wait(stage, text)
    seen, reason = reply.text.splitlines()

    assert seen.startswith("park.jpg: 1 Dog")
    assert reason == str(errors.LinkTypeNotRead(kind="S3 access points"))


def test_beyond_ten(stage, fresh):
    """Of twelve pictures the first ten are labelled, and the reply says that two were left out."""
    data = fresh("balloons")
    for number in range(9):
        stage.aws.others.put("cams", f"front/{number}.jpg", data)
    text = " ".join(f"s3://cams/front/{number}.jpg" for number in range(9))
    files = [(f"{name}.jpg", data) for name in "abc"]
    reply = stage.post_and_wait(*files, text=text)
    lines = reply.text.splitlines()

    assert [line.partition(".")[0] for line in lines[:-1]] == [*"abc", *"0123456"]
    assert lines[-1] == str(errors.TooManyPictures(limit=10, left_out=2))


@pytest.mark.parametrize("mode", ["request", "off"])
def test_mode_is_obeyed(stage, mode):
    """Where pictures count on request only, or not at all, links do not count either."""
    stage.command("ben", "alerts", f"/labels mode {mode}")
    ts = stage.post(text="s3://cams/front/park.jpg", channel="alerts")
    say_and_wait(stage, "s3://cams/front/park.jpg", channel="lab")
    stage.command("ben", "alerts", "/labels mode auto")

    assert stage.replies(ts, "alerts") == []


def test_edit_adds_link(stage, fresh):
    """A link that an edit adds is answered by itself; what was answered before is not repeated."""
    file = ("street.jpg", fresh("street"))
    ts = stage.post(file, text="A bus")
    stage.wait_marked(ts)
    for text in ("A red bus", "And s3://cams/front/park.jpg", "And s3://cams/front/park.jpg!"):
        stage.slack.edit("ana", "photos", ts, text)
    assert stage.slack.wait_for(lambda: len(stage.replies(ts)) > 1, 20), stage.bot.log_text()
    stage.settle()
    first, second = stage.replies(ts)

    assert first.text.startswith("1 Bus")
    assert second.text.startswith("park.jpg: 1 Dog")
    assert "Bus" not in second.text


def test_edit_of_words(stage):
    """A message of words alone becomes one with a picture when an edit adds a link."""
    ts = stage.post(text="Look at", channel="lab")
    stage.slack.edit("ana", "lab", ts, "Look at s3://cams/front/park.jpg")

    assert stage.wait_reply(ts, "lab").text.startswith("1 Dog")


def test_try_again(stage, fresh):
    """Try again reads a link that was missing, from what was kept of it, and retires the reason."""
    ts = stage.post(text=f"s3://cams/front/later.jpg?{SIGNED} s3://cams/front/later.jpg")
    stage.wait_marked(ts)
    (reason,) = stage.replies(ts)
    stage.aws.others.put("cams", "front/later.jpg", fresh())
    stage.slack.press("ben", "photos", reason.ts, "try_again")
    assert stage.slack.wait_for(
        lambda: any("Dog" in reply.text for reply in stage.replies(ts)), 20
    ), stage.bot.log_text()
    assert stage.slack.wait_for(lambda: len(stage.replies(ts)) == 1, 10)


def test_try_again_after_edit(stage, fresh):
    """The button of a first reason still works after an edit has brought a second reply."""
    ts = stage.post(text="s3://cams/front/soon.jpg")
    stage.wait_marked(ts)
    (reason,) = stage.replies(ts)
    stage.slack.edit("ana", "photos", ts, "s3://cams/front/soon.jpg s3://cams/front/park.jpg")
    assert stage.slack.wait_for(lambda: len(stage.replies(ts)) == 2, 20), stage.bot.log_text()
    stage.aws.others.put("cams", "front/soon.jpg", fresh("kitchen"))
    stage.slack.press("ana", "photos", reason.ts, "try_again")
    stage.slack.press("ben", "photos", reason.ts, "try_again")
    assert stage.slack.wait_for(
        lambda: any("Cat" in reply.text for reply in stage.replies(ts)), 20
    ), stage.bot.log_text()
    assert stage.slack.wait_for(
        lambda: not any(OUT_OF_REACH in reply.text for reply in stage.replies(ts)), 10
    )
    stage.settle()

    assert len(stage.replies(ts)) == 2


@pytest.mark.parametrize(
    ("link", "answer"),
    [
        ("s3://cams/front/bare", "1 Dog"),
        ("s3://cams/front/notes", str(errors.NotAPicture())),
        ("s3://cams/front/empty.jpg", str(errors.PictureEmpty())),
    ],
)
def test_asked_for(stage, link, answer):
    """An object that somebody asked for ends in a result or a reason, whatever it is."""
    known = {message.ts for message in stage.slack.messages("alerts")}
    stage.command("ben", "alerts", f"/labels {link}")

    def announced():
        shown = stage.slack.messages("alerts")
        return [m for m in shown if m.ts not in known and "asked me to" in m.text]

    assert stage.slack.wait_for(announced, 20), stage.bot.log_text()
    assert stage.wait_reply(announced()[0].ts, "alerts").text.startswith(answer)


def test_asked_for_and_deleted(stage, fresh):
    """Of a link that somebody asked for nothing stays once they press Delete, no job either."""
    stage.aws.others.put("cams", "front/zanzibar.jpg", fresh())
    stage.command("ben", "alerts", "/labels s3://cams/front/zanzibar.jpg")

    def announced():
        return [m for m in stage.slack.messages("alerts") if "zanzibar" in m.text]

    assert stage.slack.wait_for(announced, 20), stage.bot.log_text()
    (asked,) = announced()
    reply = stage.wait_reply(asked.ts, "alerts")
    assert "zanzibar" in kept(stage)
    stage.slack.press("ben", "alerts", reply.ts, DELETE)

    assert stage.slack.wait_for(lambda: "zanzibar" not in kept(stage), 30), stage.bot.log_text()
    assert stage.replies(asked.ts, "alerts") == []


def kept(stage):
    """All that the database holds, as text."""
    return "\n".join(row for _, row in stage.rows())


def test_passing_trouble(stage, fresh):
    """Trouble of S3 that passes is waited out; one that stays ends in a reason with a button."""
    stage.aws.others.put("cams", "front/slow.jpg", fresh())
    stage.faults.order("s3", "GetObject", Fault("error", error="SlowDown"), times=4)
    (reply,) = say_and_wait(stage, "s3://cams/front/slow.jpg")
    stage.faults.order("s3", "GetObject", Fault("error", error="SlowDown"), times=60)
    (reason,) = say_and_wait(stage, "s3://cams/front/slow.jpg", channel="lab")
    stage.faults.clear()

    assert reply.text.startswith("1 Dog")
    assert reason.text == str(errors.LinkUnavailable())
    assert reason.blocks[-1]["type"] == "actions"


def test_only_listed_calls(stage):
    """Of other people's buckets the bot has read objects, and asked nothing else."""
    entries = [e for e in stage.ledger.entries("s3") if e.facts["bucket"] != "spotter-sandbox"]

    assert {entry.call for entry in entries} == {"GetObject"}


@pytest.mark.skipif(IS_FLEET, reason="Its workers would wait for what they do not reach.")
def test_stage_is_watched(tmp_path, stage_of, fresh):
    """A bot that reached for another machine, as no test's may, would be found out by its stage."""
    away = {"AWS_ENDPOINT_URL": "http://192.0.2.1:9"}
    with pytest.raises(AssertionError, match=LEFT), stage_of(tmp_path, "socket", **away) as stage:
        stage.post_and_wait(("park.jpg", fresh()))


def test_nothing_allowed(quiet_stage, fresh):
    """Where no place is allowed, links are no matter of Spotter's, refused or not."""
    odd = "https://ap-123456789012.s3-accesspoint.eu-west-1.amazonaws.com/a.jpg"
    ts = quiet_stage.post(text=f"s3://cams/front/park.jpg {odd}")
    reply = quiet_stage.post_and_wait(("park.jpg", fresh()), text="s3://cams/front/park.jpg")

    assert reply.text.startswith("1 Dog")
    assert quiet_stage.replies(ts) == []
