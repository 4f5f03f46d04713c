"""A process that does jobs, for a test to kill: `python a_worker.py DATABASE_URL NOTES [WORD ...]`.

It notes what happens, a line each, in the file NOTES. Words: `alone` takes over at once, `hang`
never ends the job, `look` lets it begin another one at once, `fast` counts silence in tenths of
seconds, `daily` has a job for each day, `chores` has one that fails once.
"""

import sys
import threading
import time
from pathlib import Path

from dbos import DBOS, DBOSConfiguredInstance
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.web import SlackResponse

from bot import errors
from bot.adapters import job_runner
from bot.adapters.database import Database
from bot.adapters.job_intake import JobIntake
from bot.adapters.job_runner import JobRunner
from bot.adapters.jobs import Steps

TOKEN = "xoxb-never-to-be-stored"
LOOK_ID = "T1/look/ab/0"


def note(words):
    """Write one line."""
    with NOTES.open("a") as notes:
        notes.write(f"{words}\n")


def vendor_trouble():
    """Build an error as Slack's library raises it, with the token inside."""
    client = WebClient(TOKEN)
    sent = {"headers": {"Authorization": f"Bearer {TOKEN}"}}
    answer = SlackResponse(
        client=client,
        http_verb="POST",
        api_url="https://slack.com/api/chat.postMessage",
        req_args=sent,
        data={"ok": False, "error": "internal_error"},
        headers={},
        status_code=200,
    )
    return SlackApiError("The request to the Slack API failed.", answer)


@DBOS.dbos_class()
class Labelling(DBOSConfiguredInstance):
    """Jobs by the names of the real ones."""

    def __init__(self, steps):
        super().__init__("labelling")
        self._steps = steps

    @DBOS.workflow(name="look_after", max_recovery_attempts=None)
    def look_after(self, job):
        """Note that a day's work was begun, with the clock of whoever started it."""
        note(f"day {job['now_s']:.0f}")

    @DBOS.workflow(name="label_message", max_recovery_attempts=None)
    def label_message(self, job):
        """Do two steps, with a long wait between them where the test asks for it."""
        first = self._steps.run("first", self.first)
        if "look" in WORDS:
            self._steps.start(None, self.ask_rekognition, {}, job_id=LOOK_ID, is_step=False)()
        elif "hang" in WORDS:
            note("hanging")
            time.sleep(60)
        if job.get("fails"):
            raise RuntimeError("as the test wants it")
        if job.get("trouble"):
            self._steps.run("known", self.known_trouble)
            self._steps.run("unknown", self.unknown_trouble)
        note("finished")
        return first

    @DBOS.workflow(name="ask_rekognition", max_recovery_attempts=None)
    def ask_rekognition(self, _job):
        """Fail, or take long where the test wants it."""
        note("asked")
        if "look" in WORDS:
            time.sleep(60 if "hang" in WORDS else 0)
            return {"outcome": "seen"}
        raise RuntimeError("as the test wants it")

    @DBOS.workflow(name="post_reply", max_recovery_attempts=None)
    def post_reply(self, _job):
        """Fail."""
        raise RuntimeError("as the test wants it")

    @DBOS.workflow(name="give_up", max_recovery_attempts=None)
    def give_up(self, job):
        """Say what was given up."""
        note(f"gave up {job['ts']}")
        return {"outcome": "gave_up"}

    def first(self):
        """Be counted."""
        note("first step")
        return {"outcome": "stored"}

    def known_trouble(self):
        """Fail as an adapter does."""
        raise errors.SlackUnknown from vendor_trouble()

    def unknown_trouble(self):
        """Fail as nobody foresaw."""
        raise vendor_trouble()


def chore():
    """Tell how many pictures are under way; fail the first time."""
    if "chore failed" not in NOTES.read_text():
        note("chore failed")
        raise RuntimeError("as the test wants it")
    note(f"under way: {runner.pictures_under_way()}")


if __name__ == "__main__":
    URL, NOTES, *WORDS = sys.argv[1], Path(sys.argv[2]), *sys.argv[3:]
    if "fast" in WORDS:
        job_runner.BEAT_S, job_runner.SILENT_S = 0.1, 0.6
    database = Database(URL, statement_timeout_s=10)
    runner = JobRunner(
        database,
        alone="alone" in WORDS,
        daily_job="Labelling.look_after" if "daily" in WORDS else None,
    )
    Labelling(Steps(retry_for_s=0.5))
    runner.launch(JobIntake(database), chores=[chore] if "chores" in WORDS else [])
    note("ready")
    threading.Event().wait()
