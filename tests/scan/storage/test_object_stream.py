"""A content that is fetched over connections that break."""

from __future__ import annotations

import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dsv_git.scan.storage.objectstream import BREAKS, Answer, ObjectStream
from dsv_git.scan.storage.port import Changed, changed

DATA = bytes(range(256)) * 20


class Server:
    """Answers with the content, and breaks the connection after so many bytes of each answer."""

    def __init__(self, breaks: list[int], *, silent: bool = False, stamp: str = "one") -> None:
        self.breaks, self.silent, self.stamp = breaks, silent, stamp
        self.closed = 0
        self.positions: list[int] = []

    def request(self, position: int, stamp: str) -> Answer:
        if stamp and stamp != self.stamp:
            raise changed("1.jpg")
        self.positions.append(position)
        left = self.breaks.pop(0) if self.breaks else len(DATA)
        return Answer(self.stamp, len(DATA) - position, [io.BytesIO(DATA[position:]), left])

    def read(self, body: list[io.BytesIO | int], size: int) -> bytes:
        stream, left = body
        assert isinstance(stream, io.BytesIO)
        assert isinstance(left, int)
        data = stream.read(min(size, left))
        body[1] = left - len(data)
        if not data and size and stream.read(1) and not self.silent:
            raise ConnectionError("broken")
        return data

    def close(self, _: object) -> None:
        self.closed += 1

    def stream(self, stamp: str = "") -> io.BufferedReader:
        return io.BufferedReader(ObjectStream(self.request, self.read, self.close, stamp), 64)


@settings(deadline=None, max_examples=60)
@given(st.lists(st.integers(0, 2000), max_size=BREAKS), st.booleans())
def test_a_stream_goes_on_where_it_broke(breaks: list[int], silent: bool) -> None:
    server = Server(list(breaks), silent=silent)
    with server.stream() as stream:
        assert stream.read() == DATA
    assert server.positions == sorted(server.positions)
    assert server.closed == len(server.positions) - 1


def test_a_connection_that_always_breaks_is_given_up() -> None:
    with Server([1] * 100).stream() as stream, pytest.raises(OSError, match="broken"):
        stream.read()


def test_another_content_is_never_read_on() -> None:
    server = Server([100])
    stream = server.stream()
    assert stream.read(50) == DATA[:50]
    server.stamp = "two"
    with pytest.raises(Changed), stream:
        stream.read()


def test_a_file_that_has_no_stamp_is_not_pieced_together() -> None:
    with Server([100], stamp="").stream() as stream, pytest.raises(OSError, match="broken"):
        stream.read()


def test_what_was_not_read_to_its_end_is_closed() -> None:
    server = Server([])
    with server.stream() as stream:
        stream.read(10)
    assert server.closed == 1
