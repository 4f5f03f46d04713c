"""How much memory a program and all its processes take: Linux only."""

import os
import threading
import time
from pathlib import Path

_EVERY_S = 0.01
_SETTLING_S = 0.3


class Watched:
    """Looks at a process and its descendants all the time; `peak_bytes` is since `begin`.

    Each look costs some milliseconds, and holds up the processes that are looked at: where their
    speed counts, `every_s` is long.
    """

    def __init__(self, pid=None, *, every_s=_EVERY_S):
        self._pid = pid or os.getpid()
        self._every_s = every_s
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
        """What all of them hold of their own, with pages that they share counted once.

        Pages of files are left out: libraries that other programs map too are divided among all
        of them, and so seem to grow whenever one of those others ends.
        """
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

    def take_peak_bytes(self):
        """The peak so far, with what is in use at this moment; it is forgotten then."""
        # Looked at first: what is noted meanwhile counts too.
        now_bytes = self.now_bytes
        peak_bytes, self.peak_bytes = max(self.peak_bytes, now_bytes), 0
        return peak_bytes

    def _watch(self):
        while not self._over.wait(self._every_s):
            # Looked at first: `begin` may forget the peak meanwhile, which must not come back.
            now_bytes = self.now_bytes
            self.peak_bytes = max(self.peak_bytes, now_bytes)


def family(pid):
    """A process and all that descend from it.

    From each process's word about its parent: what a process says of its children is not reliable
    while it runs (proc_pid_task_tid_children(5)).
    """
    parents = {int(name): _parent(name) for name in _entries("/proc") if name.isdigit()}
    found, newest = {pid}, {pid}
    while newest:
        newest = {child for child, parent in parents.items() if parent in newest} - found
        found |= newest
    return found


def _parent(name):
    # The name of the program stands in brackets before, and may hold anything.
    fields = _text(f"/proc/{name}/stat").rpartition(")")[2].split()
    return int(fields[1]) if fields else None


def _proportional_bytes(pid):
    sizes = dict(line.split()[:2] for line in _text(f"/proc/{pid}/smaps_rollup").splitlines()[1:])
    return sum(int(sizes.get(f"{kind}:", 0)) for kind in ("Pss_Anon", "Pss_Shmem")) * 1024


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
