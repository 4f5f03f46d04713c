"""How much memory a program and all its processes take: Linux only."""

import os
import threading
import time
from pathlib import Path

_EVERY_S = 0.01
_SETTLING_S = 0.3


class Watched:
    """Looks at a process and its descendants all the time; `peak_bytes` is since `begin`."""

    def __init__(self, pid=None):
        self._pid = pid or os.getpid()
        self._over = threading.Event()
        self._watching = threading.Thread(target=self._watch, daemon=True)
        self.peak_bytes = 0

    def __enter__(self):
        """Begin to look."""
        self._watching.start()
        return self

    def __exit__(self, *_):
        """Look no more."""
        self._over.set()
        self._watching.join()

    @property
    def now_bytes(self):
        """The proportional set sizes of all of them, which count shared pages once."""
        return sum(_proportional_bytes(pid) for pid in family(self._pid))

    @property
    def processes(self):
        """How many there are."""
        return len(family(self._pid))

    def begin(self):
        """Forget the peak so far; what is in use now, after all that is given back was."""
        time.sleep(_SETTLING_S)
        self.peak_bytes = 0
        return self.now_bytes

    def _watch(self):
        while not self._over.wait(_EVERY_S):
            self.peak_bytes = max(self.peak_bytes, self.now_bytes)


def family(pid):
    """A process and all that descend from it."""
    found = [pid]
    for task in _entries(f"/proc/{pid}/task"):
        for child in _text(f"/proc/{pid}/task/{task}/children").split():
            found += family(int(child))
    return found


def _proportional_bytes(pid):
    for line in _text(f"/proc/{pid}/smaps_rollup").splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1]) * 1024
    return 0


def _entries(folder):
    try:
        return [entry.name for entry in Path(folder).iterdir()]
    except OSError:
        return []  # it has ended meanwhile


def _text(path):
    try:
        return Path(path).read_text(encoding="ascii")
    except OSError:
        return ""  # it has ended meanwhile
