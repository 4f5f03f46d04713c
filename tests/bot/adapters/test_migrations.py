"""What an older release had written is still there, and means the same, after a migration."""

import contextlib

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.config import Config

from bot.adapters.database import MIGRATIONS, Database
from bot.adapters.notice_records import NoticeRecords
from bot.adapters.watch_records import WatchRecords
from bot.model import ImageSource
from bot.rules import parse_rule

SOURCE = ImageSource("T1", "C1", "1.0", "F1")


def migrate_to(database, revision):
    """Bring the tables to an older release's shape."""
    with database.begin() as connection:
        config = Config()
        config.set_main_option("script_location", str(MIGRATIONS))
        config.attributes["connection"] = connection
        command.upgrade(config, revision)


def insert(database, table, *rows):
    """Write rows into a table as it is now."""
    with database.begin() as connection:
        there = sa.Table(table, sa.MetaData(), autoload_with=connection)
        for row in rows:
            connection.execute(sa.insert(there).values(row))


def watch(rule_text, label_key, owner="U1"):
    """A watch of before there were rules of several labels."""
    told = {"rule_text": rule_text, "label_key": label_key}
    return {"team": "T1", "owner": owner, "made_at_s": 1.0, **told}


def notice(person, state, *rules):
    """A notice of before channels could be told."""
    told = {"person": person, "key": f"key-{person}", "rules": list(rules), "state": state}
    return {**SOURCE.columns(), **told, "notice_ts": None}


@pytest.fixture
def older(address):
    """A database of each kind that an older release has made."""
    with contextlib.closing(Database(address, statement_timeout_s=5)) as database:
        migrate_to(database, "0003")
        yield database


def test_watches_are_carried_over(older):
    """Old watches stay, found by their labels and told from duplicates as new ones are."""
    both = watch('"Mac and Cheese"', "mac and cheese")
    old = [watch("Dog", "dog"), watch("dog over 90%", "dog"), both]
    insert(older, "watches", *old, watch("DOG", "dog"), watch("Dog", "dog", "U2"))
    older.migrate()
    watches = WatchRecords(older)

    assert [w.rule_text for w in watches.of_owner("T1", "U1")] == [w["rule_text"] for w in old]
    assert [w.owner for w in watches.for_labels("T1", {"dog"})] == ["U1", "U1", "U2"]
    assert not any(watches.add("T1", "U1", parse_rule(w["rule_text"])) for w in old)
    assert watches.add("T1", "U1", parse_rule("bird"))


def test_notices_are_carried_over(older):
    """A notice that was still to be sent is sent for the watches that it names."""
    insert(older, "watches", watch("Dog", "dog"), watch("Cat", "cat"), watch("Dog", "dog", "U2"))
    insert(older, "notices", notice("U1", "new", "Dog"), notice("U2", "sent", "Dog"))
    older.migrate()
    first, second = sorted(NoticeRecords(older).of_message(SOURCE), key=lambda n: n.recipient)
    (dog, _) = WatchRecords(older).of_owner("T1", "U1")

    assert (first.recipient, first.state, first.watch_ids) == ("U1", "new", (dog.watch_id,))
    assert (second.recipient, second.state) == ("U2", "sent")


def test_old_names_stay_names(older):
    """What was one label then is one label now, whatever its words have come to mean since."""
    texts = ["Dog in photos", "walk in wardrobe over 90%", "bots from me now", "rock 'n roll"]
    insert(older, "watches", *[watch(text, text.partition(" over")[0].lower()) for text in texts])
    older.migrate()
    watches = WatchRecords(older)
    kept = [parse_rule(w.rule_text) for w in watches.of_owner("T1", "U1")]

    assert [rule.labels for rule in kept] == [(text.partition(" over")[0],) for text in texts]
    assert [rule.terms[0].over_percent for rule in kept] == [None, 90, None, None]
    assert not any(watches.add("T1", "U1", rule) for rule in kept)
    assert [w.rule_text for w in watches.for_labels("T1", {"dog in photos"})] == [str(kept[0])]


@pytest.mark.parametrize("named", ["dog", "Dog in photos"])
def test_notice_names_duplicate(older, named):
    """A notice of a watch that another spelling stands for now is sent for that one."""
    insert(older, "watches", watch("DOG", "dog"), watch("dog", "dog"))
    insert(older, "watches", watch("dog in photos", "dog in photos"))
    insert(older, "notices", notice("U1", "new", named))
    older.migrate()
    (found,) = NoticeRecords(older).of_message(SOURCE)
    (meant,) = WatchRecords(older).among("T1", found.watch_ids)

    assert parse_rule(meant.rule_text).labels[0].casefold() == named.casefold()
