"""The command line: reads the words, calls what does it, exits.

Exit codes: 0 done, 1 not everything got an answer, 2 something must be set right first.
"""

from __future__ import annotations

import argparse
import json
import logging
import os
import re
import secrets
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from dotenv import load_dotenv

from bot.errors import CommandError, SettingsError, SpotterError

if TYPE_CHECKING:
    from bot.settings import Settings

ENV_FILE = Path(".env")


def main(words: list[str] | None = None) -> int:
    """Carry out one command; known trouble is one plain text on standard error."""
    chosen = build_parser().parse_args(words)
    load_dotenv(ENV_FILE)
    carry_out: Callable[[argparse.Namespace], int] = chosen.carry_out
    try:
        return carry_out(chosen)
    except SpotterError as exc:
        print(exc, file=sys.stderr)
    except BrokenPipeError:
        sys.stderr.close()  # whoever read our output has heard enough; so has standard error
        return 0
    except Exception:
        reference = secrets.token_hex(4)
        logging.getLogger(__name__).exception("command_failed", extra={"reference": reference})
        print(f"Something went wrong (ref {reference}); the log says more.", file=sys.stderr)
    return 2


def build_parser() -> argparse.ArgumentParser:
    """Every command and its options."""
    parser = argparse.ArgumentParser(prog="python -m bot", description="Spotter, a Slack bot.")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    for name, (carry_out, meaning) in COMMANDS.items():
        command = commands.add_parser(name, help=meaning, description=meaning)
        command.set_defaults(carry_out=carry_out, way=name)
        if name in _OPTIONS:
            _OPTIONS[name](command)
    return parser


def _demo_options(command: argparse.ArgumentParser) -> None:
    post = "post these, print the answer, stop: your files, or samples such as park.jpg"
    command.add_argument("--post", nargs="+", type=Path, metavar="FILE", help=post)
    command.add_argument("--as", dest="person", default="ana", choices=("ana", "ben", "guest"))
    command.add_argument("--channel", default="photos", help="photos, alerts or lab")
    command.add_argument("--out", type=Path, default=Path(), help="where annotated pictures go")
    command.add_argument("--json", action="store_true", help="print JSON alone on stdout")
    command.add_argument("--port", type=int, default=8765, help="the page's port, 0: any")
    command.add_argument("--aws", action="store_true", help="the real S3 and Rekognition")


def _sandbox_options(command: argparse.ArgumentParser) -> None:
    command.add_argument("--slack-port", type=int, default=0)
    command.add_argument("--aws-port", type=int, default=0)
    command.add_argument("--only", choices=("aws", "slack"))


def _manifest_options(command: argparse.ArgumentParser) -> None:
    command.add_argument("--http", metavar="URL", help="the bot's public address; else Socket Mode")


def _labels_options(command: argparse.ArgumentParser) -> None:
    actions = command.add_subparsers(required=True, metavar="ACTION", dest="action")
    meaning = "Let names in watches be checked against Amazon's list of labels."
    import_ = actions.add_parser("import", help=meaning, description=meaning)
    files = "Amazon's zip file of labels, or the CSV files in it"
    import_.add_argument("files", nargs="+", type=Path, metavar="FILE", help=files)


_OPTIONS = {
    "labels": _labels_options,
    "demo": _demo_options,
    "sandbox": _sandbox_options,
    "manifest": _manifest_options,
}


def _demo(chosen: argparse.Namespace) -> int:
    # Until the demo listens itself there is nothing to stop: Ctrl-C just ends this.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    from bot import demo  # noqa: PLC0415 - the bot itself never needs the sandbox

    if chosen.post:
        return demo.post_and_report(chosen)
    return demo.show_page(chosen)


def _sandbox(chosen: argparse.Namespace) -> int:
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # as for the demo
    from bot import demo  # noqa: PLC0415 - the bot itself never needs the sandbox

    return demo.run_stand_ins(chosen)


def _run(chosen: argparse.Namespace) -> int:
    from bot import logs, running  # noqa: PLC0415 - `manifest` and `policy` need none of it
    from bot.settings import load_settings  # noqa: PLC0415 - same

    settings = load_settings(os.environ, way=chosen.way, env_file=ENV_FILE)
    logs.set_up_logging(settings.log_level)
    ways = {
        "run": running.run_everything,
        "web": running.run_web,
        "worker": running.run_worker,
    }
    ways[chosen.way](settings)
    return 0


def _doctor(_chosen: argparse.Namespace) -> int:
    from bot import doctor  # noqa: PLC0415 - `manifest` and `policy` need none of it

    findings = doctor.examine(os.environ, env_file=ENV_FILE)
    print(doctor.describe(findings))
    return 0 if all(finding.works for finding in findings) else 2


def _manifest(chosen: argparse.Namespace) -> int:
    from bot.manifest import build_manifest  # noqa: PLC0415 - one command, one import

    if chosen.http is not None and not re.fullmatch(
        r"https://[^\s/:?#]+(:\d+)?(/[^\s?#]*)?", chosen.http
    ):
        raise CommandError(
            problem="--http needs the public https:// address of the bot.",
            example=".venv/bin/python -m bot manifest --http https://spotter.example.com",
        )
    command = os.environ.get("SLASH_COMMAND") or "/labels"
    print(json.dumps(build_manifest(slash_command=command, address=chosen.http), indent=2))
    return 0


def _policy(_chosen: argparse.Namespace) -> int:
    from bot.policy import build_policy  # noqa: PLC0415 - one command, one import

    settings = _settings("S3_BUCKET", "S3_LINK_ALLOW")
    policy = build_policy(bucket=settings.s3_bucket, links=settings.s3_link_allow)
    print(json.dumps(policy, indent=2))
    return 0


def _labels(chosen: argparse.Namespace) -> int:
    from bot.label_import import import_labels  # noqa: PLC0415 - one command, one import

    settings = _settings("DATABASE_URL", "DATA_DIR")
    print(import_labels(chosen.files, database_url=settings.database_url.get_secret_value()))
    return 0


def _settings(*needed: str) -> Settings:
    """The settings of these names alone, for what works without the others."""
    from bot.settings import Settings, find_problems  # noqa: PLC0415 - not every command has any

    stand_ins = {"SLACK_BOT_TOKEN": "xoxb-", "S3_BUCKET": "not-given"}
    problems = find_problems(os.environ)
    if wrong := [problems[name] for name in needed if name in problems]:
        raise SettingsError(problems=wrong)
    given = {name: os.environ[name] for name in needed if os.environ.get(name)}
    return Settings.model_validate(stand_ins | given)


COMMANDS: dict[str, tuple[Callable[[argparse.Namespace], int], str]] = {
    "demo": (_demo, "Spotter on this machine, against a stand-in for Slack and AWS: no account."),
    "run": (_run, "Everything in one process, against a real workspace."),
    "web": (_run, "Only take Slack's events in; needs PostgreSQL and a worker."),
    "worker": (_run, "Only do the work; needs PostgreSQL."),
    "doctor": (_doctor, "Try everything Spotter needs; say what is missing and where to get it."),
    "manifest": (_manifest, "Print the Slack app manifest."),
    "policy": (_policy, "Print the AWS rights that Spotter needs."),
    "labels": (_labels, "Import Amazon's list of labels, so that names in watches are checked."),
    "sandbox": (_sandbox, "Only the stand-ins for Slack and AWS, for trying other things on them."),
}


if __name__ == "__main__":
    sys.exit(main())
