"""Buckets beside the bot's own: in other regions, closed to the bot, or with samples in them.

A bucket is open to the bot or closed as a whole; S3's policies and rights per key are not here.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping

from werkzeug.wrappers import Response

from bot.sandbox.aws_errors import s3_error
from bot.sandbox.object_store import ObjectStore
from bot.sandbox.s3_calls import S3Call


class OtherBuckets:
    """Other people's buckets in one store."""

    def __init__(self, store: ObjectStore, *, region: str) -> None:
        self._store = store
        self._region = region
        self._closed: set[str] = set()
        self._says_elsewhere: dict[str, str] = {}
        self._offered: dict[tuple[str, str], Callable[[], bytes]] = {}
        self._one_at_a_time = threading.Lock()

    def add(
        self,
        bucket: str,
        objects: Mapping[str, bytes] | None = None,
        *,
        region: str | None = None,
        says_elsewhere: str = "PermanentRedirect",
        is_closed: bool = False,
    ) -> None:
        """Make a bucket that keeps versions, here or in another region, with these objects.

        `says_elsewhere` is the code for requests that were signed for another region, for which
        S3 has two. A closed bucket forbids the bot everything, whether an object is there or not.
        """
        self._store.add_bucket(bucket, region=region or self._region, is_versioned=True)
        if is_closed:
            self._closed.add(bucket)
        self._says_elsewhere[bucket] = says_elsewhere
        for key, data in (objects or {}).items():
            self.put(bucket, key, data)

    def put(self, bucket: str, key: str, data: bytes) -> str:
        """Put an object, or its next version, into a bucket; the version."""
        return self._store.put(bucket, key, data)

    def offer(self, bucket: str, objects: Mapping[str, Callable[[], bytes]]) -> None:
        """Make a bucket whose objects are made once somebody asks for them by their keys."""
        self.add(bucket)
        self._offered |= {(bucket, key): make for key, make in objects.items()}

    def refusal(self, call: S3Call, *, region: str) -> Response | None:
        """What S3 says to a request for a bucket that is elsewhere, or closed; None: go on.

        Signed for another region, a request is sent to the bucket's own, before anything else.
        """
        lies_in = self._store.region_of(call.bucket)
        facts = {"bucket": call.bucket, "key": call.key}
        if lies_in and lies_in != region and call.name != "CreateBucket":
            code = self._says_elsewhere.get(call.bucket, "PermanentRedirect")
            return s3_error(code, **facts, region=lies_in)
        if call.bucket in self._closed:
            return s3_error("AccessDenied", **facts)
        with self._one_at_a_time:
            if make := self._offered.pop((call.bucket, call.key), None):
                self._store.put(call.bucket, call.key, make())
        return None
