"""The HTTP endpoints through which the page, and tools without one, act as people.

All but the page's own files live under `/sandbox/`. `as` is the person: `ana`, `ben` or `guest`.
Every POST must carry the header `X-Spotter-Sandbox: 1`, which another website cannot send, and
every request must name this machine as its host; otherwise 403. A POST answers
`{"ok": true, ...}` or, with status 400, `{"ok": false, "error": "plain words"}`.
`channel` is an id or a name.

    GET  /, /page.css, /page.js, ...      the files of bot/sandbox/page/
    GET  /archives/<id>/p<digits>         Slack's link to a message: the page, opened there
    GET  /sandbox/state?as=ana&since=12   State; waits up to 20 s while the version is still `since`
    GET  /sandbox/file/<id>?as=ana        the bytes; 403 if not theirs to see, 404 if gone
    GET  /sandbox/samples                 {"samples": [{"name", "title"}]}
    GET  /sandbox/sample/<name>           the bytes of a sample
    GET  /sandbox/ledger?service=&call=   {"entries": [{"at_s", "service", "call", "facts"}]}
    POST /sandbox/post         multipart: as, channel, text, thread_ts, any number of `file`
                               (uploads) and of `sample` (names); gives {"ts"}
    POST /sandbox/command      as, channel, text ("/labels help", "/invite @Spotter")
    POST /sandbox/press        as, action_id, block_id, choice; and channel + ts, or
                               view: "modal" | "home"
    POST /sandbox/submit       as, values: {block_id: value}; gives {"errors": {block_id: words}},
                               where the block_id "" stands for the whole modal
    POST /sandbox/suggest      as, action_id, block_id, typed; gives {"options": [...]}, what the
                               bot suggests in an external menu of the modal
    POST /sandbox/dismiss      as; closes the modal
    POST /sandbox/shortcut     as, callback_id; for a message shortcut also channel, ts
    POST /sandbox/react        as, channel, ts, name, remove (true takes it back)
    POST /sandbox/edit         as, channel, ts, text
    POST /sandbox/delete       as, channel, ts
    POST /sandbox/delete-file  as, file
    POST /sandbox/join, leave  as, channel
    POST /sandbox/home         as; opens the bot's Home tab

All POSTs but `post` take JSON. `choice` and the values of `submit` are plain: a string for a text
field, a radio button, a one-choice list, a person, channel or date; a list of strings for
checkboxes and many-choice lists. The answer to a command comes as an ephemeral message in State.

State:
    {"version": 13, "me": "U0ANA",
     "people": {"U0ANA": {"name": "ana", "real_name": "Ana", "is_bot": false}, ...},
     "app": {"command": "/labels", "user": "U0SPOTTER", "connected": true,
             "shortcuts": [{"name", "callback_id", "type": "message" | "global"}]},
     "channels": [{"id", "name", "kind": "public" | "private" | "im", "is_member", "has_bot",
                   "is_archived", "messages": [Message, ...]}],     # the latest 200, oldest first
     "modal": View | null, "home": View | null}
Message:
    {"ts", "thread_ts": ts | null, "user", "is_bot", "text", "blocks": [...], "subtype": str | null,
     "files": [FileCard], "pictures": {file_id: FileCard},          # what slack_file blocks name
     "reactions": [{"name": "eyes", "users": ["U0SPOTTER"]}], "edited": bool, "ephemeral": bool,
     "reply_count": int}                                            # replies come as messages too
FileCard:
    {"id", "name", "title", "alt_text", "mimetype", "size_bytes", "width_px", "height_px",
     "state": "ok" | "processing" | "broken" | "deleted" | "hidden",
     "url": "/sandbox/file/..." | null, "is_image": bool}               # a browser can show it
View: as Slack keeps it: `id`, `type`, `title`, `submit`, `close`, `blocks`, `private_metadata`, ...
    plus `errors`: {block_id: words} after a refused submission.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from flask import Flask, Response, jsonify, request, send_from_directory

from bot.sandbox.page_state import SHOWN_BY_BROWSERS, state_json
from bot.sandbox.samples import Samples
from bot.sandbox.slack.acting import NotAllowed
from bot.sandbox.slack.interactivity import Interactivity
from bot.sandbox.slack.methods import Refused
from bot.sandbox.slack.site import Site
from bot.sandbox.slack.world import NotThere

LONG_POLL_S = 20.0
HEADER = "X-Spotter-Sandbox"
PAGE = Path(__file__).parent / "page"
_HOSTS = ("127.0.0.1", "localhost")
_PLACE = re.compile(r"[A-Z0-9]+/[0-9]+\.[0-9]{6}")
_POLICY = "default-src 'self'; img-src 'self' blob: data:; frame-ancestors 'none'"

Said = dict[str, Any]


def add_control(app: Flask, site: Site, people: Interactivity, *, samples: Samples) -> None:
    """Answer `/` and `/sandbox/...`."""
    app.before_request(_refuse_strangers)
    _add_page(app)
    _add_reading(app, site, samples)
    _add_posting(app, people, samples)
    verbs = {**_acting_verbs(people), **_bot_verbs(people)}

    @app.post("/sandbox/<verb>")
    def act(verb: str) -> tuple[Response, int]:
        if verb not in verbs:
            return jsonify({"ok": False, "error": f"There is no {verb} here."}), 404
        said = request.get_json(silent=True)
        return _carry_out(lambda: verbs[verb](said if isinstance(said, dict) else {}))


def _refuse_strangers() -> tuple[str, int] | None:
    """Only this machine's own page and tools: neither another website nor a rebound name."""
    ours = request.path == "/" or request.path.startswith("/sandbox/")
    if ours and urlsplit(f"//{request.host}").hostname not in _HOSTS:
        return "Open this page as http://127.0.0.1.", 403
    if request.path.startswith("/sandbox/") and request.method == "POST":
        return None if request.headers.get(HEADER) == "1" else (f"{HEADER} is missing.", 403)
    return None


def _add_page(app: Flask) -> None:
    @app.get("/")
    def index() -> Response:
        return _page_file("index.html")

    @app.get("/archives/<channel>/p<digits>")
    def message(channel: str, digits: str) -> tuple[str, int, dict[str, str]]:
        thread_ts = request.args.get("thread_ts", f"{digits[:-6]}.{digits[-6:]}")
        if not _PLACE.fullmatch(f"{channel}/{thread_ts}"):
            return "That is no link to a message.", 404, {}
        # As whoever the page opens with: an address does not say who reads it.
        return "", 302, {"Location": f"/#/-/{channel}/{thread_ts}"}

    @app.get("/<path:name>")
    def asset(name: str) -> Response:
        return _page_file(name)


def _page_file(name: str) -> Response:
    answer = send_from_directory(PAGE, name, max_age=0)
    answer.headers["Content-Security-Policy"] = _POLICY
    return answer


def _add_reading(app: Flask, site: Site, samples: Samples) -> None:
    world = site.world

    @app.get("/sandbox/state")
    def state() -> tuple[Response, int]:
        since = request.args.get("since", -1, int)
        with world.changed:
            world.changed.wait_for(
                lambda: world.version != since or site.timetable.stopping.is_set(), LONG_POLL_S
            )
            return _carry_out(lambda: state_json(site, _person(site)))

    @app.get("/sandbox/file/<file_id>")
    def file(file_id: str) -> Response:
        with world.changed:
            return _file(site, file_id)

    @app.get("/sandbox/ledger")
    def ledger() -> Response:
        service, call = request.args.get("service"), request.args.get("call")
        entries = site.ledger.entries(service or None, call or None)
        return jsonify({"entries": [vars(entry) for entry in entries]})

    @app.get("/sandbox/samples")
    def list_samples() -> Response:
        shown = [{"name": name, "title": title} for name, (title, _) in samples.items()]
        return jsonify({"samples": shown})

    @app.get("/sandbox/sample/<path:name>")
    def sample(name: str) -> Response:
        if name not in samples:
            return Response("no such sample", 404)
        return Response(samples[name][1](), content_type="application/octet-stream")


def _add_posting(app: Flask, people: Interactivity, samples: Samples) -> None:
    @app.post("/sandbox/post")
    def post() -> tuple[Response, int]:
        form = request.form
        files = [(f.filename or "file", f.read()) for f in request.files.getlist("file")]
        names = [name for name in form.getlist("sample") if name in samples]
        files += [(name, samples[name][1]()) for name in names]
        text, thread_ts = form.get("text", ""), form.get("thread_ts") or None

        def carry_out() -> Said:
            place = form["as"], form["channel"]
            return {"ts": people.post(*place, files, text=text, thread_ts=thread_ts)}

        return _carry_out(carry_out)


def _acting_verbs(people: Interactivity) -> dict[str, Callable[[Said], Any]]:
    return {
        "react": lambda s: people.react(*_place(s), s["name"], remove=bool(s.get("remove"))),
        "edit": lambda s: people.edit(*_place(s), s["text"]),
        "delete": lambda s: people.delete_message(*_place(s)),
        "delete-file": lambda s: people.delete_file(s["as"], s["file"]),
        "join": lambda s: people.join(s["as"], s["channel"]),
        "leave": lambda s: people.leave(s["as"], s["channel"]),
        "home": lambda s: people.open_home(s["as"]),
    }


def _bot_verbs(people: Interactivity) -> dict[str, Callable[[Said], Any]]:
    def press(said: Said) -> None:
        how = {"choice": said.get("choice"), "block_id": said.get("block_id", "")}
        if "view" in said:
            home = said["view"] == "home"
            people.press_in_view(said["as"], said["action_id"], home=home, **how)
        else:
            people.press(*_place(said), said["action_id"], **how)

    def shortcut(said: Said) -> None:
        where = {name: said.get(name, "") for name in ("channel", "ts")}
        people.shortcut(said["as"], said["callback_id"], **where)

    def suggest(said: Said) -> Said:
        place = {"block_id": said.get("block_id", "")}
        return {"options": people.suggest(said["as"], said["action_id"], said["typed"], **place)}

    def command(said: Said) -> None:
        people.command(said["as"], said["channel"], said["text"])

    return {
        "command": command,
        "press": press,
        "suggest": suggest,
        "submit": lambda s: {"errors": people.submit(s["as"], s.get("values", {}))},
        "dismiss": lambda s: people.dismiss(s["as"]),
        "shortcut": shortcut,
    }


def _carry_out(work: Callable[[], Any]) -> tuple[Response, int]:
    try:
        return jsonify({"ok": True, **(work() or {})}), 200
    except (NotAllowed, NotThere, Refused) as problem:
        return jsonify({"ok": False, "error": str(problem)}), 400
    except KeyError as missing:
        return jsonify({"ok": False, "error": f"{missing} is missing."}), 400


def _place(said: Said) -> tuple[str, str, str]:
    return said["as"], said["channel"], said["ts"]


def _person(site: Site) -> str:
    return site.world.person(request.args.get("as", "")).id


def _file(site: Site, file_id: str) -> Response:
    """Pictures are shown; anything else is only ever saved, so that no upload runs as a page."""
    found = site.world.files.get(file_id)
    if found is None or found.deleted:
        return Response("gone", 404)
    if not site.world.may_see_file(_person(site), found):
        return Response("not yours to see", 403)
    shown = found.mimetype in SHOWN_BY_BROWSERS and found.size_px is not None
    kind = found.mimetype if shown else "application/octet-stream"
    answer = Response(found.path.read_bytes(), content_type=kind)
    answer.headers["X-Content-Type-Options"] = "nosniff"
    if not shown:
        answer.headers["Content-Disposition"] = "attachment"
    return answer
