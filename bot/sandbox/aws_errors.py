"""Errors of S3 and Rekognition as they look on the wire.

Codes, statuses and shapes follow the error pages of both services
(https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html and
https://docs.aws.amazon.com/rekognition/latest/dg/error-handling.html).
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping
from xml.sax.saxutils import escape

from werkzeug.wrappers import Response

JSON_TYPE = "application/x-amz-json-1.1"

S3_ERRORS: dict[str, tuple[int, str]] = {
    "AccessDenied": (403, "Access Denied"),
    "AuthorizationHeaderMalformed": (
        400,
        "The authorization header is malformed; the region is wrong.",
    ),
    "BucketAlreadyOwnedByYou": (
        409,
        "Your previous request to create the named bucket succeeded and you already own it.",
    ),
    "EntityTooLarge": (400, "Your proposed upload exceeds the maximum allowed size"),
    "ExpiredToken": (400, "The provided token has expired."),
    "InternalError": (500, "We encountered an internal error. Please try again."),
    "InvalidAccessKeyId": (
        403,
        "The AWS Access Key Id you provided does not exist in our records.",
    ),
    "NoSuchBucket": (404, "The specified bucket does not exist"),
    "NoSuchKey": (404, "The specified key does not exist."),
    "NoSuchVersion": (404, "The specified version does not exist."),
    "PermanentRedirect": (
        301,
        (
            "The bucket you are attempting to access must be addressed using the "
            "specified endpoint. Please send all future requests to this endpoint."
        ),
    ),
    "PreconditionFailed": (412, "At least one of the pre-conditions you specified did not hold"),
    "RequestTimeTooSkewed": (
        403,
        "The difference between the request time and the current time is too large.",
    ),
    "RequestTimeout": (
        400,
        (
            "Your socket connection to the server was not read from or written to "
            "within the timeout period."
        ),
    ),
    "ServiceUnavailable": (503, "Service is unable to handle request."),
    "SignatureDoesNotMatch": (
        403,
        "The request signature we calculated does not match the signature you provided.",
    ),
    "SlowDown": (503, "Please reduce your request rate."),
}

REKOGNITION_ERRORS: dict[str, tuple[int, str]] = {
    "AccessDeniedException": (
        400,
        (
            "User: arn:aws:iam::123456789012:user/sandbox is not authorized to "
            "perform: rekognition:DetectLabels"
        ),
    ),
    "ExpiredTokenException": (400, "The security token included in the request is expired"),
    "ImageTooLargeException": (400, "Image size is too large."),
    "InternalServerError": (500, "Internal server error"),
    "InvalidImageFormatException": (400, "Request has invalid image format"),
    "InvalidParameterException": (400, "Request has invalid parameters"),
    "InvalidS3ObjectException": (
        400,
        (
            "Unable to get object metadata from S3. Check object key, region and/or "
            "access permissions."
        ),
    ),
    "MissingAuthenticationTokenException": (400, "Missing Authentication Token"),
    "ProvisionedThroughputExceededException": (400, "Provisioned Rate exceeded"),
    "SerializationException": (400, "The request body is not the JSON of a DetectLabels request."),
    "ThrottlingException": (400, "Slow down; sudden increase in rate of requests."),
    "UnknownOperationException": (400, "The stand-in for Rekognition knows DetectLabels only."),
    "UnrecognizedClientException": (400, "The security token included in the request is invalid."),
}


class Refused(Exception):
    """A DetectLabels request is turned down with one of Rekognition's codes."""

    def __init__(self, code: str, message: str | None = None) -> None:
        self.code = code
        self.message = message or REKOGNITION_ERRORS[code][1]
        super().__init__(code)


def rekognition_error(
    code: str,
    message: str | None = None,
    *,
    status: int | None = None,
    retry_after: str | None = None,
) -> Response:
    """An error answer in the JSON protocol; ThrottlingException exists with 400 and with 500."""
    usual_status, words = REKOGNITION_ERRORS.get(code, (400, code))
    if code == "ThrottlingException" and status == 500:
        usual_status, words = 500, "Service Unavailable"
    body = {"__type": code, "Code": code, "Logref": str(uuid.uuid4()), "Message": message or words}
    headers = {"x-amzn-RequestId": str(uuid.uuid4()), **_patience(retry_after)}
    return Response(json.dumps(body), usual_status, headers, content_type=JSON_TYPE)


def s3_error(
    code: str,
    *,
    bucket: str = "",
    key: str = "",
    region: str | None = None,
    retry_after: str | None = None,
) -> Response:
    """An error answer in S3's XML; `region` is where the bucket really is."""
    status, words = S3_ERRORS.get(code, (400, code))
    fields = {"Code": code, "Message": words, "BucketName": bucket, "Key": key}
    headers = {"x-amz-request-id": uuid.uuid4().hex[:16].upper(), **_patience(retry_after)}
    if region:
        headers["x-amz-bucket-region"] = region
        fields["Region"] = region
        fields["Endpoint"] = f"{bucket}.s3.{region}.amazonaws.com"
    fields["RequestId"] = headers["x-amz-request-id"]
    return Response(_xml(fields), status, headers, content_type="application/xml")


def _patience(retry_after: str | None) -> Mapping[str, str]:
    return {"x-amz-retry-after": retry_after} if retry_after is not None else {}


def _xml(fields: Mapping[str, str]) -> str:
    inside = "".join(f"<{name}>{escape(value)}</{name}>" for name, value in fields.items() if value)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<Error>{inside}</Error>'
