import itertools

import pytest

from bot.adapters.one_answer import in_time, is_late, once, one_answer


@pytest.fixture
def ask():
    """A question to which the answer is another one each time."""
    return itertools.count().__next__


def test_asked_once(ask):
    """Within an answer each question is asked once, and in the next one anew."""
    with one_answer():
        same = [once("a", ask), once("b", ask), once("a", ask)]
        with one_answer():
            same.append(once("b", ask))
    with one_answer():
        same.append(once("a", ask))

    assert same == [0, 1, 0, 1, 2]


def test_asked_anew_elsewhere(ask):
    """Who answers nobody asks each time, for as long as it takes."""
    assert [once("a", ask), once("a", ask)] == [0, 1]
    assert list(in_time("abc")) == ["a", "b", "c"]
    assert not is_late()


def test_refusal_is_forgotten(ask):
    """What could not be asked is asked again."""
    with one_answer():
        with pytest.raises(ZeroDivisionError):
            once("a", lambda: 1 // 0)

        assert once("a", ask) == 0


def test_asking_ends():
    """When the time is over nothing more is asked, however much of it is its own."""
    with one_answer(asking_ends_after_s=0), one_answer():
        assert list(in_time("abc")) == []
        assert is_late()
