"""The bot itself as a process of its own, pointed at the stand-ins by nothing but settings."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import IO

_CODE = Path(__file__).resolve().parents[2]
_GONE_WITHIN_S = 10.0
_KEPT = (
    "PATH",
    "HOME",
    "USER",
    "LANG",
    "LC_",
    "TZ",
    "TMPDIR",
    "LD_",
    "DYLD_",
    "PYTHON",
    "VIRTUAL_ENV",
)
"""How the variables begin that a program needs to run; nothing here configures the bot."""

_NEAR = "127.0.0.1,localhost"


class BotProcess:
    """`python -m bot run`, or another way, in a folder without anybody's `.env`."""

    def __init__(self, environment: Mapping[str, str], folder: Path, *, way: str = "run") -> None:
        """Prepare; `environment` is all that the bot hears: no setting, no proxy but those.

        A PYTHONPATH in it comes first, so that a test's `sitecustomize` can watch the process.
        """
        kept = {key: value for key, value in os.environ.items() if key.startswith(_KEPT)}
        kept |= {"DATA_DIR": str(folder / "data"), "NO_PROXY": _NEAR, "no_proxy": _NEAR}
        self._environment = kept | dict(environment)
        paths = [environment.get("PYTHONPATH", ""), str(_CODE)]
        self._environment["PYTHONPATH"] = os.pathsep.join(path for path in paths if path)
        self._way = way
        self._folder = folder
        self.log_file = folder / f"{way}.log"
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it; after a kill, start it again once the killed one is gone."""
        if self._process is not None:
            self._process.wait(timeout=_GONE_WITHIN_S)
        self._folder.mkdir(parents=True, exist_ok=True)
        with self.log_file.open("ab") as log:
            self._process = self._launch(log)

    def _launch(self, log: IO[bytes]) -> subprocess.Popen[bytes]:
        return subprocess.Popen(  # noqa: S603 - our own program
            [sys.executable, "-m", "bot", self._way],
            cwd=self._folder,
            env=self._environment,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )

    @property
    def records(self) -> str:
        """The address of its database, unless it was given another."""
        return f"sqlite:///{self._folder}/data/spotter.db"

    @property
    def is_running(self) -> bool:
        """Whether it lives."""
        return self._process is not None and self._process.poll() is None

    @property
    def pid(self) -> int:
        """Its process id; 0 before it was started."""
        return self._process.pid if self._process else 0

    def kill(self) -> None:
        """SIGKILL it and everything it started: what a power cut leaves behind."""
        if self._process is not None:
            self._signal_all(signal.SIGKILL)
            self._process.wait()

    def stop(self, *, within_s: float = 30.0) -> bool:
        """SIGTERM, as a deploy does; SIGKILL when that is not heard; whether it was heard."""
        if self._process is None:
            return True
        self._process.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(timeout=within_s)
        heard = not self.is_running
        self.kill()
        return heard

    def _signal_all(self, number: int) -> None:
        if self._process is not None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self._process.pid, number)

    def log_text(self) -> str:
        """What it has logged so far."""
        return self.log_file.read_text() if self.log_file.exists() else ""
