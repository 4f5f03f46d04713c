from tests.bench import post_to_reply


def test_sample_of_post_to_reply():
    """A post takes longer than its critical path, whose steps are all told."""
    figures = {one.name: one for one in post_to_reply.measure(long=False, count=2, megapixels=3)}

    assert figures["post to reply"].value > 1
    assert figures["  Rekognition: takes"].value >= 500
    assert figures["  the reply: begins"].value > figures["  Rekognition: begins"].value
