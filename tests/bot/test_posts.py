import pytest

from bot.links import S3Link
from bot.posts import link_facts


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
