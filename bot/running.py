"""The ways to run: everything in one process, or the web side and workers apart."""

from __future__ import annotations

import fcntl
import logging
import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path
from typing import TextIO, TypeVar

import botocore.exceptions
import sqlalchemy
import waitress
from slack_bolt.adapter.socket_mode import SocketModeHandler

from bot import errors
from bot.adapters.slack import Identity, SlackWorkspace, in_our_words
from bot.app import FrontDoor
from bot.clients import slack_client, socket_mode_client
from bot.doctor_aws import store_trouble
from bot.server import BODY_LIMIT_BYTES, build_server
from bot.settings import Settings
from bot.workshop import Workshop, migrate

_SLACK_PAUSES_S = (1, 2, 4, 8, 15, 30)
_PING_S = 5
"""Slack's client gives up a dead line after five pings, before a redelivery a minute later."""
_Answer = TypeVar("_Answer")

log = logging.getLogger(__name__)


def run_everything(settings: Settings) -> None:
    """Take events in and do the work until a signal says stop."""
    with ExitStack() as closing:
        if not settings.on_postgresql:
            closing.enter_context(_only_one(settings))
        identity = _prepare(settings)
        door = FrontDoor(settings, identity)
        workshop = _open_workshop(settings, identity, alone=not settings.on_postgresql)
        workshop.launch()
        closing.callback(workshop.stop)
        closing.callback(_listen(settings, door))
        _until_stopped("run")
    _leave()


def run_web(settings: Settings) -> None:
    """Take events in until a signal says stop; another process does the work."""
    door = FrontDoor(settings, _prepare(settings))
    close = _listen_http(settings, door)
    _until_stopped("web")
    close()
    _leave()


def run_worker(settings: Settings) -> None:
    """Do the work until a signal says stop."""
    workshop = _open_workshop(settings, _prepare(settings), alone=False)
    workshop.launch()
    _until_stopped("worker")
    workshop.stop()
    _leave()


def _prepare(settings: Settings) -> Identity:
    """Bring the database to this release's shape, and ask Slack who we are.

    Raises: errors.SettingsError with what to do, when one of them does not let us.
    """
    try:
        migrate(settings)
    except (errors.RecordsUnavailable, sqlalchemy.exc.OperationalError) as exc:
        problem = "The database does not answer. Check DATABASE_URL, or DATA_DIR's disk."
        raise errors.SettingsError(problems=[problem]) from exc
    workspace = SlackWorkspace(slack_client(settings))
    return _ask_slack(settings, "SLACK_BOT_TOKEN", workspace.identity)


def _ask_slack(settings: Settings, token: str, ask: Callable[[], _Answer]) -> _Answer:
    """Ask Slack for what there is no start without, again and again for a minute.

    Raises: errors.SettingsError, which names the variable of the token.
    """
    for pause_s in _SLACK_PAUSES_S:
        try:
            return ask()
        except errors.SlackRefused as exc:
            problem = (
                f"Slack refuses {token} ({exc.facts['error']}). "
                "python -m bot doctor says what to do."
            )
            raise errors.SettingsError(problems=[problem]) from exc
        except errors.SlackError:
            log.warning("slack_does_not_answer", extra={"again_in_s": pause_s})
            time.sleep(pause_s)
    problem = f"Slack does not answer at {settings.slack_api_url}. Check this machine's connection."
    raise errors.SettingsError(problems=[problem])


def _open_workshop(settings: Settings, identity: Identity, *, alone: bool) -> Workshop:
    """Build what does the work; a bucket that does not work is said at once, in the log.

    Raises: errors.SettingsError when boto3 finds no region or the like.
    """
    trouble = store_trouble(settings.s3_bucket)
    if trouble:
        log.error("store_check_failed", extra={"words": trouble})
    try:
        return Workshop(settings, identity, alone=alone)
    except botocore.exceptions.BotoCoreError as exc:
        problem = trouble or "AWS is not set up: python -m bot doctor says what is missing."
        raise errors.SettingsError(problems=[f"S3 bucket: {problem}"]) from exc


def _listen(settings: Settings, door: FrontDoor) -> Callable[[], None]:
    """Start taking events in; how to stop it."""
    if settings.slack_app_token is None:
        return _listen_http(settings, door)
    connect = partial(_connect, door, token=settings.slack_app_token.get_secret_value())
    return _ask_slack(settings, "SLACK_APP_TOKEN", connect)


def _connect(door: FrontDoor, *, token: str) -> Callable[[], None]:
    """Open the Socket Mode connection, which from then on stays open by itself.

    Raises: errors.SlackError.
    """
    client = socket_mode_client(door.settings)
    handler = SocketModeHandler(door.bolt, token, web_client=client, ping_interval=_PING_S)
    close: Callable[[], None] = handler.close
    try:
        with in_our_words("apps.connections.open"):
            handler.connect()  # type: ignore[no-untyped-call]
    except errors.SlackError:
        close()
        raise
    return _noting(door, handler.client.is_connected, close)


def _noting(
    door: FrontDoor, is_connected: Callable[[], bool], close: Callable[[], None]
) -> Callable[[], None]:
    """Keep note that events are heard, until the listening is stopped, which is returned."""
    door.listening.start(is_connected)

    def stop() -> None:
        door.listening.stop()
        close()

    return stop


def _listen_http(settings: Settings, door: FrontDoor) -> Callable[[], None]:
    if settings.slack_signing_secret is None:
        raise errors.SettingsError(problems=["SLACK_SIGNING_SECRET is missing: HTTP needs it."])
    app = build_server(
        door.bolt,
        signing_secret=settings.slack_signing_secret.get_secret_value(),
        is_ready=door.is_ready,
    )
    try:
        server = waitress.create_server(
            app,
            host=settings.host,
            port=settings.port,
            threads=8,
            # Above the app's own limit, whose refusal is read to its end; this one cuts the line.
            max_request_body_size=4 * BODY_LIMIT_BYTES,
            ident="spotter",
            asyncore_use_poll=True,  # select() knows no file beyond the 1,024th
        )
    except (OSError, ValueError) as exc:
        cause = getattr(exc, "strerror", None) or "no such address"
        problem = (
            f"HOST {settings.host} with PORT {settings.port} cannot be listened on ({cause}). "
            "Set another PORT, or stop what uses this one."
        )
        raise errors.SettingsError(problems=[problem]) from exc
    threading.Thread(target=server.run, name="http", daemon=True).start()
    log.info("listening", extra={"host": settings.host, "port": server.effective_port})
    return _noting(door, lambda: True, server.close)


@contextmanager
def _only_one(settings: Settings) -> Iterator[None]:
    """Hold the lock beside the embedded database, so that no second start shares it.

    Raises: errors.SettingsError.
    """
    url = sqlalchemy.make_url(settings.database_url.get_secret_value())
    file = Path(url.database or "").resolve()
    is_ours = file.is_relative_to(settings.data_dir.resolve())
    setting = "DATA_DIR" if is_ours else "DATABASE_URL"
    with _open_lock(file, setting) as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as exc:
            problem = (
                f"Another Spotter is running on {file}. Stop it, or give this one a {setting} "
                "of its own; several processes need PostgreSQL in DATABASE_URL."
            )
            raise errors.SettingsError(problems=[problem]) from exc
        yield


def _open_lock(database: Path, setting: str) -> TextIO:
    try:
        database.parent.mkdir(parents=True, exist_ok=True)
        return database.with_name(f"{database.name}.lock").open("w")
    except OSError as exc:
        problem = (
            f"Spotter cannot write beside {database} ({exc.strerror}). "
            f"Check {setting}, or who may write there."
        )
        raise errors.SettingsError(problems=[problem]) from exc


def _until_stopped(way: str) -> None:
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    log.info("ready", extra={"way": way})
    stop.wait()
    log.info("stopping", extra={"way": way})


def _leave() -> None:
    # Jobs that did not finish in time hold threads that the interpreter would wait for.
    logging.shutdown()
    os._exit(0)
