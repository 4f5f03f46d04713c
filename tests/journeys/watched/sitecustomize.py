"""Loaded first by every Python process of the bot on a stage: tells what leaves this machine."""

import ipaddress
import sys


def _tell_outside(event: str, arguments: tuple[object, ...]) -> None:
    """Refuse a connection or a look-up that leaves this machine, and say so in the log."""
    if event == "socket.connect":
        host = arguments[1][0] if isinstance(arguments[1], tuple) else None
    elif event == "socket.getaddrinfo":
        host = arguments[0]
    else:
        return
    if host in {None, "", "localhost", b"localhost"}:
        return
    try:
        near = ipaddress.ip_address(str(host)).is_loopback or str(host) == "0.0.0.0"  # noqa: S104 - compared, not bound
    except ValueError:
        near = False
    if not near:
        print(f"LEFT THIS MACHINE: {event} {host}", file=sys.stderr, flush=True)  # noqa: T201 - for the test
        raise OSError


sys.addaudithook(_tell_outside)
