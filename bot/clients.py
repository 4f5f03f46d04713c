"""The vendors' own clients, set so that no call is repeated behind our back."""

from __future__ import annotations

from typing import Any

import boto3
from botocore.config import Config
from slack_sdk import WebClient

from bot.settings import Settings

_SLACK_TIMEOUT_S = 40


def slack_client(settings: Settings, *, timeout_s: int = _SLACK_TIMEOUT_S) -> WebClient:
    """Slack's client without its own retry, which can post twice."""
    return WebClient(
        token=settings.slack_bot_token.get_secret_value(),
        base_url=settings.slack_api_url,
        timeout=timeout_s,
        retry_handlers=[],
    )


def s3_client() -> Any:
    """S3 by boto3's own chain of credentials, region and endpoint; short retries of its own."""
    return boto3.client("s3", config=_aws_config(tries=3))


def rekognition_client() -> Any:
    """Rekognition without retries: each call is counted by the queue, and so is each retry."""
    return boto3.client("rekognition", config=_aws_config(tries=1))


def _aws_config(*, tries: int) -> Config:
    return Config(
        connect_timeout=3,
        read_timeout=20,
        max_pool_connections=20,
        retries={"mode": "standard", "total_max_attempts": tries},
    )
