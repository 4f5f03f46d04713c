import pytest

from bot.links import S3Link
from bot.posts import Edit, Post, at_most_ten, link_facts, may_be_picture

ODD = "https://ap-123456789012.s3-accesspoint.eu-west-1.amazonaws.com/a.jpg"
FILE = {"id": "F1", "name": "a.jpg"}


def edit(after, before):
    """Build what Slack tells of a changed message."""
    changed = {"channel": "C1", "ts": "9.0", "subtype": "message_changed"}
    return Edit.from_event(
        {**changed, "message": {"ts": "1.0", "user": "U1", **after}, "previous_message": before},
        "T1",
    )


def test_link_ids_tell_objects():
    """A region is no part of what a link names, while bucket, key and version are."""
    same = link_facts(S3Link("cams", "a/dog.jpg")), link_facts(S3Link("cams", "a/dog.jpg", "eu-1"))
    others = [
        link_facts(S3Link("cams", "a/dog2.jpg")),
        link_facts(S3Link("cams2", "a/dog.jpg")),
        link_facts(S3Link("cams", "a/dog.jpg", version="1")),
    ]

    assert same[0]["id"] == same[1]["id"]
    assert len({same[0]["id"], *(other["id"] for other in others)}) == 4


@pytest.mark.parametrize(("key", "name"), [("a/dog.jpg", "dog.jpg"), ("dog.jpg", "dog.jpg")])
def test_link_names_are_short(key, name):
    """A picture behind a link is named by the last part of its key."""
    assert link_facts(S3Link("cams", key))["name"] == name


def test_post_has_files_then_links():
    """A post has an entry for each file, each link, and each kind of link that is not read."""
    text = f"s3://cams/dog.jpg {ODD} s3://cams/dog.jpg"
    event = {"channel": "C1", "ts": "1.0", "files": [FILE], "text": text}
    post = Post.from_event(event, "T1")

    assert [file["name"] for file in post.files] == ["a.jpg", "dog.jpg", ""]
    assert post.files[2]["reason"]["outcome"] == "link_type_not_read"
    assert [file["id"] for file in post.without_links().files] == ["F1"]


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        ("a/dog.jpg", True),
        ("a/DOG.HEIC", True),
        ("a/logo.svg", True),
        ("a/0af3", True),
        ("a.b/0af3", True),
        ("a/dog.jpg/0", True),
        ("a/notes.txt", False),
        ("a/log.2026", False),
        ("a/", False),
        ("a/dog.jpg/", False),
    ],
)
def test_link_may_be_picture(key, expected):
    """A link counts when its key is named like a picture, or like nothing in particular."""
    assert may_be_picture(link_facts(S3Link("cams", key))) is expected


@pytest.mark.parametrize(("count", "left_out"), [(0, 0), (10, 0), (11, 1), (40, 30)])
def test_ten_of_a_message(count, left_out):
    """The first ten pictures are kept, those beyond become one reason, and reasons stay."""
    reason = {"id": "unread-x", "name": "", "reason": {"outcome": "link_type_not_read"}}
    files = at_most_ten([*({"id": f"F{n}", "name": ""} for n in range(count)), reason])
    said = [file["reason"].get("facts", {}).get("left_out") for file in files if "reason" in file]

    assert [file["id"] for file in files if "reason" not in file] == [
        f"F{n}" for n in range(min(count, 10))
    ]
    assert said == ([None, left_out] if left_out else [None])


@pytest.mark.parametrize(
    ("after", "before", "names"),
    [
        ({"text": "s3://cams/b.jpg"}, {"text": "Hello"}, ["b.jpg"]),
        ({"text": "s3://cams/b.jpg s3://cams/a.jpg"}, {"text": "s3://cams/a.jpg"}, ["b.jpg"]),
        ({"text": "s3://cams/a.jpg!"}, {"text": "s3://cams/a.jpg"}, []),
        ({"text": ""}, {"text": "s3://cams/a.jpg"}, []),
        ({"files": [FILE], "text": "b"}, {"files": [FILE], "text": "a"}, []),
        ({"files": [{"id": "F1", "mode": "tombstone"}]}, {"files": [FILE]}, []),
        ({"text": "s3://cams/b.jpg"}, None, ["b.jpg"]),
    ],
)
def test_what_an_edit_adds(after, before, names):
    """New is what was not there before; words that changed are nothing, nor is what went."""
    found = edit(after, before)

    assert [f["name"] for f in found.post.files if f["id"] in found.new_ids] == names
    assert found.post.message.ts == "1.0"
