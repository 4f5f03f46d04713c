"""What can be made to go wrong at the local AWS, as boto3 sees it."""

import threading
import time

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import (
    ClientError,
    ConnectionClosedError,
    HTTPClientError,
    ResponseStreamingError,
)
from PIL import Image

from bot.sandbox.aws_server import BUCKET, AwsSandbox
from bot.sandbox.faults import Fault, Faults
from bot.sandbox.ledger import Ledger
from bot.sandbox.stage import jpeg_bytes

PICTURE = jpeg_bytes(Image.new("RGB", (100, 100), "white"))


class Bench:
    """A local AWS with its faults and ledger, and boto3 clients that try once."""

    def __init__(self, folder, **options):
        self.ledger, self.faults = Ledger(), Faults()
        self.sandbox = AwsSandbox(self.ledger, self.faults, folder, **options)
        self.sandbox.start()
        env = self.sandbox.environment()
        self.s3, self.rekognition = (
            boto3.client(
                service,
                endpoint_url=env["AWS_ENDPOINT_URL"],
                aws_access_key_id=env["AWS_ACCESS_KEY_ID"],
                aws_secret_access_key=env["AWS_SECRET_ACCESS_KEY"],
                region_name=env["AWS_DEFAULT_REGION"],
                config=Config(retries={"total_max_attempts": 1}, read_timeout=5),
            )
            for service in ("s3", "rekognition")
        )

    def put(self, body=b"bytes"):
        """Store an object."""
        return self.s3.put_object(Bucket=BUCKET, Key="t/one", Body=body)

    def get(self):
        """Read it back."""
        return self.s3.get_object(Bucket=BUCKET, Key="t/one")["Body"].read()

    def detect(self):
        """Ask for the labels of a white picture."""
        return self.rekognition.detect_labels(Image={"Bytes": PICTURE})


@pytest.fixture
def bench(tmp_path):
    """A fresh bench."""
    made = Bench(tmp_path)
    yield made
    made.sandbox.stop()


@pytest.mark.parametrize(
    ("code", "status"),
    [
        ("NoSuchBucket", 404),
        ("AccessDenied", 403),
        ("SlowDown", 503),
        ("InternalError", 500),
        ("ExpiredToken", 400),
        ("SignatureDoesNotMatch", 403),
    ],
)
def test_s3_codes(bench, code, status):
    """An ordered S3 error arrives with its code and its HTTP status, and nothing is stored."""
    bench.faults.order("s3", "PutObject", Fault("error", error=code))
    with pytest.raises(ClientError) as caught:
        bench.put()

    assert caught.value.response["Error"]["Code"] == code
    assert caught.value.response["ResponseMetadata"]["HTTPStatusCode"] == status
    assert bench.s3.list_objects_v2(Bucket=BUCKET)["KeyCount"] == 0


def test_redirect_names_region(bench):
    """A redirect says where the bucket really is."""
    bench.faults.order(
        "s3", "PutObject", Fault("error", error="PermanentRedirect", body="ap-south-1"), times=2
    )
    with pytest.raises(ClientError) as caught:
        bench.put()
    answer = caught.value.response

    assert answer["Error"]["Code"] == "PermanentRedirect"
    assert answer["ResponseMetadata"]["HTTPHeaders"]["x-amz-bucket-region"] == "ap-south-1"


@pytest.mark.parametrize(
    ("code", "status", "word"),
    [
        ("ThrottlingException", 400, "sudden increase"),
        ("ThrottlingException", 500, "Service Unavailable"),
        ("ProvisionedThroughputExceededException", 400, "Provisioned Rate exceeded"),
        ("InternalServerError", 500, "Internal"),
        ("AccessDeniedException", 400, "not authorized"),
        ("InvalidImageFormatException", 400, "invalid image format"),
        ("ImageTooLargeException", 400, "too large"),
        ("InvalidS3ObjectException", 400, "object metadata"),
        ("InvalidParameterException", 400, "invalid parameters"),
    ],
)
def test_rekognition_codes(bench, code, status, word):
    """An ordered Rekognition error arrives as botocore's own exception of that name."""
    fault = Fault("error", error=code, status=status, retry_after="1")
    bench.faults.order("rekognition", "DetectLabels", fault)
    with pytest.raises(getattr(bench.rekognition.exceptions, code)) as caught:
        bench.detect()
    answer = caught.value.response

    assert word in answer["Error"]["Message"]
    assert answer["ResponseMetadata"]["HTTPStatusCode"] == status
    assert answer["ResponseMetadata"]["HTTPHeaders"]["x-amz-retry-after"] == "1"


@pytest.mark.parametrize(("kind", "stored"), [("drop_before", 0), ("drop_after", 1), ("stall", 1)])
def test_dropped_put(bench, kind, stored):
    """A dropped line leaves nothing behind, or everything, as ordered."""
    bench.faults.order("s3", "PutObject", Fault(kind))
    with pytest.raises(ConnectionClosedError):
        bench.put()

    assert bench.s3.list_objects_v2(Bucket=BUCKET)["KeyCount"] == stored
    assert bench.ledger.entries("s3", "PutObject")[0].facts["fault"] == kind


def test_dropped_detection(bench):
    """Rekognition's line can be dropped too."""
    bench.faults.order("rekognition", "DetectLabels", Fault("drop_before"))
    with pytest.raises(ConnectionClosedError):
        bench.detect()

    assert bench.detect()["LabelModelVersion"] == "3.0"


def test_cut_object(bench):
    """An object's bytes can break off in the middle."""
    bench.put(b"x" * 100_000)
    bench.faults.order("s3", "GetObject", Fault("cut"))

    with pytest.raises((HTTPClientError, ResponseStreamingError)):
        bench.get()


def test_bare_status(bench):
    """A proxy's 503 without AWS's own words is possible."""
    bench.faults.order("rekognition", "DetectLabels", Fault("status", status=503, body="busy"))
    with pytest.raises(ClientError) as caught:
        bench.detect()

    assert caught.value.response["ResponseMetadata"]["HTTPStatusCode"] == 503


@pytest.mark.parametrize(
    ("call", "code"), [("put", "SlowDown"), ("detect", "ProvisionedThroughputExceededException")]
)
def test_rate_limited(bench, call, code):
    """Too many requests have a code of their own at each service."""
    bench.faults.order("s3", "PutObject", Fault("rate_limited"))
    bench.faults.order("rekognition", "DetectLabels", Fault("rate_limited"))
    with pytest.raises(ClientError) as caught:
        getattr(bench, call)()

    assert caught.value.response["Error"]["Code"] == code


def test_slow_still_answers(bench):
    """A slow call does its work late."""
    bench.faults.order("s3", "PutObject", Fault("slow", seconds=0.2))
    begun_s = time.monotonic()
    bench.put()

    assert time.monotonic() - begun_s >= 0.2
    assert bench.get() == b"bytes"


def test_latency_holds_always(tmp_path):
    """A latency that was set delays every call of its service."""
    bench = Bench(tmp_path, latency_s={"detect": 0.15})
    begun_s = time.monotonic()
    bench.detect()
    took_s = time.monotonic() - begun_s
    bench.sandbox.stop()

    assert took_s >= 0.15


@pytest.mark.parametrize(("moment", "stored"), [("arrival", 0), ("effect", 1)])
def test_kill_points(bench, moment, stored):
    """A kill happens before the effect or after it, and the request is never answered."""
    killed = threading.Event()
    bench.faults.kill = killed.set
    bench.faults.kill_at("s3", "PutObject", moment)
    with pytest.raises(ConnectionClosedError):
        bench.put()

    assert killed.is_set()
    assert bench.s3.list_objects_v2(Bucket=BUCKET)["KeyCount"] == stored
    assert bench.ledger.count("s3", "PutObject") == stored
