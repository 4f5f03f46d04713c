"""The picture store: originals in one S3 bucket, byte for byte.

Knows keys and bytes; what a key means is decided by `ImageSource.store_key`.
"""

from __future__ import annotations

from typing import Any

import botocore.exceptions

from bot import errors

_ERRORS: dict[str, type[errors.StoreError]] = {
    # https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html
    "NoSuchBucket": errors.BucketMissing,
    "AccessDenied": errors.BucketForbidden,
    "AllAccessDisabled": errors.BucketForbidden,
    "InvalidAccessKeyId": errors.BucketForbidden,
    "SignatureDoesNotMatch": errors.BucketForbidden,
    "ExpiredToken": errors.BucketForbidden,
    "PermanentRedirect": errors.BucketForbidden,
    "403": errors.BucketForbidden,
    "SlowDown": errors.StoreUnavailable,
    "InternalError": errors.StoreUnavailable,
    "ServiceUnavailable": errors.StoreUnavailable,
    "RequestTimeout": errors.StoreUnavailable,
}


_NO_CREDENTIALS = (
    botocore.exceptions.NoCredentialsError,
    botocore.exceptions.PartialCredentialsError,
    botocore.exceptions.CredentialRetrievalError,
)


class S3ImageStore:
    """Keeps originals in the bot's own bucket."""

    def __init__(self, client: Any, bucket: str) -> None:
        """Take a boto3 client and the bucket of the settings."""
        self._client = client
        self._bucket = bucket

    def store(self, key: str, data: bytes) -> None:
        """Write an object; the same key with the same bytes again changes nothing.

        Raises: the `errors.StoreError` family.
        """
        self._call("put_object", Key=key, Body=data)

    def fetch(self, key: str) -> bytes | None:
        """An object's bytes, or None when there is no such object.

        Raises: the `errors.StoreError` family.
        """
        try:
            answer = self._call("get_object", Key=key)
            body: bytes = answer["Body"].read()
        except self._client.exceptions.NoSuchKey:
            return None
        except (
            botocore.exceptions.HTTPClientError,
            botocore.exceptions.IncompleteReadError,
            OSError,
        ) as exc:
            raise errors.StoreUnavailable from exc
        return body

    def delete(self, key: str) -> None:
        """Remove an object; one that is gone already is no error.

        Raises: the `errors.StoreError` family.
        """
        self._call("delete_object", Key=key)

    def _call(self, operation: str, **arguments: Any) -> dict[str, Any]:
        try:
            answer: dict[str, Any] = getattr(self._client, operation)(
                Bucket=self._bucket, **arguments
            )
        except self._client.exceptions.NoSuchKey:
            raise
        except botocore.exceptions.ClientError as exc:
            raise _translate(exc) from exc
        except _NO_CREDENTIALS as exc:
            raise errors.BucketForbidden from exc
        except (botocore.exceptions.HTTPClientError, botocore.exceptions.ConnectionError) as exc:
            raise errors.StoreUnavailable from exc
        return answer


def _translate(exc: botocore.exceptions.ClientError) -> Exception:
    known = _ERRORS.get(exc.response.get("Error", {}).get("Code", ""))
    if known is not None:
        return known()
    status = exc.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
    return errors.StoreUnavailable() if status >= 500 else exc
