"""What one picture costs: calls to each service, and dollars at public prices.

Prices are those of us-east-1 without discounts or free tiers, as Amazon's price lists of
Rekognition and S3 had them in 2025: the first million pictures a month, standard storage.
"""

from collections import Counter

from tests.busy_fleet import new_pictures
from tests.figures import at_most, exactly, known
from tests.real_pace import paced_stage

_DETECT_DOLLARS = 1.0 / 1000
_REQUEST_DOLLARS = {"PutObject": 0.005 / 1000, "GetObject": 0.0004 / 1000, "DeleteObject": 0.0}
_STORED_DOLLARS_GB_MONTH = 0.023
_GB = 1_000_000_000
_SLACK_CALLS = 9
"""Two marks, the place, the bytes and the end of the upload, whether it is ready, once more where
Slack takes its time, the reply; and now and then what channel that is."""


def measure(*, long, count=10):
    """Figures per picture; a long run has ten times as many."""
    count *= 10 if long else 1
    pictures = new_pictures()
    with paced_stage() as stage:
        stage.post_and_wait(("first.jpg", next(pictures)))
        before = len(stage.ledger.entries())
        for _ in range(count):
            stage.post_and_wait(("park.jpg", next(pictures)))
        made = stage.ledger.entries()[before:]
        stored_bytes = sum(map(len, stage.objects().values())) / (count + 1)
    calls = Counter((one.service, one.call) for one in made if one.service != "event")
    per_service = Counter(service for service, _ in calls.elements())
    detections = calls["rekognition", "DetectLabels"]
    yield exactly("calls to Rekognition", detections / count, "a picture", 1)
    yield at_most("calls to S3", per_service["s3"] / count, "a picture", 2)
    yield at_most("calls to Slack", _slack_calls(calls) / count, "a picture", _SLACK_CALLS)
    for (service, call), times in sorted(calls.items()):
        if service in ("s3", "slack"):
            yield known(f"  {service} {call}", times / count, "a picture")
    requests = sum(calls["s3", call] * each for call, each in _REQUEST_DOLLARS.items())
    dollars = (detections * _DETECT_DOLLARS + requests) / count * 1000
    yield known("Rekognition and requests", dollars, "$ per 1,000")
    month = stored_bytes / _GB * _STORED_DOLLARS_GB_MONTH * 1_000_000
    yield known("keeping such originals", month, "$ per million, month")


def _slack_calls(calls):
    """All but the bytes of the posted picture, which Slack serves without a limit."""
    return sum(calls[one] for one in calls if one[0] == "slack" and one[1] != "download")
