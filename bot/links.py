"""Find the S3 objects that a Slack message text names, in every form in which people paste them.

A link is only read, never fetched. Nothing but bucket, key, region and version is kept of it, so
that the signature of a presigned URL goes nowhere.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple
from urllib.parse import parse_qsl, unquote

from bot.errors import LinkNotReadable, LinkTypeNotRead, LinkWithoutObject
from bot.link_hosts import (
    PARTITION,
    Console,
    Endpoint,
    is_bucket,
    is_region,
    read_host,
    unread_arn,
    unread_bucket,
)
from bot.link_texts import link_texts, plain_link

_LONGEST_KEY_BYTES = 1024
_VERSION_MARK = "?versionId="
# S3 calls versions opaque and "URL-ready"; those in its documentation are base64 of either kind.
_VERSION = re.compile(r"[A-Za-z0-9._~+/=-]{1,1024}")
_FORM = re.compile(
    r"(?:(?P<uri>s3[an]?://)|(?P<url>https?://)|(?P<arn>arn:))(?P<rest>[^\x00-\x1f\x7f]+)",
    re.IGNORECASE | re.ASCII,
)
_URL = re.compile(
    r"(?P<host>[A-Za-z0-9.-]+)(?::(?:80|443))?(?:/(?P<path>[^?#]*))?(?:\?(?P<query>[^#]*))?(?:#.*)?"
)
_OBJECT_ARN = re.compile(rf"arn:{PARTITION}:s3:::(?P<object>.+)")
# The encoding that keeps broken UTF-8 visible, so that it is refused with everything else.
_KEEP_BROKEN = "surrogateescape"


@dataclass(frozen=True)
class S3Link:
    """One object in S3.

    `region` is a hint and no part of what the link names: it may be wrong, and is None when the
    link does not say. `version` is None for the newest.
    """

    bucket: str
    key: str
    region: str | None = field(default=None, compare=False)
    version: str | None = None


class S3Place(NamedTuple):
    """A bucket, or one folder of it: `prefix` is empty or ends with a slash."""

    bucket: str
    prefix: str

    def holds(self, link: S3Link) -> bool:
        """Whether an object lies here; keys are words without meaning, `../` too."""
        return link.bucket == self.bucket and link.key.startswith(self.prefix)


def find_s3_links(text: str) -> list[S3Link]:
    """Every S3 object named in a Slack message text, in order, once each.

    >>> text = "Look: <https://cams.s3.amazonaws.com/R%26B.jpg|here>, and s3://cams/b.jpg."
    >>> [link.key for link in find_s3_links(text)]
    ['R&B.jpg', 'b.jpg']
    """
    found = [link for link in _read_all(text) if isinstance(link, S3Link)]
    return list(dict.fromkeys(found))


def find_unread_links(text: str) -> list[LinkTypeNotRead]:
    """Why objects named in the text are not read though they are in S3: once for each kind."""
    found = [reason for reason in _read_all(text) if isinstance(reason, LinkTypeNotRead)]
    return list({reason.facts["kind"]: reason for reason in reversed(found)}.values())[::-1]


def parse_s3_link(link: str) -> S3Link:
    """Read one link, as it is or as Slack wraps it.

    Raises: LinkNotReadable; LinkWithoutObject and LinkTypeNotRead say more.
    """
    form = _FORM.fullmatch(plain_link(link))
    if form is None:
        raise LinkNotReadable
    if form["url"]:
        return _read_url(form["rest"])
    return _read_arn(form[0]) if form["arn"] else _read_uri(form["rest"])


def _read_all(text: str) -> Iterator[S3Link | LinkNotReadable]:
    for link in link_texts(text):
        try:
            yield parse_s3_link(link)
        except LinkNotReadable as reason:
            yield reason


def _read_uri(rest: str) -> S3Link:
    """What follows `s3://`: nothing in it is encoded, as in AWS's own command line."""
    if kind := unread_arn(rest):
        raise LinkTypeNotRead(kind=kind)
    return _read_plain(rest)


def _read_arn(arn: str) -> S3Link:
    if kind := unread_arn(arn):
        raise LinkTypeNotRead(kind=kind)
    found = _OBJECT_ARN.fullmatch(arn)
    if found is None:
        raise LinkNotReadable
    return _read_plain(found["object"])


def _read_plain(name: str) -> S3Link:
    """`bucket/key` with a version at the end or none; any other `?` belongs to the key."""
    bucket, _, key = name.partition("/")
    shorter, mark, version = key.rpartition(_VERSION_MARK)
    if mark and shorter and _VERSION.fullmatch(version):
        return _link(bucket, shorter, version=version)
    return _link(bucket, key)


def _read_url(rest: str) -> S3Link:
    """What follows `https://`; a host with user info or a foreign port is not a host of S3."""
    url = _URL.fullmatch(rest)
    place = read_host(url["host"].lower()) if url else None
    if url is None or place is None:
        raise LinkNotReadable
    path, values = url["path"] or "", _read_query(url["query"] or "")
    if isinstance(place, Console):
        return _read_console(place, path, values)
    return _read_endpoint(place, path, values)


def _read_query(query: str) -> dict[str, str]:
    """The values by name; the first one counts."""
    pairs = parse_qsl(query, keep_blank_values=True, errors=_KEEP_BROKEN)
    return dict(reversed(pairs))


def _read_endpoint(place: Endpoint, path: str, values: dict[str, str]) -> S3Link:
    if place.unread:
        raise LinkTypeNotRead(kind=place.unread) if path else LinkWithoutObject()
    bucket, _, key = (place.bucket, "", path) if place.bucket else path.partition("/")
    return _link(_decoded(bucket), _decoded(key), place.region, _version(values))


def _read_console(place: Console, path: str, values: dict[str, str]) -> S3Link:
    """A page of the console; the older one has the key in its path, encoded twice."""
    service, page, bucket, key, *_ = [*path.split("/", 3), "", "", ""]
    if (service, page) in {("s3", "buckets"), ("s3", "home")}:
        raise LinkWithoutObject
    if (service, page) != ("s3", "object"):
        raise LinkNotReadable
    region = values.get("region", "")
    return _link(
        _decoded(bucket),
        values.get("prefix") or _decoded(_decoded(key)),
        region if is_region(region) else place.region,
        _version(values),
    )


def _version(values: dict[str, str]) -> str | None:
    """The version in a query, where it may stand with its plus signs unescaped."""
    return values.get("versionId", "").replace(" ", "+") or None


def _decoded(path: str) -> str:
    """Undo one layer of percent encoding; a plus is a plus, and `../` stays."""
    return unquote(path, errors=_KEEP_BROKEN)


def _link(bucket: str, key: str, region: str | None = None, version: str | None = None) -> S3Link:
    """The one place that says what an object may be called."""
    if not is_bucket(bucket):
        raise LinkNotReadable
    if not key:
        raise LinkWithoutObject
    if kind := unread_bucket(bucket):
        raise LinkTypeNotRead(kind=kind)
    if not _is_key(key) or not (version is None or _VERSION.fullmatch(version)):
        raise LinkNotReadable
    return S3Link(bucket, key, region, version)


def _is_key(key: str) -> bool:
    try:
        return len(key.encode()) <= _LONGEST_KEY_BYTES
    except UnicodeEncodeError:
        return False
