"""The bot is killed at every call of a reply that is rendered again; one stands at the end."""

import pytest

CALLS = (
    ("s3", "GetObject"),
    ("slack", "files.getUploadURLExternal"),
    ("slack", "upload"),
    ("slack", "files.completeUploadExternal"),
    ("slack", "files.info"),
    ("slack", "chat.postMessage"),
    ("slack", "chat.delete"),
    ("slack", "files.delete"),
)


@pytest.mark.parametrize("moment", ["arrival", "effect"])
@pytest.mark.parametrize(("service", "call"), CALLS)
def test_kill_leaves_new_reply(quiet_stage, fresh, service, call, moment):
    """After a kill at any call the corrected reply stands alone, with a picture of its own."""
    old = quiet_stage.post_and_wait(("park.jpg", fresh()))
    ts, asked = old.thread_ts, quiet_stage.detections
    posted = quiet_stage.ledger.count("slack", "chat.postMessage")
    quiet_stage.faults.kill_at(service, call, moment)
    link = f"{quiet_stage.slack.url}/archives/C0PHOTOS/p{ts.replace('.', '')}"
    quiet_stage.command("ben", "photos", f"wrong dog in {link}")
    assert quiet_stage.until_no_faults(), "never called"
    quiet_stage.start()

    def is_new_alone():
        replies = quiet_stage.replies(ts)
        return len(replies) == 1 and replies[0].ts != old.ts

    assert quiet_stage.slack.wait_for(is_new_alone, 60), quiet_stage.bot.log_text()[-3000:]
    quiet_stage.settle()
    (new,) = quiet_stage.replies(ts)
    picture = next(block for block in new.blocks if block["type"] == "image")
    shown = quiet_stage.slack.world.file(picture["slack_file"]["id"])

    assert is_new_alone()
    assert "Dog" not in new.text
    assert shown.completed
    assert not shown.deleted
    assert quiet_stage.detections == asked
    assert quiet_stage.ledger.count("slack", "chat.postMessage") - posted == 1
