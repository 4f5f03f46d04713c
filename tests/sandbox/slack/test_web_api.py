"""Who may call the Web API, with what, and how often."""

import json

import pytest

from bot.sandbox.slack.terms import SCOPES


def test_auth_test_names_bot(client):
    """`auth.test` tells the ids of the bot and, in a header, what it was installed with."""
    answer = client.auth_test()
    headers = {name.lower(): value for name, value in answer.headers.items()}

    assert answer.data.keys() >= {"ok", "url", "team", "user", "team_id", "user_id", "bot_id"}
    assert (answer["user_id"], answer["bot_id"]) == ("U0SPOTTER", "B0SPOTTER")
    assert set(headers["x-oauth-scopes"].split(",")) == SCOPES


def test_wrong_token_is_refused(slack, client_of, refused):
    """A made-up token is `invalid_auth`."""
    assert refused(client_of(slack, "xoxb-wrong").auth_test)["error"] == "invalid_auth"


def test_no_token_is_refused(slack, visit):
    """Without any token the answer is `not_authed`."""
    _, _, body = visit(f"{slack.url}/api/auth.test")

    assert json.loads(body) == {"ok": False, "error": "not_authed"}


def test_app_token_opens_connections(slack, client_of, refused):
    """Only the app token opens Socket Mode connections, and it does nothing else."""
    app = client_of(slack, slack.terms.app_token)
    answer = app.apps_connections_open(app_token=slack.terms.app_token)

    assert answer["url"].startswith("ws://127.0.0.1:")
    assert refused(app.auth_test)["error"] == "not_allowed_token_type"
    with_bot = {"app_token": slack.terms.bot_token}
    assert refused(app.apps_connections_open, **with_bot)["error"] == "not_allowed_token_type"


def test_unknown_method_is_refused(client, refused):
    """A method that this Slack does not have is `unknown_method`."""
    assert refused(client.api_call, api_method="dnd.info")["error"] == "unknown_method"


@pytest.mark.parametrize(
    ("scope", "method", "arguments"),
    [
        ("chat:write", "chat.postMessage", {"channel": "C0PHOTOS", "text": "hi"}),
        ("files:read", "files.info", {"file": "F1"}),
        ("files:write", "files.getUploadURLExternal", {"filename": "a.png", "length": 3}),
        ("groups:read", "conversations.info", {"channel": "C0LAB"}),
        ("channels:history", "conversations.history", {"channel": "C0PHOTOS"}),
        ("im:write", "conversations.open", {"users": "U0ANA"}),
        ("users:read", "users.info", {"user": "U0ANA"}),
        ("reactions:write", "reactions.add", {"channel": "C0PHOTOS", "timestamp": "1.1"}),
    ],
)
def test_missing_scope_is_named(start_slack, client_of, refused, scope, method, arguments):
    """A method without its scope is refused and says which one it needs."""
    client = client_of(start_slack(scopes=SCOPES - {scope}))
    answer = refused(client.api_call, api_method=method, params=arguments)

    assert (answer["error"], answer["needed"]) == ("missing_scope", scope)
    assert scope not in answer["provided"].split(",")


def test_missing_argument_is_named(client, refused):
    """A call without what it needs says what is missing."""
    answer = refused(client.api_call, api_method="users.info")

    assert answer["error"] == "invalid_arguments"
    assert answer["response_metadata"]["messages"] == ["[ERROR] missing required field: user"]


@pytest.mark.parametrize("how", ["params", "json", "data"])
def test_arguments_come_any_way(client, how):
    """Arguments may come as form, as JSON, or in the query."""
    answer = client.api_call("users.info", **{how: {"user": "U0ANA"}})
    queried = client.api_call("users.info", http_verb="GET", params={"user": "U0ANA"})

    assert answer["user"]["name"] == queried["user"]["name"] == "ana"


def test_tiers_refuse_with_wait(start_slack, client_of, visit):
    """Too many calls of a method get 429 with the seconds to wait; other methods go on."""
    slack = start_slack(tiers=True)
    for _ in range(10):
        client_of(slack).users_list()
    headers = {"Authorization": f"Bearer {slack.terms.bot_token}"}
    status, found, body = visit(f"{slack.url}/api/users.list", headers=headers)

    assert (status, json.loads(body)["error"]) == (429, "ratelimited")
    assert int(found["retry-after"]) in (2, 3)
    assert client_of(slack).users_info(user="U0ANA")["ok"]


def test_posting_is_per_channel(start_slack, client_of, refused):
    """A burst into one channel is refused while another channel still takes messages."""
    client = client_of(start_slack(tiers=True))
    for _ in range(3):
        client.chat_postMessage(channel="C0PHOTOS", text="hi")

    answer = refused(client.chat_postMessage, channel="C0PHOTOS", text="hi")
    assert answer["error"] == "ratelimited"
    assert client.chat_postMessage(channel="C0ALERTS", text="hi")["ok"]


def test_ledger_keeps_no_tokens(slack, client, upload):
    """Neither tokens nor upload addresses get into the ledger."""
    upload()
    client.chat_postMessage(channel="C0PHOTOS", text="hi", token=slack.terms.bot_token)
    written = repr(slack.ledger.entries())

    assert "not-a-secret" not in written
    assert "/upload/" not in written
