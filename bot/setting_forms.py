"""How the text of one variable becomes a value, and what is said when it cannot.

Raises bare ValueErrors: `bot.settings` has the words, and a secret must not be among them.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from pydantic import AfterValidator, BeforeValidator, Field, SecretStr

from bot.links import S3Place

BUCKET = r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]"
"""A bucket's name. Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html"""

EMOJI = r"^[a-z0-9_+'-]{1,100}$"
"""An emoji's name, as Slack's events give it."""


def setting(meaning: str, *, must: str, where: str = "", **field: Any) -> Any:
    """A field with its meaning, what its value must be, and where a person gets it."""
    return Field(description=meaning, json_schema_extra={"must": must, "where": where}, **field)


def list_of(pattern: str, read: Callable[[str], Any] = str) -> BeforeValidator:
    """Split a comma list; every entry must match `pattern` in full and is then read."""

    def split(value: str) -> tuple[Any, ...]:
        entries = [entry.strip() for entry in value.split(",") if entry.strip()]
        if not all(re.fullmatch(pattern, entry) for entry in entries):
            raise ValueError
        return tuple(read(entry) for entry in entries)

    return BeforeValidator(split)


def place(entry: str) -> S3Place:
    """Read `bucket` or `bucket/folder`; a folder never reaches into its neighbour's name."""
    bucket, _, folder = entry.partition("/")
    return S3Place(bucket, f"{folder.strip('/')}/" if folder.strip("/") else "")


def beginning(prefix: str) -> AfterValidator:
    """A secret that must begin with `prefix`."""

    def check(secret: SecretStr) -> SecretStr:
        if not secret.get_secret_value().startswith(prefix):
            raise ValueError
        return secret

    return AfterValidator(check)


def database_address(secret: SecretStr) -> SecretStr:
    """The address as SQLAlchemy reads it; hosting services write `postgres://`."""
    url = secret.get_secret_value()
    if url.startswith("sqlite:///"):
        return secret
    scheme, separator, rest = url.partition("://")
    if not (separator and rest and scheme in {"postgres", "postgresql", "postgresql+psycopg"}):
        raise ValueError
    return SecretStr(f"postgresql+psycopg://{rest}")
