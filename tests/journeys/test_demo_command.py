import hashlib
import io
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from PIL import Image

from bot.sandbox import scenes
from tests.stage import IS_FLEET

CODE = Path(__file__).resolve().parents[2]
ANSWER = {
    "Labels": [
        {
            "Name": "Heron",
            "Confidence": 97.5,
            "Instances": [
                {
                    "BoundingBox": {"Width": 0.25, "Height": 0.5, "Left": 0.1, "Top": 0.125},
                    "Confidence": 96.25,
                }
            ],
            "Parents": [{"Name": "Bird"}],
            "Aliases": [],
            "Categories": [{"Name": "Animals and Pets"}],
        }
    ],
    "LabelModelVersion": "3.0",
}


def environment(**more):
    """The variables of a newcomer's shell."""
    ours = ("SLACK_", "AWS_", "S3_", "DATABASE_URL", "DATA_DIR", "PORT")
    kept = {key: value for key, value in os.environ.items() if not key.startswith(ours)}
    return kept | {"PYTHONPATH": str(CODE)} | more


def bot(folder, *words, **more):
    """Run `python -m bot` with these words."""
    return subprocess.run(  # noqa: S603 - our own program
        [sys.executable, "-m", "bot", *map(str, words)],
        cwd=folder,
        env=environment(**more),
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A folder with a scene, a blank, a file that is no picture, and one that brings its answer."""
    folder = tmp_path_factory.mktemp("pictures")
    (folder / "park.jpg").write_bytes(scenes.scene_jpeg("park"))
    (folder / "broken.jpg").write_bytes(b"Dear diary")
    image = Image.new("RGB", (640, 480), "white")
    image.save(folder / "blank.png")
    image.paste("navy", (64, 60, 224, 300))
    image.save(folder / "lake.jpg", quality=95)
    (folder / "lake.labels.json").write_text(json.dumps(ANSWER))
    return folder


@pytest.fixture(scope="module")
def told(folder):
    """What `demo --post ... --json` says of the four."""
    files = ("park.jpg", "broken.jpg", "blank.png", "lake.jpg")
    return bot(folder, "demo", "--post", *files, "--json", "--out", "answers")


def test_json(told):
    """With --json there is JSON alone on stdout, one entry per picture in order."""
    report = json.loads(told.stdout)
    images = report["images"]

    assert told.returncode == 0, told.stderr
    assert set(report) == {"images", "reply", "alerts"}
    assert [image["file"] for image in images] == [
        "park.jpg",
        "broken.jpg",
        "blank.png",
        "lake.jpg",
    ]
    assert [image["outcome"] for image in images] == [
        "labelled",
        "refused",
        "nothing_found",
        "labelled",
    ]
    assert all(
        set(image) == {"file", "outcome", "reason", "labels", "annotated"} for image in images
    )
    assert report["alerts"] == []
    assert report["reply"]["text"].splitlines()[1].startswith("broken.jpg: This file is named")


def test_json_labels(told):
    """Each label has its name, its confidence and its count; a refused picture has a reason."""
    park, broken, blank, _ = json.loads(told.stdout)["images"]

    assert park["labels"][0]["name"] == "Dog"
    assert park["labels"][0]["count"] == 1
    assert 90 < park["labels"][0]["confidence"] <= 100
    assert park["reason"] is None
    assert broken["labels"] == blank["labels"] == []
    assert broken["reason"].startswith("This file is named like a picture")
    assert broken["annotated"] is None


def test_answer_beside_picture(told):
    """A picture that brings its answer beside it is labelled with that."""
    lake = json.loads(told.stdout)["images"][3]

    assert lake["labels"] == [{"name": "Heron", "confidence": 96.25, "count": 1}]


def test_annotated_pictures(told, folder):
    """The annotated pictures lie in the folder that was asked for, and differ from the posted."""
    images = json.loads(told.stdout)["images"]
    saved = [folder / image["annotated"] for image in images if image["annotated"]]
    drawn = Image.open(io.BytesIO(saved[0].read_bytes()))

    assert [path.parent.name for path in saved] == ["answers"] * 3
    assert len({hashlib.sha256(path.read_bytes()).digest() for path in saved}) == 3
    assert min(drawn.size) >= 160


def test_words(folder):
    """Without --json a person reads the summary and where the picture lies."""
    told = bot(folder, "demo", "--post", "park.jpg", "--channel", "lab", "--out", "words")

    assert told.returncode == 0, told.stderr
    assert told.stdout.startswith("1 Dog (94 %)")
    assert "words/park.labelled.jpg" in told.stdout
    assert (folder / "words" / "park.labelled.jpg").is_file()


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["nowhere.jpg"], "Cannot read nowhere.jpg: No such file or directory."),
        (["."], "Cannot read ."),
        (["park.jpg"] * 11, "at most 10 files"),
        (["park.jpg", "--channel", "lab", "--as", "ben"], "not in this channel"),
        (["park.jpg", "--channel", "nowhere"], "There is no channel nowhere"),
        (["park.jpg", "--channel", "random"], "Spotter is not in #random"),
        (["park.jpg", "--out", "park.jpg"], "park.jpg is a file"),
    ],
)
def test_cannot_post(folder, words, sentence):
    """What cannot be posted is one plain sentence and exit code 2."""
    told = bot(folder, "demo", "--post", *words)

    assert told.returncode == 2, told.stderr
    assert sentence in told.stderr
    assert "Traceback" not in told.stderr
    assert told.stdout == ""


def test_sample_by_name(tmp_path):
    """A sample goes by its name behind a proxy, and of what is set the threshold alone counts."""
    (tmp_path / "beach.labelled.jpg").write_text("mine")
    nowhere = "http://127.0.0.1:9"
    told = bot(
        tmp_path,
        *("demo", "--post", "beach.jpg", "--json"),
        http_proxy=nowhere,
        HTTPS_PROXY=nowhere,
        REPLY_PICTURE="xyz",
        SHOW_FROM_PERCENT="100",
    )

    assert told.returncode == 0, told.stderr
    (image,) = json.loads(told.stdout)["images"]
    assert (image["outcome"], image["labels"]) == ("nothing_found", [])
    assert image["annotated"].endswith("beach-2.labelled.jpg")
    assert "Nothing found at 100 %" in told.stdout
    assert (tmp_path / "beach.labelled.jpg").read_text() == "mine"


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize("words", [["--port", "0"], ["--post", "park.jpg"]])
def test_stopped_while_starting(tmp_path, number, words):
    """A demo that is told to stop says so, is gone soon and leaves nothing behind."""
    with subprocess.Popen(  # noqa: S603 - our own program
        [sys.executable, "-m", "bot", "demo", *words],
        cwd=tmp_path,
        env=environment(TMPDIR=str(tmp_path)),
        stderr=subprocess.PIPE,
        text=True,
    ) as running:
        until_there(tmp_path, "spotter-demo-*/run.log")
        running.send_signal(number)
        _, said = running.communicate(timeout=10)

    assert said == "\nStopping.\n"
    assert list(tmp_path.iterdir()) == []


def until_there(folder, pattern):
    """Wait until a file is there; ten seconds at most."""
    ends_s = time.monotonic() + 10
    while not list(folder.glob(pattern)) and time.monotonic() < ends_s:
        time.sleep(0.05)


def test_wrong_port(tmp_path):
    """A number that is no port is one plain sentence."""
    told = bot(tmp_path, "demo", "--port", "99999")

    assert (told.returncode, told.stderr) == (2, "99999 is no port: 0 (any) to 65535.\n")


@pytest.mark.parametrize("address", ["foo", "http://spotter.example.com", "https://"])
def test_wrong_address(tmp_path, address):
    """The manifest for HTTP takes only an https address."""
    told = bot(tmp_path, "manifest", "--http", address)

    assert told.returncode == 2
    assert told.stderr.startswith("--http needs the public https:// address")


def test_sandbox(tmp_path):
    """The stand-ins alone print the lines that point a bot at them, and stop when told to."""
    running = subprocess.Popen(
        [sys.executable, "-m", "bot", "sandbox"],
        cwd=tmp_path,
        env=environment(),
        stdout=subprocess.PIPE,
        text=True,
    )
    with running:
        lines = [running.stdout.readline().rstrip() for _ in range(9)]
        running.send_signal(signal.SIGTERM)
        code = running.wait(10)

    assert code == 0
    assert [line.partition("=")[0] for line in lines] == [
        "SLACK_API_URL",
        "SLACK_BOT_TOKEN",
        "SLACK_APP_TOKEN",
        "SLACK_SIGNING_SECRET",
        "AWS_ENDPOINT_URL",
        "AWS_ACCESS_KEY_ID",
        "AWS_SECRET_ACCESS_KEY",
        "AWS_DEFAULT_REGION",
        "S3_BUCKET",
    ]


@pytest.mark.skipif(IS_FLEET, reason="On PostgreSQL several processes are meant to share the data.")
def test_second_start(quiet_stage, fresh):
    """A second start on the same data says that another one is running; the first goes on."""
    told = bot(
        quiet_stage.folder,
        "run",
        DATA_DIR=str(quiet_stage.folder / "data"),
        **quiet_stage.slack.environment(),
        **quiet_stage.aws.environment(),
    )

    assert told.returncode == 2, told.stderr
    assert "Another Spotter is running on" in told.stderr
    assert "Traceback" not in told.stderr
    assert quiet_stage.post_and_wait(("park.jpg", fresh())).text.startswith("1 Dog")


@pytest.mark.parametrize("way", ["web", "worker"])
def test_needs_postgresql(quiet_stage, way):
    """Web and worker refuse to start without PostgreSQL, in words."""
    told = bot(
        quiet_stage.folder, way, **quiet_stage.slack.environment(), **quiet_stage.aws.environment()
    )

    assert told.returncode == 2
    assert f"DATABASE_URL must be the address of a PostgreSQL database for {way}" in told.stderr
    assert "Traceback" not in told.stderr


def test_nothing_set(tmp_path):
    """Started with nothing set, the bot names everything that is missing at once."""
    told = bot(tmp_path, "run")

    assert told.returncode == 2
    assert all(name in told.stderr for name in ("SLACK_BOT_TOKEN", "SLACK_APP_TOKEN", "S3_BUCKET"))
