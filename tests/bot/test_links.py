import doctest
from dataclasses import astuple

import pytest

from bot import links
from bot.errors import LinkNotReadable, LinkTypeNotRead, LinkWithoutObject
from bot.link_hosts import (
    ACCESS_POINT,
    DIRECTORY_BUCKET,
    MULTI_REGION,
    OBJECT_LAMBDA,
    OUTPOST,
    TABLE_BUCKET,
)
from bot.links import S3Link, find_s3_links, find_unread_links, parse_s3_link

V4 = (
    "X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AKIAEXAMPLE%2F20250101%2Feu-west-1%2Fs3"
    "%2Faws4_request&X-Amz-Date=20250101T000000Z&X-Amz-Expires=3600&X-Amz-SignedHeaders=host"
    "&X-Amz-Security-Token=hush&X-Amz-Signature=c0ffee"
)
V2 = "AWSAccessKeyId=AKIAEXAMPLE&Signature=c0%2Bffee%3D&Expires=1735689600"
ALIAS = "front-hrzrlukc5m36ft7okagglf3gmwluquse1b-s3alias"
OBJECT = "/s3/object/cams"

READ = {
    "uri": ("s3://cams/a/b.jpg", "cams", "a/b.jpg", None, None),
    "uri s3a": ("s3a://cams/a.jpg", "cams", "a.jpg", None, None),
    "uri s3n": ("s3n://cams/a.jpg", "cams", "a.jpg", None, None),
    "uri in capitals": ("S3://cams/A.JPG", "cams", "A.JPG", None, None),
    "uri is not encoded": ("s3://cams/a%20b+c#d", "cams", "a%20b+c#d", None, None),
    "uri with version": ("s3://cams/a?versionId=v.1_-", "cams", "a", None, "v.1_-"),
    "uri with null version": ("s3://cams/a?versionId=null", "cams", "a", None, "null"),
    "uri with question mark": ("s3://cams/a?b=c", "cams", "a?b=c", None, None),
    "uri with two versions": ("s3://cams/a?versionId=1&x", "cams", "a?versionId=1&x", None, None),
    "uri with empty folders": ("s3://cams//a//b", "cams", "/a//b", None, None),
    "uri with access point alias": (f"s3://{ALIAS}/a", ALIAS, "a", None, None),
    "uri of AWS's examples": ("s3://amzn-s3-demo-bucket/a", "amzn-s3-demo-bucket", "a", None, None),
    "arn": ("arn:aws:s3:::cams/a/b.jpg", "cams", "a/b.jpg", None, None),
    "arn China": ("arn:aws-cn:s3:::cams/a", "cams", "a", None, None),
    "arn GovCloud": ("arn:aws-us-gov:s3:::cams/a", "cams", "a", None, None),
    "arn European": ("arn:aws-eusc:s3:::cams/a", "cams", "a", None, None),
    "arn iso": ("arn:aws-iso:s3:::cams/a", "cams", "a", None, None),
    "arn iso f": ("arn:aws-iso-f:s3:::cams/a", "cams", "a", None, None),
    "arn with colons": ("arn:aws:s3:::cams/12:30:00.jpg", "cams", "12:30:00.jpg", None, None),
    "console object": (
        f"https://eu-west-1.console.aws.amazon.com{OBJECT}?region=eu-west-1&bucketType=general&prefix=a/b+c%2Bd%2520.jpg",
        *("cams", "a/b c+d%20.jpg", "eu-west-1", None),
    ),
    "console version": (
        f"https://eu-west-1.console.aws.amazon.com{OBJECT}?prefix=a&versionId=3HL4+mQ&tab=versions",
        *("cams", "a", "eu-west-1", "3HL4+mQ"),
    ),
    "console region differs": (
        f"https://us-east-1.console.aws.amazon.com{OBJECT}?region=eu-west-1&prefix=a",
        *("cams", "a", "eu-west-1", None),
    ),
    "console region is nonsense": (
        f"https://console.aws.amazon.com{OBJECT}?region=evil.com&prefix=a",
        *("cams", "a", None, None),
    ),
    "console of s3": (
        f"https://s3.console.aws.amazon.com{OBJECT}?region=eu-west-1&prefix=a/b.jpg",
        *("cams", "a/b.jpg", "eu-west-1", None),
    ),
    "console of old": (
        f"https://s3.console.aws.amazon.com{OBJECT}/a%2520b/c%252Bd+e.jpg?region=eu-west-1&tab=overview",
        *("cams", "a b/c+d+e.jpg", "eu-west-1", None),
    ),
    "console of old with percent": (
        f"https://console.aws.amazon.com{OBJECT}/100%2525.jpg",
        *("cams", "100%.jpg", None, None),
    ),
    "console multi-session": (
        f"https://123456789012-4hz5mzzv.eu-west-1.console.aws.amazon.com{OBJECT}?prefix=a",
        *("cams", "a", "eu-west-1", None),
    ),
    "console GovCloud": (
        f"https://console.amazonaws-us-gov.com{OBJECT}?region=us-gov-west-1&prefix=a",
        *("cams", "a", "us-gov-west-1", None),
    ),
    "console China": (
        f"https://cn-north-1.console.amazonaws.cn{OBJECT}?region=cn-north-1&prefix=a",
        *("cams", "a", "cn-north-1", None),
    ),
    "console European": (
        f"https://eusc-de-east-1.console.amazonaws-eusc.eu{OBJECT}?prefix=a",
        *("cams", "a", "eusc-de-east-1", None),
    ),
    "presigned V4": (f"https://cams.s3.amazonaws.com/a?{V4}", "cams", "a", None, None),
    "presigned V2": (f"https://s3.amazonaws.com/cams/a?{V2}", "cams", "a", None, None),
    "presigned with version": (
        f"https://cams.s3.amazonaws.com/a?{V4}&versionId=v1",
        *("cams", "a", None, "v1"),
    ),
}
URL = "https://cams.s3.eu-west-1.amazonaws.com"
KEYS = {
    "space": ("/a%20b.jpg", "a b.jpg"),
    "decoded once": ("/a%2520b.jpg", "a%20b.jpg"),
    "plus is a plus": ("/a+b%2Bc.jpg", "a+b+c.jpg"),
    "slash encoded": ("/a%2Fb.jpg", "a/b.jpg"),
    "letters beyond ASCII": ("/caf%C3%A9/😀.jpg", "café/😀.jpg"),
    "dots are kept": ("/../a/./b/../c.jpg", "../a/./b/../c.jpg"),
    "slashes are kept": ("//a//b.jpg", "/a//b.jpg"),
    "folder mark": ("/a/b/", "a/b/"),
    "lone percent": ("/100%.jpg", "100%.jpg"),
    "fragment": ("/a.jpg#top", "a.jpg"),
    "other query": ("/a.jpg?x-id=GetObject&response-content-type=text%2Fplain", "a.jpg"),
    "port 443": (":443/a.jpg", "a.jpg"),
    "longest": ("/" + "%C3%A9" * 512, "é" * 512),
}
NOTHING = {
    "empty": "",
    "words": "s3 is nice",
    "local file": "file:///cams/a.jpg",
    "other scheme": "gs://cams/a.jpg",
    "ftp": "ftp://cams.s3.amazonaws.com/a.jpg",
    "uri with one slash": "s3:/cams/a.jpg",
    "scheme inside": "s3:x://cams/a.jpg",
    "scheme of look-alike letter": "\u017f3://cams/a.jpg",
    "uri in capital bucket": "s3://Cams/a.jpg",
    "uri with user": "s3://me@cams/a.jpg",
    "uri with address": "s3://10.0.0.1/a.jpg",
    "arn of nothing": "arn:aws:s3",
    "arn of other service": "arn:aws:sqs:::cams/a.jpg",
    "arn of made-up partition": "arn:aws-evil:s3:::cams/a.jpg",
    "arn with region": "arn:aws:s3:eu-west-1::cams/a.jpg",
    "arn of access point alone": "arn:aws:s3:eu-west-1:123456789012:accesspoint/front",
    "arn in uri": "s3://arn:aws:s3:::cams/a.jpg",
    "other page of console": "https://console.aws.amazon.com/ec2/object/cams?prefix=a",
    "look-alike console": f"https://console.aws.amazon.com.evil.com{OBJECT}?prefix=a",
    "look-alike before console": f"https://evil-console.aws.amazon.com{OBJECT}?prefix=a",
    "console of made-up region": f"https://zz-x-1.console.aws.amazon.com{OBJECT}?prefix=a",
    "broken UTF-8 in key": f"{URL}/a%FF.jpg",
    "broken UTF-8 in prefix": f"https://console.aws.amazon.com{OBJECT}?prefix=a%FF",
    "half a letter in key": "s3://cams/\ud83d.jpg",
    "control character": "s3://cams/a\x00.jpg",
    "line break": "s3://cams/a\nb.jpg",
    "key of 1,025 bytes": "s3://cams/" + "k" * 1025,
    "key of 1,026 bytes in URL": f"{URL}/" + "%C3%A9" * 513,
    "version that is none": f"{URL}/a?versionId=<b>",
    "version of 1,025 bytes": f"{URL}/a?versionId=" + "v" * 1025,
}
NO_OBJECT = {
    "uri of bucket": "s3://cams",
    "uri of bucket with slash": "s3://cams/",
    "arn of bucket": "arn:aws:s3:::cams",
    "virtual bucket": URL,
    "virtual bucket with slash": f"{URL}/",
    "path bucket": "https://s3.amazonaws.com/cams/",
    "list of objects": f"{URL}/?list-type=2&prefix=a/",
    "console listing": "https://s3.console.aws.amazon.com/s3/buckets/cams?prefix=a/&region=eu-west-1",
    "console home": "https://s3.console.aws.amazon.com/s3/home?region=eu-west-1",
    "console object without key": f"https://console.aws.amazon.com{OBJECT}?region=eu-west-1",
    "access point without key": "https://front-123456789012.s3-accesspoint.eu-west-1.amazonaws.com",
}
UNREAD = {
    "access point arn": (
        "arn:aws:s3:eu-west-1:123456789012:accesspoint/front/object/a",
        ACCESS_POINT,
    ),
    "access point uri": (
        "s3://arn:aws:s3:eu-west-1:123456789012:accesspoint/front/a",
        ACCESS_POINT,
    ),
    "access point host": (
        "https://front-123456789012.s3-accesspoint.eu-west-1.amazonaws.com/a",
        ACCESS_POINT,
    ),
    "multi-region arn": ("arn:aws:s3::123456789012:accesspoint/mfzwi2.mrap/object/a", MULTI_REGION),
    "multi-region uri": ("s3://mfzwi2.mrap/a", MULTI_REGION),
    "multi-region host": (
        "https://mfzwi2.mrap.accesspoint.s3-global.amazonaws.com/a",
        MULTI_REGION,
    ),
    "outposts arn": (
        "arn:aws:s3-outposts:eu-west-1:123456789012:outpost/op-01/accesspoint/front/object/a",
        OUTPOST,
    ),
    "outposts host": (
        "https://front-123456789012.op-01.s3-outposts.eu-west-1.amazonaws.com/a",
        OUTPOST,
    ),
    "outposts alias": ("s3://front-o01--op-s3/a", OUTPOST),
    "object lambda arn": (
        "arn:aws:s3-object-lambda:eu-west-1:123456789012:accesspoint/front/object/a",
        OBJECT_LAMBDA,
    ),
    "object lambda host": (
        "https://front-123456789012.s3-object-lambda.eu-west-1.amazonaws.com/a",
        OBJECT_LAMBDA,
    ),
    "object lambda alias": ("https://front-hr--ol-s3.s3.amazonaws.com/a", OBJECT_LAMBDA),
    "express uri": ("s3://cams--usw2-az1--x-s3/a", DIRECTORY_BUCKET),
    "express arn": (
        "arn:aws:s3express:us-west-2:123456789012:bucket/cams--usw2-az1--x-s3/a",
        DIRECTORY_BUCKET,
    ),
    "express host": (
        "https://cams--usw2-az1--x-s3.s3express-usw2-az1.us-west-2.amazonaws.com/a",
        DIRECTORY_BUCKET,
    ),
    "express console": (
        "https://console.aws.amazon.com/s3/object/cams--usw2-az1--x-s3?bucketType=directory&prefix=a",
        DIRECTORY_BUCKET,
    ),
    "table bucket": ("s3://63a8e430--table-s3/a", TABLE_BUCKET),
}


def refused(link):
    """Read a link that cannot be read and hand back the reason."""
    with pytest.raises(LinkNotReadable) as caught:
        parse_s3_link(link)
    return caught.value


@pytest.mark.parametrize("row", READ.values(), ids=READ)
def test_link_is_read(row):
    """Every form in which people paste an object gives its bucket, key, region and version."""
    link, *parts = row

    assert astuple(parse_s3_link(link)) == tuple(parts)
    assert find_s3_links(f"Look: {link}, please") == [S3Link(*parts)]


@pytest.mark.parametrize(("path", "key"), KEYS.values(), ids=KEYS)
def test_key_is_read(path, key):
    """The path of a URL is decoded once and otherwise left alone."""
    assert astuple(parse_s3_link(URL + path)) == ("cams", key, "eu-west-1", None)


@pytest.mark.parametrize("link", NOTHING.values(), ids=NOTHING)
def test_look_alike_is_nothing(link):
    """What only looks like a link to an object is none."""
    assert type(refused(link)) is LinkNotReadable
    assert find_s3_links(link.replace("\n", " ")) in ([], [S3Link("cams", "a")])


@pytest.mark.parametrize("link", NO_OBJECT.values(), ids=NO_OBJECT)
def test_bucket_is_no_object(link):
    """A bucket or a listing is no object, and the reason says so."""
    assert type(refused(link)) is LinkWithoutObject
    assert find_s3_links(link) == find_unread_links(link) == []


@pytest.mark.parametrize(("link", "kind"), UNREAD.values(), ids=UNREAD)
def test_unread_kind_is_named(link, kind):
    """What Spotter does not read in S3 is recognised, and the reason names its kind."""
    reason = refused(link)

    assert type(reason) is LinkTypeNotRead
    assert kind in str(reason)
    assert find_s3_links(link) == []
    assert [found.facts for found in find_unread_links(link)] == [{"kind": kind}]


def test_unread_kinds_come_once():
    """Kinds that are not read are told once each, in the order of their first link."""
    first, second = UNREAD["outposts alias"][0], UNREAD["multi-region uri"][0]

    found = find_unread_links(f"{first} s3://cams/a.jpg {second} {first}2 {second}")

    assert [reason.facts["kind"] for reason in found] == [OUTPOST, MULTI_REGION]


def test_objects_come_once():
    """An object named in several ways is found once, at its first place; a version is another."""
    text = (
        f"s3://cams/b {URL}/a s3://cams/a <{URL}/b|b> s3://cams/a?versionId=1 arn:aws:s3:::cams/b"
    )

    assert [astuple(link) for link in find_s3_links(text)] == [
        ("cams", "b", None, None),
        ("cams", "a", "eu-west-1", None),
        ("cams", "a", None, "1"),
    ]


@pytest.mark.parametrize("query", [V2, V4], ids=["V2", "V4"])
@pytest.mark.parametrize("host", ["cams.s3.amazonaws.com/a%FF", "cams.s3.amazonaws.com/a"])
def test_signature_goes_nowhere(query, host):
    """Neither a link nor a reason keeps anything of a signature."""
    link = f"https://{host}?{query}"
    try:
        kept = repr(parse_s3_link(link))
    except LinkNotReadable as reason:
        kept = repr((reason, reason.facts, reason.args, reason.__context__, reason.__cause__))

    assert not any(secret in kept for secret in ("AKIA", "c0", "hush", "amz", "Amz"))


def test_documentation_is_true():
    """The examples in the docstrings give what they say."""
    assert doctest.testmod(links).failed == 0
