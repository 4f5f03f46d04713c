"""The doctor's AWS part: tries the bucket and Rekognition, and has words for what AWS answers.

Uses boto3 directly: the adapters fold troubles together, the doctor tells them apart.
"""

from __future__ import annotations

import uuid
from typing import Any

import boto3
from botocore.config import Config

from bot.adapters.aws_errors import AWS_ERRORS, Trouble, code_of, trouble_of
from bot.links import S3Place
from bot.policy import STORE_PREFIX

CHECK_KEY = f"{STORE_PREFIX}.check"
"""How the key of the object begins that the bucket is tried with."""

_PATIENCE = Config(connect_timeout=5, read_timeout=10, retries={"total_max_attempts": 1})

_CREDENTIALS = (
    "the AWS credentials are {}. Give them as AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, as a "
    "profile (AWS_PROFILE), or as the role of the machine."
)

_RIGHTS = {"ListObjectsV2": "ListBucket"}
"""The right for an operation, where the two are not called alike."""

_WORDS = {
    Trouble.BUCKET_MISSING: "there is no such bucket. Create it, or correct {setting}.",
    Trouble.BUCKET_CLOSED: "AWS has closed this bucket; its owner finds why in the AWS console.",
    Trouble.BUCKET_ELSEWHERE: (
        "the bucket lies in another region. Set AWS_DEFAULT_REGION to the bucket's region."
    ),
    Trouble.FORBIDDEN: (
        "AWS forbids {call}. Allow it to the bot: python -m bot policy prints the rights."
    ),
    Trouble.KEYS_MISSING: _CREDENTIALS.format("missing"),
    Trouble.KEYS_IN_PART: _CREDENTIALS.format("given only in part"),
    Trouble.KEYS_UNKNOWN: _CREDENTIALS.format("not known to AWS"),
    Trouble.KEYS_WRONG: _CREDENTIALS.format("wrong: key and secret do not match"),
    Trouble.KEYS_EXPIRED: _CREDENTIALS.format("expired"),
    Trouble.NO_PROFILE: "AWS_PROFILE names a profile that is not on this machine.",
    Trouble.NO_REGION: "the region is missing. Set AWS_DEFAULT_REGION, for example to eu-west-1.",
    Trouble.WRONG_REGION: "AWS_DEFAULT_REGION is no region. An example is eu-west-1.",
    Trouble.NO_ANSWER: (
        "no answer. Check this machine's connection, and whether the region of AWS_DEFAULT_REGION "
        "has this service."
    ),
    Trouble.UNKNOWN_HERE: _CREDENTIALS.format("not usable"),
}


def store_trouble(bucket: str) -> str | None:
    """What is wrong with the bucket, by one small object put, got and deleted; None: it works."""
    # Under a key of its own: another process of the fleet may be trying the same.
    where = {"Bucket": bucket, "Key": f"{CHECK_KEY}-{uuid.uuid4().hex}"}
    written = {**where, "Body": b"Spotter was here."}
    return _trouble("s3", put_object=written, get_object=where, delete_object=where)


def link_trouble(place: S3Place) -> str | None:
    """What is wrong with a place of S3_LINK_ALLOW, by a list of at most one key; None: it works.

    Reading is not tried, since no object is known to be there.
    """
    where = {"Bucket": place.bucket, "Prefix": place.prefix, "MaxKeys": 1}
    return _trouble("s3", setting="S3_LINK_ALLOW", list_objects_v2=where)


def detector_trouble() -> str | None:
    """What is wrong with Rekognition; None when it works.

    Sends one byte, which is no picture: AWS checks the rights first, and charges for pictures only.
    """
    return _trouble("rekognition", detect_labels={"Image": {"Bytes": b"\0"}})


def _trouble(
    service: Any, *, setting: str = "S3_BUCKET", **operations: dict[str, Any]
) -> str | None:
    try:
        # A session of its own: boto3's shared one remembers the credentials it found first.
        client = boto3.Session().client(service, config=_PATIENCE)
        for operation, arguments in operations.items():
            getattr(client, operation)(**arguments)
    except AWS_ERRORS as exc:
        trouble = trouble_of(exc)
        if trouble is Trouble.PICTURE_REFUSED:
            return None
        words = _WORDS.get(trouble, f"AWS answered {code_of(exc)} to {{call}}.")
        operation = getattr(exc, "operation_name", "")
        call = f"{service}:{_RIGHTS.get(operation, operation)}"
        return words.format(call=call, setting=setting)
    return None
