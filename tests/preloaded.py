"""The bot as a process that starts in a fraction of a second: forked from one that imported it.

What runs after the fork is all of `python -m bot run`; only the imports are not repeated.
`python -m tests.preloaded` is what it is forked from: it knows the bot's environment, and for each
line, a way to run and a file for the log, it starts a bot and tells its process id.
"""

import contextlib
import importlib
import inspect
import os
import signal
import subprocess
import sys
import time

from bot.sandbox.bot_process import BotProcess

_IMPORTED = ("bot.running", "bot.logs", "bot.settings")
_LOOKS_EVERY_S = 0.01
_IGNORED = (signal.SIGCHLD, signal.SIGTERM, signal.SIGINT)


class PreloadedBot(BotProcess):
    """As `BotProcess`, for whoever kills it again and again; `close` it in the end."""

    _nursery = None

    def _launch(self, log):
        if self._nursery is None:
            self._nursery = subprocess.Popen(
                [sys.executable, "-m", "tests.preloaded"],
                env=self._environment,
                cwd=self._folder,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
            )
        print(self._way, log.name, file=self._nursery.stdin, flush=True)
        return _Forked(int(self._nursery.stdout.readline()))

    def close(self):
        """Kill it, and end what it was forked from."""
        self.kill()
        if self._nursery is not None:
            self._nursery.communicate()


class _Forked:
    """Somebody else's child, with as much of `subprocess.Popen` as its owner asks for."""

    def __init__(self, pid):
        self.pid = pid

    def poll(self):
        try:
            os.kill(self.pid, 0)
        except ProcessLookupError:
            return 0
        return None

    def wait(self, timeout=60.0):
        ends_s = time.monotonic() + timeout
        while self.poll() is None:
            if time.monotonic() > ends_s:
                raise subprocess.TimeoutExpired("the bot", timeout)
            time.sleep(_LOOKS_EVERY_S)

    def terminate(self):
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.pid, signal.SIGTERM)


def main():
    """Import the bot, then fork one for each line that comes in."""
    _warm_up()
    # Whoever ended is gone without being asked for; only the end of input ends this one.
    for number in _IGNORED:
        signal.signal(number, signal.SIG_IGN)
    for line in sys.stdin:
        way, log_file = line.split()
        pid = os.fork()
        if not pid:
            _become_bot(way, log_file)
        print(pid, flush=True)  # noqa: T201 - the answer
    # Nobody is left to kill the last one.
    with contextlib.suppress(ProcessLookupError):
        os.killpg(pid, signal.SIGKILL)


def _warm_up():
    """Import the bot, and read what boto3 and Bolt would read from the disk in each life."""
    for name in _IMPORTED:
        importlib.import_module(name)
    clients = importlib.import_module("bot.clients")
    clients.s3_client()
    clients.rekognition_client()
    inspect.stack()


def _become_bot(way, log_file):
    os.setsid()
    for number in _IGNORED:
        signal.signal(number, signal.SIG_DFL)
    log = os.open(log_file, os.O_WRONLY | os.O_APPEND)
    nothing = os.open(os.devnull, os.O_RDONLY)
    for given, number in ((nothing, 0), (log, 1), (log, 2)):
        os.dup2(given, number)
    # Its own processes look there for what they would have to import.
    sys.modules["__main__"] = importlib.import_module("bot.__main__")
    sys.exit(sys.modules["__main__"].main([way]))


if __name__ == "__main__":
    main()
