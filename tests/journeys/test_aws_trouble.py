import pytest

from bot.messages import TRY_AGAIN
from bot.sandbox.faults import Fault

ALWAYS = 1000
CHANNELS = ("photos", "alerts", "lab", "D0ANA")


def has_button(reply):
    """Whether Try again stands under a reply."""
    return any(
        element["action_id"] == TRY_AGAIN
        for block in reply.blocks
        for element in block.get("elements", ())
        if block["type"] == "actions"
    )


def answer_under(stage, fresh, service, call, fault, *, times):
    """Post while a call goes wrong; the one reply, and how often the call was made."""
    before = stage.ledger.count(service, call)
    stage.faults.order(service, call, fault, times=times)
    channel = CHANNELS[stage.ledger.count("person", "post") % len(CHANNELS)]
    ts = stage.post(("park.jpg", fresh()), channel=channel)
    stage.wait_marked(ts, channel)
    stage.faults.clear()
    (reply,) = stage.replies(ts, channel)
    return reply, stage.ledger.count(service, call) - before


@pytest.mark.parametrize(
    ("error", "words"),
    [
        ("NoSuchBucket", "picture store is missing. An admin should check S3_BUCKET"),
        ("AccessDenied", "may not use its picture store. An admin should check"),
        ("InvalidAccessKeyId", "may not use its picture store. An admin should check"),
        ("PermanentRedirect", "may not use its picture store. An admin should check"),
    ],
)
def test_bucket_refuses(quiet_stage, fresh, error, words):
    """A bucket that is missing or forbidden is an admin's turn, said at once."""
    fault = Fault("error", error=error)
    reply, _ = answer_under(quiet_stage, fresh, "s3", "PutObject", fault, times=ALWAYS)

    assert words in reply.text
    assert has_button(reply)


@pytest.mark.parametrize(
    ("fault", "times"),
    [
        (Fault("slow", seconds=1.5), 1),
        (Fault("status", status=503), 4),
        (Fault("error", error="SlowDown"), 4),
        (Fault("error", error="InternalError", status=500), 1),
        (Fault("drop_before"), 1),
        (Fault("drop_after"), 1),
    ],
)
def test_bucket_recovers(quiet_stage, fresh, fault, times):
    """A bucket that is slow, or away for a moment, is waited for."""
    reply, _ = answer_under(quiet_stage, fresh, "s3", "PutObject", fault, times=times)

    assert reply.text.startswith("1 Dog")


def test_bucket_away(quiet_stage, fresh):
    """A bucket that stays away is nobody's turn: the same picture can be tried again."""
    fault = Fault("status", status=503)
    reply, _ = answer_under(quiet_stage, fresh, "s3", "PutObject", fault, times=ALWAYS)

    assert reply.text == (
        "The picture store did not answer, several times. Press Try again in a few minutes."
    )
    assert has_button(reply)


@pytest.mark.parametrize(
    ("fault", "times"),
    [
        (Fault("error", error="ThrottlingException"), 2),
        (Fault("error", error="ProvisionedThroughputExceededException"), 1),
        (Fault("error", error="InternalServerError", status=500), 1),
        (Fault("status", status=502, body="<html>"), 1),
        (Fault("html"), 1),
        (Fault("cut"), 1),
        (Fault("drop_before"), 1),
        (Fault("drop_after"), 1),
    ],
)
def test_detector_recovers(quiet_stage, fresh, fault, times):
    """When Rekognition fails for a moment the picture is asked for again, once per failure."""
    reply, calls = answer_under(
        quiet_stage, fresh, "rekognition", "DetectLabels", fault, times=times
    )

    assert reply.text.startswith("1 Dog")
    assert calls == times + 1


def test_detector_stays_busy(quiet_stage, fresh):
    """Throttling that lasts ends in a reason that can be tried again, after a few questions."""
    fault = Fault("error", error="ThrottlingException")
    reply, calls = answer_under(
        quiet_stage, fresh, "rekognition", "DetectLabels", fault, times=ALWAYS
    )

    assert reply.text == (
        "Amazon Rekognition is busy and stayed so. Press Try again in a few minutes."
    )
    assert has_button(reply)
    assert 2 <= calls <= 5


@pytest.mark.parametrize(
    ("error", "words", "can_pass"),
    [
        ("AccessDeniedException", "An admin should allow rekognition:DetectLabels", True),
        ("UnrecognizedClientException", "may not use Amazon Rekognition. An admin", True),
        ("InvalidImageFormatException", "Post it again as a plain JPEG or PNG.", False),
        ("ImageTooLargeException", "Post it again as a plain JPEG or PNG.", False),
        ("SomethingNewException", "request (SomethingNewException). An admin", True),
    ],
)
def test_detector_refuses(quiet_stage, fresh, error, words, can_pass):
    """A refusal of Rekognition is asked for once, and the reason says whose turn it is."""
    fault = Fault("error", error=error, status=400)
    reply, calls = answer_under(
        quiet_stage, fresh, "rekognition", "DetectLabels", fault, times=ALWAYS
    )

    assert words in reply.text
    assert has_button(reply) is can_pass
    assert calls == 1


def test_reference_is_logged(quiet_stage, fresh):
    """The reference under something unforeseen is in the log, with the traceback."""
    fault = Fault("status", status=200, body='{"Labels": [{"Confidence": 99}]}')
    reply, _ = answer_under(quiet_stage, fresh, "rekognition", "DetectLabels", fault, times=ALWAYS)
    reference = reply.text.partition("(ref ")[2].partition(")")[0]
    _, found, after = quiet_stage.bot.log_text().partition(f"reference={reference}")

    assert len(reference) == 8
    assert found
    assert "Traceback" in after
