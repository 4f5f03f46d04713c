import pytest

from tests.chaos import bucket


@pytest.mark.timeout(400)
def test_sample_of_bucket_trouble():
    """Trouble of every kind with the bucket, met twice, loses and repeats nothing."""
    figures = list(bucket.measure(long=False, times=2))

    assert [figure for figure in figures if not figure.holds] == []
