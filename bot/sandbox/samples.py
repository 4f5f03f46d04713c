"""What the page offers to post with one click."""

from __future__ import annotations

from collections.abc import Callable

Samples = dict[str, tuple[str, Callable[[], bytes]]]
"""Name of the file -> (title for people, how to get the bytes)."""
