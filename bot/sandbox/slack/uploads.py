"""Bytes that come and go: the upload address, `url_private`, and thumbnails.

A download without the right token, or without files:read, gets Slack's sign-in page with status
200, as on the real Slack; a deleted file 404.
"""

from __future__ import annotations

import io
import mimetypes
import struct
from pathlib import Path
from typing import Any

from flask import Flask, Response, request
from PIL import Image, UnidentifiedImageError

from bot.sandbox.slack.gate import sign_in_page
from bot.sandbox.slack.nouns import BOT_USER, TEAM, File
from bot.sandbox.slack.site import Site
from bot.sandbox.slack.world import NotThere

# Pillow raises all of these on bytes made to hurt; warnings too, where they are errors.
_UNREADABLE = (
    UnidentifiedImageError,
    Image.DecompressionBombError,
    OSError,
    ValueError,
    TypeError,
    LookupError,
    SyntaxError,
    EOFError,
    struct.error,
    Warning,
)
_EXIF_ORIENTATION = 0x0112
_Done = tuple[Response, dict[str, Any]]


def add_uploads(app: Flask, site: Site) -> None:
    """Answer `/upload/v1/...`, `/files-pri/...` and `/files-tmb/...`."""

    @app.post("/upload/v1/<ticket>")
    def upload(ticket: str) -> Response:
        data = _sent_bytes()
        return site.gate.pass_through("upload", "file", lambda: _take(site, ticket, data))

    @app.get("/files-pri/<path:path>")
    def download(path: str) -> Response:
        return site.gate.pass_through("download", "file", lambda: _give(site, path))

    @app.get("/files-tmb/<path:path>")
    def thumbnail(path: str) -> Response:
        side_px = int(path.split("/")[1])
        return site.gate.pass_through("download", "file", lambda: _give(site, path, side_px))


def store(file: File, data: bytes) -> None:
    """Keep the bytes and look what they are: type and, for a picture, its size in pixels."""
    file.path.write_bytes(data)
    file.size_bytes = len(data)
    file.uploaded = True
    _look_at(file)


def _look_at(file: File) -> None:
    """The type by content where it is a picture, else by name, as Slack does."""
    by_name = mimetypes.guess_type(file.name, strict=False)[0]
    file.mimetype = by_name or "application/octet-stream"
    try:
        with Image.open(file.path) as image:
            file.mimetype = Image.MIME.get(image.format or "", file.mimetype)
            file.size_px = image.size
            file.exif_rotation = image.getexif().get(_EXIF_ORIENTATION, 1)
    except _UNREADABLE:
        return


def _sent_bytes() -> bytes:
    """The body as it stands, whatever type it claims; or the first file of a multipart form."""
    if request.mimetype != "multipart/form-data":
        return request.get_data(parse_form_data=False)
    return b"".join(sent.read() for sent in list(request.files.values())[:1])


def _take(site: Site, ticket: str, data: bytes) -> _Done:
    with site.world.changed:
        file = site.world.files.get(ticket.partition(".")[0])
        if file is None or file.ticket != ticket or file.completed:
            return Response("no such upload", 404), {"ok": False, "error": "file_not_found"}
        store(file, data)
        site.world.touch()
    facts = {"ok": True, "file": file.id, "size_bytes": len(data)}
    return Response(f"OK - {len(data)}", content_type="text/plain"), facts


def _give(site: Site, path: str, side_px: int | None = None) -> _Done:
    file_id = path.partition("/")[0].removeprefix(f"{TEAM}-")
    facts = {"file": file_id, "thumbnail": side_px is not None}
    with site.world.changed:
        allowed = _may_download(site, file_id)
        try:
            file = site.world.file(file_id)
        except NotThere:
            return Response("", 404), {**facts, "ok": False, "error": "file_not_found"}
        if file.deleted:
            return Response("", 404), {**facts, "ok": False, "error": "file_deleted"}
        if not allowed:
            return sign_in_page(), {**facts, "ok": False, "error": "signed_out"}
        data = file.path.read_bytes()
    if side_px is not None:
        return Response(_smaller(file.path, side_px), content_type="image/png"), {
            **facts,
            "ok": True,
        }
    return Response(data, content_type=file.mimetype), {**facts, "ok": True}


def _may_download(site: Site, file_id: str) -> bool:
    if request.headers.get("Authorization") != f"Bearer {site.terms.bot_token}":
        return False
    file = site.world.files.get(file_id)
    if "files:read" not in site.terms.scopes or file is None or file.is_withheld:
        return False
    return site.world.may_see_file(BOT_USER, file)


def _smaller(path: Path, side_px: int) -> bytes:
    found = io.BytesIO()
    with Image.open(path) as image:
        small = image.convert("RGBA")
        small.thumbnail((side_px, side_px))
        small.save(found, "PNG")
    return found.getvalue()
