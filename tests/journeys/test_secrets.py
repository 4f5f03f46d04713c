import pytest

from tests import secret_places as search
from tests.stage import IS_FLEET

pytestmark = pytest.mark.on_fleet


@pytest.fixture(scope="module", params=["fleet"] if IS_FLEET else ["socket", "http", "fleet"])
def loud_stage(request, tmp_path_factory, stage_of, fresh, blank):
    """A stage whose bot logs all it ever logs, after a day with a bit of everything."""
    if request.param == "fleet":
        request.getfixturevalue("server")
    folder, terms = tmp_path_factory.mktemp("stage"), search.canary_terms()
    with stage_of(folder, request.param, terms, **search.LOUD) as stage:
        search.live_a_day(stage, fresh, blank)
        yield stage


def test_no_secret_anywhere(loud_stage):
    """No token, key or signature is in log, tables, files or messages, nor told but in headers."""
    found = list(search.places(loud_stage))
    places = {place for place, _ in found}

    assert {"table messages", "table workflow_input", "table operation_outputs"} <= places
    assert loud_stage.is_fleet == ("PostgreSQL's log" in places)
    assert len(places) > 10
    assert search.holders(search.secrets_of(loud_stage), found) == []


def test_day_was_eventful(loud_stage):
    """Every fault happened, jobs failed and the log has tracebacks: there was much to search."""
    kept = loud_stage.rows()

    assert not loud_stage.faults.pending()
    assert b"Traceback" in search.log(loud_stage)
    assert any("not_a_picture" in row for table, row in kept if table == "operation_outputs")


def test_no_words_in_log(loud_stage):
    """The log holds no words of people, nothing they typed and no names of their files."""
    said = [search.WORDS, search.FILE_NAME, search.TYPED, "hooks.", "response_url"]
    log = search.log(loud_stage).decode()

    assert [words for words in said if words in log] == []


def test_no_words_in_database(loud_stage):
    """The words that people post with their pictures are not kept."""
    kept = loud_stage.rows()

    assert [table for table, row in kept if search.WORDS in row] == []


@pytest.mark.parametrize("form", sorted(search.spellings("xoxb-a-token-that-is-long-enough")))
def test_search_finds_spellings(form):
    """The search would find a secret however a database or a log spells it."""
    secret = {"token": "xoxb-a-token-that-is-long-enough"}

    assert search.holders(secret, [("a", b"\0" + form + b"'"), ("b", b"xoxb-a-token")]) == [
        "a: token"
    ]
