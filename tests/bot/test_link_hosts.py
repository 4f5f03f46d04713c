import json
from pathlib import Path

import boto3
import botocore
import pytest
from botocore.config import Config

from bot.errors import LinkTypeNotRead
from bot.link_hosts import Endpoint, is_bucket, is_region, read_host
from bot.links import S3Link, find_s3_links, parse_s3_link

FILE = Path(botocore.__file__).parent / "data" / "partitions.json"
PARTITIONS = {part["id"]: part for part in json.loads(FILE.read_text())["partitions"]}
REGIONS = {
    name: part
    for part in PARTITIONS.values()
    for name in part["regions"]
    if not name.endswith("-global")
}
KEY = "2025/a b+c%20d/../é.jpg"
HOSTS = {
    "virtual legacy": ("cams.s3.amazonaws.com", "cams", None),
    "virtual regional": ("cams.s3.eu-west-1.amazonaws.com", "cams", "eu-west-1"),
    "virtual dash": ("cams.s3-us-west-2.amazonaws.com", "cams", "us-west-2"),
    "virtual dotted": ("my.own.cams.s3.eu-west-1.amazonaws.com", "my.own.cams", "eu-west-1"),
    "virtual ends like service": ("my.s3.s3.eu-west-1.amazonaws.com", "my.s3", "eu-west-1"),
    "virtual looks like endpoint": ("s3.eu-west-1.s3.amazonaws.com", "s3.eu-west-1", None),
    "virtual external": ("cams.s3-external-1.amazonaws.com", "cams", "us-east-1"),
    "virtual dualstack": ("cams.s3.dualstack.eu-west-1.amazonaws.com", "cams", "eu-west-1"),
    "virtual FIPS": ("cams.s3-fips.us-east-1.amazonaws.com", "cams", "us-east-1"),
    "virtual FIPS dash": ("cams.s3-fips-us-gov-west-1.amazonaws.com", "cams", "us-gov-west-1"),
    "virtual FIPS dualstack": (
        "cams.s3-fips.dualstack.us-east-1.amazonaws.com",
        *("cams", "us-east-1"),
    ),
    "virtual alias": ("front-hr1b-s3alias.s3.amazonaws.com", "front-hr1b-s3alias", None),
    "accelerate": ("cams.s3-accelerate.amazonaws.com", "cams", None),
    "accelerate dualstack": ("cams.s3-accelerate.dualstack.amazonaws.com", "cams", None),
    "website dash": ("cams.s3-website-us-east-1.amazonaws.com", "cams", "us-east-1"),
    "website dot": (
        "www.cams.com.s3-website.eu-central-1.amazonaws.com",
        "www.cams.com",
        "eu-central-1",
    ),
    "website China": ("cams.s3-website.cn-north-1.amazonaws.com.cn", "cams", "cn-north-1"),
    "virtual China": ("cams.s3.cn-north-1.amazonaws.com.cn", "cams", "cn-north-1"),
    "virtual GovCloud": ("cams.s3.us-gov-east-1.amazonaws.com", "cams", "us-gov-east-1"),
    "virtual European": ("cams.s3.eusc-de-east-1.amazonaws.eu", "cams", "eusc-de-east-1"),
    "virtual iso": ("cams.s3.us-iso-east-1.c2s.ic.gov", "cams", "us-iso-east-1"),
    "path legacy": ("s3.amazonaws.com", None, None),
    "path regional": ("s3.eu-west-1.amazonaws.com", None, "eu-west-1"),
    "path dash": ("s3-us-west-2.amazonaws.com", None, "us-west-2"),
    "path external": ("s3-external-1.amazonaws.com", None, "us-east-1"),
    "path dualstack": ("s3.dualstack.eu-west-1.amazonaws.com", None, "eu-west-1"),
    "path FIPS": ("s3-fips.us-east-1.amazonaws.com", None, "us-east-1"),
    "path FIPS dualstack": ("s3-fips.dualstack.us-east-1.amazonaws.com", None, "us-east-1"),
    "path China": ("s3.cn-northwest-1.amazonaws.com.cn", None, "cn-northwest-1"),
    "path European": ("s3.eusc-de-east-1.amazonaws.eu", None, "eusc-de-east-1"),
}
STRANGE = {
    "no service": "cams.amazonaws.com",
    "longer service": "xs3.amazonaws.com",
    "other service": "cams.execute-api.eu-west-1.amazonaws.com",
    "computer": "ec2-1-2-3-4.compute-1.amazonaws.com",
    "control plane": "123456789012.s3-control.eu-west-1.amazonaws.com",
    "domain goes on": "cams.s3.amazonaws.com.evil.com",
    "domain begins early": "cams.s3.evilamazonaws.com",
    "domain with dash": "cams.s3-amazonaws.com",
    "domain of China elsewhere": "cams.s3.cn-north-1.amazonaws.com",
    "region elsewhere": "cams.s3.eu-west-1.amazonaws.com.cn",
    "China without region": "cams.s3.amazonaws.com.cn",
    "made-up region": "cams.s3.evil.amazonaws.com",
    "region twice": "cams.s3.eu-west-1.eu-west-1.amazonaws.com",
    "dualstack without region": "cams.s3.dualstack.amazonaws.com",
    "website without bucket": "s3-website-us-east-1.amazonaws.com",
    "accelerate without bucket": "s3-accelerate.amazonaws.com",
    "accelerate dotted": "my.cams.s3-accelerate.amazonaws.com",
    "last dot": "cams.s3.amazonaws.com.",
    "first dot": ".s3.amazonaws.com",
    "private link": "cams.vpce-1a2b-3c4d.s3.us-east-1.vpce.amazonaws.com",
    "too long": f"{'a.' * 130}s3.amazonaws.com",
    "address": "169.254.169.254",
}
ODD = {
    "user": "https://me@cams.s3.amazonaws.com/a",
    "user and password": "https://cams.s3.amazonaws.com:x@evil.com/a",
    "port": "https://cams.s3.amazonaws.com:8443/a",
    "empty port": "https://cams.s3.amazonaws.com:/a",
    "port twice": "https://cams.s3.amazonaws.com:443:443/a",
    "backslash": "https://cams.s3.amazonaws.com\\@evil.com/a",
    "encoded dot": "https://cams%2es3.amazonaws.com/a",
    "encoded slash": "https://evil.com%2fcams.s3.amazonaws.com/a",
    "wide letters": "https://cams.s3.amazonaws。com/a",
    "look-alike letter": "https://cams.\u017f3.amazonaws.com/a",
    "digits of elsewhere": "https://cams.s3.eu-west-\u0661.amazonaws.com/a",
    "three slashes": "https:///cams.s3.amazonaws.com/a",
    "virtual address": "https://169.254.169.254.s3.amazonaws.com/latest",
    "path address": "https://s3.amazonaws.com/169.254.169.254/latest",
    "path capital": "https://s3.amazonaws.com/Cams/a",
    "path empty": "https://s3.amazonaws.com//cams/a",
    "path encoded slash": "https://s3.amazonaws.com/cams%2fa/b",
}


@pytest.mark.parametrize(("host", "bucket", "region"), HOSTS.values(), ids=HOSTS)
def test_host_is_read(host, bucket, region):
    """Every real host of S3 says its bucket, or leaves it to the path, and its region."""
    path = "a.jpg" if bucket else "cams/a.jpg"

    assert read_host(host) == Endpoint(bucket, region)
    for url in (f"https://{host}/{path}", f"HTTP://{host.upper()}:80/{path}"):
        assert parse_s3_link(url) == S3Link(bucket or "cams", "a.jpg")
        assert parse_s3_link(url).region == region


@pytest.mark.parametrize("host", STRANGE.values(), ids=STRANGE)
def test_strange_host_is_nothing(host):
    """A host that only resembles one of S3's is none, or names no bucket that S3 would allow."""
    place = read_host(host)

    assert place is None or not is_bucket(place.bucket or "cams")
    assert find_s3_links(f"<https://{host}/cams/a.jpg> s3://ok-1/a") == [S3Link("ok-1", "a")]


@pytest.mark.parametrize("url", ODD.values(), ids=ODD)
def test_odd_address_is_nothing(url):
    """User info, foreign ports, tricks with letters and IP-like buckets make no link."""
    assert find_s3_links(f"<{url}> {url} `{url}`") == []


@pytest.mark.parametrize("region", REGIONS)
def test_regions_are_known(region):
    """Every region that botocore knows is one, below its own partition's domain only."""
    domain = REGIONS[region]["outputs"]["dnsSuffix"]
    others = {part["outputs"]["dnsSuffix"] for part in PARTITIONS.values()} - {domain}

    assert is_region(region)
    assert read_host(f"cams.s3.{region}.{domain}") == Endpoint("cams", region)
    assert not any(read_host(f"cams.s3.{region}.{other}") for other in others)


@pytest.mark.parametrize("partition", PARTITIONS)
def test_partitions_are_known(partition):
    """Every partition that botocore knows has object ARNs."""
    assert parse_s3_link(f"arn:{partition}:s3:::cams/a") == S3Link("cams", "a")


@pytest.mark.parametrize(
    ("name", "allowed"),
    [
        ("abc", True),
        ("a-1.b--c", True),
        ("a" * 63, True),
        ("1.2.3", True),
        ("1.2.3.4.5", True),
        ("ab", False),
        ("a" * 64, False),
        ("Abc", False),
        ("a_b", False),
        ("-abc", False),
        ("abc-", False),
        (".abc", False),
        ("abc.", False),
        ("a..b", False),
        ("abc\n", False),
        ("١٢٣", False),
        ("xn--abc", False),
        ("sthree-abc", False),
        ("1.2.3.4", False),
        ("999.999.999.999", False),
    ],
)
def test_bucket_names(name, allowed):
    """A bucket is called as S3's rules allow."""
    assert is_bucket(name) is allowed


def presigned(bucket, *, region="eu-west-1", signature="s3v4", version=None, fips=False, **s3):
    """A URL as botocore makes it, without any call."""
    client = boto3.client(
        "s3",
        region_name=region,
        aws_access_key_id="AKIAEXAMPLE",
        aws_secret_access_key="hunter2",
        config=Config(signature_version=signature, s3=s3, use_fips_endpoint=fips),
    )
    asked = {"Bucket": bucket, "Key": KEY, **({"VersionId": version} if version else {})}
    return client.generate_presigned_url("get_object", Params=asked)


@pytest.mark.parametrize("dualstack", [False, True])
@pytest.mark.parametrize("style", ["virtual", "path"])
@pytest.mark.parametrize(
    ("region", "fips"),
    [
        ("us-east-1", False),
        ("us-east-1", True),
        ("eu-west-1", False),
        ("cn-north-1", False),
        ("us-gov-west-1", True),
        ("eusc-de-east-1", False),
        ("us-isob-east-1", True),
    ],
)
def test_generated_urls_are_read(region, fips, style, dualstack):
    """What botocore makes for an object leads back to that object."""
    ways = {"addressing_style": style, "use_dualstack_endpoint": dualstack}
    link = parse_s3_link(presigned("cams", region=region, fips=fips, **ways))

    assert link == S3Link("cams", KEY)
    assert link.region in {region, None}


@pytest.mark.parametrize(
    ("bucket", "options"),
    [
        ("cams", {"signature": "s3"}),
        ("cams", {"use_accelerate_endpoint": True}),
        ("cams", {"use_accelerate_endpoint": True, "use_dualstack_endpoint": True}),
        ("my.own.cams", {}),
        ("my.own.cams", {"signature": "s3", "addressing_style": "path"}),
        ("front-hrzrlukc5m36ft7okagglf3gmwluquse1b-s3alias", {}),
    ],
)
def test_generated_oddities_are_read(bucket, options):
    """Old signatures, acceleration, dots and aliases lead back to the object and its version."""
    url = presigned(bucket, version="3HL4kqtJ+rmSp.Xd3d_-", **options)

    assert parse_s3_link(url) == S3Link(bucket, KEY, version="3HL4kqtJ+rmSp.Xd3d_-")


@pytest.mark.parametrize(
    "bucket",
    [
        "arn:aws:s3:eu-west-1:123456789012:accesspoint/front",
        "arn:aws:s3::123456789012:accesspoint/mfzwi23gnjvgw.mrap",
        "arn:aws:s3-object-lambda:eu-west-1:123456789012:accesspoint/front",
        "arn:aws:s3-outposts:eu-west-1:123456789012:outpost/op-01ac5d28/accesspoint/front",
        "front-hrzrlukc5m36ft7okagglf3gmwluquse1b--ol-s3",
    ],
)
def test_generated_unread_are_recognised(bucket):
    """What botocore makes for access points and their kin is recognised and not read."""
    for link in (presigned(bucket), f"s3://{bucket}/a", f"{bucket}/a"):
        if link.startswith(("https:", "s3:", "arn:")):
            with pytest.raises(LinkTypeNotRead):
                parse_s3_link(link)
