"""Commands, buttons, modals and shortcuts, as people use them; long, as each has its refusals."""

import json

import pytest
from slack_sdk.webhook import WebhookClient

from bot.sandbox.slack.acting import NotAllowed

FORM_KEYS = (
    "token team_id team_domain channel_id channel_name user_id user_name command text api_app_id "
    "is_enterprise_install response_url trigger_id"
)
SHARED_KEYS = "type user api_app_id token trigger_id team enterprise is_enterprise_install"
ACTION_KEYS = f"{SHARED_KEYS} container channel message response_url actions state"
SHORTCUT_KEYS = "type token action_ts team user channel callback_id trigger_id message_ts message"
BUTTON = {
    "type": "button",
    "action_id": "retry",
    "value": "42",
    "text": {"type": "plain_text", "text": "Try again"},
}
MENU = {
    "type": "static_select",
    "action_id": "mode",
    "options": [
        {"text": {"type": "plain_text", "text": word}, "value": word} for word in ("auto", "off")
    ],
}


def plain(text):
    """A plain text object."""
    return {"type": "plain_text", "text": text}


def field(block_id, element):
    """A field of a modal."""
    return {"type": "input", "block_id": block_id, "label": plain("L"), "element": element}


def modal(*blocks, **more):
    """A modal with these blocks."""
    shared = {"type": "modal", "callback_id": "watch", "title": plain("Watch")}
    return {**shared, "submit": plain("Save"), "blocks": list(blocks), **more}


WORDS = field("words", {"type": "plain_text_input", "action_id": "typed"})

SUGGESTED = field(
    "what", {"type": "multi_external_select", "action_id": "labels", "min_query_length": 0}
)


@pytest.fixture
def asked(client):
    """A message of the bot with a button and a menu: its ts."""
    blocks = [{"type": "actions", "block_id": "row", "elements": [BUTTON, MENU]}]
    return client.chat_postMessage(channel="C0LAB", text="Failed", blocks=blocks)["ts"]


@pytest.fixture
def payloads(listener):
    """The payloads of one type that came so far."""

    def of(kind):
        return [r["json"] for r in listener.requests if r["json"].get("type") == kind]

    return of


@pytest.fixture
def opened(slack, client, listener, payloads):
    """Open a modal for ana and answer its submission with a given body."""

    def run(view, answer=None):
        slack.shortcut("ana", "open")
        client.views_open(trigger_id=payloads("shortcut")[-1]["trigger_id"], view=view)
        listener.body = json.dumps(answer).encode() if answer else b""

    return run


def test_command_form(slack, listener):
    """A command comes as a form with the fields that Slack documents, its text escaped."""
    slack.command("ana", "photos", "watch dog in #alerts and #lab for @ben & <all> http://x.y/?a&b")
    form = listener.requests[0]["form"]

    assert form.keys() >= set(FORM_KEYS.split())
    assert (form["command"], form["user_id"], form["channel_id"]) == (
        "/labels",
        "U0ANA",
        "C0PHOTOS",
    )
    assert form["text"] == (
        "watch dog in <#C0ALERTS|alerts> and <#C0LAB|> for <@U0BEN> &amp; &lt;all&gt; "
        "<http://x.y/?a&amp;b>"
    )


def test_hidden_channel_stays_words(slack, listener):
    """A channel that the person cannot see stays the plain word that was typed."""
    slack.command("ben", "photos", "watch dog in #lab")

    assert listener.requests[0]["form"]["text"] == "watch dog in #lab"


@pytest.mark.parametrize(
    ("body", "text"), [(b"plain words", "plain words"), (b'{"text": "from JSON"}', "from JSON")]
)
def test_command_answer_is_private(slack, listener, body, text):
    """What a command answers at once is shown to the person alone."""
    listener.body = body
    slack.command("ben", "photos", "help")

    assert [m.text for m in slack.ephemerals("ben")] == [text]
    assert slack.messages("photos") == []


def test_refused_answer_is_recorded(slack, listener):
    """An answer beyond Slack's limits is shown to nobody, and the ledger says why."""
    listener.body = b'{"text": "x", "blocks": [{"type": "marquee"}]}'
    slack.command("ben", "photos", "help")

    assert slack.ephemerals("ben") == []
    assert slack.ledger.entries("slack", "command_answer")[0].facts["error"] == "invalid_blocks"


def test_answer_may_be_public(slack, listener):
    """An answer that says so is shown in the channel."""
    listener.body = b'{"text": "for all", "response_type": "in_channel"}'
    slack.command("ben", "random", "help")

    assert [m.text for m in slack.messages("random")] == ["for all"]


def test_late_command_times_out(slack, listener):
    """A command that is not answered in time says so in Slack's words."""
    listener.delay_s = 0.7
    slack.command("ana", "photos", "help")

    assert slack.ephemerals("ana")[0].text == '/labels failed with the error "operation_timeout"'


def test_refused_command_says_so(slack, listener):
    """A command that the bot answers with an error says so in Slack's words."""
    listener.status = 500
    slack.command("ana", "photos", "help")

    assert slack.ephemerals("ana")[0].text == '/labels failed with the error "dispatch_failed"'


def test_unknown_command_is_refused(slack):
    """A command of nobody is refused by the client."""
    with pytest.raises(NotAllowed, match="/weather is not a valid command"):
        slack.command("ana", "photos", "/weather")


def test_invite_is_slacks_own(slack, listener):
    """`/invite @Spotter` brings the bot into the channel without asking it."""
    slack.command("ana", "random", "/invite @Spotter")

    assert "U0SPOTTER" in slack.world.channel("random").members
    assert not any("command" in r["form"] for r in listener.requests)


def test_response_url_has_limits(slack, listener):
    """A response URL takes five messages; the sixth is refused."""
    slack.command("ben", "photos", "help")
    hook = WebhookClient(listener.requests[0]["form"]["response_url"], retry_handlers=[])
    statuses = [hook.send(text=str(n)).status_code for n in range(6)]

    assert statuses == [200] * 5 + [404]
    assert [m.text for m in slack.ephemerals("ben")] == ["0", "1", "2", "3", "4"]


def test_response_url_grows_old(start_slack, redirect):
    """A response URL is refused half an hour later."""
    slack = start_slack(speed=1e9)
    listener = redirect(slack)
    slack.command("ben", "photos", "help")
    hook = WebhookClient(listener.requests[0]["form"]["response_url"], retry_handlers=[])

    assert json.loads(hook.send(text="late").body)["error"] == "expired_url"


def test_press_payload(slack, asked, payloads):
    """A pressed button comes as block_actions with the fields that Slack documents."""
    slack.press("ana", "lab", asked, "retry")
    payload = payloads("block_actions")[0]

    assert payload.keys() >= set(ACTION_KEYS.split())
    action = payload["actions"][0]
    assert action.keys() >= {"action_id", "block_id", "text", "value", "type", "action_ts"}
    assert (action["value"], action["block_id"]) == ("42", "row")
    assert payload["container"]["message_ts"] == asked
    assert payload["user"].keys() >= {"id", "username", "name", "team_id"}


def test_menu_payload(slack, asked, payloads):
    """A choice comes with the chosen option."""
    slack.press("ana", "lab", asked, "mode", choice="off")

    assert payloads("block_actions")[0]["actions"][0]["selected_option"]["value"] == "off"


def test_press_replaces_original(slack, asked, payloads):
    """By the response URL of a click its message can be replaced and deleted."""
    slack.press("ana", "lab", asked, "retry")
    hook = WebhookClient(payloads("block_actions")[0]["response_url"], retry_handlers=[])
    hook.send(text="again", replace_original=True)
    replaced = [m.text for m in slack.messages("lab")]
    hook.send(delete_original=True)

    assert (replaced, slack.messages("lab")) == (["again"], [])


def test_press_needs_the_button(slack, asked):
    """Only what stands in the message can be pressed, by those who see it."""
    with pytest.raises(NotAllowed):
        slack.press("ana", "lab", asked, "unknown")
    with pytest.raises(NotAllowed):
        slack.press("ben", "lab", asked, "retry")
    with pytest.raises(NotAllowed):
        slack.press("ana", "lab", "1.000001", "retry")


def test_ephemeral_can_be_pressed(slack, client, listener, payloads):
    """A button of an ephemeral message works for its person only."""
    blocks = [{"type": "actions", "elements": [BUTTON]}]
    where = {"channel": "C0PHOTOS", "user": "U0BEN"}
    ts = client.chat_postEphemeral(**where, text="x", blocks=blocks)["message_ts"]
    slack.press("ben", "photos", ts, "retry")
    with pytest.raises(NotAllowed):
        slack.press("ana", "photos", ts, "retry")

    assert payloads("block_actions")[0]["container"]["is_ephemeral"] is True
    assert len(listener.requests) == 1


def test_message_shortcut_payload(slack, payloads, png, listener):
    """A message shortcut comes with the message, its files and a response URL."""
    ts = slack.post("ana", "photos", [("cat.png", png())])
    slack.shortcut("ben", "label-this", "photos", ts)
    payload = payloads("message_action")[0]

    assert payload.keys() >= set(SHORTCUT_KEYS.split())
    assert payload["message"]["files"][0]["name"] == "cat.png"
    assert (payload["callback_id"], payload["message_ts"]) == ("label-this", ts)
    assert any("payload" in request["form"] for request in listener.requests)


def test_submission_payload(slack, opened, payloads):
    """A submitted modal comes with what was typed and chosen, and closes."""
    choice = {**MENU, "initial_option": MENU["options"][0]}
    boxes = {"type": "checkboxes", "action_id": "boxes", "options": MENU["options"]}
    person = {"type": "users_select", "action_id": "who"}
    fields = [("mode", choice), ("boxes", boxes), ("who", person)]
    opened(modal(WORDS, *(field(*pair) for pair in fields), private_metadata="7"))
    errors = slack.submit("ana", {"words": "dog", "boxes": ["off"], "who": "U0BEN"})
    view = payloads("view_submission")[0]["view"]
    values = view["state"]["values"]

    assert errors == {}
    assert view["private_metadata"] == "7"
    assert values["words"]["typed"] == {"type": "plain_text_input", "value": "dog"}
    assert values["mode"]["mode"]["selected_option"]["value"] == "auto"
    assert [o["value"] for o in values["boxes"]["boxes"]["selected_options"]] == ["off"]
    assert values["who"]["who"]["selected_user"] == "U0BEN"
    assert slack.world.views["U0ANA"] == []


def test_suggestion_payload(slack, opened, payloads, listener):
    """What is typed into an external menu is told to the bot, whose options can then be chosen."""
    opened(modal(SUGGESTED))
    listener.body = json.dumps({"options": MENU["options"]}).encode()
    found = slack.suggest("ana", "labels", "au")
    payload = payloads("block_suggestion")[0]
    listener.body = b""
    slack.submit("ana", {"labels": ["off", "never offered"]})
    values = payloads("view_submission")[0]["view"]["state"]["values"]

    assert found == MENU["options"]
    assert (payload["action_id"], payload["block_id"], payload["value"]) == ("labels", "what", "au")
    assert payload["view"]["callback_id"] == "watch"
    assert values["what"]["labels"]["selected_options"] == [MENU["options"][1]]


@pytest.mark.parametrize(
    "answer", [{"options": [{"text": "auto"}]}, {"options": MENU["options"] * 51}, ["?"], None]
)
def test_senseless_suggestions(slack, opened, listener, answer):
    """Options that Slack could not show are none."""
    opened(modal(SUGGESTED))
    listener.body = json.dumps(answer).encode()

    assert slack.suggest("ana", "labels", "au") == []


def test_short_words_ask_nothing(slack, opened, payloads):
    """Fewer characters than the menu wants are not told to the bot."""
    opened(modal(field("what", {"type": "external_select", "action_id": "labels"})))

    assert slack.suggest("ana", "labels", "au") == []
    assert payloads("block_suggestion") == []


def test_submission_errors_stay(slack, opened):
    """A refused submission leaves the modal open with the words under the field."""
    opened(modal(WORDS), {"response_action": "errors", "errors": {"words": "Not a label."}})

    assert slack.submit("ana", {"words": "?"}) == {"words": "Not a label."}
    assert slack.world.views["U0ANA"][0]["errors"] == {"words": "Not a label."}


@pytest.mark.parametrize(("action", "count"), [("update", 1), ("push", 2), ("clear", 0)])
def test_submission_actions(slack, opened, action, count):
    """A submission may update the modal, put another on it, or close all."""
    new = modal(WORDS, private_metadata="new")
    opened(modal(WORDS), {"response_action": action, "view": new})
    slack.submit("ana", {"words": "dog"})
    stack = slack.world.views["U0ANA"]

    assert len(stack) == count
    assert [view["private_metadata"] for view in stack[-1:]] == ["new"] * (count > 0)


def test_failed_submission_stays(slack, opened, listener):
    """A submission that the bot answers with an error leaves the modal with Slack's words."""
    opened(modal(WORDS))
    listener.status = 500

    assert slack.submit("ana", {}) == {"": "We had some trouble connecting. Try again?"}


@pytest.mark.parametrize(
    "answer", [{"response_action": "errors"}, ["?"], {"response_action": "update"}]
)
def test_senseless_submission_answer(slack, opened, answer):
    """A submission answered without sense leaves the modal with Slack's words."""
    opened(modal(WORDS), answer)

    assert "" in slack.submit("ana", {})


def test_dismissal_is_told(slack, opened, payloads):
    """A modal that wants to know is told when it is closed."""
    opened(modal(WORDS, notify_on_close=True))
    slack.dismiss("ana")

    assert payloads("view_closed")[0]["view"]["callback_id"] == "watch"
    assert slack.world.views["U0ANA"] == []


def test_home_button_payload(slack, client, listener, payloads):
    """A button of the Home tab comes with its view."""
    home = {"type": "home", "blocks": [{"type": "actions", "elements": [BUTTON]}]}
    client.views_publish(user_id="U0BEN", view=home)
    slack.press_in_view("ben", "retry", home=True)
    payload = payloads("block_actions")[0]

    assert payload["container"] == {"type": "view", "view_id": payload["view"]["id"]}
    assert any("payload" in request["form"] for request in listener.requests)
