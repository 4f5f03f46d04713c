"""How this process deals with its memory: what a picture took, and what is looked through."""

from __future__ import annotations

import ctypes
import gc

_M_MMAP_THRESHOLD, _M_ARENA_MAX = -3, -8  # from malloc.h
_HEAPS = 2
_AT_ONCE_FROM_BYTES = 1024 * 1024
_NEW_OBJECTS = 20_000
_ROUNDS = 10


def return_freed_memory() -> None:
    """Return large freed blocks to the system at once, where the C library is glibc.

    Left to itself it learns from the first large block to keep such blocks for later, and a bot
    that once had large pictures in hand would stay that large. Left to itself it also gives threads
    heaps of their own, eight for each core, each of which grows to what its busiest thread needed.
    """
    try:
        mallopt = ctypes.CDLL(None).mallopt
        mallopt(_M_MMAP_THRESHOLD, _AT_ONCE_FROM_BYTES)
        mallopt(_M_ARENA_MAX, _HEAPS)
    except (OSError, AttributeError):
        return  # another C library, with ways of its own


def collect_rarely() -> None:
    """Look for forgotten cycles of objects less often, and never among what is there by now.

    To be called once everything is loaded. Python looks after every 700 new objects, while every
    other thread stands still; a statement to the database makes hundreds. Under load a tenth of
    the time went into that, and what it found were a few cycles.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(_NEW_OBJECTS, _ROUNDS, _ROUNDS)
