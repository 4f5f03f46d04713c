"""Tries everything Spotter needs and says at once what is missing or wrong, and where to get it.

It writes one small object into the bucket and removes it again; nothing it does costs money.
It prints nothing itself, and what it says holds no secret.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa
from slack_sdk import WebClient

from bot import errors
from bot.adapters.catalogue_records import CatalogueRecords
from bot.adapters.database import Database
from bot.adapters.slack import SlackWorkspace
from bot.doctor_aws import detector_trouble, link_trouble, store_trouble
from bot.label_catalogue import Catalogue
from bot.manifest import SCOPES
from bot.settings import Settings, Way, find_problems

_PATIENCE_S = 10
_NOT_OPENED = (errors.RecordsUnavailable, sa.exc.SQLAlchemyError, OSError, ValueError)
_NO_LIST = (
    "none, so names in watches are not checked. python -m bot labels import FILE takes Amazon's."
)
_STAND_INS = {"SLACK_BOT_TOKEN": "xoxb-", "S3_BUCKET": "not-given"}
# So that the rest of the settings can be read; what needs these is not tried.


@dataclass(frozen=True)
class Finding:
    """One thing that was tried: whether it works, and what there is to know or to do."""

    topic: str
    works: bool
    words: str

    def __str__(self) -> str:
        """A line of the tick list."""
        return f"{'✓' if self.works else '✗'} {self.topic}: {self.words}"


def examine(
    environ: Mapping[str, str], *, way: Way = "run", env_file: Path | None = None
) -> list[Finding]:
    """Try the settings, Slack, S3, Rekognition and the database; findings in this order.

    What depends on a setting that is missing or malformed is not tried. AWS is asked with what
    boto3 finds by itself, which is the process environment and not `environ`.
    """
    problems = find_problems(environ, way=way, env_file=env_file)
    findings = [Finding("Settings", works=False, words=words) for words in problems.values()]
    if not problems:
        findings = [Finding("Settings", works=True, words="complete and well-formed.")]
    usable = {name: value for name, value in environ.items() if value and name not in problems}
    settings = Settings.model_validate(_STAND_INS | usable)
    without = set(problems) if settings.s3_link_allow else {*problems, "S3_LINK_ALLOW"}
    return findings + [trial(settings) for trial in _trials(without=without)]


def describe(findings: list[Finding]) -> str:
    """The findings as a tick list, and a last line that sums them up."""
    wrong = sum(not finding.works for finding in findings)
    end = f"{wrong} to put right; then run this again." if wrong else "Everything works."
    return "\n".join([*map(str, findings), "", end])


def _trials(*, without: set[str]) -> list[Callable[[Settings], Finding]]:
    """The trials that can be made while some settings are not usable."""
    trials = {
        _try_bot_token: {"SLACK_BOT_TOKEN", "SLACK_API_URL"},
        _try_delivery: {"SLACK_APP_TOKEN", "SLACK_SIGNING_SECRET", "SLACK_API_URL"},
        _try_store: {"S3_BUCKET"},
        _try_links: {"S3_LINK_ALLOW"},
        _try_detector: set(),
        _try_database: {"DATABASE_URL", "DATA_DIR"},
        _look_for_labels: {"DATABASE_URL", "DATA_DIR"},
    }
    return [trial for trial, needs in trials.items() if not needs & without]


def _try_bot_token(settings: Settings) -> Finding:
    topic = "Slack bot token"
    client = _slack(settings, settings.slack_bot_token.get_secret_value())
    try:
        identity = SlackWorkspace(client).identity()
    except errors.SlackError as exc:
        return Finding(topic, works=False, words=_slack_trouble("SLACK_BOT_TOKEN", settings, exc))
    lacking = ", ".join(scope for scope in SCOPES if scope not in identity.scopes)
    if lacking:
        return Finding(
            topic,
            works=False,
            words=f"the app lacks {lacking}. On the app's page, paste the output of python -m bot "
            "manifest under App Manifest, save, and press Reinstall under Install App.",
        )
    words = f"speaks as {identity.user} in {identity.team}, with all permissions."
    return Finding(topic, works=True, words=words)


def _try_delivery(settings: Settings) -> Finding:
    topic = "Slack events"
    if settings.slack_app_token is None:
        # Whether Slack can reach us over HTTP, only Slack can try.
        words = f"over HTTP on port {settings.port}; Slack tries the address when you enter it."
        return Finding(topic, works=True, words=words)
    workspace = SlackWorkspace(_slack(settings, settings.slack_app_token.get_secret_value()))
    try:
        workspace.call_once("apps.connections.open")
    except errors.SlackError as exc:
        return Finding(topic, works=False, words=_slack_trouble("SLACK_APP_TOKEN", settings, exc))
    return Finding(topic, works=True, words="Slack opens a Socket Mode connection.")


def _slack(settings: Settings, token: str) -> WebClient:
    return WebClient(token, base_url=settings.slack_api_url, timeout=_PATIENCE_S, retry_handlers=[])


def _slack_trouble(variable: str, settings: Settings, exc: errors.SlackError) -> str:
    if isinstance(exc, errors.SlackRefused):
        return (
            f"Slack does not accept {variable} ({exc.facts['error']}). "
            "Copy it anew from the app's page at api.slack.com/apps; reinstall the app if need be."
        )
    return (
        f"no usable answer from {settings.slack_api_url}. "
        "Check this machine's connection, and SLACK_API_URL if you have set it."
    )


def _try_store(settings: Settings) -> Finding:
    trouble = store_trouble(settings.s3_bucket)
    words = trouble or f"{settings.s3_bucket} takes, gives and deletes."
    return Finding("S3 bucket", works=trouble is None, words=words)


def _try_links(settings: Settings) -> Finding:
    troubles = {place: link_trouble(place) for place in settings.s3_link_allow}
    wrong = [f"{bucket}/{prefix}: {words}" for (bucket, prefix), words in troubles.items() if words]
    places = ", ".join(f"{bucket}/{prefix}" for bucket, prefix in troubles)
    words = " ".join(wrong) or f"{places} may be listed."
    return Finding("S3 links", works=not wrong, words=words)


def _try_detector(_settings: Settings) -> Finding:
    trouble = detector_trouble()
    words = trouble or "may be asked for labels."
    return Finding("Amazon Rekognition", works=trouble is None, words=words)


def _try_database(settings: Settings) -> Finding:
    try:
        with _opened(settings) as database, database.begin() as connection:
            connection.execute(sa.text("SELECT 1"))
    except _NOT_OPENED:
        words = "it cannot be opened. Check DATABASE_URL, or who may write to DATA_DIR."
        return Finding("Database", works=False, words=words)
    place = database.url.render_as_string(hide_password=True)
    return Finding("Database", works=True, words=f"{place} answers.")


def _look_for_labels(settings: Settings) -> Finding:
    """Nothing is wrong without the list; before the first start there is no table for it either."""
    catalogue = Catalogue()
    with contextlib.suppress(*_NOT_OPENED), _opened(settings) as database:
        catalogue = CatalogueRecords(database).current()
    words = f"{catalogue}." if catalogue else _NO_LIST
    return Finding("Label list", works=True, words=words)


@contextlib.contextmanager
def _opened(settings: Settings) -> Iterator[Database]:
    url = settings.database_url.get_secret_value()
    database = Database(url, statement_timeout_s=_PATIENCE_S)
    try:
        yield database
    finally:
        database.close()
