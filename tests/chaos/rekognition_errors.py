"""Every error that Rekognition documents, many times: what passes is asked again, the rest is said.

https://docs.aws.amazon.com/rekognition/latest/dg/error-handling.html
"""

from bot.sandbox.faults import Fault
from tests.busy_fleet import busy_fleet, post_steadily
from tests.figures import exactly
from tests.tally import Tally

PASSING = (
    ("ProvisionedThroughputExceededException", 400),
    ("ThrottlingException", 400),
    ("ThrottlingException", 500),
    ("InternalServerError", 500),
)
LASTING = (
    ("InvalidImageFormatException", 400),
    ("ImageTooLargeException", 400),
    ("InvalidS3ObjectException", 400),
    ("InvalidParameterException", 400),
    ("AccessDeniedException", 400),
)
_PER_SECOND = 8


def measure(*, long, count=20):
    """The figures of one run; `count` pictures meet each error, a hundred in a long one."""
    count = 100 if long else count
    with busy_fleet(workers=2) as (stage, _):
        for error, status in (*PASSING, *LASTING):
            found = _posted(stage, Fault("error", error=error, status=status), count)
            name = f"{error} {status}"
            unlike = 0 if (error, status) in PASSING else count
            wrong = found.lost + found.twice + abs(found.reasons - unlike)
            yield exactly(f"{name}: wrong answers", wrong, f"of {count}", 0)
            calls = count + (count if (error, status) in PASSING else 0)
            yield exactly(f"{name}: calls", found.questions, "calls", calls)


def _posted(stage, fault, count):
    """What came of pictures that met an error at their first call."""
    tally = Tally(stage)
    stage.faults.order("rekognition", "DetectLabels", fault, times=count)
    for _ in post_steadily(tally, count=count, per_second=_PER_SECOND):
        pass
    tally.wait(within_s=30 + count)
    stage.faults.clear()
    return tally.count()
