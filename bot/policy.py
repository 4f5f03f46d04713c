"""The AWS rights that Spotter needs, as one IAM policy, and not one right more.

Data only; no AWS is called. A test holds it to what the adapters call.
Source: https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazons3.html
"""

from __future__ import annotations

from typing import Any

from bot.links import S3Place

STORE_PREFIX = "t/"
"""Everything Spotter stores lies under this prefix of its own bucket."""


def build_policy(*, bucket: str, links: tuple[S3Place, ...] = ()) -> dict[str, Any]:
    """An identity policy for the bot: its own bucket, the linked places, one Rekognition call.

    DetectLabels has no resources of its own, so AWS accepts only `*` there.
    """
    own = {
        "Sid": "KeepPictures",
        "Effect": "Allow",
        "Action": ["s3:GetObject", "s3:PutObject", "s3:DeleteObject"],
        "Resource": f"arn:aws:s3:::{bucket}/{STORE_PREFIX}*",
    }
    look = {
        "Sid": "LookAtPictures",
        "Effect": "Allow",
        "Action": "rekognition:DetectLabels",
        "Resource": "*",
    }
    reading = [
        statement
        for number, place in enumerate(links, start=1)
        for statement in _reading(place, number)
    ]
    return {"Version": "2012-10-17", "Statement": [own, look, *reading]}


def _reading(place: S3Place, number: int) -> list[dict[str, Any]]:
    """Read one place of S3_LINK_ALLOW, list it, and nothing beside it."""
    arn = f"arn:aws:s3:::{place.bucket}"
    return [
        {
            "Sid": f"ReadLinked{number}",
            "Effect": "Allow",
            "Action": ["s3:GetObject", "s3:GetObjectVersion"],
            "Resource": f"{arn}/{place.prefix}*",
        },
        {
            "Sid": f"ListLinked{number}",
            "Effect": "Allow",
            "Action": "s3:ListBucket",
            "Resource": arn,
            "Condition": {"StringLike": {"s3:prefix": f"{place.prefix}*"}},
        },
    ]
