"""Every variable Spotter reads: its meaning, its form, its default, and where to get it.

The process environment is the only source; `__main__` loads `.env` into it beforehand.
No Slack, no AWS, no database: whether a token works is for the doctor to find out.
This is long because whoever looks for a variable wants to see them all in one place.
"""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

from dotenv import dotenv_values
from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ByteSize,
    ConfigDict,
    SecretStr,
    ValidationError,
)

from bot.errors import SettingsError
from bot.links import S3Place
from bot.setting_forms import (
    BUCKET,
    EMOJI,
    beginning,
    database_address,
    list_of,
    place,
    setting,
)

Way = Literal["run", "web", "worker"]
"""The ways to start the bot; each needs other variables."""

_APP_PAGE = "api.slack.com/apps, your app"


def _sqlite_in(data: dict[str, Any]) -> SecretStr:
    return SecretStr(f"sqlite:///{data.get('data_dir', '.data')}/spotter.db")


class Settings(BaseModel):
    """What the process was told; built by `load_settings`, travels as an argument."""

    model_config = ConfigDict(
        frozen=True,
        extra="ignore",
        alias_generator=str.upper,
        hide_input_in_errors=True,
    )

    slack_bot_token: Annotated[SecretStr, beginning("xoxb-")] = setting(
        "The token Spotter speaks to Slack with.",
        must="begin with `xoxb-`",
        where=f"{_APP_PAGE}, OAuth & Permissions, Bot User OAuth Token",
    )
    slack_app_token: Annotated[SecretStr, beginning("xapp-")] | None = setting(
        "The token for Socket Mode: no public address needed. With it, `run` uses Socket Mode.",
        must="begin with `xapp-`",
        where=f"{_APP_PAGE}, Basic Information, App-Level Tokens, scope `connections:write`",
        default=None,
    )
    slack_signing_secret: SecretStr | None = setting(
        "Proves that a request over HTTP comes from Slack. Needed for HTTP, not for Socket Mode.",
        must="be the app's signing secret",
        where=f"{_APP_PAGE}, Basic Information, App Credentials",
        default=None,
    )
    slack_api_url: Annotated[str, AfterValidator(lambda url: f"{url.rstrip('/')}/")] = setting(
        "Where Slack's Web API is; only a stand-in needs another.",
        must="be an address that begins with `https://` or `http://`",
        default="https://slack.com/api/",
        pattern=r"^https?://[^\s/]",
    )
    slash_command: str = setting(
        "The command people type; the manifest and the answers follow it.",
        must="be a slash and up to 31 lower-case letters, digits, `-` or `_`",
        default="/labels",
        pattern=r"^/[a-z0-9_-]{1,31}$",
    )
    s3_bucket: str = setting(
        "The bucket that keeps the original pictures, under `t/`.",
        must="be the name of a bucket, without `s3://`",
        where="the S3 page of your AWS account, or `aws s3 mb s3://NAME`",
        pattern=rf"^{BUCKET}$",
    )
    s3_link_allow: Annotated[tuple[S3Place, ...], list_of(rf"{BUCKET}(/[^\s*?$]*)?", place)] = (
        setting(
            "Which S3 objects may be labelled from a link: `bucket` or `bucket/folder`, by commas. "
            "Unset: links are left alone.",
            must="be a comma list of `bucket` or `bucket/folder`, without wildcards",
            default=(),
        )
    )
    data_dir: Path = setting(
        "The folder of the embedded database.",
        must="be a folder that Spotter may write to",
        default=Path(".data"),
    )
    database_url: Annotated[SecretStr, AfterValidator(database_address)] = setting(
        "The database. Unset: an SQLite file in `DATA_DIR`. `web` and `worker` need PostgreSQL.",
        must="begin with `postgresql://`, `postgres://` or `sqlite:///`",
        where="your hosting service, or the administrator of the database",
        default_factory=_sqlite_in,
    )
    admins: Annotated[tuple[str, ...], list_of("[UW][A-Z0-9]+")] = setting(
        "People who count as admins beside Slack's own admins: member IDs, by commas.",
        must="be a comma list of member IDs such as `U012AB3CD`",
        where="in Slack, a person's profile, the three dots, Copy member ID",
        default=(),
    )
    ops_channel: str | None = setting(
        "The channel that hears when REKOGNITION_PER_MONTH is nearly reached, and when it is.",
        must="be a channel's ID such as `C012AB3CD`",
        where="in Slack, the channel's name, About, at the very bottom",
        default=None,
        pattern="^[CGD][A-Z0-9]+$",
    )
    keep_days: int = setting(
        "How many days pictures and labels are kept, where no channel says otherwise.",
        must="be a whole number of days from 1 to 3650",
        default=90,
        ge=1,
        le=3650,
    )
    show_from_percent: int = setting(
        "How sure a label must be to be shown, in percent, where no channel says otherwise.",
        must="be a whole number from 55 to 100",
        default=80,
        ge=55,
        le=100,
    )
    catch_up_hours: int = setting(
        "How many hours back to look for pictures that were posted while Spotter was away; 0 for "
        "none.",
        must="be a whole number of hours from 0 to 168",
        default=6,
        ge=0,
        le=168,
    )
    label_emoji: str = setting(
        "The reaction that asks for a message's pictures to be labelled.",
        must="be the name of an emoji without colons",
        default="label",
        pattern=EMOJI,
    )
    opt_out_emoji: str = setting(
        "The reaction by which a poster keeps a message of their own from Spotter.",
        must="be the name of an emoji without colons",
        default="no_entry_sign",
        pattern=EMOJI,
    )
    picture_memory: ByteSize = setting(
        "The memory that opening one picture may take; a picture that needs more is refused.",
        must="be a size of at least 128 MiB, such as `700MiB` or a number of bytes",
        default="700MiB",
        validate_default=True,
        ge=128 * 1024**2,
    )
    picture_frames: int = setting(
        "How many frames or pages a picture may have; only its first one is labelled.",
        must="be a whole number from 1 to 100000",
        default=1000,
        ge=1,
        le=100_000,
    )
    download_limit: ByteSize = setting(
        "How large a posted file may be; a download is cut off there.",
        must="be a size from 1 MiB to 1 GiB, such as `64MiB` or a number of bytes",
        default="64MiB",
        validate_default=True,
        ge=1024**2,
        le=1024**3,
    )
    host: str = setting(
        "The address to listen on for HTTP; `0.0.0.0` takes requests from other machines too.",
        must="be an IP address of this machine, or `0.0.0.0`",
        default="127.0.0.1",
        pattern=r"^[0-9a-fA-F.:]+$",
    )
    port: int = setting(
        "The port for HTTP; 0 takes a free one.",
        must="be a whole number from 0 to 65535",
        default=3000,
        ge=0,
        le=65_535,
    )
    reply_picture: Literal["auto", "share"] = setting(
        "How the picture gets into the thread: in the message's own block, or shared as a file.",
        must="be `auto` or `share`",
        default="auto",
    )
    rekognition_per_second: int = setting(
        "How many DetectLabels calls a second your account may make, over all processes.",
        must="be a whole number from 1 to 1000",
        where="the AWS page Service Quotas: 50 or 5, depending on the region",
        default=5,
        ge=1,
        le=1000,
    )
    rekognition_per_month: int | None = setting(
        "How many DetectLabels calls may be made in a calendar month; further pictures wait.",
        must="be a whole number, at least 1",
        default=None,
        ge=1,
    )
    retry_for_s: int = setting(
        "How many seconds a step that may pass is tried again before the poster is told.",
        must="be a whole number of seconds from 1 to 3600",
        default=60,
        ge=1,
        le=3600,
    )
    log_level: Annotated[
        Literal["DEBUG", "INFO", "WARNING", "ERROR"], BeforeValidator(lambda v: str(v).upper())
    ] = setting(
        "How much the log says.",
        must="be `DEBUG`, `INFO`, `WARNING` or `ERROR`",
        default="INFO",
    )

    @property
    def on_postgresql(self) -> bool:
        """Whether several processes may share the database."""
        return self.database_url.get_secret_value().startswith("postgresql")


VARIABLES = tuple(name.upper() for name in Settings.model_fields)
"""The names of all settings, in the order in which they are explained."""


def load_settings(
    environ: Mapping[str, str], *, way: Way = "run", env_file: Path | None = None
) -> Settings:
    """Read the settings for one way of running; an empty value counts as unset.

    Raises:
        SettingsError: every problem at once, also those of `env_file`, without any secret's value.
    """
    problems = find_problems(environ, way=way, env_file=env_file)
    if problems:
        raise SettingsError(problems=list(problems.values()))
    return Settings.model_validate(_given(environ))


def find_problems(
    environ: Mapping[str, str], *, way: Way = "run", env_file: Path | None = None
) -> dict[str, str]:
    """What keeps `load_settings` from succeeding: one sentence by variable, none when all is well.

    Unlike `load_settings` this does not raise, for a caller that goes on with what is usable.
    """
    given = _given(environ)
    faulty: set[str] = set()
    try:
        Settings.model_validate(given)
    except ValidationError as error:
        faulty = {str(fault["loc"][0]) for fault in error.errors()}
    problems = _missing_for(way, given) | {name: _sentence(name, given) for name in faulty}
    strangers = check_env_file(env_file) if env_file else {}
    return strangers | {name: problems[name] for name in VARIABLES if name in problems}


def _given(environ: Mapping[str, str]) -> dict[str, str]:
    return {name: environ[name].strip() for name in VARIABLES if environ.get(name, "").strip()}


def check_env_file(path: Path) -> dict[str, str]:
    """One sentence by key of an `.env` file that Spotter does not know; none if there is no file.

    `AWS_...` is left alone: those are boto3's own.
    """
    keys = dotenv_values(path, interpolate=False) if path.is_file() else {}
    strangers = [key for key in keys if key not in VARIABLES and not key.startswith("AWS_")]
    return {key: _stranger(key, path) for key in strangers}


def _stranger(key: str, path: Path) -> str:
    near = difflib.get_close_matches(key.upper(), VARIABLES, n=1, cutoff=0)
    return f"{key} in {path.name} is no setting of Spotter. The nearest is {near[0]}."


def _missing_for(way: Way, given: Mapping[str, str]) -> dict[str, str]:
    """What this way of running needs beyond what the fields themselves demand."""
    problems = {}
    if way == "run" and not {"SLACK_APP_TOKEN", "SLACK_SIGNING_SECRET"} & given.keys():
        problems["SLACK_APP_TOKEN"] = (
            "SLACK_APP_TOKEN (for Socket Mode) or SLACK_SIGNING_SECRET (for HTTP) is missing. "
            f"Find it: {_APP_PAGE}, Basic Information."
        )
    if way == "web" and "SLACK_SIGNING_SECRET" not in given:
        problems["SLACK_SIGNING_SECRET"] = _sentence("SLACK_SIGNING_SECRET", given)
    if way != "run" and not given.get("DATABASE_URL", "").startswith("postgres"):
        problems["DATABASE_URL"] = (
            f"DATABASE_URL must be the address of a PostgreSQL database for {way}: "
            "its processes meet there. On one machine, python -m bot run needs none."
        )
    return problems


def _sentence(name: str, given: Mapping[str, str]) -> str:
    """What is wrong with one variable, what it must be, where to get it; never what it is."""
    explained: Any = Settings.model_fields[name.lower()].json_schema_extra
    start = f"{name} is not usable: it" if name in given else f"{name} is missing. It"
    where = f" Find it: {explained['where']}." if explained["where"] else ""
    return f"{start} must {explained['must'].replace('`', '')}.{where}"


def settings_table() -> str:
    """The table of all settings for the README, in Markdown."""
    rows = ["| Variable | Default | Meaning |", "| --- | --- | --- |"]
    return "\n".join(rows + [_row(name) for name in VARIABLES])


def _row(name: str) -> str:
    field = Settings.model_fields[name.lower()]
    explained: Any = field.json_schema_extra
    default = "**needed**" if field.is_required() else f"`{field.default}`"
    if field.default in (None, ()) or field.default_factory:
        default = "none" if name != "DATABASE_URL" else "SQLite"
    where = f" Find it: {explained['where']}." if explained["where"] else ""
    return f"| `{name}` | {default} | {field.description} Must {explained['must']}.{where} |"
