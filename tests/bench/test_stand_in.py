from tests.bench import stand_in


def test_sample_of_stand_in():
    """The stand-in's search is measured against the decode of the same scene."""
    (figure,) = stand_in.measure(long=False, scene="abstract")

    assert figure.value > 0
    assert figure.unit == "x plain decode"
