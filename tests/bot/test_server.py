"""This is long because every kind of request that must not pass is a fact of its own."""

import json
import logging
import time
from urllib.parse import urlencode

import pytest
import sqlalchemy as sa
from slack_sdk.signature import SignatureVerifier

from bot.adapters.slack import Identity
from bot.app import FrontDoor
from bot.label_import import import_labels
from bot.server import BODY_LIMIT_BYTES, build_server
from bot.settings import Settings
from tests.bot.label_lists import written

SECRET = "a-signing-secret"
IDENTITY = Identity("T1", "U0SPOTTER", "B0SPOTTER", frozenset())
EVENT = {
    "type": "event_callback",
    "team_id": "T1",
    "api_app_id": "A1",
    "event_id": "Ev1",
    "event_time": 1700000000,
    "authorizations": [{"team_id": "T1", "user_id": "U0SPOTTER", "is_bot": True}],
    "event": {
        "type": "message",
        "subtype": "file_share",
        "channel": "C1",
        "channel_type": "channel",
        "ts": "1700000000.000100",
        "event_ts": "1700000000.000100",
        "user": "U1",
        "text": "my-secret-words",
        "files": [{"id": "F1", "name": "my-secret-name.jpg", "mimetype": "image/jpeg"}],
    },
}
REACTION = {
    "type": "reaction_added",
    "user": "U1",
    "item": {"type": "message", "channel": "C1", "ts": "1700000000.000100"},
    "item_user": "U1",
    "event_ts": "1700000000.000100",
}


class Door:
    """The HTTP side with everything behind it, and requests as Slack makes them."""

    def __init__(self, database):
        settings = Settings.model_validate(
            {
                "SLACK_BOT_TOKEN": "xoxb-1",
                "SLACK_SIGNING_SECRET": SECRET,
                "SLACK_API_URL": "http://127.0.0.1:9/api/",
                "S3_BUCKET": "bucket",
                "DATABASE_URL": database.url.render_as_string(),
            }
        )
        self.front = FrontDoor(settings, IDENTITY)
        server = build_server(self.front.bolt, signing_secret=SECRET, is_ready=self.front.is_ready)
        self.client = server.test_client()

    def send(self, body, *, kind="application/json", **headers):
        """Send a body, well signed unless other headers are given; None leaves a header out."""
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()
        signed = {"Content-Type": kind, **sign(raw), **headers}
        given = [(name, value) for name, value in signed.items() if value is not None]
        return self.client.post("/slack/events", data=raw, headers=given)


def sign(body, *, at_s=None, secret=SECRET):
    """Build the headers with which Slack signs a body."""
    timestamp = str(int(time.time() if at_s is None else at_s))
    text = body.decode("utf-8", "replace")
    signature = SignatureVerifier(secret).generate_signature(timestamp=timestamp, body=text)
    return {"X-Slack-Request-Timestamp": timestamp, "X-Slack-Signature": signature}


@pytest.fixture
def door(database):
    """The door to an empty database."""
    door = Door(database)
    yield door
    door.front.database.close()


def jobs(database):
    """Count the stored jobs."""
    with database.begin() as connection:
        return connection.execute(sa.text("SELECT count(*) FROM workflow_status")).scalar()


def test_event_is_stored(door, database):
    """A well-signed event is answered 200 once its job is stored."""
    answer = door.send(EVENT)

    assert (answer.status_code, jobs(database)) == (200, 1)


def test_event_again(door, database):
    """A second delivery is answered 200, and stores nothing more."""
    answers = [door.send(EVENT, **{"X-Slack-Retry-Num": "1"}) for _ in range(3)]

    assert [answer.status_code for answer in answers] == [200, 200, 200]
    assert jobs(database) == 1


def test_challenge(door):
    """Slack's check of the address is answered with what it asks for."""
    answer = door.send({"type": "url_verification", "challenge": "abc", "token": "x"})

    assert answer.status_code == 200
    assert "abc" in answer.text


OLD = sign(json.dumps(EVENT).encode(), at_s=time.time() - 400)
FUTURE = sign(json.dumps(EVENT).encode(), at_s=time.time() + 900)
NOW = str(int(time.time()))
T, S = "X-Slack-Request-Timestamp", "X-Slack-Signature"


@pytest.mark.parametrize(
    "headers",
    [
        {S: "v0=" + "0" * 64},
        {S: sign(json.dumps(EVENT).encode(), secret="other")[S]},
        {S: None},
        {S: ""},
        {S: "garbage"},
        {S: "v0=\xfc\xe9"},
        {T: None},
        {T: ""},
        {T: "yesterday"},
        {T: "1e9"},
        {T: "-1"},
        {T: " 17 "},
        {T: "\xb2\xb3"},
        {T: "9" * 400},
        {T: f"{NOW}.5"},
        OLD,
        FUTURE,
        {T: None, S: None},
    ],
)
def test_bad_signature(door, database, caplog, headers):
    """A wrong, old, future or malformed signature is turned away, and nothing of it is logged."""
    with caplog.at_level(logging.DEBUG):
        answer = door.send(EVENT, **headers)

    assert (answer.status_code, answer.text, jobs(database)) == (401, "", 0)
    assert "my-secret" not in caplog.text


@pytest.mark.parametrize(
    "body", [b"", b"\xff\xfe\x00", b"payload=\xe4", json.dumps(EVENT).encode()[:-1] + b"\x80"]
)
def test_bad_bytes(door, body):
    """A body that is not UTF-8, or not signed as it stands, is turned away."""
    wrong = {S: "v0=" + "0" * 64}

    assert door.send(body, **wrong).status_code == 401
    if body:
        assert door.send(body).status_code == 401


@pytest.mark.parametrize("body", [b"{", b"[]", b'"text"', b"\x00", b"payload"])
def test_signed_nonsense(door, body):
    """A well-signed body that is nothing of Slack's is turned away without a crash."""
    assert door.send(body).status_code == 400


def test_body_of_another(door, database):
    """A signature holds for its own body only."""
    raw = json.dumps(EVENT).encode()

    assert door.send(raw.replace(b"C1", b"C2"), **sign(raw)).status_code == 401
    assert jobs(database) == 0


def test_large_body(door):
    """A body of more than 1 MiB is not read, however it is signed."""
    assert door.send(b"x" * (BODY_LIMIT_BYTES + 1)).status_code == 413


@pytest.mark.parametrize("path", ["/", "/slack", "/slack/events/", "/slack/install"])
def test_other_addresses(door, path):
    """Nothing else is served."""
    assert door.client.get(path).status_code == 404
    assert door.client.get("/slack/events").status_code == 405


def test_health(door, database):
    """The health check follows the database."""
    ready = door.client.get("/healthz")
    door.front.database.close()
    database.close()
    path = database.url.database
    with open(path, "r+b") as file:  # noqa: PTH123 - a path as text
        file.write(b"no database at all, this")
    unready = door.client.get("/healthz")

    assert (ready.status_code, ready.text) == (200, "ok\n")
    assert (unready.status_code, unready.text) == (503, "not ready\n")


def test_locked_database(door, database):
    """While the database is locked Slack hears so in time, and the next delivery is stored."""
    with database.begin() as connection:
        connection.exec_driver_sql("BEGIN IMMEDIATE")
        begun_s = time.monotonic()
        answer = door.send(EVENT)

        assert time.monotonic() - begun_s < 2.5
        assert answer.status_code == 503
    assert door.send(EVENT).status_code == 200
    assert jobs(database) == 1


def test_failure_is_logged_without_words(door, database, caplog):
    """When an event cannot be stored the log says why, without what the event held."""
    with database.begin() as connection:
        connection.exec_driver_sql("DROP TABLE workflow_status")
    with caplog.at_level(logging.DEBUG):
        status = door.send(EVENT).status_code

    assert status == 503
    assert "handler_failed" in caplog.text
    assert "my-secret" not in caplog.text
    assert "xoxb" not in caplog.text


@pytest.mark.parametrize(
    "event",
    [
        {"type": "message", "channel": "C1", "ts": "1.0", "user": "U1", "text": "Hello"},
        {"type": "message", "subtype": "channel_join", "channel": "C1", "ts": "1.0", "user": "U1"},
        {
            "type": "message",
            "subtype": "message_changed",
            "channel": "C1",
            "ts": "1.0",
            "message": EVENT["event"],
            "previous_message": EVENT["event"],
        },
        {**EVENT["event"], "user": "U0SPOTTER", "bot_id": "B0SPOTTER"},
        {**EVENT["event"], "user": "U2", "bot_id": "B2"},
        {**EVENT["event"], "files": []},
        {"type": "file_shared", "file_id": "F1", "user_id": "U1", "channel_id": "C1"},
        {"type": "reaction_added", "user": "U1", "reaction": "eyes"},
        {"type": "event_of_tomorrow"},
    ],
    ids=lambda event: event.get("subtype") or event["type"],
)
def test_other_events(door, database, event):
    """Whatever else happens is answered 200, and is no job."""
    answer = door.send({**EVENT, "event": event})

    assert (answer.status_code, jobs(database)) == (200, 0)


def test_command(door):
    """A command is answered in the response itself, to the asker alone."""
    form = {
        "command": "/labels",
        "text": "watches",
        "team_id": "T1",
        "user_id": "U1",
        "channel_id": "C1",
        "response_url": "http://127.0.0.1:9/",
    }
    answer = door.send(urlencode(form).encode(), kind="application/x-www-form-urlencoded")

    assert answer.status_code == 200
    assert "You watch nothing yet" in answer.text
    assert "in_channel" not in answer.text


def test_imported_list_is_used(door, database, tmp_path):
    """Amazon's list is known from its import on, while all runs."""
    typed = {"command": "/labels", "text": "watch cell phone", "team_id": "T1", "user_id": "U1"}
    raw = urlencode(typed | {"channel_id": "C1", "response_url": "http://127.0.0.1:9/"}).encode()
    import_labels(written(tmp_path), database_url=str(database.url))
    answer = door.send(raw, kind="application/x-www-form-urlencoded")

    assert "Rekognition calls “cell phone” *Mobile Phone*." in answer.text


def test_command_again(door):
    """A command that is sent again with the signature it had is not carried out again."""
    typed = {"command": "/labels", "text": "help", "team_id": "T1", "user_id": "U1"}
    raw = urlencode(typed | {"channel_id": "C1", "response_url": "http://127.0.0.1:9/"}).encode()
    form, at_s = "application/x-www-form-urlencoded", time.time()
    answers = [door.send(raw, kind=form, **sign(raw, at_s=at_s - late)) for late in (0, 0, 1)]

    assert [answer.status_code for answer in answers] == [200, 200, 200]
    assert [bool(answer.text) for answer in answers] == [True, False, True]


@pytest.mark.parametrize(
    "part",
    [
        {"event": "words"},
        {"event": [[]]},
        {"event": {**EVENT["event"], "channel": 0}},
        {"event": {**EVENT["event"], "user": True}},
        {"event": {"type": "file_deleted", "file_id": "F1"}, "team_id": None},
        {"type": []},
        {"type": {"text": "words"}},
        {"team_id": 1e300, "team": 0},
        {"authorizations": "words"},
        {"authorizations": [None]},
    ],
    ids=str,
)
def test_misshapen_event(door, part):
    """An event with parts of another kind than Slack promises is never a server error."""
    assert door.send({**EVENT, **part}).status_code < 500


@pytest.mark.parametrize("value", [{}, {"id": "F1"}, [], 0, 1e300, True, "\0", None], ids=repr)
@pytest.mark.parametrize(
    ("event", "name"),
    [
        (EVENT["event"], "channel"),
        (EVENT["event"], "ts"),
        ({"type": "message", "subtype": "message_deleted", "channel": "C1"}, "deleted_ts"),
        ({"type": "file_deleted"}, "file_id"),
        ({"type": "channel_deleted"}, "channel"),
        ({"type": "member_joined_channel", "user": "U0SPOTTER", "channel": "C1"}, "event_ts"),
        ({**REACTION, "reaction": "label"}, "user"),
        ({**REACTION, "reaction": "no_entry_sign"}, "user"),
    ],
    ids=lambda given: given if isinstance(given, str) else given["type"],
)
def test_no_word(door, database, event, name, value):
    """What is no word where Slack promises one is refused, and is not stored."""
    answer = door.send({**EVENT, "event": {**event, name: value}})

    assert (answer.status_code, jobs(database)) == (400, 0)


@pytest.mark.parametrize("name", ["user", "thread_ts"])
def test_no_optional_word(door, database, name):
    """So is what may be missing, but is something else than a word."""
    answer = door.send({**EVENT, "event": {**EVENT["event"], name: {"text": "words"}}})

    assert (answer.status_code, jobs(database)) == (400, 0)


@pytest.mark.parametrize("actions", [[], 0, [0], "words", [{"type": []}]])
def test_misshapen_press(door, actions):
    """The press of what is no button is never a server error."""
    payload = json.dumps({"type": "block_actions", "team": {"id": "T1"}, "actions": actions})
    raw = urlencode({"payload": payload}).encode()

    assert door.send(raw, kind="application/x-www-form-urlencoded").status_code < 500
