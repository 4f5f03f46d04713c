"""What people write after a guide to Rekognition: one Bolt handler that does all in a row.

Download, put into the bucket, ask about the object there, draw with matplotlib, upload. It is here
to be compared with, by `make bench`; it keeps nothing in mind and looks nothing up.
"""

import os
import subprocess
import sys
import urllib.request

import boto3
from slack_bolt import App
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_sdk import WebClient

from bot.model import RatioBox
from bot.sandbox.bot_process import BotProcess
from tests.other_drawings import draw_in_figure


class PlainBot(BotProcess):
    """As `BotProcess`, but it runs the plain handler."""

    def _launch(self, log):
        return subprocess.Popen(
            [sys.executable, "-m", "tests.plain_bot"],
            cwd=self._folder,
            env=self._environment,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )


def label_files(event, client):
    """Label the pictures of a message, and answer in its thread."""
    for file in event.get("files", ()):
        data = _download(file["url_private_download"], client.token)
        where = {"Bucket": os.environ["S3_BUCKET"], "Key": file["id"]}
        boto3.client("s3").put_object(**where, Body=data)
        labels = boto3.client("rekognition").detect_labels(
            Image={"S3Object": {"Bucket": where["Bucket"], "Name": where["Key"]}}, MaxLabels=10
        )["Labels"]
        client.files_upload_v2(
            channel=event["channel"],
            thread_ts=event["ts"],
            filename="labels.jpg",
            content=draw_in_figure(data, _things(labels)),
            initial_comment=", ".join(one["Name"] for one in labels),
        )


def _download(url, token):
    request = urllib.request.Request(url, headers={"Authorization": f"Bearer {token}"})  # noqa: S310 - the local Slack
    with urllib.request.urlopen(request) as answer:  # noqa: S310 - same
        return answer.read()


def _things(labels):
    """Each box with its text."""
    for label in labels:
        for instance in label["Instances"]:
            box = (instance["BoundingBox"][side] for side in ("Left", "Top", "Width", "Height"))
            yield f"{label['Name']} {instance['Confidence']:.0f}%", RatioBox(*box)


def main():
    """`python -m tests.plain_bot`, with the settings that Spotter has."""
    client = WebClient(os.environ["SLACK_BOT_TOKEN"], base_url=os.environ["SLACK_API_URL"])
    app = App(client=client)
    app.event("message")(label_files)
    SocketModeHandler(app, os.environ["SLACK_APP_TOKEN"]).start()


if __name__ == "__main__":
    main()
