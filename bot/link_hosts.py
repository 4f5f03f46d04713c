"""S3's names: buckets, regions, hosts and ARNs, and what each of them leads to.

A pattern must match in full, so that a name that only looks similar is none of them.
Sources: https://docs.aws.amazon.com/general/latest/gr/s3.html, and botocore's partitions.json and
endpoint rules for S3, with which the tests compare.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

ACCESS_POINT = "S3 access points"
DIRECTORY_BUCKET = "S3 Express directory buckets"
MULTI_REGION = "S3 multi-region access points"
OBJECT_LAMBDA = "S3 Object Lambda access points"
OUTPOST = "S3 on Outposts"
TABLE_BUCKET = "S3 table buckets"

PARTITION = r"aws(?:-cn|-us-gov|-eusc|-iso(?:-[bef])?)?"
"""The second field of an ARN."""

_AREA = r"[a-z]+-[0-9]{1,2}"
_REGIONS = {
    "amazonaws.com": rf"(?:us|us-gov|eu|ap|sa|ca|me|af|il|mx)-{_AREA}",
    "amazonaws.com.cn": rf"cn-{_AREA}",
    "amazonaws.eu": rf"eusc-de-{_AREA}",
    "c2s.ic.gov": rf"us-iso-{_AREA}",
    "sc2s.sgov.gov": rf"us-isob-{_AREA}",
    "cloud.adc-e.uk": rf"eu-isoe-{_AREA}",
    "csp.hci.ic.gov": rf"us-isof-{_AREA}",
}
"""The regions below each of Amazon's domains."""

_ANY_REGION = "|".join(_REGIONS.values())
_LONGEST_HOST = 253

_READ = (
    # s3.R, s3-R, s3-fips.R, s3.dualstack.R, s3-fips.dualstack.R, each with a bucket before it or
    # in the path. The bucket is greedy: in `my.s3.s3.eu-west-1` the last `.s3` is the service.
    r"(?:(?P<bucket>.+)\.)?s3(?:-fips)?(?:\.dualstack\.|[.-])(?P<region>{region})",
    r"(?P<bucket>.+)\.s3-website[.-](?P<region>{region})",
)
_READ_WITHOUT_REGION = (
    r"(?:(?P<bucket>.+)\.)?s3(?:-external-1)?",
    # Accelerated buckets have no dots.
    r"(?P<bucket>[^.]+)\.s3-accelerate(?:\.dualstack)?",
)
_UNREAD = (
    (ACCESS_POINT, r"[^.]+\.s3-accesspoint(?:-fips)?(?:\.dualstack)?\.(?:{region})"),
    (MULTI_REGION, r"[^.]+\.mrap\.accesspoint\.s3-global"),
    (OBJECT_LAMBDA, r"[^.]+\.s3-object-lambda(?:-fips)?\.(?:{region})"),
    (OUTPOST, r"[^.]+\.(?:op-[^.]+|ec2)\.s3-outposts\.(?:{region})"),
    (DIRECTORY_BUCKET, r"[^.]+\.s3express-[^.]+(?:\.dualstack)?\.(?:{region})"),
)
_CONSOLE = re.compile(
    rf"(?:(?:[0-9]{{12}}-[a-z0-9]+\.)?(?P<region>{_ANY_REGION})\.|s3\.)?"
    r"console\.(?:aws\.amazon\.com|amazonaws-us-gov\.com|amazonaws\.cn|amazonaws-eusc\.eu)"
)

# https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html
_BUCKET = re.compile(r"(?!xn--|sthree-)(?!.*\.\.)[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]")
_ADDRESS = re.compile(r"(?:[0-9]+\.){3}[0-9]+")
_UNREAD_ENDINGS = {
    "--ol-s3": OBJECT_LAMBDA,
    "--op-s3": OUTPOST,
    "--table-s3": TABLE_BUCKET,
    "--x-s3": DIRECTORY_BUCKET,
    "--xa-s3": DIRECTORY_BUCKET,
    ".mrap": MULTI_REGION,
}

_UNREAD_ARNS = (
    (MULTI_REGION, r"s3::[0-9]{12}:accesspoint[:/][^:/]+\.mrap"),
    (ACCESS_POINT, r"s3:[^:]+:[0-9]{12}:accesspoint[:/][^:/]+"),
    (OBJECT_LAMBDA, r"s3-object-lambda:[^:]+:[0-9]{12}:accesspoint[:/][^:/]+"),
    (OUTPOST, r"s3-outposts:[^:]+:[0-9]{12}:outpost[:/][^:/]+[:/](?:accesspoint|bucket)[:/][^:/]+"),
    (DIRECTORY_BUCKET, r"s3express:[^:]+:[0-9]{12}:(?:bucket|accesspoint)/[^:/]+"),
)


@dataclass(frozen=True)
class Endpoint:
    """Where an S3 host leads.

    `bucket` is None where the path names it, `region` is None where the host does not say, and
    `unread` is the kind of a host behind which Spotter does not read.
    """

    bucket: str | None = None
    region: str | None = None
    unread: str | None = None


@dataclass(frozen=True)
class Console:
    """A host of the AWS console, and the region it shows, or None."""

    region: str | None = None


def read_host(host: str) -> Endpoint | Console | None:
    """What a host name in small letters, without a port, leads to; None when it is not S3's."""
    if len(host) > _LONGEST_HOST:
        return None
    if console := _CONSOLE.fullmatch(host):
        return Console(console["region"])
    domain = next((domain for domain in _REGIONS if host.endswith(f".{domain}")), None)
    return _read_service(host.removesuffix(f".{domain}"), domain) if domain else None


def _read_service(name: str, domain: str) -> Endpoint | None:
    """Read what stands before Amazon's domain."""
    region = _REGIONS[domain]
    for form in _READ:
        if found := re.fullmatch(form.format(region=region), name):
            return Endpoint(found["bucket"], found["region"])
    # Only the oldest partition has hosts that name no region.
    for form in _READ_WITHOUT_REGION if domain == "amazonaws.com" else ():
        if found := re.fullmatch(form, name):
            external = name.endswith("s3-external-1")
            return Endpoint(found["bucket"], "us-east-1" if external else None)
    for kind, form in _UNREAD:
        if re.fullmatch(form.format(region=region), name):
            return Endpoint(unread=kind)
    return None


def is_region(name: str) -> bool:
    """Whether a region of any partition is called so."""
    return re.fullmatch(_ANY_REGION, name) is not None


def is_bucket(name: str) -> bool:
    """Whether S3's rules allow a bucket of this name, or an alias that is used like one."""
    return bool(_BUCKET.fullmatch(name)) and not _ADDRESS.fullmatch(name)


def unread_bucket(name: str) -> str | None:
    """The kind of a bucket or alias that Spotter does not read; S3 tells it by the ending."""
    return next((kind for end, kind in _UNREAD_ENDINGS.items() if name.endswith(end)), None)


def unread_arn(arn: str) -> str | None:
    """The kind of an ARN that names an object in a way that Spotter does not read, else None."""
    for kind, form in _UNREAD_ARNS:
        if re.fullmatch(rf"(?s:arn:{PARTITION}:{form}[:/].+)", arn):
            return kind
    return None
