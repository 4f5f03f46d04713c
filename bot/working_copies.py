"""The upright working copies that Rekognition sees and that are drawn on.

Kept in memory for the few seconds between the steps of a picture; rebuilt from the original in the
store when another process, or this one after a restart, needs one again.
"""

from __future__ import annotations

import threading
from collections import OrderedDict

from bot.adapters.picture_pool import PicturePool
from bot.adapters.picture_worker import Prepared
from bot.adapters.s3 import S3ImageStore
from bot.model import ImageSource

_KEPT_BYTES = 64 * 1024 * 1024


class WorkingCopies:
    """Working copies as JPEG bytes, by picture."""

    def __init__(self, store: S3ImageStore, pool: PicturePool) -> None:
        """Take the store of originals and the pool that decodes."""
        self._store = store
        self._pool = pool
        self._kept: OrderedDict[ImageSource, bytes] = OrderedDict()
        self._lock = threading.Lock()

    def make(self, source: ImageSource, original: bytes) -> Prepared:
        """Decode an original into its working copy, and keep it for a while.

        Raises: the errors.PictureError family.
        """
        prepared = self._pool.prepare(original)
        with self._lock:
            self._kept[source] = prepared.jpeg
            while sum(map(len, self._kept.values())) > _KEPT_BYTES:
                self._kept.popitem(last=False)
        return prepared

    def get(self, source: ImageSource) -> bytes:
        """A picture's working copy, from memory or from its original.

        One made anew is not kept: of several processes, only the one that fetched a picture is
        told when it is done with.
        Raises: the errors.StoreError and errors.PictureError families.
        """
        with self._lock:
            kept = self._kept.get(source)
        if kept is not None:
            return kept
        return self._pool.prepare(self._store.fetch(source.store_key)).jpeg

    def drop(self, source: ImageSource) -> None:
        """Forget a picture that is done."""
        with self._lock:
            self._kept.pop(source, None)
