"""What lay outside the bot when a release was recorded: Slack's messages and files, S3's objects.

Pictures are all one picture with another number behind its end, so it is kept once.
"""

import base64
import json
import lzma
import shutil
import sqlite3
from contextlib import closing
from dataclasses import asdict

from bot.sandbox.slack.nouns import BOT_USER, Channel, File, Message
from tests.stage import variant

RECORDS = "spotter.db.xz"
OUTSIDE = "outside.json.xz"


def save(stage, folder, picture):
    """Write down all that a later release needs to go on with the work of this stage."""
    world = stage.slack.world
    with world.changed:
        kept = {
            "url": world.url,
            "picture": base64.b64encode(picture).decode(),
            "channels": [asdict(channel) for channel in world.channels.values()],
            "files": [asdict(file) for file in world.files.values()],
            "stored": sorted(_stored(stage)),
        }
    text = json.dumps(kept, default=lambda value: sorted(value) if isinstance(value, set) else None)
    (folder / OUTSIDE).write_bytes(lzma.compress(text.encode()))


def _stored(stage):
    """The keys of the originals in S3."""
    puts = stage.ledger.entries("s3", "PutObject")
    return {one.facts["key"] for one in puts if one.facts["ok"] and "/F0" in one.facts["key"]}


def save_records(source, folder):
    """Write down the database, with what still lies in its journal."""
    whole = folder / "spotter.db"
    with closing(sqlite3.connect(source)) as live, closing(sqlite3.connect(whole)) as copy:
        live.backup(copy)
        copy.execute("PRAGMA journal_mode=DELETE")
        copy.execute("VACUUM")
    (folder / RECORDS).write_bytes(lzma.compress(whole.read_bytes()))
    whole.unlink()


def restore(stage, folder):
    """Let a stage, whose bot was not started yet, stand as the recorded one did when it ended."""
    kept = json.loads(lzma.decompress((folder / OUTSIDE).read_bytes()))
    picture, world = base64.b64decode(kept["picture"]), stage.slack.world
    with world.changed:
        for one in kept["files"]:
            _add_file(world, one, picture)
        world.channels = {one["id"]: _channel(one) for one in kept["channels"]}
        world._last_id = len(world.files)  # noqa: SLF001 - new ids come after those that are known
    for key in kept["stored"]:
        stage.put(key, world.file(key.rpartition("/")[2]).path.read_bytes())
    _restore_records(stage.folder / "data" / "spotter.db", folder, kept["url"], world.url)


def _add_file(world, one, picture):
    one |= {"path": world.path_for(one["id"]), "size_px": tuple(one["size_px"] or ()) or None}
    # What Slack was still looking at, it has looked at since.
    one["processed_at_s"] = 0.0 if one["uploaded"] else float("inf")
    one["shares"] = [tuple(share) for share in one["shares"]]
    file = world.files[one["id"]] = File(**one)
    if file.uploaded and not file.deleted:
        # What the bot drew is of no account here, but that it is a picture.
        number = 0 if file.user == BOT_USER else number_of(file.name)
        file.path.write_bytes(variant(picture, number))


def number_of(name):
    """The number of a picture by its name: 12 of park12.jpg."""
    return int(name.removeprefix("park").removesuffix(".jpg"))


def _channel(one):
    messages = one.pop("messages").values()
    del one["_replies"]
    channel = Channel(**one)
    for message in messages:
        channel.add(Message(**message | {"broken_files": set(message["broken_files"])}))
    return channel


def _restore_records(target, folder, old_url, new_url):
    """Unpack the database, and let the addresses in its jobs lead to where Slack is now."""
    target.parent.mkdir(parents=True)
    with lzma.open(folder / RECORDS) as packed, target.open("wb") as records:
        shutil.copyfileobj(packed, records)
    with closing(sqlite3.connect(target)) as records, records:
        names = records.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
        for (table,) in names:
            for column in records.execute(f'PRAGMA table_info("{table}")').fetchall():
                if column[2].upper() in {"TEXT", "JSON"}:
                    records.execute(
                        f'UPDATE "{table}" SET "{column[1]}" = replace("{column[1]}", ?, ?)'  # noqa: S608 - names it gave
                        f' WHERE "{column[1]}" LIKE ?',
                        [old_url, new_url, f"%{old_url}%"],
                    )
