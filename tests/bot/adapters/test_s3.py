import boto3
import pytest
from botocore.config import Config
from botocore.stub import Stubber

from bot import errors
from bot.adapters.s3 import S3ImageStore
from bot.sandbox.aws_server import BUCKET, AwsSandbox
from bot.sandbox.faults import Fault, Faults
from bot.sandbox.ledger import Ledger

KEY = "t/T1/C1/1700000000.000100/F1"
PICTURE = bytes(range(256)) * 40
CALLS = {
    "Put": lambda store: store.store(KEY, PICTURE),
    "Get": lambda store: store.fetch(KEY),
    "Delete": lambda store: store.delete(KEY),
}


@pytest.fixture(scope="module")
def faults():
    """The faults that tests order of the local S3."""
    return Faults()


@pytest.fixture(scope="module")
def aws(faults, tmp_path_factory):
    """A running local S3."""
    sandbox = AwsSandbox(Ledger(), faults, tmp_path_factory.mktemp("s3"))
    sandbox.start()
    yield sandbox
    sandbox.stop()


@pytest.fixture
def client(aws):
    """A client of it, without retries so that each test sees one answer."""
    client = s3_client(aws.url)
    yield client
    client.close()


@pytest.fixture
def store(client):
    """The store in its bucket."""
    return S3ImageStore(client, BUCKET)


def s3_client(url, key_id="sandbox"):
    """Build a client like the bot's."""
    return boto3.client(
        "s3",
        endpoint_url=url,
        region_name="eu-west-1",
        aws_access_key_id=key_id,
        aws_secret_access_key="sandbox",
        config=Config(
            connect_timeout=1,
            read_timeout=0.5,
            retries={"mode": "standard", "total_max_attempts": 1},
            s3={"addressing_style": "path"},
        ),
    )


def refusing(client, code):
    """Stub a client that answers with an error code."""
    stubber = Stubber(client)
    stubber.add_client_error("put_object", service_error_code=code, http_status_code=400)
    return stubber


@pytest.mark.parametrize("data", [PICTURE, b"", b"\r\n", b"0;chunk-signature=x\r\n"])
def test_byte_for_byte(store, data):
    """What is stored comes back byte for byte."""
    store.store(KEY, data)

    assert store.fetch(KEY) == data


def test_same_key_again(store):
    """Storing again under a key replaces what is there."""
    store.store(KEY, b"before")
    store.store(KEY, PICTURE)

    assert store.fetch(KEY) == PICTURE


def test_missing_object(store):
    """An original that is gone is out of reach."""
    with pytest.raises(errors.OriginalOutOfReach):
        store.fetch("t/T1/C1/1.0/none")


def test_missing_object_reads_as_forbidden(store, faults):
    """To whoever may not list the bucket, S3 says of what is gone that it is forbidden."""
    faults.order("s3", "GetObject", Fault("error", error="AccessDenied", status=403))

    with pytest.raises(errors.OriginalOutOfReach):
        store.fetch(KEY)


def test_delete(store):
    """A deleted object is gone; deleting it again is no error."""
    store.store(KEY, PICTURE)
    store.delete(KEY)
    store.delete(KEY)

    with pytest.raises(errors.OriginalOutOfReach):
        store.fetch(KEY)


@pytest.mark.parametrize("call", CALLS)
def test_missing_bucket(client, call):
    """A missing bucket is a missing bucket, and no missing object."""
    elsewhere = S3ImageStore(client, "no-such-bucket")

    with pytest.raises(errors.BucketMissing):
        CALLS[call](elsewhere)


def test_unknown_key_id(aws):
    """A key that AWS does not know is forbidden, and not missing."""
    stranger = s3_client(aws.url, "AKIAEXAMPLE")
    with pytest.raises(errors.BucketForbidden):
        S3ImageStore(stranger, BUCKET).fetch(KEY)

    stranger.close()


@pytest.mark.parametrize("call", CALLS)
@pytest.mark.parametrize(
    ("fault", "expected"),
    [
        (Fault("error", error="InvalidToken", status=400), errors.BucketForbidden),
        (Fault("error", error="SlowDown", status=503), errors.StoreUnavailable),
        (Fault("status", status=500), errors.StoreUnavailable),
        (Fault("status", status=503, body="<html>Bad gateway</html>"), errors.StoreUnavailable),
        (Fault("drop_before"), errors.StoreUnavailable),
        (Fault("drop_after"), errors.StoreUnavailable),
        (Fault("stall", seconds=1), errors.StoreUnavailable),
    ],
    ids=lambda value: getattr(value, "kind", None),
)
def test_refusals(store, faults, *, fault, expected, call):
    """A refusal is forbidden; what breaks on the way may pass."""
    faults.order("s3", f"{call}Object", fault)

    with pytest.raises(expected):
        CALLS[call](store)


def test_object_cut_short(store, faults):
    """An object whose bytes end early is not taken for the whole."""
    store.store(KEY, PICTURE)
    faults.order("s3", "GetObject", Fault("cut"))

    with pytest.raises(errors.StoreUnavailable):
        store.fetch(KEY)


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("NoSuchBucket", errors.BucketMissing),
        ("AccessDenied", errors.BucketForbidden),
        ("AllAccessDisabled", errors.BucketForbidden),
        ("InvalidAccessKeyId", errors.BucketForbidden),
        ("SignatureDoesNotMatch", errors.BucketForbidden),
        ("ExpiredToken", errors.BucketForbidden),
        ("InvalidToken", errors.BucketForbidden),
        ("PermanentRedirect", errors.BucketForbidden),
        ("403", errors.BucketForbidden),
        ("SlowDown", errors.StoreUnavailable),
        ("InternalError", errors.StoreUnavailable),
        ("ServiceUnavailable", errors.StoreUnavailable),
        ("RequestTimeout", errors.StoreUnavailable),
    ],
)
def test_known_codes(client, code, expected):
    """Every code that we know of S3 has an error of ours."""
    with refusing(client, code), pytest.raises(errors.StoreError) as caught:
        S3ImageStore(client, BUCKET).store(KEY, PICTURE)

    assert type(caught.value) is expected


def test_unknown_code_is_told(client):
    """A code that we do not know is told to the admin by name."""
    with refusing(client, "NeverHeardOf"), pytest.raises(errors.StoreTrouble, match="NeverHeardOf"):
        S3ImageStore(client, BUCKET).store(KEY, PICTURE)


@pytest.mark.usefixtures("aws_environment")
def test_no_credentials(monkeypatch):
    """Without credentials the store is forbidden."""
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    monkeypatch.delenv("AWS_SECRET_ACCESS_KEY")
    client = boto3.Session().client("s3")

    with pytest.raises(errors.BucketForbidden):
        S3ImageStore(client, BUCKET).fetch(KEY)
