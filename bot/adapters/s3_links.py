"""Objects in other people's buckets, as far as they were allowed: read, and nothing else.

Which objects may be read is decided in `reading_links`. boto3 itself goes to another region where
S3 says that a bucket is there, and remembers it for as long as the client lives.
"""

from __future__ import annotations

import logging
from contextlib import closing
from typing import Any

from bot import errors
from bot.adapters.aws_errors import AWS_ERRORS, MAY_PASS, code_of, trouble_of
from bot.links import S3Link

log = logging.getLogger(__name__)


class LinkedObjects:
    """Reads objects with a client of its own, so that nothing learnt here concerns the store."""

    def __init__(self, client: Any, *, limit_bytes: int) -> None:
        """Take a boto3 client, and how many bytes an object may have."""
        self._client = client
        self._limit_bytes = limit_bytes

    def fetch(self, link: S3Link) -> bytes:
        """An object's bytes, read up to the limit and no further.

        Raises: errors.LinkOutOfReach whatever S3 refused; errors.LinkUnavailable when it may pass;
        errors.PictureTooLarge.
        """
        version = {"VersionId": link.version} if link.version else {}
        try:
            found = self._client.get_object(Bucket=link.bucket, Key=link.key, **version)
            with closing(found["Body"]) as body:
                if found.get("ContentLength", 0) > self._limit_bytes:
                    raise self._too_large()
                return self._read(body)
        except AWS_ERRORS as exc:
            # AWS's own words name the key, which is not for the log.
            facts = {"bucket": link.bucket, "reason": code_of(exc)}
            passes = trouble_of(exc) in MAY_PASS
        log.warning("link_unavailable" if passes else "link_out_of_reach", extra=facts)
        raise errors.LinkUnavailable if passes else errors.LinkOutOfReach

    def _read(self, body: Any) -> bytes:
        """All of it; boto3 compares its length and checksum with what was announced."""
        read = bytearray()
        for chunk in body.iter_chunks(chunk_size=1 << 20):
            read += chunk
            if len(read) > self._limit_bytes:
                raise self._too_large()
        return bytes(read)

    def _too_large(self) -> errors.PictureTooLarge:
        limit = f"{self._limit_bytes // 1024**2} MiB"
        return errors.PictureTooLarge(what=f"more than {limit} of data", limit=limit)
