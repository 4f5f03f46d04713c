"""The doctor's AWS part: tries the bucket and Rekognition, and has words for what AWS answers.

Uses boto3 directly: the adapters fold AWS's codes together, the doctor tells them apart.
"""

from __future__ import annotations

from typing import Any

import boto3
import botocore.exceptions as aws
from botocore.config import Config

from bot.policy import STORE_PREFIX

CHECK_KEY = f"{STORE_PREFIX}.check"
"""The object that the bucket is tried with."""

_PATIENCE = Config(connect_timeout=5, read_timeout=10, retries={"total_max_attempts": 1})

_CREDENTIALS = (
    "the AWS credentials are {}. Give them as AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, as a "
    "profile (AWS_PROFILE), or as the role of the machine."
)
_FORBIDDEN = "AWS forbids {call}. Allow it to the bot: python -m bot policy prints the rights."
_REGION = "the bucket lies in another region. Set AWS_DEFAULT_REGION to the bucket's region."
_NO_ANSWER = (
    "no answer. Check this machine's connection, and whether the region of AWS_DEFAULT_REGION "
    "has this service."
)

_CODES = {
    # https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html
    "NoSuchBucket": "there is no such bucket. Create it, or correct S3_BUCKET.",
    "AccessDenied": _FORBIDDEN,
    "AllAccessDisabled": "AWS has closed this bucket; its owner finds why in the AWS console.",
    "PermanentRedirect": _REGION,
    "AuthorizationHeaderMalformed": _REGION,
    "IllegalLocationConstraintException": _REGION,
    "InvalidAccessKeyId": _CREDENTIALS.format("not known to AWS"),
    "InvalidToken": _CREDENTIALS.format("not known to AWS"),
    "SignatureDoesNotMatch": _CREDENTIALS.format("wrong: key and secret do not match"),
    "ExpiredToken": _CREDENTIALS.format("expired"),
    # https://docs.aws.amazon.com/rekognition/latest/dg/error-handling.html
    "AccessDeniedException": _FORBIDDEN,
    "UnrecognizedClientException": _CREDENTIALS.format("not known to AWS"),
    "InvalidSignatureException": _CREDENTIALS.format("wrong: key and secret do not match"),
    "MissingAuthenticationTokenException": _CREDENTIALS.format("missing"),
    "ExpiredTokenException": _CREDENTIALS.format("expired"),
}

_ANSWERS_NO_PICTURE = {"InvalidImageFormatException", "InvalidParameterException"}

_LOCAL: dict[type[aws.BotoCoreError], str] = {
    # What goes wrong before AWS is asked at all, the special before the general.
    aws.NoCredentialsError: _CREDENTIALS.format("missing"),
    aws.PartialCredentialsError: _CREDENTIALS.format("given only in part"),
    aws.ProfileNotFound: "AWS_PROFILE names a profile that is not on this machine.",
    aws.NoRegionError: "the region is missing. Set AWS_DEFAULT_REGION, for example to eu-west-1.",
    aws.InvalidRegionError: "AWS_DEFAULT_REGION is no region. An example is eu-west-1.",
    aws.HTTPClientError: _NO_ANSWER,
    aws.ConnectionError: _NO_ANSWER,
    aws.BotoCoreError: _CREDENTIALS.format("not usable"),
}


def store_trouble(bucket: str) -> str | None:
    """What is wrong with the bucket, by one small object put, got and deleted; None: it works."""
    where = {"Bucket": bucket, "Key": CHECK_KEY}
    written = {**where, "Body": b"Spotter was here."}
    return _trouble("s3", put_object=written, get_object=where, delete_object=where)


def detector_trouble() -> str | None:
    """What is wrong with Rekognition; None when it works.

    Sends one byte, which is no picture: AWS checks the rights first, and charges for pictures only.
    """
    return _trouble("rekognition", detect_labels={"Image": {"Bytes": b"\0"}})


def _trouble(service: Any, **operations: dict[str, Any]) -> str | None:
    try:
        # A session of its own: boto3's shared one remembers the credentials it found first.
        client = boto3.Session().client(service, config=_PATIENCE)
        for operation, arguments in operations.items():
            getattr(client, operation)(**arguments)
    except aws.ClientError as exc:
        return _words(f"{service}:{exc.operation_name}", exc)
    except aws.BotoCoreError as exc:
        return next(words for kind, words in _LOCAL.items() if isinstance(exc, kind))
    return None


def _words(call: str, exc: aws.ClientError) -> str | None:
    code = exc.response.get("Error", {}).get("Code", "nothing that can be read")
    if code in _ANSWERS_NO_PICTURE:
        return None
    return _CODES.get(code, f"AWS answered {code} to {{call}}.").format(call=call)
