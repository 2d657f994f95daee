"""Ways to fail, and which call fails."""

from __future__ import annotations

import enum
import os
import select
import socket
import struct
import threading
from collections.abc import Callable
from dataclasses import dataclass

from werkzeug import Request, Response

from tests.clearml_server.api import address, envelope
from tests.clearml_server.calls import Call
from tests.clearml_server.errors import ApiError


class Way(enum.Enum):
    """What a call meets instead of its answer."""

    REFUSE = "nobody listens any more: connection refused, for good"
    HANG = "the request is read and never answered"
    UNAUTHORIZED = "401"
    ERROR = "500 as the server words it"
    GATEWAY = "502 with a page of HTML, as a proxy sends it"
    GARBAGE = "200 with bytes that are not JSON"
    BROKEN = "bytes that are not HTTP"
    DIE = "it takes effect, half an answer, a reset connection, and nobody listens any more"
    DIE_AFTER = "it takes effect, and the connection is reset before the answer"


FOR_GOOD = (Way.REFUSE, Way.DIE)
GARBAGE = b"\xff\xfe\x00<not json>"


@dataclass
class Plan:
    """Which call from now on fails how; `then` is the way of all calls after it."""

    left: int
    way: Way
    then: Way | None

    def next(self) -> Way | None:
        """The way of the call that comes now."""
        self.left -= 1
        if self.left > 0:
            return None
        return self.way if self.left == 0 else self.then

    @property
    def closing(self) -> bool:
        """Whether the next call must find nobody."""
        coming = {1: self.way}.get(self.left, self.then if self.left < 1 else None)
        return coming is Way.REFUSE


def reset(request: Request) -> None:
    """Ends the connection so that the client sees a reset; never returns."""
    connection: socket.socket = request.environ["werkzeug.socket"]
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    os.close(connection.detach())
    raise ConnectionResetError


def drain(request: Request) -> None:
    """Reads the rest of the body, so that a client that still sends gets the answer."""
    while request.stream.read(1 << 16):
        pass


def hang(request: Request, ended: threading.Event) -> None:
    """Waits until the client leaves or the server ends."""
    connection: socket.socket = request.environ["werkzeug.socket"]
    while not ended.wait(0.02):
        ready, _, _ = select.select([connection], [], [], 0)
        if ready and not connection.recv(1, socket.MSG_PEEK):
            break
    reset(request)


def _send_raw(request: Request, content: bytes) -> None:
    request.environ["werkzeug.socket"].sendall(content)


def refusal(call: Call, request: Request, status: int) -> Response:
    """A 401 or 500 as the asked server words it."""
    if call.server == "files":
        return Response(f"<h1>{status}</h1>", status, content_type="text/html; charset=utf-8")
    error = {
        401: ApiError(401, 30, "Invalid token", "invalid jwt token", reason="Signature expired"),
        500: ApiError(500, 0, "General server error", "general error"),
    }[status]
    if status == 401 and call.endpoint == "auth.login":
        told = "failed to locate provided credentials"
        error = ApiError(401, 22, "Unauthorized (invalid credentials)", told)
    return envelope(*address(request.path), error, {})


def failing(
    way: Way,
    call: Call,
    request: Request,
    answer: Callable[[Request], Response],
    ended: threading.Event,
) -> Response:
    """What a call meets that fails in this way."""
    if way in (Way.DIE, Way.DIE_AFTER):
        response = answer(request)
        if way is Way.DIE:
            body = b"".join(response.get_app_iter(request.environ))
            head = f"HTTP/1.0 {response.status}\r\nContent-Length: {len(body)}\r\n\r\n"
            _send_raw(request, head.encode() + body[: len(body) // 2])
        response.close()
        reset(request)
    drain(request)
    if way is Way.HANG:
        hang(request, ended)
    if way is Way.BROKEN:
        _send_raw(request, b"\x15\x03\x01\x00\x02\x02\x50\r\n\r\n")
        reset(request)
    if way in (Way.UNAUTHORIZED, Way.ERROR):
        return refusal(call, request, 401 if way is Way.UNAUTHORIZED else 500)
    if way is Way.GATEWAY:
        page = "<html><head><title>502 Bad Gateway</title></head><body>nginx</body></html>"
        return Response(page, 502, content_type="text/html")
    return Response(GARBAGE, 200, content_type="application/json")
