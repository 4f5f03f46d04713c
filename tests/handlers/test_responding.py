import contextlib
import socket

import pytest


@pytest.fixture
def silent():
    """The address of somebody who takes a connection and never answers."""
    with contextlib.closing(socket.create_server(("127.0.0.1", 0))) as server:
        yield f"http://127.0.0.1:{server.getsockname()[1]}/"


@pytest.mark.parametrize("answer", [False, ZeroDivisionError()])
def test_unheard_words(bolt, silent, answer):
    """Where the words cannot be said the press is taken all the same, and done once."""
    bolt.intake.answer = answer

    assert bolt.press(silent).status == 200
    assert len(bolt.intake.asked) == 1
