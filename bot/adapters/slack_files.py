"""Files in Slack: reading what people posted, and uploading annotated pictures.

The bot token leaves this module only towards Slack's own hosts.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import Any, BinaryIO
from urllib.parse import urljoin

import urllib3

from bot import errors
from bot.adapters.slack import SlackWorkspace

_PROCESSING_LIMIT_S = 20.0
_FIRST_LOOK_S = 0.3
"""Each look is a Slack call, and each picture has to do with a few."""
_SHARE_PAUSE_S = 0.25
_HOPS = 3
_OWN_HOSTS = (".slack.com", ".slack-files.com", ".slack-gov.com")


class SlackFiles:
    """Downloads and uploads for one workspace."""

    def __init__(
        self, workspace: SlackWorkspace, *, token: str, api_url: str, download_limit_bytes: int
    ) -> None:
        """Keep connections open: a picture needs several."""
        self._download_limit_bytes = download_limit_bytes
        self._workspace = workspace
        self._token = token
        self._api_origin = _origin(api_url)
        self._http = urllib3.PoolManager(
            maxsize=16, retries=False, timeout=urllib3.Timeout(connect=5, read=40)
        )

    def info(self, file_id: str) -> dict[str, Any]:
        """Slack's file object.

        Raises: errors.FileDeleted, errors.FileHidden, and the errors.SlackError family.
        """
        try:
            found: dict[str, Any] = self._workspace.call("files.info", file=file_id)["file"]
        except errors.SlackRefused as exc:
            known = _FILE_ERRORS.get(exc.facts["error"], errors.FileUnavailable)
            raise known from exc
        return found

    def download(self, file: Mapping[str, Any]) -> bytes:
        """The bytes of a posted file, from its `id`, `url_private` and `size_bytes`.

        Raises: errors.FileDeleted, FileHidden, FileSignInPage, FileUnavailable, PictureTooLarge.
        """
        if (file.get("size_bytes") or 0) > self._download_limit_bytes:
            raise self._too_large()
        url = file["url_private"]
        for _ in range(_HOPS):
            answer = self._get(url)
            if answer.status not in {301, 302, 303, 307, 308}:
                return self._read(answer, file)
            url = urljoin(url, answer.headers.get("location", ""))
            answer.drain_conn()
        raise errors.FileSignInPage

    def _get(self, url: str) -> urllib3.BaseHTTPResponse:
        if not self._is_slack(url):
            raise errors.FileHidden
        try:
            return self._http.request(
                "GET",
                url,
                headers={"Authorization": f"Bearer {self._token}"},
                preload_content=False,
                redirect=False,
            )
        except urllib3.exceptions.HTTPError as exc:
            raise errors.FileUnavailable from exc

    def _is_slack(self, url: str) -> bool:
        try:
            origin = _origin(url)
        except urllib3.exceptions.LocationParseError:
            return False
        scheme, host, _ = origin
        own = scheme == "https" and f".{host}".endswith(_OWN_HOSTS)
        return own or origin == self._api_origin

    def _read(self, answer: urllib3.BaseHTTPResponse, file: Mapping[str, Any]) -> bytes:
        try:
            if answer.status in {403, 404, 410}:
                self.info(file["id"])  # says why, when it is deleted or hidden
            if answer.status != 200:
                raise errors.FileUnavailable
            data = answer.read(self._download_limit_bytes + 1)
        except urllib3.exceptions.HTTPError as exc:
            raise errors.FileUnavailable from exc
        finally:
            # A line whose answer was not read to its end cannot carry another request.
            answer.close()
        if len(data) > self._download_limit_bytes:
            raise self._too_large()
        _refuse_other_than_file(answer, data, file.get("size_bytes"))
        return data

    def _too_large(self) -> errors.PictureTooLarge:
        limit = f"{self._download_limit_bytes // 1024**2} MiB"
        return errors.PictureTooLarge(
            what=f"more than {limit} of data", limit=limit, instead="a smaller copy"
        )

    def send(
        self, name: str, data: bytes, *, alt_text: str, on_reserved: Callable[[str], None]
    ) -> str:
        """Send a picture's bytes; its file id, which `complete` or `share` brings to life, once.

        `on_reserved` gets the file id before any byte goes, so that it can be kept.
        Raises: the errors.SlackError family.
        Source: https://docs.slack.dev/messaging/working-with-files
        """
        place = self._workspace.call(
            "files.getUploadURLExternal", filename=name, length=len(data), alt_txt=alt_text[:1000]
        )
        file_id: str = place["file_id"]
        on_reserved(file_id)
        self._send(place["upload_url"], data, size_bytes=len(data))
        return file_id

    def send_file(self, name: str, file: BinaryIO, *, size_bytes: int) -> str:
        """Send a file from where it stands, piece by piece; its file id, for `share`, once.

        Raises: the errors.SlackError family.
        """
        place = self._workspace.call("files.getUploadURLExternal", filename=name, length=size_bytes)
        self._send(place["upload_url"], file, size_bytes=size_bytes)
        file_id: str = place["file_id"]
        return file_id

    def complete(self, file_id: str) -> None:
        """Finish an upload that nobody sees, until a block names it.

        Raises: the errors.SlackError family.
        """
        self._workspace.call("files.completeUploadExternal", files=[{"id": file_id}])

    def share(
        self, file_ids: list[str], channel: str, thread_ts: str | None = None, *, words: str
    ) -> None:
        """Finish uploads by sharing them into a channel or a thread, as one message.

        Raises: the errors.SlackError family.
        """
        self._workspace.call(
            "files.completeUploadExternal",
            files=[{"id": file_id} for file_id in file_ids],
            channel_id=channel,
            initial_comment=words,
            **({"thread_ts": thread_ts} if thread_ts else {}),
        )

    def shared_ts(self, file_id: str, channel: str) -> str | None:
        """The ts of the message that shares a file in a channel, once Slack says so."""
        ends_s = time.monotonic() + _PROCESSING_LIMIT_S
        while time.monotonic() < ends_s:
            if shared := _shares(self.info(file_id), channel):
                ts: str = shared[0]["ts"]
                return ts
            time.sleep(_SHARE_PAUSE_S)
        return None

    def is_shared(self, file_id: str, channel: str) -> bool:
        """Whether a file of ours is in a channel by now; `shared_ts` waits for it."""
        try:
            return bool(_shares(self.info(file_id), channel))
        except errors.FileError:
            return False  # an upload that was never finished is not there for files.info

    def _send(self, url: str, body: bytes | BinaryIO, *, size_bytes: int) -> None:
        if not self._is_slack(url):
            raise errors.SlackRefused(error="upload_url_elsewhere")
        try:
            # With its length told, a file goes out as it is read, and not in chunks.
            headers = {"Content-Length": str(size_bytes)}
            answer = self._http.request("POST", url, body=body, headers=headers, redirect=False)
        except urllib3.exceptions.HTTPError as exc:
            raise errors.SlackUnknown from exc
        # Slack says "OK - 1234"; a page or JSON, whatever its status, says something went wrong.
        if answer.status != 200 or answer.data.lstrip().startswith((b"<", b"{")):
            raise errors.SlackUnknown

    def wait_until_ready(self, file_id: str, *, limit_s: float = _PROCESSING_LIMIT_S) -> None:
        """Wait until Slack has processed an upload; a `slack_file` block is refused before that.

        Raises: errors.SlackUnknown when it takes longer than the limit.
        """
        ends_s = time.monotonic() + limit_s
        pause_s = _FIRST_LOOK_S
        while time.monotonic() < ends_s:
            time.sleep(pause_s)
            if self.info(file_id).get("mimetype"):
                return
            pause_s = min(pause_s * 1.5, 2.0)
        raise errors.SlackUnknown

    def is_uploaded(self, file_id: str) -> bool:
        """Whether an upload, whose outcome we may not know, was completed."""
        try:
            return self.info(file_id).get("mode") == "hosted"
        except errors.FileError:
            return False

    def delete(self, file_id: str) -> None:
        """Delete an upload of ours; one that is gone already is no error.

        Raises: the errors.SlackError family.
        """
        try:
            self._workspace.call("files.delete", file=file_id)
        except errors.SlackRefused as exc:
            if exc.facts["error"] not in {"file_deleted", "file_not_found"}:
                raise

    def forget(self, file_id: str) -> None:
        """Delete an upload of ours that nobody saw."""
        try:
            self._workspace.call_once("files.delete", file=file_id)
        except errors.SlackError:
            return


_FILE_ERRORS: dict[str, type[errors.FileError]] = {
    "file_deleted": errors.FileDeleted,
    "file_not_found": errors.FileDeleted,
    "not_visible": errors.FileHidden,
    "access_denied": errors.FileHidden,
    "missing_scope": errors.FileSignInPage,
}


def _shares(info: Mapping[str, Any], channel: str) -> list[dict[str, Any]]:
    """The messages of a channel that share a file."""
    sides = (info.get("shares") or {}).values()
    return [shared for places in sides for shared in places.get(channel) or ()]


def _refuse_other_than_file(
    answer: urllib3.BaseHTTPResponse, data: bytes, size_bytes: int | None
) -> None:
    """Slack serves its sign-in page, as 200, when files:read is missing; its size gives it away."""
    is_page = data[:512].lstrip().lower().startswith((b"<!doctype html", b"<html"))
    if is_page and len(data) != size_bytes:
        raise errors.FileSignInPage
    announced = answer.headers.get("content-length")
    if announced and announced.isdigit() and int(announced) != len(data):
        raise errors.FileUnavailable


def _origin(url: str) -> tuple[str | None, str | None, int | None]:
    """Where a request for this address would go: read by the library that will make it."""
    parts = urllib3.util.parse_url(url)
    return parts.scheme, parts.host, parts.port
