"""S3 for the sandbox: moto speaks the protocol, and the objects lie in a folder.

The bucket starts empty each time: what the folder contains is gone when the store is closed.
"""

from __future__ import annotations

import contextlib
import itertools
import resource
import tempfile
from pathlib import Path
from typing import Any
from urllib.parse import quote

from moto.moto_server.werkzeug_app import create_backend_app
from moto.s3.exceptions import S3ClientError
from moto.s3.models import FakeKey, S3Backend, s3_backends
from werkzeug.test import run_wsgi_app
from werkzeug.wrappers import Response

_accounts = itertools.count(100_000_000_000)


_FILES_MOST = 65_536


def _allow_many_files() -> None:
    """Let this process open as many files as the system allows: every object is an open one."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = _FILES_MOST if most == resource.RLIM_INFINITY else min(most, _FILES_MOST)
    # Some systems (macOS) call no limit what is one all the same.
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, most))


class ObjectStore:
    """One bucket to begin with; more may be made, here or through the protocol."""

    def __init__(self, folder: Path, *, bucket: str, region: str) -> None:
        self._folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        # moto keeps all buckets in this process; an account of its own keeps this store apart.
        self._account = str(next(_accounts))
        self._backend: S3Backend = s3_backends[self._account]["aws"]
        self._app = create_backend_app("s3")
        _allow_many_files()
        self.add_bucket(bucket, region=region)

    def add_bucket(self, bucket: str, *, region: str, is_versioned: bool = False) -> None:
        """Make a bucket; a name that another store of this process has taken is free here."""
        s3_backends.bucket_accounts.pop(bucket, None)
        self._backend.create_bucket(bucket, region)
        if is_versioned:
            self._backend.put_bucket_versioning(bucket, "Enabled")

    def close(self) -> None:
        """Forget everything, and take the objects off the disk."""
        for bucket in self._backend.buckets.values():
            for _, versions in bucket.keys.lists():
                for version in versions:
                    if isinstance(version, FakeKey):
                        version.dispose()
        self._backend.buckets.clear()

    def put(self, bucket: str, key: str, data: bytes) -> str:
        """Put an object there, past the protocol; its version."""
        version = str(self._backend.put_object(bucket, key, data).version_id)
        self.move_to_folder(bucket, key)
        return version

    def region_of(self, bucket: str) -> str | None:
        """Where a bucket is; None when there is none of that name."""
        found = self._backend.buckets.get(bucket)
        return found.region_name if found else None

    def call(self, environ: dict[str, Any]) -> Response:
        """Let moto carry out one S3 request."""
        # moto decodes keys twice; what is encoded once more comes out right.
        path = environ["PATH_INFO"].replace("%", "%25").replace("?", "%3F")
        ours = {**environ, "HTTP_X_MOTO_ACCOUNT_ID": self._account, "PATH_INFO": path}
        body, status, headers = run_wsgi_app(self._app, ours, buffered=True)
        return Response(body, status, headers)

    def read(self, bucket: str, key: str, version: str | None, *, region: str) -> bytes | None:
        """An object's bytes, if the bucket is in that region and the object in the bucket."""
        try:
            if self._backend.get_bucket(bucket).region_name != region:
                return None
            found = self._backend.get_object(bucket, key, version_id=version)
        except S3ClientError:
            return None
        return None if found is None else bytes(found.value)

    def move_to_folder(self, bucket: str, key: str) -> None:
        """Put the newest version of an object on the disk.

        moto holds up to 5 MB of each object in memory, and has no setting for where the rest goes.
        """
        newest = self._backend.get_object(bucket, key)
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
