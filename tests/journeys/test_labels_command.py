import time

import pytest

COMMANDS = ("watch", "unwatch", "watches", "export", "status", "mode", "help")


@pytest.fixture
def ask(quiet_stage):
    """A function that types a command as ben in #photos; what ben alone is answered."""
    return lambda text, channel="photos": quiet_stage.command("ben", channel, f"/labels {text}")


def eventually(question, *, has):
    """The answer to a question, asked again for a while until it has these words."""
    for _ in range(40):
        answer = question()
        if has in answer:
            break
        time.sleep(0.1)
    return answer


@pytest.mark.parametrize("text", ["", "help", "  HELP  ", "“help”"])
def test_help(ask, text):
    """No words, and help however it is typed, show every command with an example."""
    answer = ask(text)

    assert all(f"/labels {command}" in answer for command in COMMANDS)
    assert "For example" in answer


@pytest.mark.parametrize(
    ("text", "problem", "example"),
    [
        ("wach dog", "Did you mean “watch”?", "/labels watch dog"),
        ("dog", "is not a command", "/labels watch dog"),
        ("watch over 90%", "Which label?", "/labels watch"),
        ("watch dog over 900%", "900", "/labels watch dog over"),
        ("watch dog and", "“and” needs a label", "/labels watch dog and"),
        ("unwatch", "", "/labels unwatch"),
        ("mode", "takes one of auto, request, off", "/labels mode auto"),
        ("mode of", "Did you mean “off”?", "/labels mode off"),
        ("mode bots maybe", "takes one of on, off", "/labels mode bots on"),
        ("watches all", "Nothing belongs after", "/labels watches"),
        ("status now", "Nothing belongs after", "/labels status"),
        ("help me", "“me” is not a command", "/labels "),
        ("watch <!channel>", "", "/labels watch"),
    ],
)
def test_errors(ask, text, problem, example):
    """What cannot be followed is answered with what is wrong and an example that works."""
    answer = ask(text)

    assert problem in answer
    assert example in answer
    assert "<!channel>" not in answer


def test_answers_are_private(quiet_stage, ask):
    """Only the asker sees the answer."""
    before = [len(quiet_stage.slack.ephemerals(person)) for person in ("ana", "guest")]
    posted = quiet_stage.ledger.count("slack", "chat.postMessage")
    ask("watches")

    assert [len(quiet_stage.slack.ephemerals(p)) for p in ("ana", "guest")] == before
    assert quiet_stage.ledger.count("slack", "chat.postMessage") == posted


def test_watch_from_end_to_end(ask):
    """Watches are added once, listed, and removed, however they are spelt."""
    assert ask("watches").startswith("You watch nothing yet.")
    assert ask("watch Traffic  Light").startswith("You now watch *Traffic Light*")
    assert "already" in ask("WATCH “traffic light”")
    assert ask("watch 'Mobile Phone' over 90 %").startswith("You now watch *Mobile Phone over 90%*")
    assert ask("watches").startswith("You watch *Traffic Light* and *Mobile Phone over 90%*.")
    assert ask("unwatch traffic light") == "You no longer watch *Traffic Light*."
    assert ask("unwatch traffic light").startswith("You do not watch *traffic light*.")
    assert ask("unwatch mobile phone") == "You no longer watch *Mobile Phone over 90%*."
    assert ask("watches").startswith("You watch nothing yet.")


def test_watches_are_personal(quiet_stage, ask):
    """What one person watches is not another's."""
    ask("watch cup")

    assert quiet_stage.command("ana", "photos", "watches").startswith("You watch nothing yet.")
    assert ask("unwatch cup") == "You no longer watch *cup*."


def test_did_you_mean(quiet_stage, fresh, ask):
    """Once a label was seen, a slip in its name is noticed."""
    quiet_stage.post_and_wait(("park.jpg", fresh()))
    answer = eventually(lambda: ask("unwatch brid") and ask("watch brid"), has="Did you mean")
    ask("unwatch brid")

    assert "Did you mean *Bird*? Then type `/labels watch Bird`." in answer


def test_status(quiet_stage, fresh, ask):
    """Status says how the channel is set, and when a picture was last answered in it."""
    assert "Last picture answered here: none yet." in ask("status", channel="alerts")
    ask("mode request", channel="alerts")
    assert "only when somebody asks" in ask("status", channel="alerts")
    ask("mode auto", channel="alerts")
    ask("mode bots on", channel="alerts")
    assert "other bots post here are labelled too" in ask("status", channel="alerts")
    quiet_stage.post_and_wait(("park.jpg", fresh()), channel="alerts")

    assert "Last picture answered here: <!date^" in ask("status", channel="alerts")


@pytest.mark.parametrize("text", ["status", "mode off", "mode bots on"])
def test_where_bot_is_not(ask, text):
    """Where the bot is not in the channel, the answer says how to bring it in."""
    assert "Type /invite <@U0SPOTTER> here" in ask(text, channel="random")


def test_invited(quiet_stage, fresh, ask):
    """Once invited, the bot works in that channel."""
    quiet_stage.command("ana", "random", "status")
    quiet_stage.slack.command("ana", "random", "/invite @Spotter")
    reply = quiet_stage.post_and_wait(("park.jpg", fresh()), person="ben", channel="random")

    assert reply.text.startswith("1 Dog")
    assert ask("status", channel="random").startswith("I am in this channel.")


def test_watches_survive_restart(quiet_stage, ask):
    """Watches and channel modes are there again after the bot was stopped and started."""
    ask("watch Balloon")
    ask("mode off", channel="alerts")
    quiet_stage.bot.stop(within_s=20)
    # A request URL stays known to Slack, whether anybody listens there or not.
    over_http = quiet_stage.line == "http"
    assert over_http or quiet_stage.slack.wait_for(lambda: not quiet_stage.slack.connected, 10)
    quiet_stage.start()

    assert ask("watches").startswith("You watch *Balloon*.")
    assert "are left alone" in ask("status", channel="alerts")
    assert ask("unwatch balloon") == "You no longer watch *Balloon*."
    ask("mode auto", channel="alerts")
