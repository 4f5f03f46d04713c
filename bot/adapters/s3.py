"""The picture store: originals in one S3 bucket, byte for byte.

Knows keys and bytes; what a key means is decided by `ImageSource.store_key`.
"""

from __future__ import annotations

from functools import partial
from typing import Any

from bot import errors
from bot.adapters.aws_errors import MAY_PASS, NOT_ALLOWED, Trouble, our_errors

_ERRORS: dict[Trouble, type[errors.StoreError]] = {
    Trouble.BUCKET_MISSING: errors.BucketMissing,
    **dict.fromkeys(NOT_ALLOWED, errors.BucketForbidden),
    **dict.fromkeys(MAY_PASS, errors.StoreUnavailable),
}

_FETCH_ERRORS = {
    **_ERRORS,
    # Who may not list the bucket, as Spotter, is told of a missing object that it is forbidden.
    Trouble.FORBIDDEN: errors.OriginalOutOfReach,
    Trouble.OBJECT_MISSING: errors.OriginalOutOfReach,
}

_in_our_words = partial(our_errors, unknown=errors.StoreTrouble)


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
        with _in_our_words(_ERRORS):
            self._client.put_object(Bucket=self._bucket, Key=key, Body=data)

    def fetch(self, key: str) -> bytes:
        """An object's bytes.

        Raises: the `errors.StoreError` family; `errors.OriginalOutOfReach` when it is gone.
        """
        with _in_our_words(_FETCH_ERRORS):
            answer = self._client.get_object(Bucket=self._bucket, Key=key)
            data: bytes = answer["Body"].read()
        return data

    def delete(self, key: str) -> None:
        """Remove an object; one that is gone already is no error.

        Raises: the `errors.StoreError` family.
        """
        with _in_our_words(_ERRORS):
            self._client.delete_object(Bucket=self._bucket, Key=key)
