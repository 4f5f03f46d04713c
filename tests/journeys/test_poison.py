import pytest

from tests.stage import IS_FLEET

KILLS = 6
"""The first, and one for each of the five times that it is taken up again."""


@pytest.mark.timeout(300)
@pytest.mark.skipif(IS_FLEET, reason="Each takeover by another process takes most of a minute.")
def test_picture_that_kills(tmp_path, stage_of, fresh):
    """A picture that kills whoever works on it is given up in the end; the next is answered."""
    with stage_of(tmp_path, "http") as stage:
        ts = stage.post(("park.jpg", fresh()))
        for _ in range(KILLS):
            stage.faults.kill_at("rekognition", "DetectLabels", "arrival")
            assert stage.until_no_faults(30), "never called"
            stage.start()
        (reply,) = [stage.wait_reply(ts)]
        after = stage.post_and_wait(("park.jpg", fresh()))
        stage.settle()

        assert reply.text.startswith("This picture failed several times in a row")
        assert len(stage.replies(ts)) == 1
        assert after.text.startswith("1 Dog")
