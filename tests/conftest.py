"""What holds for every test: nobody talks to anything outside this machine."""

import ipaddress
import socket
import sys

import pytest

_outside: list[str] = []


def pytest_configure() -> None:
    """Watch every connection and every name that is looked up, whoever does it."""
    sys.addaudithook(_refuse_outside)


def _refuse_outside(event: str, arguments: tuple[object, ...]) -> None:
    """Raise when a connection or a look-up leaves this machine; Python tells every event."""
    if event == "socket.connect":
        host = arguments[1]
    elif event == "socket.getaddrinfo":
        host = arguments[:1]
    else:
        return
    # A path or bytes is a socket within this machine.
    if isinstance(host, tuple) and not _is_loopback(host[0]):
        _outside.append(f"{event} {host[0]}")
        raise OSError(f"A test may not reach {host[0]}.")


def _is_loopback(host: object) -> bool:
    """Whether a host's name or address is this machine's own."""
    if host in {None, "", "localhost", b"localhost"}:
        return True
    try:
        return ipaddress.ip_address(str(host)).is_loopback or str(host) == "0.0.0.0"  # noqa: S104 - compared, not bound
    except ValueError:
        return host == socket.gethostname()


@pytest.fixture(autouse=True)
def _nothing_outside():
    """Fail a test that tried to reach outside, also when the refusal was swallowed."""
    _outside.clear()
    yield

    assert _outside == []
