import contextlib
import gc
import os
import resource
import socket
import warnings
from http.client import HTTPConnection

import pytest

from bot.sandbox.loopback import Loopback

_HALF = b"a" * 1_000_000
_POST = b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 2000000\r\n\r\n"


def _application(environ, start_response):
    start_response("200 OK", [])
    return [environ["wsgi.input"].read()]


@pytest.mark.parametrize("first", ["client", "server"])
def test_half_body_leaves_nothing(first):
    """A request that ends in the middle of a large body leaves no open file behind."""
    server = Loopback(_application, port=0, threads=1)
    address = ("127.0.0.1", int(server.url.rpartition(":")[2]))
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        with socket.create_connection(address) as client:
            client.sendall(_POST + _HALF)
            _answer_to_another(address)
            if first == "server":
                server.stop()
        if first == "client":
            server.stop()
        del server
        gc.collect()

    assert [str(warning.message) for warning in caught] == []


def test_many_open_files():
    """A process that has more than 1,024 files open goes on serving."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, 2048), hard))
    with contextlib.ExitStack() as closing:
        for _ in range(1100):
            closing.callback(os.close, os.open(os.devnull, os.O_RDONLY))
        server = Loopback(_application, port=0, threads=1)
        closing.callback(server.stop)
        line = HTTPConnection(server.url.removeprefix("http://"), timeout=30)
        closing.callback(line.close)
        line.request("GET", "/")

        assert line.getresponse().status == 200


def _answer_to_another(address):
    """Wait until the server has read what came before."""
    with socket.create_connection(address) as other:
        other.sendall(b"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        while other.recv(4096):
            pass
