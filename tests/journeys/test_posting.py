import pytest

pytestmark = pytest.mark.on_fleet
PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"
SLACK_CALLS_AT_MOST = 8


def shown_files(reply):
    """The file ids of the pictures that a reply shows, in order."""
    return [block["slack_file"]["id"] for block in reply.blocks if block["type"] == "image"]


@pytest.mark.parametrize("text", ["", "Look who is here"])
def test_picture_is_answered(stage, fresh, text):
    """A picture, with or without words, is answered by itself, annotated, in its thread alone."""
    ts = stage.post(("park.jpg", fresh()), text=text)
    marks = stage.wait_marked(ts)
    (reply,) = stage.replies(ts)
    image = reply.blocks[0]

    assert reply.thread_ts == ts
    assert reply.text.startswith("1 Dog (94 %), 1 Person (94 %), 1 Bird (89 %)")
    assert "below 80 %" in reply.text
    assert image["slack_file"]["id"] in stage.slack.world.files
    assert "1 Dog" in image["alt_text"]
    assert marks == {"eyes", "white_check_mark"}
    assert all(m.thread_ts for m in stage.slack.messages("photos") if m.bot_id == "B0SPOTTER")


def test_few_slack_calls(stage, fresh):
    """One picture takes at most eight calls of Slack's Web API, eyes first and check last."""
    runs = []
    # Twice, since the sweep asks Slack too, once a day, and may do so at this very moment.
    for _ in range(2):
        before = len(stage.web_api_calls())
        stage.post_and_wait(("park.jpg", fresh()))
        runs.append(stage.web_api_calls()[before:])
    calls = min(runs, key=len)

    assert len(calls) <= SLACK_CALLS_AT_MOST, calls
    assert calls[-1] == "reactions.add"
    assert calls.count("reactions.add") == 2


def test_three_pictures_and_pdf(stage, fresh):
    """Three pictures and a PDF get one reply: pictures in order, by name, no word of the PDF."""
    asked = stage.detections
    scenes = ("park", "street", "kitchen")
    files = [(f"{name}.jpg", fresh(name)) for name in scenes]
    ts = stage.post(*files[:2], ("minutes.pdf", PDF), files[2])
    stage.wait_marked(ts)
    (reply,) = stage.replies(ts)
    lines = reply.text.splitlines()
    kinds = [block["type"] for block in reply.blocks[:-1] if block["type"] != "context"]
    alts = [block["alt_text"] for block in reply.blocks if block["type"] == "image"]

    assert [line.partition(":")[0] for line in lines] == [f"{name}.jpg" for name in scenes]
    assert kinds == ["image", "section"] * 3
    assert ["Dog" in alts[0], "Bus" in alts[1], "Cup" in alts[2]] == [True] * 3
    assert "minutes" not in str(reply)
    assert stage.detections - asked == 3


def test_post_inside_thread(stage, fresh):
    """A picture posted inside a thread is answered in that thread."""
    parent = stage.post(text="Who lives in the park?", channel="alerts")
    stage.post(("park.jpg", fresh()), person="ben", channel="alerts", thread_ts=parent)
    reply = stage.wait_reply(parent, "alerts")

    assert reply.thread_ts == parent
    assert shown_files(reply)


def test_original_is_kept(stage, fresh):
    """The original lies in the bucket byte for byte, under team, channel, message and file."""
    data = fresh()
    ts = stage.post(("park.jpg", data), channel="lab")
    stage.wait_reply(ts, "lab")
    posted = next(m for m in stage.slack.messages("lab") if m.ts == ts)

    assert stage.stored(f"t/T0SANDBOX/C0LAB/{ts}/{posted.files[0]}") == data


def test_same_bytes_twice(stage, fresh):
    """The same bytes posted twice are looked at once and answered twice."""
    asked = stage.detections
    data = fresh("kitchen")
    first = stage.post_and_wait(("a.jpg", data), person="ben", channel="D0BEN")
    second = stage.post_and_wait(("b.jpg", data), channel="alerts")

    assert stage.detections - asked == 1
    assert first.text == second.text
    assert shown_files(first) != shown_files(second)


def test_direct_message(stage, fresh):
    """A direct message to the bot is a channel like any other."""
    reply = stage.post_and_wait(("park.jpg", fresh()), person="guest", channel="D0GUEST")

    assert reply.text.startswith("1 Dog")
    assert reply.thread_ts


def test_nothing_found(stage, blank):
    """Where nothing is found the reply says so, with the threshold, and shows the picture."""
    reply = stage.post_and_wait(("blank.png", blank), channel="D0ANA")

    assert reply.text.startswith("Nothing found at 80 % or more.")
    assert shown_files(reply)
