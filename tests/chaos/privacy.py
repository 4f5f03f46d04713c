"""Random lives of a workspace: people join, leave, post, watch and ask; nobody learns too much.

Each sequence has its own people's moves, made at random from a seed. What each person may see is
decided here by a model of its own: who is in which channel, and nothing else. After every step, all
that the bot has said since is looked at: no label, no place, no time and no number of pictures that
its readers may not see. That much is said at all is counted too, or the check would be empty.
"""

import concurrent.futures
import contextlib
import multiprocessing
import os
import random
import re
import tempfile
from collections import Counter
from pathlib import Path

from bot.adapters.database import Database
from bot.adapters.job_runner import migrate_jobs
from bot.answering import UNKNOWN_LINK
from bot.sandbox.slack.nouns import BOT_USER, TEAM
from tests.figures import at_least, exactly
from tests.house import House

SEQUENCES = 2_000
STEPS = 12
_HELD = re.compile(r"\+(\d+) held back")
_WORDS = ("Aspen", "Birch", "Cedar", "Dogwood", "Elm", "Fir", "Ginkgo", "Hazel", "Ironwood")

PEOPLE = {
    "U0ANA": {"name": "ana"},
    "U0BEN": {"name": "ben"},
    "U0CLEO": {"name": "cleo"},
    "U0GUEST": {"name": "guest", "is_restricted": True},
    "U0FAR": {"name": "far", "team": "T0PARTNER"},
}
CHANNELS = {
    "C0OPEN": {"name": "open", "kind": "public"},
    "C0TOWN": {"name": "town", "kind": "public"},
    "C0VAULT": {"name": "vault", "kind": "private"},
    "C0CELLAR": {"name": "cellar", "kind": "private"},
    "C0BRIDGE": {"name": "bridge", "kind": "public", "is_ext_shared": True},
}


def measure(*, long, sequences=SEQUENCES, processes=None):
    """How many leaks there were in so many sequences; a long run has five times as many."""
    sequences *= 5 if long else 1
    found = _lived(sequences, processes or os.cpu_count() or 1)
    yield exactly("random sequences", found["sequences"], "sequences", sequences)
    yield exactly("contents and places leaked", found["leaks"], "leaks", 0)
    yield exactly("numbers leaked", found["number leaks"], "leaks", 0)
    yield exactly("notices missing", found["missing"], "notices", 0)
    yield at_least("notices read", found["notices"], "notices", sequences)
    yield at_least("numbers read", found["numbers"], "numbers", sequences // 20)
    yield at_least("answers read", found["answers"], "answers", sequences)


def _lived(sequences, processes):
    """What all the sequences came to, shared out among so many processes."""
    parts = [range(first, sequences, processes) for first in range(processes)]
    if processes == 1:
        return live_all(parts[0])
    spawn = multiprocessing.get_context("spawn")
    with concurrent.futures.ProcessPoolExecutor(processes, mp_context=spawn) as pool:
        return sum(pool.map(live_all, parts), Counter())


def live_all(seeds):
    """Live one sequence for each seed, in one house; what was found in all of them."""
    found = Counter()
    with a_house() as house:
        for seed in seeds:
            found.update(Life(house, seed).live(), sequences=1)
    return found


@contextlib.contextmanager
def a_house():
    """A house on a database of its own."""
    with tempfile.TemporaryDirectory(prefix="spotter-privacy-") as folder:
        address = f"sqlite:///{Path(folder) / 'spotter.db'}"
        database = Database(address, statement_timeout_s=30)
        database.migrate()
        migrate_jobs(database)
        database.close()
        house = House(address)
        try:
            yield house
        finally:
            house.close()


class Life:
    """One sequence, and the model of who may see what in it."""

    def __init__(self, house, seed):
        self._house = house
        self._random = random.Random(seed)  # noqa: S311 - repeatable, and no secret
        self._found = Counter()
        self._pictures = []
        self._labels = {}
        self._read = 0
        house.reset()
        for user, facts in PEOPLE.items():
            house.add_person(user, **facts)
        for channel, facts in CHANNELS.items():
            house.add_channel(channel, members=self._some_people(channel), **facts)

    def _some_people(self, channel):
        return [BOT_USER, *(u for u in PEOPLE if self._fits(u, channel) and self._chance(0.5))]

    def _fits(self, user, channel):
        """People from outside are in shared channels only."""
        return "team" not in PEOPLE[user] or CHANNELS[channel].get("is_ext_shared", False)

    def _chance(self, ratio):
        return self._random.random() < ratio

    def live(self):
        """Live through all steps; what was found."""
        steps = (self.move, self.move, self.post, self.post, self.post, self.post, self.watch)
        steps += (self.ask_why, self.type_nearly_right, self.export, self.wait)
        for _ in range(3):
            self.watch()
        for _ in range(STEPS):
            self._random.choice(steps)()
        return self._found

    # -- who may see what, by the model

    def may_see(self, user, channel):
        """Members see; full members also what is public and the team's alone."""
        if user in self._house.members(channel):
            return True
        facts = CHANNELS.get(channel, {"kind": "im"})
        is_full = not PEOPLE[user].get("is_restricted") and "team" not in PEOPLE[user]
        return facts["kind"] == "public" and not facts.get("is_ext_shared") and is_full

    def readers(self, place):
        """Everybody who may read a place, or would by entering it."""
        return [user for user in PEOPLE if self.may_see(user, place)]

    def may_hear(self, recipient, channel):
        """Whether a person, or all readers of a channel, may see another channel."""
        if recipient in PEOPLE:
            return self.may_see(recipient, channel)
        return all(self.may_see(user, channel) for user in self.readers(recipient))

    # -- steps

    def move(self):
        """Somebody joins a channel, or leaves it."""
        user, channel = self._random.choice(list(PEOPLE)), self._random.choice(list(CHANNELS))
        with self._house.slack.world.changed:
            members = self._house.members(channel)
            if user in members:
                members.remove(user)
            elif self._fits(user, channel):
                members.append(user)

    def post(self):
        """Somebody posts a picture; between the match and the sending somebody may move."""
        channel = self._random.choice(list(CHANNELS))
        posters = [user for user in self._house.members(channel) if user in PEOPLE]
        if not posters:
            return
        label = f"{self._random.choice(_WORDS)}{len(self._pictures)}"
        source = self._house.post(self._random.choice(posters), channel, label, kind="Tree")
        self._pictures.append(source)
        self._labels[source] = label
        recipients = self._house.match(source)
        if self._chance(0.3):
            self.move()
        for recipient in recipients:
            self._notify(source, recipient)

    def _notify(self, source, recipient):
        may_hear = self.may_hear(recipient, source.channel)
        outcome = self._house.notify(source, recipient)
        said = self._said_since()
        if outcome == "sent" and said:
            self._found["notices"] += 1
            self._read_number(said, source, recipient)
        self._found["missing"] += may_hear and outcome == "withheld" and recipient in PEOPLE
        self._found["leaks"] += bool(said) and not may_hear
        self._look_for_traces(said, recipient)

    def _read_number(self, said, source, recipient):
        """The number of pictures held back counts none that a reader may not see."""
        number = sum(int(found) for found in _HELD.findall(said.splitlines()[0]))
        key = self._house.records.notices.open(recipient, source, []).key
        counted = {event.source for event in self._house.records.watch_events.counted_in(key)}
        seen = sum(self.may_hear(recipient, one.channel) for one in counted)
        self._found["numbers"] += bool(number)
        self._found["number leaks"] += number > seen

    def watch(self):
        """Somebody watches trees, with a cool-down or without, for themselves or for a channel."""
        user = self._random.choice([user for user in PEOPLE if "team" not in PEOPLE[user]])
        text = "tree every 1h" if self._chance(0.6) else "tree"
        if self._chance(0.4):
            text += f" tell <#{self._random.choice(list(CHANNELS))}>"
        with contextlib.suppress(AssertionError):  # who watches that already
            self._house.watch(user, text)

    def wait(self):
        """An hour passes."""
        self._house.let_an_hour_pass()

    def ask_why(self):
        """Somebody asks why, about any picture at all."""
        if self._pictures:
            user, source = self._somebody(), self._random.choice(self._pictures)
            said = self._house.type(user, f"D0{user[2:]}", f"why {self._house.link(source)}")
            self._hear(said, user)
            may_ask = self.may_see(user, source.channel) and "team" not in PEOPLE[user]
            self._found["leaks"] += not may_ask and said != UNKNOWN_LINK

    def type_nearly_right(self):
        """Somebody types a label that was seen, not quite right."""
        if self._pictures:
            user, label = self._somebody(), self._random.choice(list(self._labels.values()))
            typed = f"watch {label[:-2].lower()}x{label[-1]}"
            self._hear(self._house.type(user, f"D0{user[2:]}", typed), user)
            mine = self._house.records.watches.of_owner(TEAM, user)
            made = [one.watch_id for one in mine if "tree" not in one.rule_text]
            self._house.records.watches.remove(made)

    def export(self):
        """Somebody asks for the labels of a channel."""
        user, channel = self._somebody(), self._random.choice(list(CHANNELS))
        self._hear(self._house.export(user, channel), user)

    def _somebody(self):
        return self._random.choice(list(PEOPLE))

    # -- what was said

    def _hear(self, said, user):
        self._found["answers"] += bool(said)
        self._look_for_traces(said, user)

    def _look_for_traces(self, said, recipient):
        for source, label in self._labels.items():
            if not self.may_hear(recipient, source.channel):
                traces = (label, source.ts, source.ts.replace(".", ""))
                self._found["leaks"] += any(trace in said for trace in traces)

    def _said_since(self):
        """What the bot has written since this was last asked, wherever that was."""
        with self._house.slack.world.changed:
            channels = self._house.slack.world.channels.values()
            shown = [m for c in channels for m in c.messages.values() if m.bot_id]
        new = sorted(shown, key=lambda message: message.ts)[self._read :]
        self._read = len(shown)
        return "\n".join(f"{message.text}\n{message.blocks}" for message in new)
