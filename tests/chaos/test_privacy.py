from tests.chaos import privacy


def test_sample_of_privacy():
    """In random lives of a workspace nobody learns what they may not see, and others do learn."""
    figures = list(privacy.measure(long=False, sequences=24, processes=1))

    assert [figure for figure in figures if not figure.holds] == []
