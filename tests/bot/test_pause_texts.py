import pytest

from bot.pause_texts import (
    ARCHIVED,
    BOT_REMOVED,
    DEACTIVATED,
    DELETED,
    LOST_ACCESS,
    paused_text,
    why_paused,
)


@pytest.mark.parametrize("cause", [ARCHIVED, BOT_REMOVED, DEACTIVATED, DELETED, LOST_ACCESS])
def test_every_cause_has_words(cause):
    """Each cause of a pause has words of its own; an unknown one has some too."""
    assert why_paused(cause) != why_paused("anything else")


def test_words_for_owner():
    """An owner reads which channel, why, which watches, and what would bring them back."""
    assert paused_text(["dog", "cat"], target="C1", cause=BOT_REMOVED) == (
        "I cannot tell <#C1> any more: I am not in that channel any more. Paused: *dog*, *cat*. "
        "By itself it goes on once somebody invites me again."
    )
    assert paused_text(["dog"], target="C1", cause=DELETED).endswith(
        "You can change it or remove it."
    )
