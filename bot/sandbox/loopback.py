"""A WSGI server on 127.0.0.1 that can be stopped cleanly, also while requests are under way."""

from __future__ import annotations

import logging
import threading
from typing import Any

import waitress
from waitress import wasyncore
from waitress.channel import HTTPChannel

CONNECTIONS = 1000
"""A fleet keeps dozens open in each process, and one that is not taken looks like a dead Slack."""


class Loopback:
    """Serves from its construction until `stop`."""

    def __init__(self, application: Any, *, port: int, threads: int) -> None:
        """Port 0 takes a free one.

        Raises:
            OSError: the port is taken.
        """
        # That requests wait for a stand-in, or are left at its end, is no news to anybody.
        logging.getLogger("waitress.queue").setLevel(logging.ERROR)
        self._server = waitress.create_server(
            application,
            host="127.0.0.1",
            port=port,
            threads=threads,
            clear_untrusted_proxy_headers=True,
            asyncore_use_poll=True,  # select() knows no file beyond the 1,024th
            connection_limit=CONNECTIONS,
        )
        self._server.channel_class = _Channel
        self._thread = threading.Thread(target=self._server.run, daemon=True)
        self._thread.start()

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self._server.effective_port}"

    def stop(self) -> None:
        """Close every connection, and wait for the server's threads."""
        stop_server(self._server, self._thread)


def stop_server(server: Any, serving: threading.Thread) -> None:
    """Close every connection of a waitress server, and wait for its threads."""
    # First the workers: a request that ends later would write to a socket that is closed already.
    server.task_dispatcher.shutdown()
    trigger = server.trigger

    def close_lines() -> None:
        for channel in list(server.active_channels.values()):
            channel.handle_close()
        wasyncore.dispatcher.close(server)
        # The loop ends without it. It is closed later: whoever pulls it has not always let go when
        # this runs, and would then write to whatever has taken the number of its file.
        trigger.del_channel()

    # In the server's own thread: its lines must not be closed while that one looks at them.
    trigger.pull_trigger(close_lines)
    serving.join()
    trigger.close()


class _Channel(HTTPChannel):  # type: ignore[misc]  # waitress has no types
    """One connection."""

    def send_continue(self) -> None:
        """Say "go on", unless there is nothing to go on with.

        boto3 asks before an empty object too; waitress would then wait for its bytes for ever.
        """
        if self.request.content_length or self.request.chunked:
            super().send_continue()
        else:
            self.request.expect_continue = False

    def del_channel(self, map: Any = None) -> None:  # noqa: A002 - waitress calls it so
        """Let go of the connection, and of the files that hold what came and went half.

        waitress leaves them to the garbage collector.
        """
        super().del_channel(map)
        if self.request is not None:
            self.request.close()
        with self.outbuf_lock:
            for outbuf in self.outbufs:
                outbuf.close()
