"""S3 of the sandbox, asked through boto3."""

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

from bot.sandbox.aws_server import BUCKET, AwsSandbox
from bot.sandbox.faults import Faults
from bot.sandbox.ledger import Ledger


@pytest.fixture
def aws(tmp_path):
    """A fresh local AWS."""
    sandbox = AwsSandbox(Ledger(), Faults(), tmp_path / "objects")
    sandbox.start()
    yield sandbox
    sandbox.stop()


def client(sandbox, service="s3", **changes):
    """A boto3 client with the sandbox's own settings, but for the changes."""
    env = sandbox.environment()
    settings = {
        "endpoint_url": env["AWS_ENDPOINT_URL"],
        "aws_access_key_id": env["AWS_ACCESS_KEY_ID"],
        "aws_secret_access_key": env["AWS_SECRET_ACCESS_KEY"],
        "region_name": env["AWS_DEFAULT_REGION"],
        "config": Config(retries={"total_max_attempts": 1}),
    }
    return boto3.client(service, **(settings | changes))


@pytest.mark.parametrize("key", ["t/T0/C0/17.5/F0", "a b/ü+%&=?.jpg", "a%20b?c%2520#d", "k" * 1000])
def test_bytes_come_back(aws, key):
    """What was stored comes back byte for byte, whatever the key looks like."""
    s3, data = client(aws), bytes(range(256)) * 3000
    s3.put_object(Bucket=BUCKET, Key=key, Body=data)

    assert s3.get_object(Bucket=BUCKET, Key=key)["Body"].read() == data


def test_empty_object(aws):
    """An object may be empty."""
    s3 = client(aws)
    s3.put_object(Bucket=BUCKET, Key="t/empty", Body=b"")

    assert s3.get_object(Bucket=BUCKET, Key="t/empty")["Body"].read() == b""


def test_objects_lie_in_folder(aws, tmp_path):
    """An object is a file in the folder as long as it exists."""
    s3 = client(aws)
    s3.put_object(Bucket=BUCKET, Key="t/one", Body=b"first")
    s3.put_object(Bucket=BUCKET, Key="t/one", Body=b"second")
    files = list((tmp_path / "objects").iterdir())

    assert [file.read_bytes() for file in files] == [b"second"]

    s3.delete_object(Bucket=BUCKET, Key="t/one")

    assert not list((tmp_path / "objects").iterdir())


def test_stop_empties_folder(tmp_path):
    """Nothing is left on the disk when the sandbox has stopped."""
    sandbox = AwsSandbox(Ledger(), Faults(), tmp_path)
    sandbox.start()
    client(sandbox).put_object(Bucket=BUCKET, Key="t/one", Body=b"bytes")
    sandbox.stop()

    assert not list(tmp_path.iterdir())


def test_two_keep_apart(aws, tmp_path):
    """Two sandboxes in one process have a bucket each."""
    other = AwsSandbox(Ledger(), Faults(), tmp_path / "other")
    other.start()
    client(other).put_object(Bucket=BUCKET, Key="t/one", Body=b"theirs")
    ours = client(aws).list_objects_v2(Bucket=BUCKET)["KeyCount"]
    other.stop()

    assert ours == 0


def test_calls_are_recorded(aws):
    """Every call is in the ledger under its operation's name, with bucket, key and size."""
    s3, ledger = client(aws), aws.ledger
    s3.put_object(Bucket=BUCKET, Key="t/one", Body=b"12345")
    s3.get_object(Bucket=BUCKET, Key="t/one")["Body"].read()
    s3.delete_object(Bucket=BUCKET, Key="t/one")
    entries = ledger.entries("s3")

    assert [entry.call for entry in entries] == ["PutObject", "GetObject", "DeleteObject"]
    assert [entry.facts["size"] for entry in entries[:2]] == [5, 5]
    assert {(entry.facts["bucket"], entry.facts["key"]) for entry in entries} == {(BUCKET, "t/one")}
    assert all(entry.facts["ok"] for entry in entries)


@pytest.mark.parametrize(
    ("bucket", "code"), [(BUCKET, "NoSuchKey"), ("somebody-elses-bucket", "NoSuchBucket")]
)
def test_missing_is_named(aws, bucket, code):
    """A missing object and a missing bucket are different errors."""
    with pytest.raises(ClientError) as caught:
        client(aws).get_object(Bucket=bucket, Key="t/none")

    assert caught.value.response["Error"]["Code"] == code


@pytest.mark.parametrize(
    ("service", "call", "code"),
    [
        ("s3", lambda s3: s3.put_object(Bucket=BUCKET, Key="k", Body=b""), "InvalidAccessKeyId"),
        (
            "rekognition",
            lambda rekognition: rekognition.detect_labels(Image={"Bytes": b"x"}),
            "UnrecognizedClientException",
        ),
    ],
)
def test_foreign_key_refused(aws, service, call, code):
    """An access key that is not the sandbox's is refused by both services."""
    with pytest.raises(ClientError) as caught:
        call(client(aws, service, aws_access_key_id="AKIASOMEBODYELSE"))

    assert caught.value.response["Error"]["Code"] == code


def test_large_upload_comes_back(aws):
    """An upload in several parts is one object."""
    s3, key, part = client(aws), "t/large", bytes(6 * 1024 * 1024)
    upload = s3.create_multipart_upload(Bucket=BUCKET, Key=key)["UploadId"]
    parts = [
        {
            "PartNumber": number,
            "ETag": s3.upload_part(
                Bucket=BUCKET, Key=key, UploadId=upload, PartNumber=number, Body=part
            )["ETag"],
        }
        for number in (1, 2)
    ]
    s3.complete_multipart_upload(
        Bucket=BUCKET, Key=key, UploadId=upload, MultipartUpload={"Parts": parts}
    )

    assert s3.get_object(Bucket=BUCKET, Key=key)["Body"].read() == part * 2
    assert aws.ledger.count("s3", "CompleteMultipartUpload") == 1
