"""The demo: the real bot against the stand-ins, with the page or without it."""

from __future__ import annotations

import argparse
import errno
import json
import os
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Any
from urllib.request import getproxies_environment

from bot.demo_report import Report, in_words
from bot.errors import CommandError, SpotterError
from bot.manifest import SHORTCUT
from bot.model import PERCENT_SHOWN_FROM
from bot.sandbox import samples
from bot.sandbox.aws_server import AwsSandbox
from bot.sandbox.bot_process import BotProcess
from bot.sandbox.faults import Faults
from bot.sandbox.ledger import Ledger
from bot.sandbox.slack.acting import FILES_LIMIT
from bot.sandbox.slack.nouns import BOT_USER, first_channels, first_people
from bot.sandbox.slack.terms import Shortcut, Terms
from bot.sandbox.slack_server import SlackSandbox
from bot.sandbox.stopping import Stopped, Stopping

_START_WITHIN_S = 60.0
_REPLY_WITHIN_S = 120.0
_LOOK_EVERY_S = 0.2
_LOG_END_CHARS = 2000
_LAST_PORT = 65_535
_NO_PROFILE = {"AWS_CONFIG_FILE": os.devnull, "AWS_SHARED_CREDENTIALS_FILE": os.devnull}
"""Somebody's own AWS profile has no say in what goes to the stand-ins."""
SAMPLES_BUCKET = "spotter-samples"
"""Holds the samples, so that links to them can be posted: s3://spotter-samples/park.jpg."""


class DemoFailed(SpotterError):
    """The demo cannot go on; facts: `problem`."""

    code = "demo_failed"
    words = "{problem}"


class Demo:
    """The stand-ins and the bot between them."""

    def __init__(
        self, slack: SlackSandbox, aws: AwsSandbox | None, bot: BotProcess, stopping: Stopping
    ) -> None:
        """Keep them."""
        self.slack = slack
        self.aws = aws
        self.bot = bot
        self._stopping = stopping

    def check(self) -> None:
        """Go on as long as the bot lives and nobody wants to stop.

        Raises:
            Stopped: somebody does.
            DemoFailed: the bot has ended; with the end of its log.
        """
        self._stopping.check()
        if not self.bot.is_running:
            raise DemoFailed(problem=f"The bot has ended:\n{self.bot.log_text()[-_LOG_END_CHARS:]}")

    def wait_for_bot(self) -> None:
        """Wait until the bot listens to the local Slack."""
        ends_s = time.monotonic() + _START_WITHIN_S
        while not self.slack.wait_for(lambda: self.slack.connected, _LOOK_EVERY_S):
            self.check()
            if time.monotonic() > ends_s:
                log = self.bot.log_text()[-_LOG_END_CHARS:]
                problem = f"The bot did not start within {_START_WITHIN_S:.0f} seconds:\n{log}"
                raise DemoFailed(problem=problem)


@contextmanager
def running_demo(
    *, port: int = 0, real_aws: bool = False, stopping: Stopping | None = None
) -> Iterator[Demo]:
    """Start everything, wait until the bot listens, and stop it all in the end.

    Raises:
        Stopped: that was wished for meanwhile; nothing is left running, nor any file.
    """
    stopping = stopping or Stopping()
    with ExitStack() as closing:
        folder = Path(closing.enter_context(tempfile.TemporaryDirectory(prefix="spotter-demo-")))
        slack = _start_slack(port, closing, real_aws=real_aws)
        stopping.check()
        aws = None if real_aws else _start_aws(folder / "objects", slack, closing)
        services = _real_aws() if aws is None else {**_NO_PROFILE, **_environment(aws)}
        own = {"LOG_LEVEL": "INFO", "SHOW_FROM_PERCENT": _usual_percent()}
        bot = BotProcess({**own, **slack.environment(), **services}, folder)
        stopping.check()
        bot.start()
        # At once: nothing of what it knows outlives the demo.
        closing.callback(bot.kill)
        demo = Demo(slack, aws, bot, stopping)
        demo.wait_for_bot()
        yield demo


def _start_slack(port: int, closing: ExitStack, *, real_aws: bool = False) -> SlackSandbox:
    ledger = Ledger()
    terms = Terms(
        real_services=("s3", "rekognition") if real_aws else (),
        shortcuts=(Shortcut(SHORTCUT["name"], SHORTCUT["callback_id"], SHORTCUT["type"]),),
    )
    slack = SlackSandbox(ledger, Faults(), terms)
    try:
        slack.start(port)
    except OSError as exc:
        slack.world.close()
        raise DemoFailed(problem=_port_problem(port, exc)) from exc
    closing.callback(slack.stop)
    slack.samples |= samples.built_in()
    return slack


def _usual_percent() -> str:
    """The one setting of the bot's own that has a say in the demo."""
    return os.environ.get("SHOW_FROM_PERCENT", f"{PERCENT_SHOWN_FROM:g}")


def _port_problem(port: int, exc: OSError) -> str:
    why = "is taken" if exc.errno == errno.EADDRINUSE else f"cannot be used ({exc.strerror})"
    return f"Port {port} {why}. Name another, or 0 for any: .venv/bin/python -m bot demo --port 0"


def _start_aws(
    folder: Path, slack: SlackSandbox, closing: ExitStack, *, port: int = 0
) -> AwsSandbox:
    aws = AwsSandbox(slack.ledger, slack.faults, folder)
    aws.start(port)
    closing.callback(aws.stop)
    threading.Thread(target=aws.warm_up, daemon=True).start()
    aws.others.offer(SAMPLES_BUCKET, {name: make for name, (_, make) in slack.samples.items()})
    return aws


def _environment(aws: AwsSandbox) -> dict[str, str]:
    return {**aws.environment(), "S3_LINK_ALLOW": SAMPLES_BUCKET}


def _real_aws() -> dict[str, str]:
    """`demo --aws`: whatever boto3 finds, the bucket of the settings, and the way out."""
    if not os.environ.get("S3_BUCKET"):
        raise DemoFailed(problem="S3_BUCKET is missing: demo --aws stores pictures in it.")
    aws = {key: os.environ[key] for key in os.environ if key.startswith(("AWS_", "S3_"))}
    proxies = getproxies_environment()
    # Spelt so that boto3 reads them and slack_sdk, which knows no exceptions, does not.
    return aws | {f"{kind.title()}_Proxy": proxies[kind] for kind in proxies if kind != "no"}


def show_page(chosen: argparse.Namespace) -> int:
    """`python -m bot demo`: print the page's address and run until Ctrl-C."""
    stopping = Stopping().listen()
    _refuse_port(chosen.port)
    with (
        suppress(Stopped),
        running_demo(port=chosen.port, real_aws=chosen.aws, stopping=stopping) as demo,
    ):
        print(f"\n  Spotter's demo is at {demo.slack.url}\n")
        print("  Post a picture there and watch its thread. Ctrl-C ends all of it.", flush=True)
        while True:
            demo.check()
            time.sleep(_LOOK_EVERY_S)
    return 0


def post_and_report(chosen: argparse.Namespace) -> int:
    """`python -m bot demo --post FILE...`: post, wait for the answer, save and print it.

    Gives 0 when every picture got an answer; a reason why not is an answer too.
    """
    stopping = Stopping().listen()
    files = _read(chosen.post)
    _refuse_place(chosen.person, chosen.channel)
    _refuse_folder(chosen.out)
    try:
        with running_demo(real_aws=chosen.aws, stopping=stopping) as demo:
            report = _post(demo, chosen, files)
    except Stopped:
        return 1
    if report is None:
        print("No answer came in time.", file=sys.stderr)
        return 1
    print(json.dumps(report, indent=2) if chosen.json else in_words(report, real_aws=chosen.aws))
    return 0 if all(image["outcome"] for image in report["images"]) else 1


def _post(
    demo: Demo, chosen: argparse.Namespace, files: list[tuple[Path, bytes]]
) -> dict[str, Any] | None:
    _bring_answers(demo, files)
    ts = demo.slack.post(chosen.person, chosen.channel, [(p.name, data) for p, data in files])
    place = demo.bot.records, chosen.channel, ts
    with Report(demo.slack, *place, usual_percent=float(_usual_percent())) as answer:
        if not answer.wait(within_s=_REPLY_WITHIN_S, check=demo.check):
            return None
        try:
            return answer.collect(chosen.out)
        except OSError as exc:
            problem = f"Cannot write to {exc.filename or chosen.out}: {exc.strerror}."
            raise DemoFailed(problem=problem) from exc


def _read(paths: list[Path]) -> list[tuple[Path, bytes]]:
    """Each file, or the sample of that name where there is no such file."""
    if len(paths) > FILES_LIMIT:
        raise CommandError(
            problem=f"One message holds at most {FILES_LIMIT} files.",
            example=".venv/bin/python -m bot demo --post cat.jpg dog.jpg",
        )
    offered = samples.built_in()
    files = []
    for path in paths:
        try:
            lent = str(path) in offered and not path.exists()
            files.append((path, offered[str(path)][1]() if lent else path.read_bytes()))
        except OSError as exc:
            problem = f"Cannot read {path}: {exc.strerror}."
            if isinstance(exc, FileNotFoundError):
                problem += f" The samples are {', '.join(offered)}."
            raise DemoFailed(problem=problem) from exc
    return files


def _refuse_place(person: str, channel: str) -> None:
    """Say at once where nothing can be posted, or nobody would answer."""
    members = {c.name: c.members for c in first_channels() if c.name}
    user = next(p.id for p in first_people() if p.name == person)
    name = channel.removeprefix("#")
    open_to = [c for c, inside in members.items() if {user, BOT_USER} <= set(inside)]
    if name in open_to:
        return
    problem = f"There is no channel {name} in the demo."
    if name in members:
        problem = f"Spotter is not in #{name}, so nobody would answer there."
        if user not in members[name]:
            problem = f"{person} is not in this channel: #{name}."
    raise DemoFailed(problem=f"{problem} For {person} there is {', '.join(open_to)}.")


def _refuse_folder(out: Path) -> None:
    if out.exists() and not out.is_dir():
        raise DemoFailed(problem=f"{out} is a file; --out names a folder.")
    try:
        out.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=out):
            pass  # only a try tells: rights, a full disk, a disk for reading only
    except OSError as exc:
        raise DemoFailed(problem=f"Cannot write to {out}: {exc.strerror}.") from exc


def _refuse_port(port: int) -> None:
    if not 0 <= port <= _LAST_PORT:
        raise DemoFailed(problem=f"{port} is no port: 0 (any) to {_LAST_PORT}.")


def _bring_answers(demo: Demo, files: list[tuple[Path, bytes]]) -> None:
    """`cat.jpg` may bring Rekognition's answer in `cat.labels.json` beside it."""
    for path, data in files:
        answer = path.with_suffix(".labels.json")
        if demo.aws is not None and answer.is_file():
            try:
                demo.aws.register_answer(data, json.loads(answer.read_text()))
            except ValueError as exc:
                problem = f"{answer} is not a DetectLabels answer in JSON."
                raise DemoFailed(problem=problem) from exc
            except OSError:
                continue  # not a picture: the bot says so itself


def run_stand_ins(chosen: argparse.Namespace) -> int:
    """`python -m bot sandbox`: only the stand-ins; print what points a bot at them."""
    stopping = Stopping().listen()
    for port in (chosen.slack_port, chosen.aws_port):
        _refuse_port(port)
    with suppress(Stopped), ExitStack() as closing:
        folder = Path(closing.enter_context(tempfile.TemporaryDirectory(prefix="spotter-sandbox-")))
        slack = _start_slack(chosen.slack_port, closing)
        lines = {} if chosen.only == "aws" else slack.environment()
        if chosen.only != "slack":
            lines |= _environment(_start_aws(folder, slack, closing, port=chosen.aws_port))
        print("\n".join(f"{name}={value}" for name, value in lines.items()), flush=True)
        while True:
            stopping.check()
            time.sleep(_LOOK_EVERY_S)
    return 0
