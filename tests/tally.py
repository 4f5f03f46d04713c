"""What people posted on a stage and what came of it, counted from what the stand-ins saw.

tally = Tally(stage, watchers=("ben",))
tally.post(("park.jpg", data))                  # as often as one likes, and anything may go wrong
tally.wait(within_s=60)
tally.count().lost
"""

import operator
import time
from collections import Counter, deque
from dataclasses import astuple, dataclass
from http import HTTPStatus

from tests.figures import exactly


@dataclass(frozen=True)
class Posted:
    """One message with pictures, as it was posted."""

    channel: str
    ts: str
    files: dict[str, bytes]
    """The posted bytes by the file's id."""
    watchers: tuple[str, ...]
    """Who is to hear of it."""


@dataclass(frozen=True)
class Count:
    """What came of all posts; but for `posts` and `questions`, everything should be 0."""

    posts: int = 0
    lost: int = 0
    """Posts without an answer."""
    twice: int = 0
    """Answers beyond one a post, counted as they were sent: one that was deleted counts too."""
    reasons: int = 0
    """Pictures that the answer does not show, whatever it says instead."""
    originals_wrong: int = 0
    """Pictures whose original is not in S3 byte for byte."""
    notices_lost: int = 0
    """Watchers who heard nothing of a post."""
    notices_twice: int = 0
    """Notices beyond one a person and picture."""
    questions: int = 0
    """Calls of DetectLabels that were answered."""

    def __add__(self, other):
        """Both together."""
        return Count(*map(operator.add, astuple(self), astuple(other)))

    def figures(self, where=""):
        """What must be 0 where nothing may show of what goes wrong; `where` ends the names."""
        yield exactly(f"posts without an answer{where}", self.lost, f"of {self.posts}", 0)
        yield exactly(f"posts answered twice{where}", self.twice, f"of {self.posts}", 0)
        yield exactly(f"pictures that are not shown{where}", self.reasons, "pictures", 0)
        yield exactly(f"originals that differ in S3{where}", self.originals_wrong, "pictures", 0)
        yield exactly(f"notices that did not come{where}", self.notices_lost, "notices", 0)
        yield exactly(f"notices that came twice{where}", self.notices_twice, "notices", 0)


class Tally:
    """Posts on a stage, remembers what, and counts; `watchers` are to hear of what is posted."""

    def __init__(self, stage, *, watchers=()):
        self.posts = []
        self._left = deque()
        self._stage = stage
        self._watchers = watchers
        self._asked_before = stage.detections

    def post(self, *files, person="ana", channel="photos", watchers=None, **more):
        """Post pictures, (name, bytes) each, as one message; what was posted."""
        world = self._stage.slack.world
        ts = self._stage.post(*files, person=person, channel=channel, **more)
        with world.changed:
            place = world.channel(channel)
            ids = place.messages[ts].files
        kept = {name: data for name, (_, data) in zip(ids, files, strict=True)}
        heard_by = self._watchers if watchers is None else watchers
        posted = Posted(place.id, ts, kept, tuple(heard_by))
        self.add(posted)
        return posted

    def add(self, posted):
        """Count a post that somebody else has made."""
        self.posts.append(posted)
        self._left.append(posted)

    # -- waiting

    def is_done(self, posted):
        """Whether a post has its answer, and every watcher a notice."""
        told = all(self._notices(person, posted) for person in posted.watchers)
        return told and bool(self.answers(posted))

    def wait(self, *, within_s):
        """Wait until everything is done, and then for what must not come; whether all is done."""
        is_done = self.wait_until_left(0, within_s=within_s)
        self._stage.settle()
        return is_done

    def wait_until_left(self, posts, *, within_s):
        """Wait until at most so many posts are not done; whether that came about."""
        ends_s = time.monotonic() + within_s
        while not (done := self._at_most_left(posts)) and time.monotonic() < ends_s:
            self._stage.settle(0.1)
        return done

    def wait_until_taken(self, *, within_s):
        """Wait until every post was delivered: Slack gives it up after four tries."""
        return self._stage.slack.wait_for(self._all_are_taken, within_s)

    def _all_are_taken(self):
        tries = self._stage.ledger.entries("event", "message")
        taken = {one.facts.get("ts") for one in tries if one.facts["status"] == HTTPStatus.OK}
        return taken >= {posted.ts for posted in self.posts}

    def wait_for_all(self, is_so, *, within_s):
        """Wait until something is so for every post; whether that came about."""
        ends_s = time.monotonic() + within_s
        while not (done := all(map(is_so, self.posts))) and time.monotonic() < ends_s:
            self._stage.settle(0.1)
        return done

    def _at_most_left(self, posts):
        """Whether at most so many posts are not done; looks no further than that takes."""
        waiting = []
        while self._left and len(waiting) <= posts:
            posted = self._left.popleft()
            if not self.is_done(posted):
                waiting.append(posted)
        self._left.extendleft(reversed(waiting))
        return len(waiting) <= posts

    # -- counting

    def count(self):
        """What came of it all so far."""
        sent = self._sent_answers()
        told = [(p, self._notices(person, p)) for p in self.posts for person in p.watchers]
        return Count(
            posts=len(self.posts),
            lost=sum(not self.answers(posted) for posted in self.posts),
            twice=sum(self._excess_answers(posted, sent) for posted in self.posts),
            reasons=sum(len(posted.files) - self.shown(posted) for posted in self.posts),
            originals_wrong=sum(self._differs(p, name) for p in self.posts for name in p.files),
            notices_lost=sum(not notices for _, notices in told),
            notices_twice=sum(_excess(notices, len(posted.files)) for posted, notices in told),
            questions=self._stage.detections - self._asked_before,
        )

    def answers(self, posted):
        """What stands of the bot's under a post."""
        return self._stage.slack.replies_by_bot(posted.channel, posted.ts)

    def _sent_answers(self):
        """How many messages of the bot went into each thread, standing or not."""
        sent = Counter()
        for entry in self._stage.ledger.entries("slack", "chat.postMessage"):
            if entry.facts.get("thread_ts"):
                sent[(entry.facts.get("channel"), entry.facts["thread_ts"])] += entry.facts["ok"]
        return sent

    def _excess_answers(self, posted, sent):
        standing = len(self.answers(posted))
        return max(sent[(posted.channel, posted.ts)] - 1, standing - 1, 0)

    def shown(self, posted):
        """How many pictures the answer of a post shows, that people can see."""
        files = self._stage.slack.world.files
        shown = {name for answer in self.answers(posted) for name in answer.named_files()}
        return sum(files[name].completed and not files[name].deleted for name in shown)

    def _differs(self, posted, file_id):
        kept = self._stage.original(posted.channel, posted.ts, file_id)
        return kept != posted.files[file_id]

    def _notices(self, person, posted):
        """What the bot has written to a person about a post."""
        link = f"/archives/{posted.channel}/p{posted.ts.replace('.', '')}"
        return [sent for sent in self._stage.slack.direct_messages(person) if link in str(sent)]


def _excess(notices, pictures):
    """How many there are beyond one a picture, or beyond one a key."""
    keys = {str(notice.metadata) for notice in notices}
    return max(len(notices) - pictures, len(notices) - len(keys), 0)
