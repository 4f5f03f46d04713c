"""`bot.byte_budget`: how many bytes are in hand at once."""

import threading

import pytest

from bot.byte_budget import ByteBudget


@pytest.mark.parametrize(
    ("sizes", "fits"),
    [((40, 40), True), ((60, 60), False), ((500,), True), ((1, 500), False), ((1,) * 4, True),
     ((1,) * 5, False)],
)  # fmt: skip
def test_bytes_in_hand(sizes, fits):
    """As many go in as their bytes allow and no more than four; the largest goes in alone."""
    budget, inside = ByteBudget(100, most=4), threading.Semaphore(0)
    release = threading.Event()

    def hold(size_bytes):
        with budget.hold(size_bytes):
            inside.release()
            release.wait(10)

    threads = [threading.Thread(target=hold, args=(size,)) for size in sizes]
    for thread in threads:
        thread.start()
    all_in = all(inside.acquire(timeout=10 if fits else 0.3) for _ in sizes)
    release.set()
    for thread in threads:
        thread.join(10)

    assert all_in is fits
    assert not any(thread.is_alive() for thread in threads)


def test_first_come_first_served():
    """A large one is let in before small ones that came after it, though those would fit."""
    budget, order = ByteBudget(100, most=4), []

    def hold(size_bytes):
        with budget.hold(size_bytes):
            order.append(size_bytes)

    with budget.hold(50):
        threads = [threading.Thread(target=hold, args=(size,)) for size in (100, 30)]
        for thread in threads:
            thread.start()
            thread.join(0.2)
    for thread in threads:
        thread.join(10)

    assert order == [100, 30]
