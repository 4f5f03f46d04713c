"""Something happened that Spotter hears of but does nothing about."""


def on_other_event() -> None:
    """Answer 200: an event without a listener would count as a failed delivery."""
