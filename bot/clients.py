"""The vendors' own clients, set so that no call is repeated behind our back."""

from __future__ import annotations

import socket
from typing import Any, cast
from urllib.request import Request

import boto3
import urllib3
from botocore.config import Config
from slack_sdk import WebClient
from urllib3.connection import HTTPConnection

from bot.settings import Settings

_SLACK_TIMEOUT_S = 40
_SLACK_CONNECTIONS = 64
_SILENT_S, _PROBE_S, _PROBES = 20, 5, 2


class KeptOpenClient(WebClient):
    """Slack's client on connections that stay open: the library makes a new one for each call.

    A picture needs several calls, and each would begin with its own TLS handshake.
    """

    def __init__(self, *args: Any, **more: Any) -> None:
        """Take what the library's client takes."""
        super().__init__(*args, **more)
        self._http = urllib3.PoolManager(
            maxsize=_SLACK_CONNECTIONS,
            retries=False,
            timeout=self.timeout,
            socket_options=[*HTTPConnection.default_socket_options, *_probing()],
        )

    def _perform_urllib_http_request_internal(self, url: str, req: Request) -> dict[str, Any]:
        """What the library's own does, which knows the way through a proxy."""
        if self.proxy is not None:
            return super()._perform_urllib_http_request_internal(url, req)
        headers, body = dict(req.header_items()), cast("bytes | None", req.data)
        try:
            answer = self._http.request("POST", url, body, headers=headers, redirect=False)
        except urllib3.exceptions.HTTPError as exc:
            # Also where Slack has closed the connection: what became of the call is unknown.
            raise ConnectionError(type(exc).__name__) from exc
        text = answer.data.decode(errors="replace")
        return {"status": answer.status, "headers": dict(answer.headers), "body": text}


def _probing() -> list[tuple[int, int, int]]:
    """Probe a silent connection, so that one that is dead is known before a call is sent on it.

    A router forgets connections on which nothing is said, and tells neither side.
    """
    silent = getattr(socket, "TCP_KEEPIDLE", None) or getattr(socket, "TCP_KEEPALIVE")  # noqa: B009 - macOS calls it so
    return [
        (socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1),
        (socket.IPPROTO_TCP, silent, _SILENT_S),
        (socket.IPPROTO_TCP, socket.TCP_KEEPINTVL, _PROBE_S),
        (socket.IPPROTO_TCP, socket.TCP_KEEPCNT, _PROBES),
    ]


def slack_client(settings: Settings, *, timeout_s: int = _SLACK_TIMEOUT_S) -> WebClient:
    """Slack's client without its own retry, which can post twice."""
    return KeptOpenClient(
        token=settings.slack_bot_token.get_secret_value(),
        base_url=settings.slack_api_url,
        timeout=timeout_s,
        retry_handlers=[],
    )


def socket_mode_client(settings: Settings) -> WebClient:
    """Slack's client for whoever asks once in hours: a connection kept so long may be dead."""
    return WebClient(base_url=settings.slack_api_url, timeout=_SLACK_TIMEOUT_S, retry_handlers=[])


def s3_client() -> Any:
    """S3 by boto3's own chain of credentials, region and endpoint; short retries of its own."""
    return boto3.client("s3", config=_aws_config(tries=3))


def rekognition_client() -> Any:
    """Rekognition without retries: each call is reserved first, and so is each retry."""
    return boto3.client("rekognition", config=_aws_config(tries=1))


def _aws_config(*, tries: int) -> Config:
    return Config(
        connect_timeout=3,
        read_timeout=20,
        max_pool_connections=20,
        retries={"mode": "standard", "total_max_attempts": tries},
    )
