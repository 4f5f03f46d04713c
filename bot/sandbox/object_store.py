"""S3 for the sandbox: moto speaks the protocol, and the objects lie in a folder.

moto keeps its buckets in this process, so only one store can be open at a time, and the bucket
starts empty each time: what the folder contains is gone when the store is closed.
"""

from __future__ import annotations

import tempfile
import threading
from pathlib import Path
from typing import Any
from urllib.parse import quote

from moto.core.models import DEFAULT_ACCOUNT_ID
from moto.moto_server.werkzeug_app import create_backend_app
from moto.s3.exceptions import S3ClientError
from moto.s3.models import S3Backend, s3_backends
from werkzeug.test import run_wsgi_app
from werkzeug.wrappers import Response

_one_at_a_time = threading.Lock()


class ObjectStore:
    """One bucket to begin with; more may be made through the protocol."""

    def __init__(self, folder: Path, *, bucket: str, region: str) -> None:
        if not _one_at_a_time.acquire(blocking=False):
            raise RuntimeError("An AWS sandbox already runs in this process: moto allows only one.")
        self._folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        s3_backends.reset()
        self._app = create_backend_app("s3")
        self._backend().create_bucket(bucket, region)

    def close(self) -> None:
        """Forget everything, and take the objects off the disk."""
        s3_backends.reset()
        _one_at_a_time.release()

    def call(self, environ: dict[str, Any]) -> Response:
        """Let moto carry out one S3 request."""
        body, status, headers = run_wsgi_app(self._app, environ, buffered=True)
        return Response(body, status, headers)

    def read(self, bucket: str, key: str, version: str | None, *, region: str) -> bytes | None:
        """An object's bytes, if the bucket is in that region and the object in the bucket."""
        try:
            if self._backend().get_bucket(bucket).region_name != region:
                return None
            found = self._backend().get_object(bucket, key, version_id=version)
        except S3ClientError:
            return None
        return None if found is None else bytes(found.value)

    def move_to_folder(self, bucket: str, key: str) -> None:
        """Put the newest version of an object on the disk.

        moto holds up to 5 MB of each object in memory, and has no setting for where the rest goes.
        """
        newest = self._backend().get_object(bucket, key)
        if newest is None:
            return
        content = newest.value
        name = quote(key, safe="")[-150:] + "-"
        # Closing it, which moto does when the object goes, deletes the file.
        file = tempfile.NamedTemporaryFile(dir=self._folder, prefix=name)  # noqa: SIM115 - moto closes it
        file.write(content)
        file.flush()
        with newest.lock:
            newest._value_buffer.close()  # noqa: SLF001 - there is no public way; a test watches it
            newest._value_buffer = file  # type: ignore[assignment]  # noqa: SLF001 - same

    @staticmethod
    def _backend() -> S3Backend:
        return s3_backends[DEFAULT_ACCOUNT_ID]["aws"]
