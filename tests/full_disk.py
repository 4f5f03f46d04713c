"""A disk that takes no more, for one process: Linux only."""

import contextlib
import resource


@contextlib.contextmanager
def full_disk(pid):
    """Let none of a process's files grow: what it writes is refused as by a disk that is full."""
    full = (32_768, resource.RLIM_INFINITY)
    before = resource.prlimit(pid, resource.RLIMIT_FSIZE, full)
    try:
        yield
    finally:
        resource.prlimit(pid, resource.RLIMIT_FSIZE, before)
