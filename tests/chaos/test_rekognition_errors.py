import sys

import pytest

from tests.chaos import rekognition_errors


@pytest.mark.timeout(400)
@pytest.mark.skipif(sys.platform != "linux", reason="Processes are killed by what /proc says.")
def test_sample_of_rekognition_errors():
    """Two pictures meet each error of Rekognition, and every one is answered as it should be."""
    figures = list(rekognition_errors.measure(long=False, count=2))

    assert [figure for figure in figures if not figure.holds] == []
