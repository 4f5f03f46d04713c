"""The HTTP endpoints through which the page, and tools without one, act as people.

All but the page's own files live under `/sandbox/`. `as` is the person: `ana`, `ben` or `guest`.
Every POST must carry the header `X-Spotter-Sandbox: 1`, which another website cannot send, and every
request must name this machine as its host; otherwise 403. A POST answers `{"ok": true, ...}` or, with
status 400, `{"ok": false, "error": "plain words"}`. `channel` is an id or a name.

| request | takes | gives |
| --- | --- | --- |
| GET `/`, `/page.css`, `/page.js` | | the files of `bot/sandbox/page/` |
| GET `/sandbox/state?as=ana&since=12` | waits up to 20 s while the version is still `since` | State |
| GET `/sandbox/file/<id>?as=ana` | | the bytes, 403 unless this person may see them, 404 if gone |
| GET `/sandbox/samples` | | `{"samples": [{"name", "title"}]}` |
| GET `/sandbox/sample/<name>` | | the bytes of a sample |
| GET `/sandbox/ledger?service=&call=` | | `{"entries": [{"at_s", "service", "call", "facts"}]}` |
| POST `/sandbox/post` | multipart: `as`, `channel`, `text`, `thread_ts`, any number of `file` (uploads) and of `sample` (names) | `{"ts"}` |
| POST `/sandbox/command` | `as`, `channel`, `text` ("/labels help", "/invite @Spotter") | |
| POST `/sandbox/press` | `as`, `action_id`, `block_id`, `choice`, and `channel` + `ts`, or `view`: "modal" / "home" | |
| POST `/sandbox/submit` | `as`, `values`: `{block_id: value}` | `{"errors": {block_id: words}}` |
| POST `/sandbox/dismiss` | `as`: closes the modal | |
| POST `/sandbox/shortcut` | `as`, `callback_id`, for a message shortcut also `channel`, `ts` | |
| POST `/sandbox/react` | `as`, `channel`, `ts`, `name`, `remove` (true takes it back) | |
| POST `/sandbox/edit` | `as`, `channel`, `ts`, `text` | |
| POST `/sandbox/delete` | `as`, `channel`, `ts` | |
| POST `/sandbox/delete-file` | `as`, `file` | |
| POST `/sandbox/join`, `/sandbox/leave` | `as`, `channel` | |
| POST `/sandbox/home` | `as`: opens the bot's Home tab | |

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
     "state": "ok" | "processing" | "broken" | "deleted" | "hidden", "url": "/sandbox/file/..." | null,
     "is_image": bool}                       # a browser can show it
View: as Slack keeps it: `id`, `type`, `title`, `submit`, `close`, `blocks`, `private_metadata`, ...
    plus `errors`: {block_id: words} after a refused submission.
"""
