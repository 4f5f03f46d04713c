import fcntl
import socket

import pytest

from bot import errors
from bot.running import run_everything
from bot.sandbox.aws_server import AwsSandbox
from bot.sandbox.bot_process import BotProcess
from bot.settings import Settings

GIVEN = {"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_APP_TOKEN": "xapp-1", "S3_BUCKET": "bucket"}


@pytest.fixture
def told(slack, tmp_path):
    """The variables of a bot that has all it needs."""
    aws = AwsSandbox(slack.ledger, slack.faults, tmp_path / "objects")
    aws.start()
    yield slack.environment() | aws.environment()
    aws.stop()


@pytest.fixture
def end(slack, told, tmp_path):
    """A function that starts the bot, waits for its end, and gives the last thing it said."""
    started = []

    def run(**more):
        environment = {key: value for key, value in (told | more).items() if value}
        bot = BotProcess(environment, tmp_path)
        started.append(bot)
        bot.start()
        assert not slack.wait_for(lambda: slack.connected, 0.1)
        for _ in range(200):
            if not bot.is_running:
                break
            slack.wait_for(lambda: False, 0.1)
        assert not bot.is_running, bot.log_text()
        return bot.log_text().splitlines()[-1]

    yield run
    for bot in started:
        bot.kill()


def test_wrong_app_token(end):
    """An app token that Slack does not take ends the start with the setting's name."""
    assert end(SLACK_APP_TOKEN="xapp-of-another-app") == (
        "Slack refuses SLACK_APP_TOKEN (invalid_auth). python -m bot doctor says what to do."
    )


def test_taken_port(end):
    """A port that somebody else listens on ends the start with the setting's name."""
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]

        assert end(SLACK_APP_TOKEN="", PORT=str(port)) == (
            f"HOST 127.0.0.1 with PORT {port} cannot be listened on (Address already in use). "
            "Set another PORT, or stop what uses this one."
        )


def test_foreign_host(end):
    """An address that is not this machine's ends the start with the setting's name."""
    assert end(SLACK_APP_TOKEN="", HOST="203.0.113.9", PORT="0").startswith("HOST 203.0.113.9 ")


@pytest.fixture
def shared(tmp_path):
    """A database file that another process has locked."""
    file = tmp_path / "elsewhere" / "shared.db"
    file.parent.mkdir()
    with (tmp_path / "elsewhere" / "shared.db.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield file


@pytest.mark.parametrize("folder", ["a", "b"])
def test_database_is_shared_by_none(shared, tmp_path, folder):
    """Two starts on one database file are told apart by that file, wherever their data is."""
    given = {"DATABASE_URL": f"sqlite:///{shared}", "DATA_DIR": str(tmp_path / folder)}
    with pytest.raises(errors.SettingsError) as caught:
        run_everything(Settings.model_validate(GIVEN | given))

    assert str(caught.value).startswith(f"Another Spotter is running on {shared}.")


def test_same_file_by_another_name(shared, tmp_path):
    """A link to a database file is that file."""
    (tmp_path / "link").symlink_to(shared.parent)
    given = {"DATABASE_URL": f"sqlite:///{tmp_path / 'link' / 'shared.db'}"}
    with pytest.raises(errors.SettingsError) as caught:
        run_everything(Settings.model_validate(GIVEN | given))

    assert "Another Spotter is running" in str(caught.value)


@pytest.mark.parametrize("setting", ["DATA_DIR", "DATABASE_URL"])
def test_folder_that_cannot_be(tmp_path, setting):
    """A place where no database can be ends the start with the setting's name."""
    (tmp_path / "file").write_text("")
    prefix, name = ("sqlite:///", "/spotter.db") if setting == "DATABASE_URL" else ("", "")
    given = {setting: f"{prefix}{tmp_path / 'file' / 'data'}{name}"}
    with pytest.raises(errors.SettingsError) as caught:
        run_everything(Settings.model_validate(GIVEN | given))

    assert f"Check {setting}, or who may write there." in str(caught.value)
