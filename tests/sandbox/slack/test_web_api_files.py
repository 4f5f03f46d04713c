"""Files: the upload in three steps, pictures in blocks, downloads."""

import pytest

from bot.sandbox.slack.nouns import DENIED_STUB, HIDDEN_STUB, SLACK_CONNECT_STUB
from bot.sandbox.slack.terms import SCOPES

FILE_KEYS = (
    "id created timestamp name title mimetype filetype pretty_type user user_team "
    "editable size mode is_external external_type is_public public_url_shared "
    "display_as_bot username url_private url_private_download media_display_type "
    "permalink permalink_public has_rich_preview file_access comments_count "
    "is_starred shares channels groups ims has_more_shares"
)
PICTURE_KEYS = (
    "thumb_64 thumb_80 thumb_160 thumb_360 thumb_360_w thumb_360_h thumb_480 "
    "thumb_480_w thumb_480_h original_w original_h image_exif_rotation"
)


@pytest.fixture
def get(visit):
    """Download with or without a token: (status, content type, bytes)."""

    def run(url, token=None):
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        status, found, body = visit(url, headers=headers)
        return status, found.get("content-type"), body

    return run


@pytest.fixture
def send(visit):
    """Post bytes as they are: (status, text)."""

    def run(url, data):
        form = {"Content-Type": "application/x-www-form-urlencoded"}
        status, _, body = visit(url, method="POST", body=data, headers=form)
        return status, body.decode()

    return run


def test_upload_is_typed_later(slack, client, upload, png):
    """A completed upload has no type at first and gets it, with its size, once processed."""
    file_id = upload(png(600, 400), wait=False)
    early = client.files_info(file=file_id)["file"]
    slack.wait_for(lambda: slack.world.file(file_id).is_processed, 2)
    late = client.files_info(file=file_id)["file"]

    assert early.keys() >= set(FILE_KEYS.split())
    assert (early["mimetype"], early["filetype"], early["shares"]) == ("", "", {})
    assert late.keys() >= set(f"{FILE_KEYS} {PICTURE_KEYS}".split())
    assert (late["mimetype"], late["filetype"]) == ("image/png", "png")
    assert (late["original_w"], late["original_h"], late["user"]) == (600, 400, "U0SPOTTER")


def test_upload_takes_any_body(client, send, png):
    """The upload address takes raw bytes whatever their type claims to be."""
    wanted = client.files_getUploadURLExternal(filename="a.png", length=len(png()))

    assert wanted.data.keys() >= {"ok", "upload_url", "file_id"}
    assert send(wanted["upload_url"], png()) == (200, f"OK - {len(png())}")
    assert send(f"{wanted['upload_url']}x", png())[0] == 404


def test_complete_works_once(client, refused, send, png):
    """An upload is completed once, and only after its bytes have come."""
    wanted = client.files_getUploadURLExternal(filename="a.png", length=9)
    files = [{"id": wanted["file_id"], "title": "A"}]
    early = refused(client.files_completeUploadExternal, files=files)
    send(wanted["upload_url"], png())
    client.files_completeUploadExternal(files=files)
    twice = refused(client.files_completeUploadExternal, files=files)
    unknown = refused(client.files_completeUploadExternal, files=[{"id": "F0NOWHERE"}])

    assert [a["error"] for a in (early, twice, unknown)] == ["file_not_found"] * 3


def test_alt_text_limit(client, refused):
    """Alternative text beyond 1,000 characters is refused."""
    answer = refused(
        client.files_getUploadURLExternal, filename="a.png", length=9, alt_txt="a" * 1001
    )

    assert answer["error"] == "alt_txt_too_large"


def test_share_comes_later(slack, client, png):
    """With a channel, the message comes after processing and `files.info` then tells its ts."""
    ts = slack.post("ana", "photos", text="look")
    where = {"channel": "C0PHOTOS", "thread_ts": ts, "initial_comment": "labelled"}
    file_id = client.files_upload_v2(content=png(), filename="a.png", **where)["file"]["id"]
    early = slack.replies_by_bot("photos", ts)
    slack.wait_for(lambda: slack.replies_by_bot("photos", ts), 2)
    reply = slack.replies_by_bot("photos", ts)[0]
    share = client.files_info(file=file_id)["file"]["shares"]["public"]["C0PHOTOS"][0]

    assert early == []
    assert (reply.files, reply.text, reply.subtype) == ([file_id], "labelled", "file_share")
    assert (share["ts"], share["thread_ts"]) == (reply.ts, ts)


def test_share_elsewhere_is_refused(client, refused, send, png):
    """A completed upload can only be shared where the bot is a member."""
    wanted = client.files_getUploadURLExternal(filename="a.png", length=9)
    send(wanted["upload_url"], png())
    answer = refused(
        client.files_completeUploadExternal,
        files=[{"id": wanted["file_id"]}],
        channel_id="C0RANDOM",
    )

    assert answer["error"] == "not_in_channel"


def test_picture_block_waits(slack, client, refused, upload, picture):
    """A picture goes into a block only once Slack has processed it."""
    file_id = upload(wait=False)
    message = {"channel": "C0PHOTOS", "text": "x", "blocks": [picture(file_id)]}
    early = refused(client.chat_postMessage, **message)
    slack.wait_for(lambda: slack.world.file(file_id).is_processed, 2)

    assert early["error"] == "invalid_blocks"
    assert "invalid slack file" in early["errors"][0]
    assert client.chat_postMessage(**message)["ok"]


@pytest.mark.parametrize("name", ["notes.txt", "cat.webp"])
def test_picture_block_takes_pictures(client, refused, upload, picture, png, name):
    """Only PNG, JPEG and GIF go into a block."""
    data = png(kind="WEBP") if name.endswith("webp") else b"plain words"
    blocks = [picture(upload(data, name=name))]
    answer = refused(client.chat_postMessage, channel="C0PHOTOS", text="x", blocks=blocks)

    assert answer["error"] == "invalid_blocks"


def test_picture_block_needs_access(slack, client, refused, picture, png):
    """A file of a channel that the bot is not in cannot be shown by it."""
    slack.post("ana", "random", [("cat.png", png())])
    file_id = slack.messages("random")[0].files[0]
    blocks = [picture(file_id)]
    answer = refused(client.chat_postMessage, channel="C0PHOTOS", text="x", blocks=blocks)

    assert answer["error"] == "invalid_blocks"


def test_picture_in_block_is_seen(slack, client, upload, picture):
    """An upload is private until a block shows it: then whoever sees the message sees it."""
    file_id = upload()
    file = slack.world.file(file_id)
    before = [slack.world.may_see_file(user, file) for user in ("U0ANA", "U0BEN")]
    client.chat_postMessage(channel="C0LAB", text="x", blocks=[picture(file_id)])
    after = [slack.world.may_see_file(user, file) for user in ("U0ANA", "U0BEN")]

    assert (before, after) == ([False, False], [True, False])


def test_update_breaks_new_pictures(slack, client, upload, picture):
    """A file first named by an update is taken but shown as broken; earlier ones stay."""
    first, second = upload(), upload()
    posted = client.chat_postMessage(channel="C0PHOTOS", text="x", blocks=[picture(first)])
    blocks = [picture(first), picture(second)]
    answer = client.chat_update(channel="C0PHOTOS", ts=posted["ts"], text="x", blocks=blocks)

    assert answer["ok"]
    assert slack.messages("photos")[-1].broken_files == {second}
    assert not slack.world.may_see_file("U0ANA", slack.world.file(second))


def test_download_needs_token(slack, client, get, png):
    """Without the right token a download is the sign-in page, with status 200."""
    slack.post("ana", "photos", [("cat.png", png())])
    url = client.files_info(file=slack.messages("photos")[0].files[0])["file"]["url_private"]

    assert get(url, slack.terms.bot_token) == (200, "image/png", png())
    for token in (None, "xoxb-wrong"):
        status, kind, body = get(url, token)
        assert (status, kind) == (200, "text/html; charset=utf-8")
        assert b"Sign in" in body


def test_download_needs_scope(start_slack, get, png):
    """Without files:read a download is the sign-in page."""
    slack = start_slack(scopes=SCOPES - {"files:read"})
    slack.post("ana", "photos", [("cat.png", png())])
    file_id = slack.messages("photos")[0].files[0]
    url = f"{slack.url}/files-pri/T0SANDBOX-{file_id}/cat.png"

    assert get(url, slack.terms.bot_token)[1] == "text/html; charset=utf-8"


def test_deleted_file_is_gone(slack, client, refused, get, png):
    """A deleted file is `file_deleted`, its download 404."""
    slack.post("ana", "photos", [("cat.png", png())])
    file_id = slack.messages("photos")[0].files[0]
    url = client.files_info(file=file_id)["file"]["url_private"]
    slack.delete_file("ana", file_id)

    assert refused(client.files_info, file=file_id)["error"] == "file_deleted"
    assert get(url, slack.terms.bot_token)[0] == 404
    assert refused(client.files_info, file="F0NOWHERE")["error"] == "file_not_found"


def test_bot_deletes_own_files(slack, client, refused, upload, png):
    """The bot deletes its own uploads and nobody else's."""
    slack.post("ana", "photos", [("cat.png", png())])
    client.files_delete(file=(own := upload()))
    answer = refused(client.files_delete, file=slack.messages("photos")[0].files[0])

    assert slack.world.file(own).deleted
    assert answer["error"] == "cant_delete_file"


def test_thumbnail_is_smaller(slack, client, get, png):
    """A thumbnail is a PNG of at most the size in its name."""
    slack.post("ana", "photos", [("cat.png", png(600, 400))])
    file = client.files_info(file=slack.messages("photos")[0].files[0])["file"]
    status, kind, data = get(file["thumb_80"], slack.terms.bot_token)

    assert (status, kind) == (200, "image/png")
    assert int.from_bytes(data[16:20]) == 80


@pytest.mark.parametrize("data", [b"", b"\x89PNG\r\n\x1a\n", b"II*\0\xff\xff\xff\x7f", b"GIF89a"])
def test_any_bytes_are_stored(slack, client, data):
    """Damaged pictures are kept as they are, with the type that their name says."""
    slack.post("ana", "photos", [("cat.png", data)])
    file_id = slack.messages("photos")[0].files[0]

    assert slack.file_bytes(file_id) == data
    assert client.files_info(file=file_id)["file"]["mimetype"] == "image/png"


def test_connect_stub_has_whole(slack, client, png):
    """A Slack Connect file is a stub in the event and whole in `files.info` and the thread."""
    ts = slack.post("ana", "photos", [("cat.png", png())], stub=SLACK_CONNECT_STUB)
    file_id = slack.messages("photos")[0].files[0]
    listed = client.conversations_replies(channel="C0PHOTOS", ts=ts)["messages"][0]["files"][0]

    assert client.files_info(file=file_id)["file"]["mimetype"] == "image/png"
    assert listed["url_private"]


@pytest.mark.parametrize("stub", [HIDDEN_STUB, DENIED_STUB])
def test_withheld_file_stays_away(slack, client, refused, png, stub):
    """A file beyond the plan's limit or without access is not given by id either."""
    slack.post("ana", "photos", [("cat.png", png())], stub=stub)
    file_id = slack.messages("photos")[0].files[0]

    assert refused(client.files_info, file=file_id)["error"] == "not_visible"
