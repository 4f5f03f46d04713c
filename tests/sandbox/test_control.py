"""What the page sees and does, over HTTP; long, because each thing a person does is a request."""

import http.client
import io
import json
import threading
import time
import uuid
from contextlib import closing
from urllib.parse import urlsplit

import pytest
from PIL import Image
from slack_sdk import WebClient

from bot.sandbox.faults import Faults
from bot.sandbox.ledger import Ledger
from bot.sandbox.slack.terms import Shortcut, Terms
from bot.sandbox.slack_server import SlackSandbox

MESSAGE_KEYS = (
    "ts thread_ts user is_bot text blocks subtype files pictures reactions edited ephemeral "
    "reply_count"
)
CARD_KEYS = "id name title alt_text mimetype size_bytes width_px height_px state url is_image"
OURS = {"X-Spotter-Sandbox": "1"}


@pytest.fixture
def slack():
    """A local Slack without limits."""
    shortcuts = (Shortcut("Label this", "label-this"),)
    found = SlackSandbox(
        Ledger(), Faults(), Terms(tiers=False, processing_s=0.05, shortcuts=shortcuts)
    )
    found.start()
    yield found
    found.stop()


@pytest.fixture
def client(slack):
    """The official client, as the bot."""
    url = slack.environment()["SLACK_API_URL"]
    return WebClient(slack.terms.bot_token, base_url=url, retry_handlers=[])


@pytest.fixture
def visit(slack):
    """Ask for a path: (status, headers with small letters, bytes)."""

    def run(path, *, method="GET", body=None, headers=None):
        with closing(http.client.HTTPConnection(urlsplit(slack.url).netloc, timeout=10)) as line:
            line.request(method, path, body, headers or {})
            answer = line.getresponse()
            found = {name.lower(): value for name, value in answer.getheaders()}
            return answer.status, found, answer.read()

    return run


@pytest.fixture
def act(visit):
    """Do something as a person: (status, answer)."""

    def run(verb, **said):
        said["as"] = said.pop("who", "ana")
        headers = {**OURS, "Content-Type": "application/json"}
        status, _, body = visit(
            f"/sandbox/{verb}", method="POST", body=json.dumps(said), headers=headers
        )
        return status, json.loads(body)

    return run


@pytest.fixture
def state(visit):
    """What a person sees."""

    def run(who="ana", since=-1):
        return json.loads(visit(f"/sandbox/state?as={who}&since={since}")[2])

    return run


def png():
    """The bytes of a small PNG."""
    found = io.BytesIO()
    Image.new("RGB", (40, 30), "teal").save(found, "PNG")
    return found.getvalue()


def form_of(fields, files=()):
    """A multipart form: (body, headers)."""
    boundary = uuid.uuid4().hex
    parts = [(f'name="{name}"', value.encode()) for name, value in fields]
    parts += [(f'name="file"; filename="{name}"', data) for name, data in files]
    body = b"".join(
        f"--{boundary}\r\nContent-Disposition: form-data; {what}\r\n\r\n".encode() + data + b"\r\n"
        for what, data in parts
    )
    kind = {"Content-Type": f"multipart/form-data; boundary={boundary}"}
    return body + f"--{boundary}--\r\n".encode(), kind


def messages(state, channel):
    """The messages of a channel in a state."""
    return next(c for c in state["channels"] if c["id"] == channel)["messages"]


def test_page_is_served(visit):
    """The page comes with a policy that keeps foreign content out."""
    status, headers, body = visit("/")

    assert (status, headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert b"<html" in body.lower()
    assert headers["content-security-policy"].startswith("default-src 'self'")
    assert visit("/../control.py")[0] == 404


@pytest.mark.parametrize(
    ("link", "place"),
    [
        ("/archives/C0PHOTOS/p1700000000000100", "C0PHOTOS/1700000000.000100"),
        (
            "/archives/C0PHOTOS/p1700000050000200?thread_ts=1700000000.000100&cid=C0PHOTOS",
            "C0PHOTOS/1700000000.000100",
        ),
        ("/archives/C0PHOTOS/p17", None),
        ("/archives/C0PHOTOS/p1700000000000100?thread_ts=//example.com", None),
    ],
)
def test_permalink_opens_page(visit, link, place):
    """Slack's link to a message leads to the page, to the thread of that message."""
    status, headers, _ = visit(link)

    assert status == (302 if place else 404)
    assert headers.get("location") == (f"/#/-/{place}" if place else None)


def test_state_shape(slack, state):
    """The state has what the page was promised."""
    slack.post("ana", "photos", [("cat.png", png())], text="look")
    seen = state()
    message = messages(seen, "C0PHOTOS")[0]

    assert seen.keys() >= {"version", "me", "people", "app", "channels", "modal", "home"}
    assert seen["app"]["shortcuts"] == [
        {"name": "Label this", "callback_id": "label-this", "type": "message"}
    ]
    assert message.keys() == set(MESSAGE_KEYS.split())
    assert message["files"][0].keys() == set(CARD_KEYS.split())


@pytest.mark.parametrize(
    ("who", "channels"),
    [
        ("ana", ["C0PHOTOS", "C0ALERTS", "C0LAB", "C0RANDOM", "D0ANA"]),
        ("ben", ["C0PHOTOS", "C0ALERTS", "C0RANDOM", "D0BEN"]),
        ("guest", ["C0PHOTOS", "D0GUEST"]),
    ],
)
def test_people_see_their_channels(state, who, channels):
    """Each person sees the channels that are theirs."""
    assert [c["id"] for c in state(who)["channels"]] == channels


def test_unknown_person_is_told(visit):
    """Somebody who is not there gets words and not a failure."""
    status, _, body = visit("/sandbox/state?as=zoe")

    assert (status, json.loads(body)["ok"]) == (400, False)


def test_state_waits_for_change(slack, state):
    """Asked for news, the state comes when something has happened, and at once if it has."""
    version = state()["version"]
    threading.Timer(0.2, slack.post, ("ana", "photos"), {"text": "news"}).start()
    begun_s = time.monotonic()
    news = state(since=version)
    waited_s = time.monotonic() - begun_s

    assert messages(news, "C0PHOTOS")[0]["text"] == "news"
    assert 0.1 < waited_s < 5
    assert state(since=version)["version"] == news["version"]


def test_post_by_form(slack, visit):
    """A form posts words, uploads and samples as one message."""
    slack.samples["dog.png"] = ("A dog", png)
    fields = [("as", "ben"), ("channel", "photos"), ("text", "look"), ("sample", "dog.png")]
    body, kind = form_of(fields, [("cat.png", png())])
    status, _, answer = visit("/sandbox/post", method="POST", body=body, headers={**OURS, **kind})
    message = slack.messages("photos")[0]

    assert (status, json.loads(answer)) == (200, {"ok": True, "ts": message.ts})
    names = [slack.world.file(f).name for f in message.files]
    assert (message.user, message.text, names) == ("U0BEN", "look", ["cat.png", "dog.png"])


def test_samples_are_offered(slack, visit):
    """Samples are listed with their titles, and can be looked at."""
    slack.samples["dog.png"] = ("A dog", png)
    listed = json.loads(visit("/sandbox/samples")[2])

    assert listed == {"samples": [{"name": "dog.png", "title": "A dog"}]}
    assert visit("/sandbox/sample/dog.png")[2] == png()
    assert visit("/sandbox/sample/cow.png")[0] == 404


@pytest.mark.parametrize(
    ("path", "headers", "status"),
    [
        ("/sandbox/command", {}, 403),
        ("/sandbox/post", {}, 403),
        ("/sandbox/command", {**OURS, "Host": "evil.example"}, 403),
        ("/sandbox/nothing", {**OURS}, 404),
    ],
)
def test_strangers_may_not_post(visit, path, headers, status):
    """A form of another website, and a name that only leads here, change nothing."""
    assert visit(path, method="POST", body=b"{}", headers=headers)[0] == status


def test_strangers_may_not_read(visit):
    """Under a foreign name nothing is shown either."""
    assert visit("/sandbox/state?as=ana", headers={"Host": "evil.example"})[0] == 403


def test_files_are_for_who_sees_them(slack, visit):
    """A file is given to those who see it, with a type that cannot run as a page."""
    slack.post("ana", "lab", [("cat.png", png()), ("evil.html", b"<script>")])
    picture, page = slack.messages("lab")[0].files
    status, headers, body = visit(f"/sandbox/file/{picture}?as=ana")

    assert (status, headers["content-type"], body) == (200, "image/png", png())
    assert visit(f"/sandbox/file/{picture}?as=ben")[0] == 403
    saved = visit(f"/sandbox/file/{page}?as=ana")[1]
    assert saved["content-type"] == "application/octet-stream"
    assert saved["content-disposition"] == "attachment"
    slack.delete_file("ana", picture)
    assert visit(f"/sandbox/file/{picture}?as=ana")[0] == 404


def test_broken_pictures_are_marked(slack, client, state):
    """The page learns which pictures are fine and which an update has broken."""
    ids = [client.files_upload_v2(content=png(), filename="a.png")["file"]["id"] for _ in range(2)]
    slack.wait_for(lambda: all(slack.world.file(f).is_processed for f in ids), 2)
    blocks = [{"type": "image", "slack_file": {"id": f}, "alt_text": "a"} for f in ids]
    ts = client.chat_postMessage(channel="C0PHOTOS", text="x", blocks=blocks[:1])["ts"]
    client.chat_update(channel="C0PHOTOS", ts=ts, text="x", blocks=blocks)
    cards = messages(state(), "C0PHOTOS")[0]["pictures"]

    assert [cards[f]["state"] for f in ids] == ["ok", "broken"]
    assert cards[ids[0]]["url"] == f"/sandbox/file/{ids[0]}?as=ana"
    assert cards[ids[1]]["url"] is None


def test_verbs_of_people(slack, act, state):
    """People edit, react, delete, join and leave over HTTP."""
    ts = slack.post("ana", "photos", text="one")
    place = {"channel": "photos", "ts": ts}

    assert act("edit", **place, text="two") == (200, {"ok": True})
    assert act("react", **place, name="eyes") == (200, {"ok": True})
    message = messages(state(), "C0PHOTOS")[0]
    assert (message["text"], message["edited"]) == ("two", True)
    assert message["reactions"] == [{"name": "eyes", "users": ["U0ANA"]}]
    assert act("delete", **place) == (200, {"ok": True})
    assert messages(state(), "C0PHOTOS") == []
    assert act("leave", channel="random")[0] == act("join", channel="random")[0] == 200
    assert act("command", channel="random", text="/invite @Spotter") == (200, {"ok": True})
    assert next(c for c in state()["channels"] if c["id"] == "C0RANDOM")["has_bot"]


def test_unheard_command_is_shown(act, state):
    """Without a bot, a command ends in words for its person."""
    assert act("command", channel="photos", text="/labels help")[0] == 200
    shown = messages(state(), "C0PHOTOS")[0]

    assert shown["ephemeral"]
    assert shown["text"] == '/labels failed with the error "dispatch_failed"'
    assert messages(state("ben"), "C0PHOTOS") == []


@pytest.mark.parametrize(
    ("verb", "said"),
    [
        ("press", {"channel": "photos", "ts": "1.1", "action_id": "a"}),
        ("press", {"view": "modal", "action_id": "a"}),
        ("press", {"view": "home", "action_id": "a"}),
        ("submit", {"values": {}}),
        ("dismiss", {}),
        ("shortcut", {"callback_id": "a", "channel": "photos", "ts": "1.1"}),
        ("delete-file", {"file": "F0"}),
        ("edit", {"channel": "photos"}),
        ("join", {"channel": "lab"}),
    ],
)
def test_impossible_is_told(act, verb, said):
    """What cannot be done is answered with words and status 400."""
    status, answer = act(verb, **said)

    assert (status, answer["ok"]) == (400, False)
    assert answer["error"]


def test_ledger_can_be_read(client, visit):
    """The ledger can be read over HTTP, by service and call."""
    client.auth_test()
    entries = json.loads(visit("/sandbox/ledger?service=slack&call=auth.test")[2])["entries"]

    assert [entry["call"] for entry in entries] == ["auth.test"]
