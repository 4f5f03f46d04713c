"""Rate limits over time."""

from bot.sandbox.slack.limits import Limits


class Clock:
    """A clock that a test moves."""

    def __init__(self):
        self.now_s = 0.0

    def __call__(self):
        """The time in seconds."""
        return self.now_s


def test_half_a_minute_at_once():
    """Half a minute's calls may come at once, the next one must wait."""
    limits = Limits(Clock())
    passed = [limits.wait_s("users.info", 4) for _ in range(51)]

    assert passed[:50] == [0] * 50
    assert passed[50] == 1


def test_rate_holds_over_minutes():
    """Over ten minutes no more calls pass than the tier says, the first burst aside."""
    clock = Clock()
    limits = Limits(clock)
    passed = 0
    while clock.now_s < 600:
        passed += limits.wait_s("conversations.list", 2) == 0
        clock.now_s += 0.5

    assert 200 <= passed <= 211


def test_waiting_as_told_suffices():
    """Whoever waits as many seconds as told gets through."""
    clock = Clock()
    limits = Limits(clock)
    while not (wait_s := limits.posting_wait_s("C0PHOTOS")):
        pass
    clock.now_s += wait_s

    assert limits.posting_wait_s("C0PHOTOS") == 0


def test_methods_do_not_share():
    """What one method used up is still there for another."""
    limits = Limits(Clock())
    for _ in range(60):
        limits.wait_s("files.info", 4)

    assert limits.wait_s("users.info", 4) == 0
