from bot.moments import when


def test_moment_is_in_readers_zone():
    """A moment is written so that Slack shows it in the reader's own time zone."""
    assert when(1_790_000_000.7) == (
        "<!date^1790000000^{date_short_pretty} at {time}|2026-09-21 14:13 UTC>"
    )
    assert when(None) == "none yet"


def test_moment_with_link():
    """A moment can be the words of a link."""
    assert when(0.0, link="https://a.example/p1").endswith(
        "at {time}^https://a.example/p1|1970-01-01 00:00 UTC>"
    )
