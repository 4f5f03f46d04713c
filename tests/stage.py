"""The whole product on a stage of its own: a local Slack, a local AWS, and the bot as a process.

This is long because all journeys, and what measures endurance, ask one stage.
"""

import contextlib
import functools
import json
import os
import socket
import time
import urllib.request
from pathlib import Path

import boto3
import sqlalchemy as sa

from bot.sandbox.aws_server import AwsSandbox
from bot.sandbox.bot_process import BotProcess
from bot.sandbox.faults import Faults
from bot.sandbox.ledger import Ledger
from bot.sandbox.slack.nouns import BOT_USER, TEAM
from bot.sandbox.slack.terms import Terms
from bot.sandbox.slack_server import SlackSandbox
from tests.fleet import Fleet, postgresql

ANSWER_WITHIN_S = 40.0
TAKEN_OVER_WITHIN_S = 60.0
"""A worker counts as dead after 40 s of silence, and the others look every 10 s."""
WATCHED = Path(__file__).parent / "journeys" / "watched"
LEFT = "LEFT THIS MACHINE"
IS_FLEET = os.environ.get("FLEET") == "1"
"""Whether every stage has several processes on PostgreSQL."""


class Stage:
    """The stand-ins and the bot; `line` is how Slack reaches it.

    With the line `fleet` that is HTTP, and the bot is one `web` process and some workers on
    PostgreSQL; else it is one process.
    """

    def __init__(
        self,
        folder: Path,
        line: str,
        terms: Terms | None = None,
        *,
        webs: int = 1,
        workers: int = 2,
        process_class: type[BotProcess] = BotProcess,
        aws_latency_s: dict[str, float] | None = None,
        **environment: str,
    ) -> None:
        self.ledger = Ledger()
        self.faults = Faults()
        self.folder = folder
        terms = terms or Terms(tiers=False, speed=60.0)
        self.slack = SlackSandbox(self.ledger, self.faults, terms)
        self.slack.start()
        self.aws = AwsSandbox(self.ledger, self.faults, folder / "objects", latency_s=aws_latency_s)
        self.aws.start()
        self.is_fleet = line == "fleet" or IS_FLEET
        self.line = "http" if self.is_fleet else line
        self.within_s = ANSWER_WITHIN_S + (TAKEN_OVER_WITHIN_S if self.is_fleet else 0.0)
        self._workers = workers
        self._ports = [_free_port() for _ in range(webs)]
        self._process_class = process_class
        self._told = self._environment() | environment
        self.bot = self._new_bot()
        self.faults.kill = self.bot.kill

    def _environment(self) -> dict[str, str]:
        told = self.slack.environment() | self.aws.environment()
        told |= {"RETRY_FOR_S": "1", "REKOGNITION_PER_SECOND": "50", "PYTHONPATH": str(WATCHED)}
        if self.line == "http":
            del told["SLACK_APP_TOKEN"]
            told["PORT"] = str(self._ports[0])
        if self.is_fleet:
            told["DATABASE_URL"] = postgresql().new_database()
        return told

    def _new_bot(self):
        if not self.is_fleet:
            return self.process("run")
        webs = [self.process("web", PORT=str(port)) for port in self._ports]
        return Fleet(webs, [self.process("worker") for _ in range(self._workers)])

    def process(self, way: str, **more: str) -> BotProcess:
        """A process of the bot for this stage, not started yet: `run`, `web` or `worker`."""
        return self._process_class(self._told | more, self.folder, way=way)

    def start(self) -> None:
        """Start the bot, or start it again, and wait until Slack reaches it."""
        self.bot.start()
        if self.line == "http":
            self.slack.wait_for(lambda: self._is_healthy() or not self.bot.is_running, 60)
            self.slack.deliver_to(self.request_url)
        assert self.slack.wait_for(lambda: self.slack.connected, 60), self.bot.log_text()

    def restart(self, **environment: str) -> None:
        """Stop the bot as a deploy does, and start it with some settings of another value."""
        self.bot.stop()
        self._told |= environment
        self.bot = self._new_bot()
        self.faults.kill = self.bot.kill
        self.start()

    @property
    def request_url(self) -> str:
        """Where the bot takes events over HTTP."""
        return self.request_urls[0]

    @property
    def request_urls(self) -> list[str]:
        """Where each `web` process of a fleet does."""
        return [f"http://127.0.0.1:{port}/slack/events" for port in self._ports]

    def _is_healthy(self) -> bool:
        for _ in range(500):
            try:
                url = f"http://127.0.0.1:{self._ports[0]}/healthz"
                with urllib.request.urlopen(url, timeout=1) as answer:
                    return answer.status == 200
            except OSError:
                if not self.bot.is_running or self.slack.wait_for(lambda: False, 0.1):
                    return False
        return False

    def stop(self) -> None:
        """Stop everything; the bot at once, since nothing of it is needed any more."""
        self.bot.kill()
        self.aws.stop()
        self.slack.stop()

    # -- what a test asks

    def post(self, *files: tuple[str, bytes], person: str = "ana", channel: str = "photos", **more):
        """Post and give the message's ts."""
        return self.slack.post(person, channel, list(files), **more)

    def replies(self, ts: str, channel: str = "photos"):
        """What the bot has said under a message."""
        return self.slack.replies_by_bot(channel, ts)

    def wait_reply(self, ts: str, channel: str = "photos"):
        """The bot's reply, once it stands."""
        assert self.slack.wait_for(lambda: self.replies(ts, channel), self.within_s), (
            self.bot.log_text()
        )
        return self.replies(ts, channel)[0]

    def wait_marked(self, ts: str, channel: str = "photos") -> set[str]:
        """The bot's marks on a message, once it is done with it."""
        done = {"white_check_mark", "warning"}
        assert self.slack.wait_for(lambda: done & self.marks(ts, channel), self.within_s), (
            self.bot.log_text()
        )
        return self.marks(ts, channel)

    def marks(self, ts: str, channel: str = "photos") -> set[str]:
        """The names of the reactions on a message."""
        posted = next(m for m in self.slack.messages(channel) if m.ts == ts)
        return set(posted.reactions)

    def command(self, person: str, channel: str, text: str) -> str:
        """Type a command; the answer that only this person sees."""
        before = len(self.slack.ephemerals(person))
        self.slack.command(person, channel, text)
        assert self.slack.wait_for(lambda: len(self.slack.ephemerals(person)) > before, 10)
        return self.slack.ephemerals(person)[-1].text

    def wait_notice(self, person: str):
        """The bot's newest direct message to a person, once there is one."""
        assert self.slack.wait_for(lambda: self.slack.direct_messages(person), self.within_s), (
            self.bot.log_text()
        )
        return self.slack.direct_messages(person)[-1]

    def post_and_wait(self, *files: tuple[str, bytes], channel: str = "photos", **more):
        """Post; the bot's reply, once it is also done with the message."""
        ts = self.post(*files, channel=channel, **more)
        self.wait_marked(ts, channel)
        return self.replies(ts, channel)[0]

    def deliveries(self, ts: str) -> list[dict]:
        """The tries to deliver a message to the bot."""
        tries = self.ledger.entries("event", "message")
        return [one.facts for one in tries if one.facts.get("ts") == ts]

    @property
    def detections(self) -> int:
        """How often Rekognition was asked so far."""
        return self.ledger.count("rekognition", "DetectLabels")

    @functools.cached_property
    def _s3(self):
        told = self.aws.environment()
        return boto3.client(
            "s3",
            endpoint_url=told["AWS_ENDPOINT_URL"],
            aws_access_key_id=told["AWS_ACCESS_KEY_ID"],
            aws_secret_access_key=told["AWS_SECRET_ACCESS_KEY"],
            region_name=told["AWS_DEFAULT_REGION"],
        )

    def web_api_calls(self) -> list[str]:
        """The Web API calls for pictures so far; the bytes of files are none.

        Nor is what the daily sweep asks, at any moment: whether people's files are still there.
        """
        files = self.slack.world.files
        calls = [e for e in self.ledger.entries("slack") if e.call not in {"download", "upload"}]
        owners = [
            (e.call, getattr(files.get(e.facts.get("file")), "user", BOT_USER)) for e in calls
        ]
        return [call for call, owner in owners if call != "files.info" or owner == BOT_USER]

    def stored(self, key: str) -> bytes:
        """An object of the bot's bucket."""
        answer = self._s3.get_object(Bucket=self.aws.environment()["S3_BUCKET"], Key=key)
        with answer["Body"] as body:
            return body.read()

    def store(self, key: str, data: bytes) -> None:
        """Put an object into the bot's bucket."""
        self._s3.put_object(Bucket=self.aws.environment()["S3_BUCKET"], Key=key, Body=data)

    def put(self, key: str, data: bytes) -> None:
        """Put an object into the bot's bucket."""
        self._s3.put_object(Bucket=self.aws.environment()["S3_BUCKET"], Key=key, Body=data)

    def original(self, channel: str, ts: str, file_id: str) -> bytes | None:
        """The original of a posted picture in the bot's bucket; None when there is none."""
        with contextlib.suppress(self._s3.exceptions.NoSuchKey):
            return self.stored(f"t/{TEAM}/{channel}/{ts}/{file_id}")
        return None

    def objects(self) -> dict[str, bytes]:
        """Every object of the bot's bucket, but for those that go while one looks."""
        s3, found = self._s3, {}
        for one in s3.list_objects_v2(Bucket=self.aws.environment()["S3_BUCKET"]).get(
            "Contents", ()
        ):
            with contextlib.suppress(s3.exceptions.NoSuchKey):
                found[one["Key"]] = self.stored(one["Key"])
        return found

    # -- what the bot keeps

    @property
    def records(self) -> str:
        """The address of the bot's database."""
        usual = f"sqlite:///{self.folder}/data/spotter.db"
        return self._told.get("DATABASE_URL", usual).replace("postgresql:", "postgresql+psycopg:")

    @contextlib.contextmanager
    def database(self, **options):
        """A connection to the bot's database, to look at it or to change it."""
        engine = sa.create_engine(self.records, **options)
        with contextlib.closing(engine.connect()) as connection, connection.begin():
            yield connection
        engine.dispose()

    def rows(self) -> list[tuple[str, str]]:
        """Every row of every table, the job library's too: the table's name, and all as text."""
        found = []
        with self.database() as connection:
            known = sa.inspect(connection)
            for schema in ("public", "dbos") if self.is_fleet else ("main",):
                for table in known.get_table_names(schema=schema):
                    everything = sa.text(f'SELECT * FROM "{schema}"."{table}"')  # noqa: S608 - names it gave
                    rows = connection.execute(everything)
                    found += [(table, " ".join(map(_text, row))) for row in rows]
        return found

    @contextlib.contextmanager
    def locked_database(self):
        """Hold a lock, as a back-up gone wrong does: nobody else can write for a while."""
        with self.database(isolation_level="AUTOCOMMIT") as connection:
            for words in _LOCK_POSTGRESQL if self.is_fleet else _LOCK_SQLITE:
                connection.exec_driver_sql(words)
            yield
            connection.exec_driver_sql("ROLLBACK")

    def said(self) -> list[str]:
        """All that the bot has ever said to anybody: each message's text and blocks."""
        with self.slack.world.changed:
            shown = [m for c in self.slack.world.channels.values() for m in c.messages.values()]
            own = [m for m in (*shown, *self.slack.world.ephemerals) if m.bot_id == "B0SPOTTER"]
            return [f"{m.text}\n{json.dumps(m.blocks, ensure_ascii=False)}" for m in own]

    def until_no_faults(self, within_s: float = 60.0) -> bool:
        """Wait until every ordered fault and kill has happened, which rings no bell."""
        ends_s = time.monotonic() + within_s
        while self.faults.pending() and time.monotonic() < ends_s:
            self.slack.wait_for(lambda: not self.faults.pending(), 0.1)
        return not self.faults.pending()

    def settle(self, seconds: float = 1.5) -> None:
        """Give a second reply, or notice, that must not come the time to come."""
        self.slack.wait_for(lambda: False, seconds)


_LOCK_SQLITE = ("PRAGMA busy_timeout = 5000", "BEGIN EXCLUSIVE")
_LOCK_POSTGRESQL = ("BEGIN", "LOCK TABLE messages, dbos.workflow_status IN EXCLUSIVE MODE")


def _text(value):
    return value.decode("latin-1") if isinstance(value, bytes) else str(value)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def variant(jpeg: bytes, number: int) -> bytes:
    """The same scene as other bytes: data after a JPEG's end is no part of the picture."""
    return jpeg + number.to_bytes(4, "big")


@contextlib.contextmanager
def running_stage(*args, **more):
    """A stage that runs for a while; takes what `Stage` takes."""
    stage = Stage(*args, **more)
    try:
        stage.start()
        yield stage
    finally:
        stage.stop()
    assert LEFT not in stage.bot.log_text(), LEFT  # words of our own: nothing rewrites this file
