"""Sockets and threads: a Werkzeug server that ends at once and leaves nothing behind."""

from __future__ import annotations

import contextlib
import socket
import threading
import time
from collections.abc import Callable, Iterable
from typing import Any

from werkzeug.serving import ThreadedWSGIServer, WSGIRequestHandler

Wsgi = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]
HOST = "127.0.0.1"
CLOSE = "clearml_server.close"
"""Under this name an answer leaves in its environment what closes it."""


class QuietHandler(WSGIRequestHandler):
    """Says nothing; a failure shows at the client."""

    timeout = 60

    def run_wsgi(self) -> None:
        """One request. The answer is closed here: Werkzeug forgets it if the client has left."""
        try:
            super().run_wsgi()
        finally:
            self.environ.get(CLOSE, bool)()

    def log(self, type: str, message: str, *args: Any) -> None:  # noqa: A002
        """Nothing."""

    def connection_dropped(self, *_told: object, **_named: object) -> None:
        """Nothing more is to be read."""
        self.close_connection = True


class Listening(ThreadedWSGIServer):
    """One listening socket and its connections."""

    daemon_threads = False
    request_queue_size = 64

    def __init__(self, port: int, app: Wsgi) -> None:
        super().__init__(HOST, port, app, QuietHandler)
        self._open: set[socket.socket] = set()
        self._refusing = threading.Lock()
        self._holder: socket.socket | None = None
        self._thread = threading.Thread(target=self.serve_forever, args=(0.02,), name="clearml")
        self._thread.start()

    def process_request_thread(self, request: Any, client_address: Any) -> None:
        """One connection."""
        self._open.add(request)
        try:
            super().process_request_thread(request, client_address)
        finally:
            self._open.discard(request)

    def refuse(self) -> None:
        """From now on nobody listens; connections that are open stay. May be called by one.

        The port stays taken, else another process could get it.
        """
        with self._refusing:
            if self._holder is None:
                self.shutdown()
                self.socket.close()
                self._holder = socket.socket()
                self._holder.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                self._hold(self._holder)

    def _hold(self, holder: socket.socket) -> None:
        """Takes the port; a connection that is just ending may be in the way for a moment."""
        for _ in range(20):
            with contextlib.suppress(OSError):
                holder.bind((HOST, self.port))
                return
            time.sleep(0.01)

    def end(self) -> None:
        """Ends all connections and waits for the threads; the port stays taken."""
        self.refuse()
        for connection in list(self._open):
            with contextlib.suppress(OSError):  # it ended by itself
                connection.shutdown(socket.SHUT_RDWR)
        self._thread.join()
        self.server_close()

    def give_back(self) -> None:
        """Lets the port go, after `end`."""
        if self._holder is not None:
            self._holder.close()
