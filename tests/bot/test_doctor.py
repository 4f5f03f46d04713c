import boto3
import pytest
from moto import mock_aws

from bot.doctor import describe, examine
from bot.label_import import import_labels
from bot.manifest import SCOPES
from tests.bot.label_lists import written

SECRET = "hunter2"
BUCKET = "our-pictures"


pytestmark = pytest.mark.usefixtures("aws_environment")


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
        ("Label list", True),
    ]
    assert describe(findings).count("✓") == 7
    assert describe(findings).endswith("Everything works.")


def test_linked_places_are_tried(all_well, bucket):
    """Each place that links may name is tried, if there are any; one that fails is named."""
    all_well["S3_LINK_ALLOW"] = f"{BUCKET}/front,nobodys"
    found = words(examine(all_well), "S3 links")
    all_well["S3_LINK_ALLOW"] = BUCKET
    found += words(examine(all_well), "S3 links")

    assert bucket
    assert found == [
        "nobodys/: there is no such bucket. Create it, or correct S3_LINK_ALLOW.",
        f"{BUCKET}/ may be listed.",
    ]


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
        "Label list",
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


@pytest.mark.usefixtures("bucket")
def test_label_list_is_counted(all_well, tmp_path):
    """How many names were imported is told, and how to import them where none were."""
    before = words(examine(all_well), "Label list")
    url = f"sqlite:///{all_well['DATA_DIR']}/spotter.db"
    import_labels(written(tmp_path), database_url=url)
    after = words(examine(all_well), "Label list")

    assert before[0].startswith("none, so names in watches are not checked. python -m bot labels ")
    assert after == ["7 labels, 4 other names for them, 4 categories."]
