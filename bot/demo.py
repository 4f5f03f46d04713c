"""The demo: the real bot against the stand-ins, with the page or without it."""

from __future__ import annotations

import argparse
import json
import os
import signal
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import cache, partial
from pathlib import Path

from bot.demo_report import Report, in_words
from bot.errors import CommandError, SpotterError
from bot.sandbox import photographs, scenes
from bot.sandbox.aws_server import AwsSandbox
from bot.sandbox.bot_process import BotProcess
from bot.sandbox.faults import Faults
from bot.sandbox.ledger import Ledger
from bot.sandbox.slack.acting import NotAllowed
from bot.sandbox.slack.terms import Terms
from bot.sandbox.slack_server import SlackSandbox

FILES_AT_MOST = 10
_TITLES = {
    "park": "A dog in the park",
    "street": "A busy street",
    "beach": "A boat off the beach",
    "kitchen": "A cat in the kitchen",
    "crowd": "A crowd",
    "balloons": "Balloons",
    "harbour": "A harbour, very wide",
    "abstract": "Nothing but shapes",
}
_START_WITHIN_S = 60.0
_REPLY_WITHIN_S = 120.0


class DemoFailed(SpotterError):
    """The demo cannot go on; facts: `problem`."""

    code = "demo_failed"
    words = "{problem}"


class Demo:
    """The stand-ins and the bot between them."""

    def __init__(
        self, slack: SlackSandbox, aws: AwsSandbox | None, bot: BotProcess, *, records: str
    ) -> None:
        """Keep the three, and where the bot keeps its records."""
        self.slack = slack
        self.aws = aws
        self.bot = bot
        self.records = records


@contextmanager
def running_demo(*, port: int = 0, real_aws: bool = False) -> Iterator[Demo]:
    """Start everything, wait until the bot listens, and stop it all in the end."""
    with ExitStack() as closing:
        folder = Path(closing.enter_context(tempfile.TemporaryDirectory(prefix="spotter-demo-")))
        slack = _start_slack(port, closing, real_aws=real_aws)
        aws = None if real_aws else _start_aws(folder / "objects", slack, closing)
        environment = slack.environment() | (aws.environment() if aws else _real_aws())
        bot = BotProcess({"LOG_LEVEL": "INFO", **environment}, folder)
        bot.start()
        closing.callback(bot.stop, within_s=5.0)
        _wait_for_bot(slack, bot)
        yield Demo(slack, aws, bot, records=f"sqlite:///{folder}/data/spotter.db")


def _start_slack(port: int, closing: ExitStack, *, real_aws: bool = False) -> SlackSandbox:
    ledger = Ledger()
    terms = Terms(real_services=("s3", "rekognition") if real_aws else ())
    slack = SlackSandbox(ledger, Faults(), terms)
    try:
        slack.start(port)
    except OSError as exc:
        problem = f"Port {port} is taken. Name another: python -m bot demo --port 0"
        raise DemoFailed(problem=problem) from exc
    closing.callback(slack.stop)
    for name in scenes.SCENES:
        # Drawing one takes a while, and the page asks for all of them.
        slack.samples[f"{name}.jpg"] = (_TITLES[name], cache(partial(scenes.scene_jpeg, name)))
    for name in photographs.available():
        photograph = photographs.PHOTOGRAPHS[name]
        slack.samples[photograph.file] = (
            f"{photograph.title} ({photograph.credit})",
            partial(photographs.photograph_bytes, name),
        )
    return slack


def _start_aws(folder: Path, slack: SlackSandbox, closing: ExitStack) -> AwsSandbox:
    aws = AwsSandbox(slack.ledger, slack.faults, folder)
    aws.start()
    closing.callback(aws.stop)
    threading.Thread(target=aws.warm_up, daemon=True).start()
    return aws


def _real_aws() -> dict[str, str]:
    """`demo --aws`: whatever boto3 finds, and the bucket of the settings."""
    if not os.environ.get("S3_BUCKET"):
        raise DemoFailed(problem="S3_BUCKET is missing: demo --aws stores pictures in it.")
    return {
        key: value
        for key, value in os.environ.items()
        if key.startswith("AWS_") or key == "S3_BUCKET"
    }


def _wait_for_bot(slack: SlackSandbox, bot: BotProcess) -> None:
    slack.wait_for(lambda: slack.connected or not bot.is_running, _START_WITHIN_S)
    if not slack.connected:
        raise DemoFailed(problem=f"The bot did not start:\n{bot.log_text()[-2000:]}")


def show_page(chosen: argparse.Namespace) -> int:
    """`python -m bot demo`: print the page's address and run until Ctrl-C."""
    with running_demo(port=chosen.port, real_aws=chosen.aws) as demo:
        print(f"\n  Spotter's demo is at {demo.slack.url}\n")
        print("  Post a picture there and watch its thread. Ctrl-C stops it.", flush=True)
        until_stopped()
    return 0


def until_stopped() -> None:
    """Wait for Ctrl-C or a SIGTERM."""
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    stop.wait()


def post_and_report(chosen: argparse.Namespace) -> int:
    """`python -m bot demo --post FILE...`: post, wait for the answer, save and print it."""
    files = _read(chosen.post)
    with running_demo(real_aws=chosen.aws) as demo:
        _bring_answers(demo, chosen.post)
        ts = _post(demo, chosen, files)
        answer = Report(demo.slack, demo.records, chosen.channel, ts)
        if not answer.wait(within_s=_REPLY_WITHIN_S):
            print("No answer came in time.", file=sys.stderr)
            return 1
        report = answer.collect(chosen.out)
    print(json.dumps(report, indent=2) if chosen.json else in_words(report))
    return 0 if all(image["outcome"] for image in report["images"]) else 1


def _post(demo: Demo, chosen: argparse.Namespace, files: list[tuple[str, bytes]]) -> str:
    try:
        return demo.slack.post(chosen.person, chosen.channel, files)
    except NotAllowed as exc:
        raise DemoFailed(problem=f"{chosen.person} in #{chosen.channel}: {exc}") from exc


def _read(paths: list[Path]) -> list[tuple[str, bytes]]:
    if len(paths) > FILES_AT_MOST:
        raise CommandError(
            problem=f"One message holds at most {FILES_AT_MOST} files.",
            example="python -m bot demo --post cat.jpg dog.jpg",
        )
    try:
        return [(path.name, path.read_bytes()) for path in paths]
    except OSError as exc:
        raise DemoFailed(problem=f"Cannot read {exc.filename}: {exc.strerror}.") from exc


def _bring_answers(demo: Demo, paths: list[Path]) -> None:
    """`cat.jpg` may bring Rekognition's answer in `cat.labels.json` beside it."""
    for path in paths:
        answer = path.with_suffix(".labels.json")
        if demo.aws is not None and answer.is_file():
            try:
                demo.aws.register_answer(path.read_bytes(), json.loads(answer.read_text()))
            except ValueError as exc:
                problem = f"{answer} is not a DetectLabels answer in JSON."
                raise DemoFailed(problem=problem) from exc
            except OSError:
                continue  # not a picture: the bot says so itself


def run_stand_ins(chosen: argparse.Namespace) -> int:
    """`python -m bot sandbox`: only the stand-ins; print what points a bot at them."""
    with ExitStack() as closing:
        folder = Path(closing.enter_context(tempfile.TemporaryDirectory(prefix="spotter-sandbox-")))
        slack = _start_slack(chosen.slack_port, closing)
        lines = {} if chosen.only == "aws" else slack.environment()
        if chosen.only != "slack":
            aws = AwsSandbox(slack.ledger, slack.faults, folder)
            aws.start(chosen.aws_port)
            closing.callback(aws.stop)
            lines |= aws.environment()
        print("\n".join(f"{name}={value}" for name, value in lines.items()), flush=True)
        until_stopped()
    return 0
