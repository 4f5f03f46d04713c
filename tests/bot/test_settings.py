import pytest

from bot.errors import SettingsError
from bot.settings import VARIABLES, check_env_file, load_settings, settings_table

ENOUGH = {
    "SLACK_BOT_TOKEN": "xoxb-hunter2",
    "SLACK_APP_TOKEN": "xapp-hunter2",
    "S3_BUCKET": "our-pictures",
}


def problems(environ, **options):
    """The sentences that loading these settings fails with."""
    with pytest.raises(SettingsError) as caught:
        load_settings(environ, **options)
    return caught.value.facts["problems"]


def test_three_variables_suffice():
    """Two tokens and a bucket are enough for one machine; the rest has defaults."""
    settings = load_settings(ENOUGH)

    assert settings.slash_command == "/labels"
    assert settings.slack_api_url == "https://slack.com/api/"
    assert settings.keep_days == 90
    assert settings.picture_memory == 700 * 1024**2
    assert settings.port == 3000
    assert settings.rekognition_per_second == 5
    assert not settings.on_postgresql


def test_all_problems_at_once():
    """Everything that is wrong is said in one go, each in a sentence that names its variable."""
    found = problems({"KEEP_DAYS": "ninety", "REPLY_PICTURE": "paint", "PORT": "70000"})

    named = [sentence.split()[0] for sentence in found]
    assert named == [
        "SLACK_BOT_TOKEN",
        "SLACK_APP_TOKEN",
        "S3_BUCKET",
        "KEEP_DAYS",
        "PORT",
        "REPLY_PICTURE",
    ]


def test_sentence_tells_where():
    """A sentence says what is wrong, what the value must be, and where to find one."""
    (found,) = problems({**ENOUGH, "SLACK_BOT_TOKEN": "xapp-mixed-up"})

    assert found == (
        "SLACK_BOT_TOKEN is not usable: it must begin with xoxb-. Find it: api.slack.com/apps, "
        "your app, OAuth & Permissions, Bot User OAuth Token."
    )


def test_empty_counts_as_unset():
    """A line of .env that was never filled in is as good as none."""
    settings = load_settings({**ENOUGH, "PORT": " ", "OPS_CHANNEL": ""})

    assert settings.port == 3000
    assert settings.ops_channel is None


@pytest.mark.parametrize("name", VARIABLES)
def test_faulty_value_is_not_echoed(name):
    """What was typed never comes back, in a problem or in the error's cause: it may be a secret."""
    with pytest.raises(SettingsError) as caught:
        load_settings({**ENOUGH, "DATABASE_URL": "mysql://hunter2", name: "\x00 hunter2"})

    assert "hunter2" not in str(caught.value)
    assert caught.value.__cause__ is None
    assert caught.value.__context__ is None


def test_secrets_print_as_stars():
    """Tokens and the database's password do not show when settings are printed."""
    url = "postgres://spotter:hunter2@db/spotter"
    settings = load_settings({**ENOUGH, "SLACK_SIGNING_SECRET": "hunter2", "DATABASE_URL": url})

    assert "hunter2" not in f"{settings!r} {settings}"


def test_settings_are_frozen():
    """Nobody changes a setting while the program runs."""
    settings = load_settings(ENOUGH)

    with pytest.raises(ValueError, match="frozen"):
        settings.port = 1


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg"])
def test_postgresql_address_is_normalised(scheme):
    """Every way to write a PostgreSQL address ends in the one that SQLAlchemy and psycopg read."""
    settings = load_settings({**ENOUGH, "DATABASE_URL": f"{scheme}://u:p@db:5432/spotter"})

    assert settings.database_url.get_secret_value() == "postgresql+psycopg://u:p@db:5432/spotter"
    assert settings.on_postgresql


def test_database_follows_data_dir():
    """Without DATABASE_URL the database is a file in DATA_DIR."""
    settings = load_settings({**ENOUGH, "DATA_DIR": "/srv/spotter"})

    assert settings.database_url.get_secret_value() == "sqlite:////srv/spotter/spotter.db"


@pytest.mark.parametrize(
    ("written", "size"),
    [("700MiB", 734_003_200), ("1 GiB", 1_073_741_824), ("300000000", 300_000_000)],
)
def test_memory_reads_like_memory(written, size):
    """PICTURE_MEMORY is a number of bytes or a size with its unit."""
    settings = load_settings({**ENOUGH, "PICTURE_MEMORY": written})

    assert settings.picture_memory == size


def test_lists_are_split():
    """Lists are separated by commas; blanks and a comma too many do not matter."""
    settings = load_settings({**ENOUGH, "ADMINS": "U1, W2,", "S3_LINK_ALLOW": "cams/front, open"})

    assert settings.admins == ("U1", "W2")
    assert settings.s3_link_allow == (("cams", "front/"), ("open", ""))


@pytest.mark.parametrize(
    "place", ["s3://cams", "cams/*", "Cams", "cams/${aws:username}", "cams/a?"]
)
def test_link_place_has_no_wildcards(place):
    """A place of S3_LINK_ALLOW is a bucket or a folder: nothing in it means more than it says."""
    found = problems({**ENOUGH, "S3_LINK_ALLOW": place})

    assert found[0].startswith("S3_LINK_ALLOW is not usable")


@pytest.mark.parametrize("way", ["web", "worker"])
def test_scaled_ways_need_postgresql(way):
    """Several processes meet in PostgreSQL and do not start without it."""
    (found,) = problems({**ENOUGH, "SLACK_SIGNING_SECRET": "s"}, way=way)

    assert found == (
        f"DATABASE_URL must be the address of a PostgreSQL database for {way}: its processes meet "
        "there. On one machine, python -m bot run needs none."
    )


def test_web_needs_signing_secret():
    """The HTTP side cannot tell Slack from anybody else without the signing secret."""
    found = problems({**ENOUGH, "DATABASE_URL": "postgres://u:p@db/spotter"}, way="web")

    assert [sentence.split()[0] for sentence in found] == ["SLACK_SIGNING_SECRET"]


def test_run_takes_either_way():
    """One machine needs the app token or the signing secret, and says so when it has neither."""
    http = {"SLACK_BOT_TOKEN": "xoxb-1", "S3_BUCKET": "abc", "SLACK_SIGNING_SECRET": "s"}
    neither = {name: http[name] for name in ("SLACK_BOT_TOKEN", "S3_BUCKET")}

    assert load_settings(http).slack_app_token is None
    assert "SLACK_SIGNING_SECRET (for HTTP)" in problems(neither)[0]


def test_stray_key_names_nearest(tmp_path):
    """A key of .env that is no setting is an error that names the nearest setting."""
    env_file = tmp_path / ".env"
    env_file.write_text("S3_BUKET=abc\nslack_bot_token=xoxb-hunter2\nAWS_PROFILE=spotter\n")

    assert list(check_env_file(env_file).values()) == [
        "S3_BUKET in .env is no setting of Spotter. The nearest is S3_BUCKET.",
        "slack_bot_token in .env is no setting of Spotter. The nearest is SLACK_BOT_TOKEN.",
    ]
    assert len(problems(ENOUGH, env_file=env_file)) == 2


def test_missing_env_file_is_fine(tmp_path):
    """Whoever sets the environment otherwise needs no .env."""
    settings = load_settings(ENOUGH, env_file=tmp_path / ".env")

    assert settings.s3_bucket == "our-pictures"


def test_foreign_environment_is_ignored():
    """Variables of the process environment that are not ours are not our business."""
    settings = load_settings({**ENOUGH, "S3_BUKET": "x", "HOME": "/root"})

    assert settings.s3_bucket == "our-pictures"


def test_table_has_every_variable():
    """The table of the README explains each variable in one row."""
    rows = settings_table().splitlines()[2:]

    assert [row.split("`")[1] for row in rows] == list(VARIABLES)
