import json
import re
import urllib.error
import urllib.request

import pytest

ADDRESS = re.compile(r"https?://[^\s\"|>]+")


@pytest.fixture(scope="module")
def secret_cups(quiet_stage, fresh):
    """A stage where cups were seen in #lab alone, of which only ana is a member."""
    quiet_stage.post_and_wait(("street.jpg", fresh("street")))
    quiet_stage.post_and_wait(("cups.jpg", fresh("kitchen")), channel="lab")
    quiet_stage.settle(0.5)
    return quiet_stage


def page_state(stage, person):
    """What the page shows a person."""
    url = f"{stage.slack.url}/sandbox/state?as={person}"
    with urllib.request.urlopen(url) as answer:  # noqa: S310 - an address of ours
        return json.load(answer)


def test_suggestion_from_own_channels(secret_cups):
    """Did-you-mean draws on the channels that the asker may see."""
    assert "Did you mean *Cup*" in secret_cups.command("ana", "lab", "/labels watch cupp")
    assert "Did you mean *Bus*" in secret_cups.command("guest", "photos", "/labels watch buss")


@pytest.mark.parametrize("person", ["ben", "guest"])
def test_no_suggestion_from_private(secret_cups, person):
    """What was seen in #lab alone is, for who is outside, the same as what was never seen."""
    secret = secret_cups.command(person, "photos", "/labels watch cupp")
    unknown = secret_cups.command(person, "photos", "/labels watch zyxw")

    assert "Cup*" not in secret
    assert secret.replace("cupp", "zyxw") == unknown


@pytest.mark.parametrize("person", ["ben", "guest"])
def test_page_hides_private_channel(secret_cups, person):
    """The page's state for ben and the guest holds nothing of #lab, nor its pictures."""
    state = json.dumps(page_state(secret_cups, person))
    posted = next(m for m in secret_cups.slack.messages("lab") if m.files)
    url = f"{secret_cups.slack.url}/sandbox/file/{posted.files[0]}?as={person}"
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(url)  # noqa: S310 - an address of ours
    refused.value.close()

    assert "lab" not in [channel["name"] for channel in page_state(secret_cups, person)["channels"]]
    assert "C0LAB" not in state
    assert "cups.jpg" not in state
    assert refused.value.code == 403


def test_page_shows_members(secret_cups):
    """Ana, who is a member, sees #lab and its picture."""
    assert "cups.jpg" in json.dumps(page_state(secret_cups, "ana"))


def test_no_address_in_replies(secret_cups, fresh):
    """No message holds an address, but for a notice's link to a message, which Slack guards."""
    secret_cups.command("ben", "photos", "/labels watch bus")
    ts = secret_cups.post(("street.jpg", fresh("street")))
    secret_cups.wait_notice("ben")
    addresses = {found for words in secret_cups.said() for found in ADDRESS.findall(words)}

    assert addresses == {f"{secret_cups.slack.url}/archives/C0PHOTOS/p{ts.replace('.', '')}"}
