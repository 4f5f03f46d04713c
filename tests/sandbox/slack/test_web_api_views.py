"""Modals and the Home tab through the official client."""

import time

import pytest


def modal(**more):
    """A small modal with one text field."""
    field = {"type": "plain_text_input", "action_id": "words"}
    label = {"type": "plain_text", "text": "Label"}
    return {
        "type": "modal",
        "callback_id": "add-watch",
        "title": {"type": "plain_text", "text": "Watch"},
        "submit": {"type": "plain_text", "text": "Save"},
        "blocks": [{"type": "input", "block_id": "label", "label": label, "element": field}],
        **more,
    }


VIEW_KEYS = (
    "id team_id type blocks private_metadata callback_id state hash title "
    "clear_on_close notify_on_close close submit previous_view_id root_view_id app_id "
    "external_id app_installed_team_id bot_id"
)


@pytest.fixture
def trigger(slack):
    """A fresh trigger id of a person."""

    def new(user="U0ANA"):
        with slack.world.changed:
            return slack._site.tickets.new_trigger(user)  # noqa: SLF001 - only payloads carry them

    return new


def test_view_shape(slack, client, trigger):
    """An opened modal has the keys that Slack documents and stands before the person."""
    view = client.views_open(trigger_id=trigger(), view=modal())["view"]

    assert view.keys() >= set(VIEW_KEYS.split())
    assert slack.world.views["U0ANA"] == [view]


def test_trigger_works_once(client, refused, trigger):
    """A trigger id opens one modal; a second use and a made-up one are refused."""
    used = trigger()
    client.views_open(trigger_id=used, view=modal())

    assert refused(client.views_open, trigger_id=used, view=modal())["error"] == (
        "exchanged_trigger_id"
    )
    assert refused(client.views_open, trigger_id="1.2.x", view=modal())["error"] == (
        "invalid_trigger_id"
    )


def test_trigger_grows_old(start_slack, client_of, refused):
    """A trigger id is refused when it is too old."""
    slack = start_slack(trigger_limit_s=0.01)
    old = slack._site.tickets.new_trigger("U0ANA")  # noqa: SLF001 - only payloads carry them
    time.sleep(0.02)
    answer = refused(client_of(slack).views_open, trigger_id=old, view=modal())

    assert answer["error"] == "expired_trigger_id"


def test_long_title_is_refused(client, refused, trigger):
    """A modal beyond Slack's limits is refused with the place."""
    view = modal(title={"type": "plain_text", "text": "a" * 25})
    answer = refused(client.views_open, trigger_id=trigger(), view=view)

    assert answer["error"] == "invalid_arguments"
    assert answer["response_metadata"]["messages"] == [
        "[ERROR] must be less than 25 characters [json-pointer:/view/title/text]"
    ]


def test_stack_holds_three(client, refused, trigger):
    """At most three modals lie on each other."""
    client.views_open(trigger_id=trigger(), view=modal())
    client.views_push(trigger_id=trigger(), view=modal())
    top = client.views_push(trigger_id=trigger(), view=modal())["view"]

    assert top["previous_view_id"] != top["root_view_id"]
    assert refused(client.views_push, trigger_id=trigger(), view=modal())["error"] == (
        "push_limit_reached"
    )


def test_update_checks_hash(client, refused, trigger):
    """A modal is updated by id; an old hash is a conflict, an unknown id not found."""
    view = client.views_open(trigger_id=trigger(), view=modal())["view"]
    new = modal(private_metadata="2")
    updated = client.views_update(view_id=view["id"], hash=view["hash"], view=new)["view"]

    assert updated["private_metadata"] == "2"
    stale = {"view_id": view["id"], "hash": view["hash"], "view": new}
    assert refused(client.views_update, **stale)["error"] == "hash_conflict"
    assert refused(client.views_update, view_id="V0", view=new)["error"] == "not_found"


def test_huge_view_is_refused(client, refused, trigger):
    """A view of more than 250 kB is `view_too_large`."""
    section = {"type": "section", "text": {"type": "plain_text", "text": "a" * 3000}}
    view = modal(blocks=[section] * 90)
    answer = refused(client.views_open, trigger_id=trigger(), view=view)

    assert answer["error"] == "view_too_large"


def test_home_is_published(slack, client):
    """A published Home tab is there for its person."""
    client.views_publish(user_id="U0BEN", view={"type": "home", "blocks": [{"type": "divider"}]})

    assert slack.world.homes["U0BEN"]["blocks"][0]["type"] == "divider"
