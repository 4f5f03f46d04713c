"""The whole product on a stage of its own: a local Slack, a local AWS, and the bot as a process."""

import io
import socket
import urllib.request
from pathlib import Path

import pytest
from PIL import Image

from bot.sandbox import scenes
from bot.sandbox.aws_server import AwsSandbox
from bot.sandbox.bot_process import BotProcess
from bot.demo import running_demo
from bot.sandbox.faults import Faults
from bot.sandbox.ledger import Ledger
from bot.sandbox.slack.terms import Terms
from bot.sandbox.slack_server import SlackSandbox

LINES = ("socket", "http")
ANSWER_WITHIN_S = 40.0


class Stage:
    """The stand-ins and the bot; `line` is how Slack reaches it."""

    def __init__(self, folder: Path, line: str, **environment: str) -> None:
        self.ledger = Ledger()
        self.faults = Faults()
        self.folder = folder
        self.slack = SlackSandbox(self.ledger, self.faults, Terms(tiers=False, speed=60.0))
        self.slack.start()
        self.aws = AwsSandbox(self.ledger, self.faults, folder / "objects")
        self.aws.start()
        self.line = line
        self._port = _free_port()
        self.bot = BotProcess(self._environment() | environment, folder)
        self.faults.kill = self.bot.kill

    def _environment(self) -> dict[str, str]:
        told = self.slack.environment() | self.aws.environment()
        told |= {"RETRY_FOR_S": "1", "REKOGNITION_PER_SECOND": "50"}
        if self.line == "http":
            del told["SLACK_APP_TOKEN"]
            told["PORT"] = str(self._port)
        return told

    def start(self) -> None:
        """Start the bot, or start it again, and wait until Slack reaches it."""
        self.bot.start()
        if self.line == "http":
            self.slack.wait_for(lambda: self._is_healthy() or not self.bot.is_running, 20)
            self.slack.deliver_to(f"http://127.0.0.1:{self._port}/slack/events")
        assert self.slack.wait_for(lambda: self.slack.connected, 20), self.bot.log_text()

    def _is_healthy(self) -> bool:
        for _ in range(100):
            try:
                url = f"http://127.0.0.1:{self._port}/healthz"
                with urllib.request.urlopen(url, timeout=1) as answer:
                    return answer.status == 200
            except OSError:
                if not self.bot.is_running or self.slack.wait_for(lambda: False, 0.1):
                    return False
        return False

    def stop(self) -> None:
        """Stop everything."""
        self.bot.stop(within_s=5)
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
        assert self.slack.wait_for(lambda: self.replies(ts, channel), ANSWER_WITHIN_S), (
            self.bot.log_text()
        )
        return self.replies(ts, channel)[0]

    def wait_marked(self, ts: str, channel: str = "photos") -> set[str]:
        """The bot's marks on a message, once it is done with it."""
        done = {"white_check_mark", "warning"}
        assert self.slack.wait_for(lambda: done & self.marks(ts, channel), ANSWER_WITHIN_S), (
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
        assert self.slack.wait_for(lambda: self.slack.direct_messages(person), ANSWER_WITHIN_S), (
            self.bot.log_text()
        )
        return self.slack.direct_messages(person)[-1]

    def settle(self, seconds: float = 1.5) -> None:
        """Give a second reply, or notice, that must not come the time to come."""
        self.slack.wait_for(lambda: False, seconds)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def variant(jpeg: bytes, number: int) -> bytes:
    """The same scene as other bytes: data after a JPEG's end is no part of the picture."""
    return jpeg + number.to_bytes(4, "big")


@pytest.fixture(scope="session")
def park() -> bytes:
    """A JPEG with a dog, a person, a bird and a ball in a park."""
    return scenes.scene_jpeg("park")


@pytest.fixture(scope="session")
def blank() -> bytes:
    """A PNG with nothing on it."""
    buffer = io.BytesIO()
    Image.new("RGB", (640, 480), "white").save(buffer, "PNG")
    return buffer.getvalue()


@pytest.fixture(scope="module", params=LINES)
def stage(request, tmp_path_factory):
    """A running stage for a whole module, once over Socket Mode and once over HTTP."""
    stage = Stage(tmp_path_factory.mktemp("stage"), request.param)
    stage.start()
    yield stage
    stage.stop()


@pytest.fixture(scope="module")
def quiet_stage(tmp_path_factory):
    """A running stage over Socket Mode alone, for what does not depend on the line."""
    stage = Stage(tmp_path_factory.mktemp("stage"), "socket")
    stage.start()
    yield stage
    stage.stop()


@pytest.fixture(scope="session")
def demo_url():
    """The address of a running demo."""
    with running_demo() as demo:
        yield demo.slack.url
