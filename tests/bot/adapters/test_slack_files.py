"""This is long because one adapter guards the token on every way of bytes, down and up."""

import io
import socket
import threading
import time
import traceback
from itertools import product

import pytest
from PIL import Image
from slack_sdk import WebClient

from bot import errors
from bot.adapters.slack import SlackWorkspace
from bot.adapters.slack_files import SlackFiles
from bot.sandbox.faults import Fault, Faults
from bot.sandbox.ledger import Ledger
from bot.sandbox.slack.nouns import DENIED_STUB, TOMBSTONE_STUB
from bot.sandbox.slack_server import SlackSandbox, Terms

TOKEN = "xoxb-sandbox-not-a-secret"
DOWNLOAD_LIMIT_BYTES = 2 * 1024 * 1024
UPLOAD = ("files.getUploadURLExternal", "upload", "files.completeUploadExternal")
WITHOUT_READING = Terms(scopes=Terms().scopes - {"files:read"}, tiers=False)
ELSEWHERE = [
    "https://evil.example/x.png",
    "https://slack.com.evil.example/x.png",
    "https://evilslack.com/x.png",
    "https://files.slack.com@evil.example/x.png",
    "https://evil.example\\@files.slack.com/x.png",
    "https://evil.example#@files.slack.com/x.png",
    "http://files.slack.com/x.png",
    "//evil.example/x.png",
    "ftp://files.slack.com/x.png",
    "https://[::1",
    "",
]


def png(side_px=8):
    """Make a small picture."""
    found = io.BytesIO()
    Image.new("RGB", (side_px, side_px), "teal").save(found, "PNG")
    return found.getvalue()


def files_of(url):
    """Read and write the files of the Slack that speaks there."""
    client = WebClient(TOKEN, base_url=f"{url}/api/", timeout=5, retry_handlers=[])
    return SlackFiles(
        SlackWorkspace(client),
        token=TOKEN,
        api_url=f"{url}/api/",
        download_limit_bytes=DOWNLOAD_LIMIT_BYTES,
    )


@pytest.fixture
def files(slack):
    """The files of the local Slack."""
    return files_of(slack.url)


@pytest.fixture
def stub(answers):
    """The files of a Slack that answers what a test sets."""
    return files_of(answers.url.rstrip("/"))


def posted(slack, files, data, name="x.png"):
    """Post a file as a person, and give what a job knows of it."""
    slack.post("ana", "photos", [(name, data)])
    file_id = slack.messages("photos")[-1].files[0]
    info = files.info(file_id)
    return {"id": file_id, "url_private": info["url_private_download"], "size_bytes": len(data)}


def told(error):
    """Give all that the log would show of an error."""
    return "".join(traceback.format_exception(error)) + repr(error) + repr(error.facts)


@pytest.mark.parametrize("data", [png(), b"", b"<html>not really", bytes(range(256)) * 4000])
def test_download_byte_for_byte(slack, files, data):
    """A posted file comes down byte for byte, also one that begins like a page."""
    assert files.download(posted(slack, files, data)) == data


def test_sign_in_page_is_no_file():
    """Without files:read Slack sends its sign-in page as 200, and that is said."""
    sandbox = SlackSandbox(Ledger(), Faults(), WITHOUT_READING)
    sandbox.start()
    sandbox.post("ana", "photos", [("x.png", png())])
    file_id = sandbox.messages("photos")[0].files[0]
    file = {"id": file_id, "url_private": f"{sandbox.url}/files-pri/T0SANDBOX-{file_id}/x.png"}
    files = files_of(sandbox.url)

    with pytest.raises(errors.FileSignInPage):
        files.download({**file, "size_bytes": len(png())})
    with pytest.raises(errors.FileSignInPage):
        files.info(file_id)
    sandbox.stop()


def test_deleted_file(slack, files):
    """A file that is deleted before it is read is called deleted."""
    file = posted(slack, files, png())
    slack.delete_file("ana", file["id"])

    with pytest.raises(errors.FileDeleted):
        files.download(file)
    with pytest.raises(errors.FileDeleted):
        files.info(file["id"])


@pytest.mark.parametrize("shown", [DENIED_STUB, TOMBSTONE_STUB])
def test_withheld_file(slack, files, shown):
    """A file that Slack withholds does not come down as a page."""
    file = posted(slack, files, png())
    with slack.world.changed:
        slack.world.files[file["id"]].stub = shown

    with pytest.raises(errors.FileError):
        files.download(file)


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        ("file_deleted", errors.FileDeleted),
        ("file_not_found", errors.FileDeleted),
        ("not_visible", errors.FileHidden),
        ("access_denied", errors.FileHidden),
        ("missing_scope", errors.FileSignInPage),
        ("never_heard_of", errors.FileUnavailable),
    ],
)
def test_info_refused(slack, files, error, expected):
    """What Slack says of a file that it does not give has an error of ours."""
    slack.faults.order("slack", "files.info", Fault("error", error=error))

    with pytest.raises(expected):
        files.info("F1")


@pytest.mark.parametrize(
    "fault",
    [
        Fault("status", status=500),
        Fault("status", status=429),
        Fault("status", status=404),
        Fault("drop_before"),
        Fault("cut"),
    ],
    ids=lambda fault: f"{fault.kind} {fault.status}",
)
def test_download_may_pass(slack, files, fault):
    """What breaks on the way to a file may pass, and does."""
    data = png(300)
    file = posted(slack, files, data)
    slack.faults.order("slack", "download", fault)
    with pytest.raises(errors.FileUnavailable) as caught:
        files.download(file)

    assert TOKEN not in told(caught.value)
    assert files.download(file) == data


def test_redirect_within_slack(stub, answers):
    """A redirect to Slack's own host is followed."""
    answers.by_path = {"/a": (302, {"Location": "/b"}, "moved"), "/b": (200, {}, "GIF89a")}
    file = {"id": "F1", "url_private": f"{answers.url}a", "size_bytes": 6}

    assert stub.download(file) == b"GIF89a"


def test_redirect_in_circles(stub, answers):
    """Redirects without end are how Slack says that one is signed out."""
    answers.by_path = {"/a": (302, {"Location": "/a"}, "")}
    with pytest.raises(errors.FileSignInPage):
        stub.download({"id": "F1", "url_private": f"{answers.url}a", "size_bytes": 6})

    assert len(answers.asked) == 3


def test_redirect_elsewhere(stub, answers):
    """A redirect away from Slack is not followed, so the token stays at home."""
    with socket.create_server(("127.0.0.1", 0)) as other:
        other.settimeout(0.1)
        away = f"http://127.0.0.1:{other.getsockname()[1]}/x.png"
        answers.by_path = {"/a": (302, {"Location": away}, "")}
        with pytest.raises(errors.FileHidden):
            stub.download({"id": "F1", "url_private": f"{answers.url}a", "size_bytes": 6})

        with pytest.raises(TimeoutError):
            other.accept()


@pytest.mark.parametrize("url", ELSEWHERE)
def test_address_elsewhere(stub, answers, url):
    """An address that is not Slack's is never asked, however it is dressed up."""
    with pytest.raises(errors.FileHidden):
        stub.download({"id": "F1", "url_private": url, "size_bytes": 6})

    assert answers.asked == []


def test_too_large(stub, answers):
    """A file beyond the limit is refused, and the next one comes down all the same."""
    answers.by_path = {
        "/big": (200, {}, "x" * (DOWNLOAD_LIMIT_BYTES + 1)),
        "/small": (200, {}, "GIF89a"),
    }
    with pytest.raises(errors.PictureTooLarge, match="2 MiB"):
        stub.download({"id": "F1", "url_private": f"{answers.url}big", "size_bytes": None})

    small = {"id": "F2", "url_private": f"{answers.url}small", "size_bytes": 6}
    assert stub.download(small) == b"GIF89a"


def test_announced_too_large(stub, answers):
    """A file of which Slack says that it is beyond the limit is not asked for at all."""
    file = {"id": "F1", "url_private": f"{answers.url}big", "size_bytes": DOWNLOAD_LIMIT_BYTES + 1}
    with pytest.raises(errors.PictureTooLarge, match="2 MiB"):
        stub.download(file)

    assert answers.asked == []


def upload(files, data, on_reserved=lambda _: None):
    """Upload a picture of ours."""
    file_id = files.send("x.jpg", data, alt_text="A dog" * 999, on_reserved=on_reserved)
    files.complete(file_id)
    return file_id


def test_upload(slack, files):
    """An upload arrives byte for byte with its alt text, and is seen by nobody yet."""
    file_id = upload(files, png())
    file = slack.world.file(file_id)

    assert slack.file_bytes(file_id) == png()
    assert (file.shares, file.alt_text[:5], file.title) == ([], "A dog", "x.jpg")
    assert [slack.ledger.count("slack", call) for call in UPLOAD] == [1, 1, 1]


def test_file_id_before_bytes(slack, files):
    """The file's id can be kept before any byte goes."""
    kept = []

    def keep(file_id):
        kept.append((file_id, slack.ledger.count("slack", "upload")))

    file_id = upload(files, png(), keep)

    assert kept == [(file_id, 0)]


def test_nothing_goes_when_not_kept(slack, files):
    """When the id cannot be kept, no byte goes."""

    def fail(_):
        raise errors.RecordsUnavailable

    with pytest.raises(errors.RecordsUnavailable):
        upload(files, png(), fail)

    assert slack.ledger.count("slack", "upload") == 0


@pytest.mark.parametrize(
    ("call", "kind"),
    [
        *product(UPLOAD, ["drop_before", "drop_after", "html"]),
        # Of the answer to the bytes themselves a part is as good as the whole.
        *product((UPLOAD[0], UPLOAD[2]), ["cut"]),
        ("upload", "error"),
    ],
)
def test_upload_unknown(slack, files, call, kind):
    """An upload that breaks midway is unknown, each of its calls made once at most."""
    slack.faults.order("slack", call, Fault(kind), times=5)
    with pytest.raises(errors.SlackUnknown) as caught:
        upload(files, png())

    assert slack.ledger.count("slack", call) == 1
    assert TOKEN not in told(caught.value)
    assert "/upload/v1/" not in told(caught.value)


def test_upload_refused(slack, files):
    """Where uploads are forbidden Slack's own code says so."""
    fault = Fault("error", error="file_uploads_disabled")
    slack.faults.order("slack", "files.getUploadURLExternal", fault)

    with pytest.raises(errors.SlackRefused, match="file_uploads_disabled"):
        upload(files, png())


def test_upload_address_elsewhere(stub, answers):
    """A picture is not sent to an address outside Slack."""
    place = {"ok": True, "file_id": "F1", "upload_url": "https://evil.example/upload"}
    answers.slack("files.getUploadURLExternal", place)
    with pytest.raises(errors.SlackRefused, match="elsewhere"):
        upload(stub, png())

    assert answers.asked == [("POST", "/api/files.getUploadURLExternal")]


def test_share_into_thread(slack, files):
    """Uploads can be shared into a thread as one message, whose ts Slack tells a little later."""
    ts = slack.post("ana", "photos", text="Look")
    sent = [files.send(name, png(), alt_text="", on_reserved=lambda _: None) for name in ("a", "b")]
    files.share(sent, "C0PHOTOS", ts, words="Two dogs")
    shared_ts = files.shared_ts(sent[0], "C0PHOTOS")
    (reply,) = slack.replies_by_bot("photos", ts)

    assert (reply.ts, reply.files, reply.text) == (shared_ts, sent, "Two dogs")


def test_file_into_direct_message(slack, files, tmp_path):
    """A file goes from the disk into a direct message, byte for byte, where it is then found."""
    data = bytes(range(256)) * 5000
    path = tmp_path / "labels.csv"
    path.write_bytes(data)
    with path.open("rb") as file:
        file_id = files.send_file("labels.csv", file, size_bytes=len(data))
    place = slack.world.direct("U0BEN").id
    before = files.is_shared(file_id, place)
    files.share([file_id], place, words="Here you are.")
    files.shared_ts(file_id, place)
    (message,) = slack.direct_messages("ben")

    assert (before, files.is_shared(file_id, place)) == (False, True)
    assert not files.is_shared(file_id, "C0PHOTOS")
    assert (message.files, message.text) == ([file_id], "Here you are.")
    assert slack.file_bytes(file_id) == data


def test_ready_when_processed(slack, files):
    """A picture is ready once Slack has processed it, and not before."""
    file_id = upload(files, png())
    with slack.world.changed:
        slack.world.file(file_id).processed_at_s = time.monotonic() + 0.3
    begun_s = time.monotonic()

    files.wait_until_ready(file_id)

    assert time.monotonic() - begun_s > 0.25


def test_never_ready_may_pass(slack, files):
    """A picture that Slack does not process in time may be ready later, and is not shown yet."""
    file_id = upload(files, png())
    with slack.world.changed:
        slack.world.file(file_id).processed_at_s = time.monotonic() + 60

    with pytest.raises(errors.SlackUnknown):
        files.wait_until_ready(file_id, limit_s=0.3)


def test_uploaded_when_completed(slack, files):
    """Whether an upload of unknown outcome was completed can be asked."""
    reserved = []
    slack.faults.order("slack", "files.completeUploadExternal", Fault("drop_before"))
    with pytest.raises(errors.SlackUnknown):
        upload(files, png(), reserved.append)
    slack.faults.order("slack", "files.completeUploadExternal", Fault("drop_after"))
    with pytest.raises(errors.SlackUnknown):
        upload(files, png(), reserved.append)

    assert [files.is_uploaded(file_id) for file_id in reserved] == [False, True]


def test_forget(slack, files):
    """An upload of ours can be forgotten; failing at that is nobody's trouble."""
    file_id = upload(files, png())
    for _ in range(2):
        files.forget(file_id)

    assert slack.world.file(file_id).deleted


def test_delete(slack, files):
    """An upload of ours is deleted, once more or not at all is no trouble; anything else is."""
    file_id = upload(files, png())
    for _ in range(2):
        files.delete(file_id)
    files.delete("F0NOWHERE")
    assert slack.world.file(file_id).deleted
    slack.faults.order("slack", "files.delete", Fault("error", error="internal_error"))

    with pytest.raises(errors.SlackUnknown):
        files.delete(file_id)


def test_downloads_side_by_side(slack, files):
    """Several files come down at the same time."""
    data = [png(side_px) for side_px in range(8, 16)]
    posts = [posted(slack, files, one) for one in data]
    found = {}

    def download(at):
        found[at] = files.download(posts[at])

    threads = [threading.Thread(target=download, args=(at,)) for at in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert [found[at] for at in range(8)] == data
