"""What one answer to a person has asked Slack so far, and until when it may go on asking.

Slack waits three seconds for a whole answer. So nothing is asked twice for it, and what has to be
asked about many channels ends in time. Other work asks anew each time, because people leave.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Hashable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any, TypeVar

T = TypeVar("T")


@dataclass
class _Answer:
    ends_s: float
    known: dict[Hashable, Any] = field(default_factory=dict)


_ANSWER: ContextVar[_Answer | None] = ContextVar("answer", default=None)


@contextmanager
def one_answer(*, asking_ends_after_s: float = 1.0) -> Iterator[None]:
    """All that is asked in here is asked for one answer; also a decorator."""
    answer = _ANSWER.get() or _Answer(time.monotonic() + asking_ends_after_s)
    before = _ANSWER.set(answer)
    try:
        yield
    finally:
        _ANSWER.reset(before)


def once(question: Hashable, ask: Callable[[], T]) -> T:
    """What was said to a question in this answer already, or else what is said now."""
    answer = _ANSWER.get()
    if answer is None:
        return ask()
    if question not in answer.known:
        answer.known[question] = ask()
    known: T = answer.known[question]
    return known


def is_late() -> bool:
    """Whether an answer has to do with what it knows by now."""
    answer = _ANSWER.get()
    return answer is not None and time.monotonic() >= answer.ends_s


def in_time(items: Iterable[T]) -> Iterator[T]:
    """The items, for as long as there is time to ask about them."""
    for item in items:
        if is_late():
            return
        yield item
