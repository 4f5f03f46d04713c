import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import boto3
import pytest
from moto import mock_aws

from bot.doctor import describe, examine
from bot.doctor_aws import CHECK_KEY, detector_trouble, store_trouble
from bot.manifest import SCOPES

SECRET = "hunter2"
BUCKET = "our-pictures"


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


@pytest.fixture(autouse=True)
def aws_environment(monkeypatch, tmp_path):
    """Credentials and a region that are nobody's, and no files of whoever runs the tests."""
    for name in ("AWS_PROFILE", "AWS_SESSION_TOKEN", "AWS_REGION", "AWS_ENDPOINT_URL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "config"))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "credentials"))
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIAEXAMPLE")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", SECRET)
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-west-1")


@pytest.fixture
def all_well(answers, tmp_path):
    """Settings with which everything works, Slack being the server of answers."""
    identity = {"ok": True, "team_id": "T1", "user_id": "U1", "bot_id": "B1"}
    answers.slack("auth.test", identity, **{"x-oauth-scopes": ",".join(SCOPES)})
    answers.slack("apps.connections.open", {"ok": True, "url": "wss://example.com/"})
    return {
        "SLACK_BOT_TOKEN": f"xoxb-{SECRET}",
        "SLACK_APP_TOKEN": f"xapp-{SECRET}",
        "SLACK_API_URL": f"{answers.url}api/",
        "S3_BUCKET": BUCKET,
        "DATA_DIR": str(tmp_path / "data"),
    }


@pytest.fixture
def bucket():
    """The bucket, in a stand-in for AWS within this process."""
    with mock_aws():
        client = boto3.client("s3")
        place = {"LocationConstraint": "eu-west-1"}
        client.create_bucket(Bucket=BUCKET, CreateBucketConfiguration=place)
        yield client


def words(findings, topic):
    """What was found out about one topic."""
    return [finding.words for finding in findings if finding.topic == topic]


@pytest.mark.usefixtures("bucket")
def test_all_well(all_well):
    """When everything works, every line has a tick and the last one says so."""
    findings = examine(all_well)

    assert [(f.topic, f.works) for f in findings] == [
        ("Settings", True),
        ("Slack bot token", True),
        ("Slack events", True),
        ("S3 bucket", True),
        ("Amazon Rekognition", True),
        ("Database", True),
    ]
    assert describe(findings).count("✓") == 6
    assert describe(findings).endswith("Everything works.")


def test_bucket_is_left_clean(all_well, bucket):
    """The object that the bucket is tried with is gone afterwards."""
    examine(all_well)

    assert "Contents" not in bucket.list_objects_v2(Bucket=BUCKET)


def test_nothing_set_is_no_crash(monkeypatch, tmp_path):
    """On a machine where nothing is set up, everything missing is named at once."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_DEFAULT_REGION"):
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)
    said = describe(examine({}))

    assert said.count("✗") == 4
    for name in ("SLACK_BOT_TOKEN", "SLACK_APP_TOKEN", "S3_BUCKET", "AWS_DEFAULT_REGION"):
        assert name in said


def test_no_secret_is_said(all_well, answers):
    """Whatever goes wrong, no token, key or password is among the words."""
    answers.slack("auth.test", {"ok": False, "error": "invalid_auth"})
    answers.slack("apps.connections.open", {"ok": False, "error": "invalid_auth"})
    all_well["DATABASE_URL"] = f"postgres://spotter:{SECRET}@127.0.0.1:1/spotter"
    with mock_aws():
        said = describe(examine(all_well))

    assert said.count("✗") == 4
    assert SECRET not in said


@pytest.mark.usefixtures("bucket")
def test_missing_scopes_are_named(all_well, answers):
    """Permissions that the manifest asks for and Slack has not granted are named one by one."""
    granted = ",".join(scope for scope in SCOPES if scope not in {"im:write", "reactions:write"})
    identity = {"ok": True, "team_id": "T1", "user_id": "U1", "bot_id": "B1"}
    answers.slack("auth.test", identity, **{"x-oauth-scopes": granted})

    found = words(examine(all_well), "Slack bot token")
    assert found[0].startswith("the app lacks im:write, reactions:write. ")


@pytest.mark.usefixtures("bucket")
def test_refused_tokens_are_told_apart(all_well, answers):
    """A token that Slack refuses is named, with Slack's own reason."""
    answers.slack("auth.test", {"ok": False, "error": "token_revoked"})
    answers.slack("apps.connections.open", {"ok": False, "error": "not_allowed_token_type"})

    findings = examine(all_well)
    assert "SLACK_BOT_TOKEN (token_revoked)" in words(findings, "Slack bot token")[0]
    assert "SLACK_APP_TOKEN (not_allowed_token_type)" in words(findings, "Slack events")[0]


@pytest.mark.usefixtures("bucket")
def test_silent_slack_is_no_refusal(all_well):
    """When Slack does not answer, nobody is told to copy tokens."""
    all_well["SLACK_API_URL"] = "http://127.0.0.1:1/api/"

    found = words(examine(all_well), "Slack bot token")
    assert found[0].startswith("no usable answer from http://127.0.0.1:1/api/.")


@pytest.mark.usefixtures("bucket")
def test_http_needs_no_app_token(all_well, answers):
    """Without an app token nothing of Socket Mode is tried."""
    del all_well["SLACK_APP_TOKEN"]
    all_well["SLACK_SIGNING_SECRET"] = SECRET

    found = words(examine(all_well), "Slack events")
    assert found == ["over HTTP on port 3000; Slack tries the address when you enter it."]
    assert ("POST", "/api/apps.connections.open") not in answers.asked


@pytest.mark.usefixtures("bucket")
def test_faulty_setting_stops_only_its_trial(all_well):
    """A malformed setting is named; everything that does not need it is tried all the same."""
    all_well["SLACK_BOT_TOKEN"] = "xapp-mixed-up"
    findings = examine(all_well)

    assert [finding.topic for finding in findings] == [
        "Settings",
        "Slack events",
        "S3 bucket",
        "Amazon Rekognition",
        "Database",
    ]


@pytest.mark.usefixtures("bucket")
def test_stray_env_key_is_told(all_well, tmp_path):
    """A key of .env that is no setting is found out too."""
    env_file = tmp_path / ".env"
    env_file.write_text("S3_BUKET=abc\n")

    assert "S3_BUKET" in describe(examine(all_well, env_file=env_file))


@pytest.mark.usefixtures("bucket")
def test_unwritable_folder_is_told(all_well, tmp_path):
    """A database that cannot be opened is named without a traceback."""
    (tmp_path / "data").write_text("a file where the folder should be")

    found = words(examine(all_well), "Database")
    assert found == ["it cannot be opened. Check DATABASE_URL, or who may write to DATA_DIR."]


def test_missing_bucket_is_told():
    """A bucket that does not exist is told apart from one that is forbidden."""
    with mock_aws():
        assert store_trouble(BUCKET) == "there is no such bucket. Create it, or correct S3_BUCKET."


@pytest.mark.parametrize(
    ("code", "told"),
    [
        ("AccessDenied", "AWS forbids s3:PutObject."),
        ("InvalidAccessKeyId", "the AWS credentials are not known to AWS."),
        ("SignatureDoesNotMatch", "the AWS credentials are wrong"),
        ("ExpiredToken", "the AWS credentials are expired."),
        ("IllegalLocationConstraintException", "the bucket lies in another region."),
        ("SomethingNew", "AWS answered SomethingNew to s3:PutObject."),
    ],
)
def test_store_codes_are_told_apart(answers, monkeypatch, code, told):
    """What S3 answers becomes words for exactly that, and an unknown code is passed on by name."""
    monkeypatch.setenv("AWS_ENDPOINT_URL", answers.url)
    answers.otherwise = (403, {}, f"<Error><Code>{code}</Code><Message>{SECRET}</Message></Error>")

    assert store_trouble(BUCKET).startswith(told)
    assert answers.asked == [("PUT", f"/{BUCKET}/{CHECK_KEY}")]


@pytest.mark.parametrize(
    ("code", "told"),
    [
        ("AccessDeniedException", "AWS forbids rekognition:DetectLabels."),
        ("UnrecognizedClientException", "the AWS credentials are not known to AWS."),
        ("ExpiredTokenException", "the AWS credentials are expired."),
        ("SomethingNew", "AWS answered SomethingNew to rekognition:DetectLabels."),
    ],
)
def test_detector_codes_are_told_apart(answers, monkeypatch, code, told):
    """What Rekognition answers becomes words for exactly that."""
    monkeypatch.setenv("AWS_ENDPOINT_URL", answers.url)
    answers.otherwise = (400, {}, json.dumps({"__type": code, "message": SECRET}))

    assert detector_trouble().startswith(told)


def test_no_picture_means_allowed(answers, monkeypatch):
    """Rekognition is asked about one byte: that it is no picture shows that we may ask."""
    monkeypatch.setenv("AWS_ENDPOINT_URL", answers.url)
    answers.otherwise = (400, {}, json.dumps({"__type": "InvalidImageFormatException"}))

    assert detector_trouble() is None


@pytest.mark.parametrize(
    ("unset", "told"),
    [
        (("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"), "the AWS credentials are missing."),
        (("AWS_SECRET_ACCESS_KEY",), "the AWS credentials are given only in part."),
        (("AWS_DEFAULT_REGION",), "the region is missing."),
    ],
)
def test_missing_credentials_are_told(monkeypatch, unset, told):
    """What boto3 lacks is said before AWS is asked."""
    for name in unset:
        monkeypatch.delenv(name)

    assert detector_trouble().startswith(told)


def test_silent_aws_is_told(monkeypatch):
    """When AWS does not answer, the words speak of the connection and the region."""
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:1")

    assert store_trouble(BUCKET).startswith("no answer.")
    assert detector_trouble().startswith("no answer.")
