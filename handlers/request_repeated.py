"""A request came a second time: Slack signs each anew, so somebody sends what was overheard."""

from collections.abc import Callable

from slack_bolt import BoltRequest, BoltResponse

from bot.repeats import Repeats

_HARMLESS = {"event_callback", "url_verification", "block_suggestion"}
"""Events are jobs with ids of their own, once each; the others change nothing."""


class OnRequestRepeated:
    """Lets each request through once; over Socket Mode there are no signatures to repeat."""

    def __init__(self, repeats: Repeats) -> None:
        """Take what remembers requests."""
        self._repeats = repeats

    def __call__(self, req: BoltRequest, next: Callable[[], BoltResponse]) -> BoltResponse:  # noqa: A002 - Bolt's name
        """Answer a repeat as if all was done, which it was."""
        signature = "".join(req.headers.get("x-slack-signature", ()))
        is_harmless = not signature or str(req.body.get("type")) in _HARMLESS
        if is_harmless or self._repeats.is_first(signature):
            return next()
        return BoltResponse(status=200, body="")
