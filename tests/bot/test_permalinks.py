import pytest

from bot.permalinks import Permalink, parse_permalink

BASE = "https://our.slack.com/archives"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (f"{BASE}/C01/p1700000000000100", Permalink("C01", "1700000000.000100")),
        (f"<{BASE}/G01/p1700000000000100>", Permalink("G01", "1700000000.000100")),
        (f"<{BASE}/D01/p1700000000000100|words>", Permalink("D01", "1700000000.000100")),
        (
            f"{BASE}/C01/p1700000000000100?thread_ts=1699999999.000001&cid=C01",
            Permalink("C01", "1700000000.000100", "1699999999.000001"),
        ),
        (
            f"<{BASE}/C01/p1700000000000100?cid=C01&thread_ts=1699999999.000001|words>",
            Permalink("C01", "1700000000.000100", "1699999999.000001"),
        ),
        (f"{BASE}/C01/p1700000000000100?thread_ts=x", Permalink("C01", "1700000000.000100")),
        (f"{BASE}/C01/p1000001?thread_ts=1.0000012", Permalink("C01", "1.000001")),
        ("http://127.0.0.1:80/archives/C01/p1000001", Permalink("C01", "1.000001")),
        (f"{BASE}/C01", None),
        (f"{BASE}/C01/1700000000000100", None),
        (f"{BASE}/c01/p1700000000000100", None),
        (f"{BASE}/U01/p1700000000000100", None),
        (f"{BASE}/C01/p1700000000000100/more", None),
        ("s3://bucket/key", None),
        ("", None),
    ],
)
def test_permalink(text, expected):
    """A link to a message names its channel, time stamp and thread; anything else names nothing."""
    assert parse_permalink(text) == expected
