"""Objects in other people's buckets, as far as they were allowed: read, and nothing else.

Which objects may be read is decided in `reading_links`. boto3 itself goes to another region where
S3 says that a bucket is there, and remembers it for as long as the client lives.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Any

from bot import errors
from bot.adapters.aws_errors import AWS_ERRORS, MAY_PASS, code_of, trouble_of
from bot.links import S3Link

_CHUNK_BYTES = 64 * 1024

log = logging.getLogger(__name__)


class LinkedObject:
    """An object that is being read: `head` is how it begins, `size_bytes` what S3 announced."""

    def __init__(self, body: Any, *, size_bytes: int | None, limit_bytes: int) -> None:
        """Take boto3's body, of which the beginning is read, and how long it may be."""
        self.size_bytes = size_bytes
        self._limit_bytes = limit_bytes
        self._chunks = body.iter_chunks(chunk_size=_CHUNK_BYTES)
        self.head: bytes = next(self._chunks, b"")

    def read(self) -> bytes:
        """All of it, up to the limit and no further.

        boto3 compares its length and checksum with what was announced.
        Raises: errors.PictureTooLarge.
        """
        if (self.size_bytes or 0) > self._limit_bytes:
            raise self._too_large()
        read = bytearray(self.head)
        for chunk in self._chunks:
            read += chunk
            if len(read) > self._limit_bytes:
                raise self._too_large()
        return bytes(read)

    def _too_large(self) -> errors.PictureTooLarge:
        limit = f"{self._limit_bytes // 1024**2} MiB"
        return errors.PictureTooLarge(
            what=f"more than {limit} of data", limit=limit, instead="a smaller copy"
        )


class LinkedObjects:
    """Reads objects with a client of its own, so that nothing learnt here concerns the store."""

    def __init__(self, client: Any, *, limit_bytes: int) -> None:
        """Take a boto3 client, and how many bytes an object may have."""
        self._client = client
        self._limit_bytes = limit_bytes

    @contextmanager
    def open(self, link: S3Link) -> Iterator[LinkedObject]:
        """An object of which no more than its beginning is read yet.

        Raises: errors.LinkOutOfReach whatever S3 refused; errors.LinkUnavailable when it may pass;
        both also while the rest is read.
        """
        version = {"VersionId": link.version} if link.version else {}
        try:
            found = self._client.get_object(Bucket=link.bucket, Key=link.key, **version)
            size_bytes = found.get("ContentLength")
            with closing(found["Body"]) as body:
                yield LinkedObject(body, size_bytes=size_bytes, limit_bytes=self._limit_bytes)
                return
        except AWS_ERRORS as exc:
            # AWS's own words name the key, which is not for the log.
            facts = {"bucket": link.bucket, "reason": code_of(exc)}
            passes = trouble_of(exc) in MAY_PASS
        log.warning("link_unavailable" if passes else "link_out_of_reach", extra=facts)
        raise errors.LinkUnavailable if passes else errors.LinkOutOfReach
