"""Names S3 requests by their API operation, as the ledger and the ordered faults know them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from werkzeug.wrappers import Request

_SUBRESOURCES: Mapping[tuple[str, bool, str], str] = {
    # method, whether a key is named, what the query string asks for
    ("POST", True, "uploads"): "CreateMultipartUpload",
    ("PUT", True, "uploadId"): "UploadPart",
    ("POST", True, "uploadId"): "CompleteMultipartUpload",
    ("DELETE", True, "uploadId"): "AbortMultipartUpload",
    ("GET", False, "versions"): "ListObjectVersions",
    ("GET", False, "location"): "GetBucketLocation",
    ("GET", False, "versioning"): "GetBucketVersioning",
    ("PUT", False, "versioning"): "PutBucketVersioning",
    ("POST", False, "delete"): "DeleteObjects",
}
_PLAIN: Mapping[tuple[str, bool], str] = {
    ("PUT", True): "PutObject",
    ("GET", True): "GetObject",
    ("HEAD", True): "HeadObject",
    ("DELETE", True): "DeleteObject",
    ("PUT", False): "CreateBucket",
    ("GET", False): "ListObjectsV2",
    ("HEAD", False): "HeadBucket",
    ("DELETE", False): "DeleteBucket",
}
WRITES = frozenset({"PutObject", "CopyObject", "CompleteMultipartUpload"})
"""The operations that leave a new object."""


@dataclass(frozen=True)
class S3Call:
    """One request: the operation's name, and what it is about (empty where nothing is named)."""

    name: str
    bucket: str
    key: str


def name_s3_call(request: Request) -> S3Call:
    """Read a path-style request; one that is not in the tables is named by its method."""
    bucket, _, key = request.path.lstrip("/").partition("/")
    if not bucket:
        return S3Call("ListBuckets", "", "")
    for (method, keyed, query), name in _SUBRESOURCES.items():
        if (method, keyed) == (request.method, bool(key)) and query in request.args:
            return S3Call(name, bucket, key)
    name = _PLAIN.get((request.method, bool(key)), request.method)
    if name == "PutObject" and "X-Amz-Copy-Source" in request.headers:
        name = "CopyObject"
    return S3Call(name, bucket, key)
