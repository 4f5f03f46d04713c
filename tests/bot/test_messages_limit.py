from bot.messages import limit_body


def test_limit_is_near():
    """Before the limit is reached the operators hear how near it is."""
    body = limit_body(calls=800, limit=1000, resumes_on="1 December")

    assert body["text"] == (
        "Spotter has made 800 of the 1,000 Rekognition calls that REKOGNITION_PER_MONTH allows "
        "this month. After the last one pictures wait."
    )


def test_limit_is_reached():
    """When the limit is reached the operators hear what becomes of the pictures, and when."""
    body = limit_body(calls=1000, limit=1000, resumes_on="1 December")

    assert body["text"].startswith("Spotter has made all of the 1,000 Rekognition calls")
    assert "on 1 December, or once the limit is raised" in body["text"]
    assert [block["text"]["text"] for block in body["blocks"]] == [body["text"]]
