import json

import pytest
from moto import mock_aws

from bot.doctor_aws import CHECK_KEY, detector_trouble, link_trouble, store_trouble
from bot.links import S3Place

SECRET = "hunter2"
BUCKET = "our-pictures"

pytestmark = pytest.mark.usefixtures("aws_environment")


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
    ((method, path),) = answers.asked
    assert method == "PUT"
    assert path.startswith(f"/{BUCKET}/{CHECK_KEY}-")


@pytest.mark.parametrize(
    ("code", "told"),
    [
        ("NoSuchBucket", "there is no such bucket. Create it, or correct S3_LINK_ALLOW."),
        ("AccessDenied", "AWS forbids s3:ListBucket."),
        ("SomethingNew", "AWS answered SomethingNew to s3:ListBucket."),
    ],
)
def test_link_codes_are_told_apart(answers, monkeypatch, code, told):
    """A place of links is tried with a list of one key, and what S3 answers becomes words."""
    monkeypatch.setenv("AWS_ENDPOINT_URL", answers.url)
    answers.otherwise = (403, {}, f"<Error><Code>{code}</Code></Error>")

    assert link_trouble(S3Place("cams", "front/")).startswith(told)
    ((method, path),) = answers.asked
    assert method == "GET"
    assert {"list-type=2", "prefix=front%2F", "max-keys=1"} <= set(path.split("?")[1].split("&"))


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
