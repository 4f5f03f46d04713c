from pathlib import Path

from bot.links import S3Place
from bot.policy import build_policy


def statements(**options):
    """The statements of a policy for the bucket our-pictures."""
    return build_policy(bucket="our-pictures", **options)["Statement"]


def actions(statement):
    """A statement's actions as a list."""
    named = statement["Action"]
    return [named] if isinstance(named, str) else named


def test_own_bucket_is_three_calls():
    """In its own bucket the bot puts, gets and deletes under t/ and does nothing else."""
    own = [s for s in statements() if "our-pictures" in s["Resource"]]

    assert [(actions(s), s["Resource"]) for s in own] == [
        (["s3:GetObject", "s3:PutObject", "s3:DeleteObject"], "arn:aws:s3:::our-pictures/t/*")
    ]


def test_rekognition_is_one_call():
    """Of Rekognition the bot may use DetectLabels, which AWS grants on everything or not at all."""
    look = [s for s in statements() if "rekognition" in str(s["Action"])]

    assert [(actions(s), s["Resource"]) for s in look] == [(["rekognition:DetectLabels"], "*")]


def test_nothing_else_is_granted():
    """No wildcard in an action, no resource `*` but Rekognition's, and only what was named."""
    granted = statements(links=(S3Place("cams", "front/"), S3Place("open", "")))

    assert all(s["Effect"] == "Allow" for s in granted)
    assert {action for s in granted for action in actions(s)} == {
        "s3:GetObject",
        "s3:GetObjectVersion",
        "s3:PutObject",
        "s3:DeleteObject",
        "s3:ListBucket",
        "rekognition:DetectLabels",
    }
    assert [actions(s) for s in granted if s["Resource"] == "*"] == [["rekognition:DetectLabels"]]


def test_linked_folder_is_fenced():
    """A linked folder can be read and listed, and nothing beside it."""
    reading, listing = statements(links=(S3Place("cams", "front/"),))[2:]

    assert reading["Resource"] == "arn:aws:s3:::cams/front/*"
    assert actions(reading) == ["s3:GetObject", "s3:GetObjectVersion"]
    assert listing["Resource"] == "arn:aws:s3:::cams"
    assert actions(listing) == ["s3:ListBucket"]
    assert listing["Condition"] == {"StringLike": {"s3:prefix": "front/*"}}


def test_linked_places_are_never_written():
    """What lies in other people's buckets is only read."""
    linked = statements(links=(S3Place("cams", ""),))[2:]

    assert not {"s3:PutObject", "s3:DeleteObject"} & {a for s in linked for a in actions(s)}


def test_statements_have_names_of_their_own():
    """AWS refuses a policy in which two statements share a name."""
    names = [s["Sid"] for s in statements(links=(S3Place("a-b", ""), S3Place("a-b", "c/")))]

    assert len(names) == len(set(names))


def test_adapters_stay_within():
    """The adapters call nothing of AWS that the policy does not grant."""
    adapters = Path(__file__).parents[2] / "bot" / "adapters"
    store, detector = (adapters / name for name in ("s3.py", "rekognition.py"))

    called = {"put_object", "get_object", "delete_object"}
    others = {"list_objects", "head_bucket", "head_object", "copy_object", "create_bucket"}
    assert all(f"client.{name}(" in store.read_text() for name in called)
    assert not [name for name in others if name in store.read_text() + detector.read_text()]
