"""Slack's deliveries at their worst, to two `web` processes and two workers.

Every event comes one to four times, all are shuffled, uploads are told of twice, messages are
edited, and some are deleted: of half of these the bot hears of the deletion before the message.
"""

import random
import time
from concurrent.futures import ThreadPoolExecutor

from bot.sandbox.slack.delivery import Answer
from tests.busy_fleet import PLACES, busy_fleet, new_pictures
from tests.figures import exactly, known
from tests.tally import Tally

_AT_ONCE = 8
_TRIES = 20


def measure(*, long, count=250):
    """The figures of one run: so many posts that stay, or 2,500; one more in ten is deleted."""
    count = 2500 if long else count
    with busy_fleet(webs=2, workers=2) as (stage, tally):
        mail, gone = _Mail(), Tally(stage)
        stage.slack.deliver_over(mail)
        _post_all(stage, tally, gone, count)
        mail.wait_until_whole(stage)
        stage.slack.deliver_to(stage.request_url)
        refused = mail.deliver([stage.slack.line_to(url) for url in stage.request_urls])
        yield known("events", len(mail.events), f"for {count + len(gone.posts)} posts")
        yield exactly("deliveries refused for good", refused, "deliveries", 0)
        tally.wait(within_s=60 + count)
        found = tally.count()
        yield from found.figures()
        answered = len(gone.posts) - gone.count().lost
        yield exactly("deleted posts with an answer", answered, f"of {len(gone.posts)}", 0)
        yield exactly("calls to Rekognition", found.questions, f"for {count}", count)


def _post_all(stage, tally, gone, count):
    """Post, edit every fifth message, and one more in ten that is deleted at once."""
    for number, data in zip(range(count + count // 10), new_pictures(), strict=False):
        kept = number < count
        place = PLACES[number % len(PLACES)]
        posted = (tally if kept else gone).post((f"park{number}.jpg", data), channel=place)
        if not kept:
            stage.slack.delete_message("ana", place, posted.ts)
        elif number % 5 == 0:
            stage.slack.edit("ana", place, posted.ts, "So green!")


class _Mail:
    """A line that keeps what is sent, and delivers it later."""

    def __init__(self):
        self.events = []
        self._chance = random.Random(4)  # noqa: S311 - repeatable

    def send(self, _kind, payload, _retry=None):
        """Keep it."""
        self.events.append(payload)
        return Answer(200)

    def is_open(self):
        """There is always room."""
        return True

    def wait_until_whole(self, stage):
        """Wait until nothing more is sent."""
        before = -1
        while before < len(self.events):
            before = len(self.events)
            stage.settle(1.0)

    def deliver(self, lines):
        """Deliver each event one to four times, in any order, over any line; how many failed."""
        many = [event for event in self.events for _ in range(self._chance.randint(1, 4))]
        self._chance.shuffle(many)
        told = [(event, self._chance.choice(lines)) for event in many]
        with ThreadPoolExecutor(_AT_ONCE) as side_by_side:
            return list(side_by_side.map(_deliver, told)).count(False)


def _deliver(told):
    event, line = told
    for _ in range(_TRIES):
        if line.send("events_api", event).ok:
            return True
        time.sleep(0.5)
    return False
