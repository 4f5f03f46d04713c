"""The ways to run: everything in one process, or the web side and workers apart."""

from __future__ import annotations

import fcntl
import logging
import os
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import waitress
from slack_bolt.adapter.socket_mode import SocketModeHandler

from bot.adapters.slack import Identity, SlackWorkspace
from bot.app import FrontDoor, Workshop, migrate, slack_client
from bot.errors import SettingsError
from bot.server import build_server
from bot.settings import Settings

log = logging.getLogger(__name__)


def run_everything(settings: Settings) -> None:
    """Take events in and do the work until a signal says stop."""
    with ExitStack() as closing:
        if not settings.on_postgresql:
            closing.enter_context(_only_one(settings.data_dir))
        door, identity = _open(settings)
        workshop = Workshop(settings, identity, alone=not settings.on_postgresql)
        workshop.launch(door.jobs)
        closing.callback(workshop.stop)
        closing.callback(_listen(settings, door))
        _until_stopped("run")
    _leave()


def run_web(settings: Settings) -> None:
    """Take events in until a signal says stop; another process does the work."""
    door, _ = _open(settings)
    close = _listen_http(settings, door)
    _until_stopped("web")
    close()
    _leave()


def run_worker(settings: Settings) -> None:
    """Do the work until a signal says stop."""
    door, identity = _open(settings)
    workshop = Workshop(settings, identity, alone=False)
    workshop.launch(door.jobs)
    _until_stopped("worker")
    workshop.stop()
    _leave()


def _open(settings: Settings) -> tuple[FrontDoor, Identity]:
    migrate(settings)
    identity = SlackWorkspace(slack_client(settings)).identity()
    return FrontDoor(settings, identity), identity


def _listen(settings: Settings, door: FrontDoor) -> Callable[[], None]:
    """Start taking events in; how to stop it."""
    if settings.slack_app_token is None:
        return _listen_http(settings, door)
    handler = SocketModeHandler(door.bolt, settings.slack_app_token.get_secret_value())
    handler.connect()  # type: ignore[no-untyped-call]
    close: Callable[[], None] = handler.close
    return close


def _listen_http(settings: Settings, door: FrontDoor) -> Callable[[], None]:
    if settings.slack_signing_secret is None:
        raise SettingsError(problems=["SLACK_SIGNING_SECRET is missing: HTTP needs it."])
    app = build_server(
        door.bolt,
        signing_secret=settings.slack_signing_secret.get_secret_value(),
        is_ready=door.is_ready,
    )
    server = waitress.create_server(
        app,
        host=settings.host,
        port=settings.port,
        threads=8,
        max_request_body_size=1024 * 1024,
        ident="spotter",
    )
    threading.Thread(target=server.run, name="http", daemon=True).start()
    log.info("listening", extra={"host": settings.host, "port": server.effective_port})
    close: Callable[[], None] = server.close
    return close


@contextmanager
def _only_one(data_dir: Path) -> Iterator[None]:
    """Hold the lock beside the embedded database, so that no second start shares it."""
    data_dir.mkdir(parents=True, exist_ok=True)
    with (data_dir / "spotter.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as exc:
            problem = (
                f"Another Spotter is running on {data_dir}. Stop it, or give this one a DATA_DIR "
                "of its own; several processes need PostgreSQL in DATABASE_URL."
            )
            raise SettingsError(problems=[problem]) from exc
        yield


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
