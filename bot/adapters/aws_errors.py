"""What goes wrong with AWS, as one table for the store, the detector and the doctor.

Sources: https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html and
https://docs.aws.amazon.com/rekognition/latest/dg/error-handling.html
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from enum import Enum

import botocore.exceptions as aws

from bot import errors

AWS_ERRORS = (aws.ClientError, aws.BotoCoreError)
"""All that boto3 raises: AWS's own refusals, and what goes wrong on this side of AWS."""


class Trouble(Enum):
    """The kinds that somebody tells apart, each with AWS's codes or boto3's errors for it."""

    KEYS_MISSING = "MissingAuthenticationTokenException", aws.NoCredentialsError
    KEYS_IN_PART = (aws.PartialCredentialsError,)
    KEYS_UNKNOWN = "InvalidAccessKeyId", "InvalidToken", "UnrecognizedClientException"
    KEYS_WRONG = "SignatureDoesNotMatch", "InvalidSignatureException"
    KEYS_EXPIRED = "ExpiredToken", "ExpiredTokenException"
    FORBIDDEN = "AccessDenied", "AccessDeniedException", "403"
    BUCKET_CLOSED = ("AllAccessDisabled",)
    BUCKET_ELSEWHERE = (
        "PermanentRedirect",
        "AuthorizationHeaderMalformed",
        "IllegalLocationConstraintException",
    )
    BUCKET_MISSING = ("NoSuchBucket",)
    OBJECT_MISSING = ("NoSuchKey",)
    PICTURE_REFUSED = (
        "InvalidImageFormatException",
        "ImageTooLargeException",
        "InvalidParameterException",
    )
    THROTTLED = (
        "ThrottlingException",
        "LimitExceededException",
        "ProvisionedThroughputExceededException",
        "SlowDown",
    )
    UNAVAILABLE = "InternalError", "InternalServerError", "ServiceUnavailable", "RequestTimeout"
    NO_ANSWER = (
        aws.ConnectionError,
        aws.HTTPClientError,
        aws.IncompleteReadError,
        aws.FlexibleChecksumError,
    )
    NO_PROFILE = (aws.ProfileNotFound,)
    NO_REGION = (aws.NoRegionError,)
    WRONG_REGION = (aws.InvalidRegionError,)
    UNKNOWN_HERE = (aws.BotoCoreError,)
    UNKNOWN = ()


NOT_ALLOWED = (
    Trouble.KEYS_MISSING,
    Trouble.KEYS_IN_PART,
    Trouble.KEYS_UNKNOWN,
    Trouble.KEYS_WRONG,
    Trouble.KEYS_EXPIRED,
    Trouble.FORBIDDEN,
    Trouble.BUCKET_CLOSED,
    Trouble.BUCKET_ELSEWHERE,
)
MAY_PASS = (Trouble.THROTTLED, Trouble.UNAVAILABLE, Trouble.NO_ANSWER)

_TROUBLES = {sign: trouble for trouble in Trouble for sign in trouble.value}


def trouble_of(exc: aws.ClientError | aws.BotoCoreError) -> Trouble:
    """Which kind it is; what we do not know may pass when its status is 500 or more."""
    if isinstance(exc, aws.BotoCoreError):
        return next(_TROUBLES[kind] for kind in type(exc).__mro__ if kind in _TROUBLES)
    status = exc.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
    return _TROUBLES.get(code_of(exc), Trouble.UNAVAILABLE if status >= 500 else Trouble.UNKNOWN)


def code_of(exc: aws.ClientError | aws.BotoCoreError) -> str:
    """AWS's own code, or boto3's name for what went wrong on this side."""
    if isinstance(exc, aws.BotoCoreError):
        return type(exc).__name__
    return exc.response.get("Error", {}).get("Code") or "nothing that can be read"


@contextmanager
def our_errors(
    known: Mapping[Trouble, type[errors.SpotterError]], *, unknown: type[errors.SpotterError]
) -> Iterator[None]:
    """Raise errors of ours instead of boto3's; `unknown` gets the code as its fact `error`."""
    try:
        yield
    except AWS_ERRORS as exc:
        kind = known.get(trouble_of(exc))
        raise (kind() if kind else unknown(error=code_of(exc))) from exc
