import json

from PIL import Image

from bot.messages import DELETE
from bot.reply_buttons import AMOUNT, EXPLAIN, EXPORT, LESS, MORE, STYLE, WATCH, WRONG
from bot.sandbox import scenes
from bot.style_fields import HIDE, HIDE_BY

GUEST = "Guests cannot change what I say about a picture; ask a member to."


def wait_other(stage, ts, reply, channel="photos"):
    """The reply under a message, once it is another one and alone."""

    def is_other():
        replies = stage.replies(ts, channel)
        return len(replies) == 1 and replies[0].ts != reply.ts

    assert stage.slack.wait_for(is_other, 40), stage.bot.log_text()[-3000:]
    return stage.replies(ts, channel)[0]


def element(reply, action_id):
    """A button or menu under a reply, if it has one."""
    elements = reply.blocks[-1]["elements"]
    return next((one for one in elements if one["action_id"] == action_id), None)


def picture(stage, reply):
    """The picture that a reply shows, as Slack keeps it."""
    block = next(block for block in reply.blocks if block["type"] == "image")
    return stage.slack.world.file(block["slack_file"]["id"])


def press(stage, reply, action_id, choice=None, *, person="ben", channel="photos"):
    """Press under a reply; what is answered to the person alone, if anything."""
    before = len(stage.slack.ephemerals(person))
    answer = stage.slack.press(person, channel, reply.ts, action_id, choice=choice)
    assert answer.ok
    return [one.text for one in stage.slack.ephemerals(person)[before:]]


def test_watch_by_button(quiet_stage, fresh):
    """A label chosen under a reply is watched: the next picture of it is told."""
    reply = quiet_stage.post_and_wait(("park.jpg", fresh()))
    (said,) = press(quiet_stage, reply, WATCH, "Dog", person="guest")
    quiet_stage.post_and_wait(("again.jpg", fresh()))
    notice = quiet_stage.wait_notice("guest")
    quiet_stage.command("guest", "photos", "unwatch dog")

    assert said.startswith("You now watch *Dog*")
    assert "Dog" in notice.text


def test_more_and_less(quiet_stage, fresh):
    """More and Less make one new reply each, without a question to AWS; the original stays."""
    data = fresh()
    usual = quiet_stage.post_and_wait(("park.jpg", data))
    ts, asked, old = usual.thread_ts, quiet_stage.detections, picture(quiet_stage, usual)
    assert element(usual, AMOUNT)["value"] == MORE
    assert press(quiet_stage, usual, AMOUNT) == []
    (again,) = press(quiet_stage, usual, AMOUNT)
    more = wait_other(quiet_stage, ts, usual)
    quiet_stage.settle()
    assert [one.ts for one in quiet_stage.replies(ts)] == [more.ts]
    press(quiet_stage, more, AMOUNT)
    less = wait_other(quiet_stage, ts, more)

    assert again == "Another answer is on its way, or there already: look in the thread."
    assert "below" in usual.text
    assert "below" not in more.text
    assert element(more, AMOUNT)["value"] == LESS
    assert len(element(more, WATCH)["options"]) > len(element(usual, WATCH)["options"])
    assert less.text == usual.text
    assert element(less, AMOUNT)["value"] == MORE
    assert quiet_stage.slack.wait_for(lambda: old.deleted, 10)
    assert quiet_stage.detections == asked
    assert data in quiet_stage.objects().values()


def test_hide_people(quiet_stage, fresh):
    """People hidden by a style are gone from the posted picture, and stay so in the next style."""
    usual = quiet_stage.post_and_wait(("park.jpg", fresh()))
    ts, asked, coat = usual.thread_ts, quiet_stage.detections, coat_percent(quiet_stage, usual)
    press(quiet_stage, usual, STYLE, "hide_people")
    hidden = wait_other(quiet_stage, ts, usual)
    gone = coat_percent(quiet_stage, hidden)
    press(quiet_stage, hidden, STYLE, "plain")
    plain = wait_other(quiet_stage, ts, hidden)

    assert coat > 30
    assert gone == coat_percent(quiet_stage, plain) == 0
    assert hidden.text == plain.text == usual.text
    assert quiet_stage.detections == asked


def test_channel_hides(quiet_stage, fresh):
    """What a channel's window says is hidden in the next picture, whatever style is chosen then."""
    quiet_stage.slack.command("ana", "lab", "settings")
    assert quiet_stage.slack.wait_for(lambda: quiet_stage.slack.world.views.get("U0ANA"), 10)
    wrong = quiet_stage.slack.submit("ana", {HIDE: "woman"})
    assert quiet_stage.slack.submit("ana", {HIDE: "person", HIDE_BY: "blur"}) == {}
    hidden = quiet_stage.post_and_wait(("park.jpg", fresh()), channel="lab")
    assert coat_percent(quiet_stage, hidden) == 0
    press(quiet_stage, hidden, STYLE, "one", person="ana", channel="lab")
    one = wait_other(quiet_stage, hidden.thread_ts, hidden, "lab")

    assert wrong[HIDE].startswith("“woman” is withheld from everybody: it guesses")
    assert coat_percent(quiet_stage, one) == 0


def test_wrong_by_button(quiet_stage, fresh):
    """A wrong label goes from all pictures of the message, and from what can be chosen."""
    usual = quiet_stage.post_and_wait(("a.jpg", fresh()), ("b.jpg", fresh()))
    (said,) = press(quiet_stage, usual, WRONG, "Dog")
    corrected = wait_other(quiet_stage, usual.thread_ts, usual)

    assert "That goes for all 2 pictures that showed it." in said
    assert "Dog" in usual.text
    assert "Dog" not in corrected.text
    names = [option["value"] for option in element(corrected, WRONG)["options"]]
    assert "Dog" not in names
    assert "Person" in names


def test_export_by_button(quiet_stage, fresh):
    """The labels of this one message come as a file to whoever pressed, a guest too."""
    quiet_stage.post_and_wait(("other.jpg", fresh("street")))
    reply = quiet_stage.post_and_wait(("park.jpg", fresh()))
    (said,) = press(quiet_stage, reply, EXPORT, "json", person="guest")
    assert quiet_stage.slack.wait_for(lambda: files(quiet_stage, "guest"), 30)
    found = json.loads(quiet_stage.slack.file_bytes(files(quiet_stage, "guest")[-1]))

    assert "direct message" in said
    assert [one["file_name"] for one in found["pictures"]] == ["park.jpg"]


def test_guests_change_nothing(quiet_stage, fresh):
    """A guest who presses what changes a reply hears why not, in private, and it stands."""
    reply = quiet_stage.post_and_wait(("park.jpg", fresh()))
    said = [
        *press(quiet_stage, reply, AMOUNT, person="guest"),
        *press(quiet_stage, reply, STYLE, "one", person="guest"),
        *press(quiet_stage, reply, WRONG, "Dog", person="guest"),
    ]
    quiet_stage.settle()

    assert said == [GUEST] * 3
    assert [one.ts for one in quiet_stage.replies(reply.thread_ts)] == [reply.ts]


def test_buttons_outlive_rewriting(quiet_stage, fresh):
    """A reply that is written anew because a picture of it is gone keeps its buttons."""
    ts = quiet_stage.post(("a.jpg", fresh()), ("b.jpg", fresh("street")))
    quiet_stage.wait_marked(ts)
    (reply,) = quiet_stage.replies(ts)
    before = [one["action_id"] for one in reply.blocks[-1]["elements"]]
    posted = next(m for m in quiet_stage.slack.messages("photos") if m.ts == ts)
    quiet_stage.slack.delete_file("ana", posted.files[1])
    assert quiet_stage.slack.wait_for(lambda: len(reply.blocks) < 6, 30)

    assert [one["action_id"] for one in reply.blocks[-1]["elements"]] == before
    assert before == [WATCH, AMOUNT, STYLE, WRONG, EXPORT, EXPLAIN, DELETE]
    assert "Car" not in json.dumps(element(reply, WATCH))


def files(stage, person):
    """The files that the bot has sent a person."""
    return [file for one in stage.slack.direct_messages(person) for file in one.files]


def coat_percent(stage, reply):
    """How much of the park's person is their red coat, in the picture that was posted."""
    scene = scenes.SCENES["park"]()
    box = next(one.box for one in scene.truth if one.name == "Person")
    with Image.open(picture(stage, reply).path) as posted:
        width, height = posted.width, posted.width * scene.image.height / scene.image.width
        left, right = (box.left_ratio + box.width_ratio * at for at in (0.1, 0.9))
        top, bottom = (box.top_ratio + box.height_ratio * at for at in (0.1, 0.9))
        edges = (left * width, top * height, right * width, bottom * height)
        inside = posted.convert("RGB").crop(tuple(map(int, edges)))
    pixels = inside.get_flattened_data()
    return 100 * sum(red > max(green, blue) + 80 for red, green, blue in pixels) // len(pixels)
