"""This is long because every kind of trouble is asked of writes, of reads and of the log."""

import logging
import threading
import time
import traceback

import pytest
from slack_sdk import WebClient

from bot import errors
from bot.adapters.slack import EVENT_TYPE, Identity, SlackWorkspace
from bot.sandbox.faults import Fault
from bot.sandbox.slack.nouns import Message

BODY = {
    "text": "1 Dog (95 %)",
    "blocks": [{"type": "section", "text": {"type": "plain_text", "text": "1 Dog (95 %)"}}],
}
UNKNOWN = [
    Fault("error", error="internal_error"),
    Fault("error", error="internal_error", done=True),
    Fault("error", error="fatal_error"),
    Fault("error", error="request_timeout"),
    Fault("error", error="service_unavailable"),
    Fault("status", status=500),
    Fault("status", status=503, body="<html>Bad gateway</html>"),
    Fault("status", status=504, body='{"ok": false, "error": "channel_not_found"}'),
    Fault("status", status=200, body=""),
    Fault("status", status=200, body='{"ok": true, "ts": "1'),
    Fault("status", status=200, body="[]"),
    Fault("html"),
    Fault("drop_before"),
    Fault("drop_after"),
    Fault("cut"),
]
WRITES = {
    "chat.postMessage": lambda ws: ws.post("C0PHOTOS", BODY, key="k"),
    "chat.update": lambda ws: ws.rewrite("C0PHOTOS", "1.0", BODY),
    "chat.delete": lambda ws: ws.delete("C0PHOTOS", "1.0"),
}


@pytest.fixture
def ts(slack):
    """The ts of a message that somebody has posted."""
    return slack.post("ana", "photos", text="Look")


def told(caplog, error):
    """Everything that the log or an error's text may show."""
    return caplog.text + "".join(traceback.format_exception(error)) + repr(error)


def test_post_is_threaded(slack, workspace, ts):
    """A reply stands in its thread, with its words, blocks and nothing but a key as metadata."""
    reply_ts = workspace.post("C0PHOTOS", BODY, key="k1", thread_ts=ts)
    (reply,) = slack.replies_by_bot("photos", ts)

    assert (reply.ts, reply.text) == (reply_ts, BODY["text"])
    assert reply.blocks[0]["text"]["text"] == "1 Dog (95 %)"
    assert reply.metadata == {"event_type": EVENT_TYPE, "event_payload": {"key": "k1"}}


def test_find_post_in_thread(slack, workspace, ts):
    """A reply is found by its key in its thread, among other replies, also on a later page."""
    replies = {key: workspace.post("C0PHOTOS", BODY, key=key, thread_ts=ts) for key in "ab"}
    with slack.world.changed:
        channel = slack.world.channel("photos")
        for _ in range(230):
            message = Message(channel.id, slack.world.next_ts(), "U0ANA", "So?", ts)
            channel.add(message)
    late = workspace.post("C0PHOTOS", BODY, key="late", thread_ts=ts)
    wanted = {**replies, "late": late, "never": None}

    assert {key: workspace.find_post("C0PHOTOS", key=key, thread_ts=ts) for key in wanted} == wanted


def test_find_post_in_dm(workspace):
    """A notice is found by its key in the direct message with its reader."""
    place = workspace.open_dm("U0BEN")
    sent = workspace.post(place, BODY, key="n1")
    workspace.post(place, BODY, key="n2")

    assert place == "D0BEN"
    assert workspace.find_post(place, key="n1") == sent
    assert workspace.find_post(place, key="never") is None


@pytest.mark.parametrize("fault", UNKNOWN, ids=lambda fault: f"{fault.kind} {fault.body[:9]}")
def test_unknown_outcome(slack, workspace, fault, caplog):
    """A post whose outcome nobody knows is asked for exactly once, and tells no token."""
    slack.faults.order("slack", "chat.postMessage", fault, times=5)
    with pytest.raises(errors.SlackUnknown) as caught:
        workspace.post("C0PHOTOS", BODY, key="k")

    assert slack.ledger.count("slack", "chat.postMessage") == 1
    assert slack.terms.bot_token not in told(caplog, caught.value)


@pytest.mark.parametrize("method", WRITES)
def test_writes_are_not_repeated(slack, workspace, method):
    """No write is repeated by itself when its line drops."""
    slack.faults.order("slack", method, Fault("drop_after"), times=5)
    with pytest.raises(errors.SlackUnknown):
        WRITES[method](workspace)

    assert slack.ledger.count("slack", method) == 1


def test_lost_post_is_found(slack, workspace, ts):
    """A reply that was posted, but whose answer was lost, is found by its key."""
    slack.faults.order("slack", "chat.postMessage", Fault("drop_after"))
    with pytest.raises(errors.SlackUnknown):
        workspace.post("C0PHOTOS", BODY, key="k", thread_ts=ts)
    (reply,) = slack.replies_by_bot("photos", ts)

    assert workspace.find_post("C0PHOTOS", key="k", thread_ts=ts) == reply.ts


@pytest.mark.parametrize(
    ("channel", "error"),
    [
        ("C0NOWHERE", "channel_not_found"),
        ("C0RANDOM", "not_in_channel"),
    ],
)
def test_definite_refusal(slack, workspace, channel, error):
    """A definite no carries Slack's own code, and is not asked for again."""
    with pytest.raises(errors.SlackRefused) as caught:
        workspace.post(channel, BODY, key="k")

    assert caught.value.facts == {"error": error}
    assert slack.ledger.count("slack", "chat.postMessage") == 1


def test_wrong_token_is_refused(slack, caplog):
    """A token that Slack does not know is refused, and stays out of every text."""
    stranger = WebClient("xoxb-stranger", base_url=f"{slack.url}/api/", retry_handlers=[])
    with pytest.raises(errors.SlackRefused, match="invalid_auth") as caught:
        SlackWorkspace(stranger).person("U0ANA")

    assert "xoxb" not in told(caplog, caught.value)


@pytest.mark.parametrize(("retry_after", "wait_s"), [("0", 0.1), (None, 1.0)])
def test_busy_waits_and_repeats(slack, workspace, retry_after, wait_s):
    """A 429 is a definite no: the call waits as long as Slack says, or a second, and repeats."""
    slack.faults.order("slack", "chat.postMessage", Fault("rate_limited", retry_after=retry_after))
    workspace.post("C0PHOTOS", BODY, key="k")
    first, second = slack.ledger.entries("slack", "chat.postMessage")

    assert wait_s <= second.at_s - first.at_s < wait_s + 0.7
    assert len(slack.messages("photos")) == 1


@pytest.mark.parametrize(
    ("retry_after", "wait_s"),
    [
        ("7", 7.0),
        ("1.5", 1.5),
        ("0", 0.1),
        ("-3", 0.1),
        ("99999", 60.0),
        (None, 1.0),
        ("", 1.0),
        ("soon", 1.0),
        ("nan", 1.0),
        ("inf", 60.0),
    ],
)
def test_retry_after_is_read(slack, workspace, retry_after, wait_s):
    """Whatever stands in Retry-After, the wait is neither nothing nor for ever."""
    slack.faults.order("slack", "chat.postMessage", Fault("rate_limited", retry_after=retry_after))
    with pytest.raises(errors.SlackBusy) as caught:
        workspace.call_once("chat.postMessage", channel="C0PHOTOS", **BODY)

    assert caught.value.facts == {"retry_after_s": wait_s}


def test_busy_without_end(slack, workspace):
    """When Slack stays busy the caller hears of it after a while."""
    slack.faults.order(
        "slack", "chat.postMessage", Fault("rate_limited", retry_after="0"), times=99
    )
    with pytest.raises(errors.SlackBusy):
        workspace.post("C0PHOTOS", BODY, key="k")

    assert slack.ledger.count("slack", "chat.postMessage") == 8


def test_impatience(slack):
    """Without patience a busy Slack is reported at once, and not asked again before its time."""
    client = WebClient(slack.terms.bot_token, base_url=f"{slack.url}/api/", retry_handlers=[])
    workspace = SlackWorkspace(client, patient=False)
    slack.faults.order("slack", "users.info", Fault("rate_limited", retry_after="0.4"))
    begun_s = time.monotonic()
    for _ in range(3):
        with pytest.raises(errors.SlackBusy):
            workspace.person("U0ANA")
    took_s = time.monotonic() - begun_s
    asked = slack.ledger.count("slack", "users.info")
    slack.wait_for(lambda: False, 0.5)

    assert took_s < 0.3
    assert asked == 1
    assert workspace.person("U0ANA")["id"] == "U0ANA"


@pytest.mark.parametrize(
    ("fault", "cause"),
    [
        (Fault("error", error="internal_error"), "internal_error"),
        (Fault("html"), "status 200, no JSON"),
        (Fault("status", status=503, body="<html>Bad gateway</html>"), "status 503, no JSON"),
        (Fault("cut"), "IncompleteRead"),
        (Fault("drop_after"), "RemoteDisconnected"),
    ],
    ids=lambda value: getattr(value, "kind", ""),
)
def test_unknown_is_logged(slack, workspace, caplog, fault, cause):
    """A call without a clear answer is one warning, which quotes nothing; nor does the error."""
    slack.faults.order("slack", "users.info", fault)
    with pytest.raises(errors.SlackUnknown) as caught:
        workspace.person("U0ANA")
    ours = [record for record in caplog.records if record.name == "bot.adapters.slack"]

    assert [(r.getMessage(), r.method, r.error) for r in ours] == [
        ("slack_call_unknown", "users.info", cause)
    ]
    assert "html" not in "".join(traceback.format_exception(caught.value))


def test_busy_method_alone_waits(slack, workspace, ts):
    """Other methods go on while one is limited."""
    slack.faults.order("slack", "chat.postMessage", Fault("rate_limited", retry_after="1"))
    posting = threading.Thread(target=workspace.post, args=("C0PHOTOS", BODY), kwargs={"key": "k"})
    posting.start()
    slack.wait_for(lambda: slack.ledger.count("slack", "chat.postMessage"))
    link = workspace.permalink("C0PHOTOS", ts)

    assert posting.is_alive()
    assert ts.replace(".", "") in link
    posting.join()


def test_rewrite_and_delete(slack, workspace, ts):
    """Our own message can be rewritten, deleted, and deleted again without trouble."""
    reply_ts = workspace.post("C0PHOTOS", BODY, key="k", thread_ts=ts)
    workspace.rewrite("C0PHOTOS", reply_ts, {"text": "Nothing.", "blocks": []})
    rewritten = slack.replies_by_bot("photos", ts)[0].text
    for _ in range(2):
        workspace.delete("C0PHOTOS", reply_ts)

    assert rewritten == "Nothing."
    assert slack.replies_by_bot("photos", ts) == []


def test_others_message_stays(workspace, ts):
    """Deleting what is not ours is refused."""
    with pytest.raises(errors.SlackRefused, match="cant_delete_message"):
        workspace.delete("C0PHOTOS", ts)


def test_reactions_are_courtesy(slack, workspace, ts):
    """A reaction is set once; whatever goes wrong with one is nobody's trouble."""
    for fault in (None, Fault("rate_limited", retry_after="60"), Fault("status"), Fault("cut")):
        if fault:
            slack.faults.order("slack", "reactions.add", fault)
        workspace.react("C0PHOTOS", ts, "eyes")
    workspace.react("C0NOWHERE", ts, "eyes")

    assert slack.messages("photos")[0].reactions == {"eyes": ["U0SPOTTER"]}
    assert slack.ledger.count("slack", "reactions.add") == 5


def test_identity(slack, workspace):
    """The token tells the team, the bot's user and bot ids, the scopes, and where messages are."""
    assert workspace.identity() == Identity(
        "T0SANDBOX", "U0SPOTTER", "B0SPOTTER", frozenset(slack.terms.scopes), f"{slack.url}/"
    )


@pytest.mark.parametrize(
    ("fault", "expected"),
    [
        (Fault("error", error="invalid_auth"), errors.SlackRefused),
        (Fault("html"), errors.SlackUnknown),
        (Fault("drop_after"), errors.SlackUnknown),
        (Fault("rate_limited", retry_after="1"), errors.SlackBusy),
    ],
)
def test_identity_fails(slack, workspace, fault, expected):
    """Trouble while asking who we are is told as trouble with Slack."""
    slack.faults.order("slack", "auth.test", fault)
    with pytest.raises(expected):
        workspace.identity()


def test_people_and_channels(workspace):
    """People, channels and memberships are read as Slack has them."""
    assert workspace.person("U0GUEST")["is_restricted"]
    assert workspace.channel("C0LAB")["is_private"]
    assert workspace.is_member("C0LAB", "U0ANA")
    assert not workspace.is_member("C0LAB", "U0BEN")


def test_members_on_later_pages(slack, workspace):
    """A member is found on whichever page of the list."""
    with slack.world.changed:
        slack.world.channel("photos").members += [f"U{at}" for at in range(1200)]

    assert workspace.is_member("C0PHOTOS", "U1199")
    assert not workspace.is_member("C0PHOTOS", "U1200")


def test_nobody_listens(caplog):
    """Where nobody listens the outcome is unknown, and the token stays out of every text."""
    client = WebClient("xoxb-secret", base_url="http://127.0.0.1:9/api/", retry_handlers=[])
    with caplog.at_level(logging.DEBUG), pytest.raises(errors.SlackUnknown) as caught:
        SlackWorkspace(client).post("C1", BODY, key="k")

    assert "xoxb-secret" not in told(caplog, caught.value)
