import io
import logging

import boto3
import pytest
from botocore.config import Config
from botocore.response import StreamingBody
from botocore.stub import Stubber

from bot import errors
from bot.adapters.s3_links import LinkedObjects
from bot.links import S3Link
from bot.sandbox.aws_server import AwsSandbox
from bot.sandbox.faults import Fault, Faults
from bot.sandbox.ledger import Ledger

PICTURE = bytes(range(256)) * 40
LIMIT_BYTES = 2 * 1024 * 1024
KEYS = ("a.jpg", "a/../b.jpg", "./b.jpg", "a//b", "/a", "a b+c%20?&=#.jpg", "ü|é/😀.png", "..")
PASSING = {
    "throttled": Fault("error", error="SlowDown"),
    "broken inside": Fault("error", error="InternalError"),
    "away": Fault("error", error="ServiceUnavailable"),
    "no words": Fault("status", status=502),
    "line dropped": Fault("drop_before"),
    "cut in the middle": Fault("cut"),
}
REFUSALS = (
    *("AccessDenied", "NoSuchKey", "NoSuchBucket", "NoSuchVersion", "AllAccessDisabled"),
    *("InvalidObjectState", "MethodNotAllowed", "ExpiredToken", "SignatureDoesNotMatch"),
    *("AuthorizationHeaderMalformed", "InvalidRequest", "CodeOfTomorrow"),
)


@pytest.fixture(scope="module")
def faults():
    """The faults that tests order of the local S3."""
    return Faults()


@pytest.fixture(scope="module")
def aws(faults, tmp_path_factory):
    """A local S3 with buckets of other people."""
    sandbox = AwsSandbox(Ledger(), faults, tmp_path_factory.mktemp("s3"))
    sandbox.start()
    sandbox.others.add("cams", {"a.jpg": PICTURE})
    sandbox.others.add("closed", {"a.jpg": PICTURE}, is_closed=True)
    yield sandbox
    sandbox.stop()


@pytest.fixture
def client(aws):
    """A client like the bot's, without retries so that each test sees one answer."""
    client = boto3.client(
        "s3",
        endpoint_url=aws.url,
        region_name="eu-west-1",
        aws_access_key_id="sandbox",
        aws_secret_access_key="sandbox",
        config=Config(connect_timeout=1, read_timeout=2, retries={"total_max_attempts": 1}),
    )
    yield client
    client.close()


@pytest.fixture
def objects(client):
    """What reads linked objects there."""
    return LinkedObjects(client, limit_bytes=LIMIT_BYTES)


def fetch(objects, link):
    """Read all of an object."""
    with objects.open(link) as found:
        return found.read()


def calls(aws, bucket):
    """Every request about a bucket: the operation, the key, and S3's status."""
    entries = [e for e in aws.ledger.entries("s3") if e.facts["bucket"] == bucket]
    return [(entry.call, entry.facts["key"], entry.facts["status"]) for entry in entries]


@pytest.mark.parametrize("number", range(len(KEYS)))
def test_key_is_literal(aws, objects, number):
    """S3 is asked for the very key that the link names, whatever it looks like."""
    bucket, key = f"keys-{number}", KEYS[number]
    aws.others.add(bucket, {key: PICTURE})

    assert fetch(objects, S3Link(bucket, key)) == PICTURE
    assert calls(aws, bucket) == [("GetObject", key, 200)]


def test_version_is_honoured(aws, objects):
    """A link's version gives those bytes, and a link without one the newest."""
    old = aws.others.put("cams", "b.jpg", b"old")
    aws.others.put("cams", "b.jpg", b"new")

    assert fetch(objects, S3Link("cams", "b.jpg", version=old)) == b"old"
    assert fetch(objects, S3Link("cams", "b.jpg")) == b"new"


@pytest.mark.parametrize("code", ["PermanentRedirect", "AuthorizationHeaderMalformed"])
def test_wrong_region_corrects_itself(aws, objects, code):
    """A bucket elsewhere is asked where S3 says that it is, and from then on there at once."""
    bucket = f"far-{code.lower()}"
    aws.others.add(bucket, {"a.jpg": PICTURE}, region="ap-south-1", says_elsewhere=code)
    read = [fetch(objects, S3Link(bucket, "a.jpg", region="eu-west-1")) for _ in range(3)]

    assert read == [PICTURE] * 3
    assert [status for _, _, status in calls(aws, bucket)][1:] == [200] * 3
    assert {call for call, _, _ in calls(aws, bucket)} == {"GetObject"}


@pytest.mark.parametrize("code", REFUSALS)
def test_refusals_are_alike(objects, faults, code):
    """Whatever S3 refuses, known to us or not, is one and the same to the person."""
    faults.order("s3", "GetObject", Fault("error", error=code))
    with pytest.raises(errors.LinkOutOfReach) as caught:
        fetch(objects, S3Link("cams", "a.jpg"))

    assert str(caught.value) == str(errors.LinkOutOfReach())


@pytest.mark.parametrize(
    ("link", "reason"),
    [
        (S3Link("cams", "secret-name.jpg"), "NoSuchKey"),
        (S3Link("cams", "a.jpg", version="secret-name"), "NoSuchVersion"),
        (S3Link("closed", "secret-name.jpg"), "AccessDenied"),
        (S3Link("nobodys", "secret-name.jpg"), "NoSuchBucket"),
        (S3Link("nobodys--?", "secret-name.jpg"), "ParamValidationError"),
    ],
)
def test_log_tells_operator(objects, caplog, link, reason):
    """The log has the bucket and what S3 said, and not the key of what may be private."""
    with caplog.at_level(logging.DEBUG, logger="bot"), pytest.raises(errors.LinkOutOfReach):
        fetch(objects, link)
    (record,) = caplog.records

    assert (record.getMessage(), record.bucket) == ("link_out_of_reach", link.bucket)
    assert record.reason in {reason, "InvalidArgument"}
    assert "secret-name" not in str(vars(record))


@pytest.mark.parametrize("fault", PASSING.values(), ids=PASSING)
def test_passing_trouble(objects, faults, fault):
    """What may pass is said to be so, and the next try succeeds."""
    faults.order("s3", "GetObject", fault)
    with pytest.raises(errors.LinkUnavailable):
        fetch(objects, S3Link("cams", "a.jpg"))

    assert fetch(objects, S3Link("cams", "a.jpg")) == PICTURE


def test_limit_of_bytes(aws, objects):
    """An object of as many bytes as the limit is read, and one of a byte more is refused."""
    for name, size_bytes in (("full", LIMIT_BYTES), ("over", LIMIT_BYTES + 1)):
        aws.others.put("cams", name, b"x" * size_bytes)

    assert len(fetch(objects, S3Link("cams", "full"))) == LIMIT_BYTES
    with pytest.raises(errors.PictureTooLarge, match=r"more than 2 MiB.* Post a smaller copy"):
        fetch(objects, S3Link("cams", "over"))


def test_beginning_tells_kind(aws, objects):
    """How an object begins, and how long it is said to be, is known also where it is too long."""
    aws.others.put("cams", "huge", PICTURE * 1000)
    with objects.open(S3Link("cams", "huge")) as found:
        assert PICTURE.startswith(found.head[: len(PICTURE)])
        assert found.size_bytes == len(PICTURE) * 1000


class Endless(io.RawIOBase):
    """Bytes without an end; `read` is how many were taken."""

    taken = 0

    def read(self, size=-1):
        """Give as many as are wanted."""
        assert size >= 0
        self.taken += size
        return b"x" * size


def test_reading_is_cut_off(client):
    """An object whose length was not announced is read little further than the limit."""
    endless = Endless()
    with Stubber(client) as stub:
        stub.add_response("get_object", {"Body": StreamingBody(endless, None)})
        with pytest.raises(errors.PictureTooLarge):
            fetch(LinkedObjects(client, limit_bytes=LIMIT_BYTES), S3Link("cams", "a.jpg"))

    assert endless.taken <= LIMIT_BYTES + (1 << 20)
    assert endless.closed
