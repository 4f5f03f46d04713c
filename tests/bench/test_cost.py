from tests.bench import cost


def test_sample_of_cost():
    """A picture costs one call to Rekognition, one to S3, and a handful to Slack."""
    figures = {one.name: one for one in cost.measure(long=False, count=2)}

    assert [one for one in figures.values() if not one.holds] == []
    assert figures["  s3 PutObject"].value == 1
