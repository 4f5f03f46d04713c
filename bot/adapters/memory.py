"""How this process deals with memory that a large picture took and gave back."""

from __future__ import annotations

import ctypes

_M_MMAP_THRESHOLD = -3  # from malloc.h
_AT_ONCE_FROM_BYTES = 1024 * 1024


def return_freed_memory() -> None:
    """Return large freed blocks to the system at once, where the C library is glibc.

    Left to itself it learns from the first large block to keep such blocks for later, and a bot
    that once had large pictures in hand would stay that large.
    """
    try:
        ctypes.CDLL(None).mallopt(_M_MMAP_THRESHOLD, _AT_ONCE_FROM_BYTES)
    except (OSError, AttributeError):
        return  # another C library, with ways of its own
