"""The test server fails as it is told, on the call it is told, and leaves nothing behind."""

from __future__ import annotations

import http.client
import json
import socket
import threading
import time
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest

from tests.clearml_server import ClearMLServer, Way
from tests.clearml_server.faults import GARBAGE

TASK = {"name": "pets", "type": "data_processing"}


@pytest.fixture
def server() -> Iterator[ClearMLServer]:
    with ClearMLServer() as running:
        yield running


def ask(server: ClearMLServer, endpoint: str, data: object, timeout: float = 5) -> tuple[int, Any]:
    """Status and body of an API call."""
    netloc = urlsplit(server.api_url).netloc
    connection = http.client.HTTPConnection(netloc, timeout=timeout)
    try:
        token = server.login.token()
        connection.request(
            "GET", f"/{endpoint}", json.dumps(data), {"Authorization": f"Bearer {token}"}
        )
        answer = connection.getresponse()
        return answer.status, answer.read()
    finally:
        connection.close()


def create(server: ClearMLServer) -> tuple[int, Any]:
    return ask(server, "tasks.create", TASK)


def test_only_the_planned_call_fails(server: ClearMLServer) -> None:
    server.fail(2, Way.ERROR)
    assert [create(server)[0] for _ in range(4)] == [200, 500, 200, 200]
    assert len(server.tasks) == 3


def test_a_plan_may_go_on(server: ClearMLServer) -> None:
    server.fail(2, Way.GATEWAY, then=Way.UNAUTHORIZED)
    assert [create(server)[0] for _ in range(4)] == [200, 502, 401, 401]
    server.heal()
    assert create(server)[0] == 200


def test_an_error_is_worded_as_the_server_words_it(server: ClearMLServer) -> None:
    server.fail(1, Way.ERROR, then=Way.UNAUTHORIZED)
    status, body = create(server)
    meta = json.loads(body)["meta"]
    assert (status, meta["result_code"], meta["endpoint"]["name"]) == (500, 500, "tasks.create")
    status, body = create(server)
    meta = json.loads(body)["meta"]
    assert (status, meta["result_code"], meta["result_subcode"]) == (401, 401, 30)
    assert not server.tasks


def test_a_gateway_sends_html_and_garbage_is_no_json(server: ClearMLServer) -> None:
    server.fail(1, Way.GATEWAY, then=Way.GARBAGE)
    status, body = create(server)
    assert (status, body[:6]) == (502, b"<html>")
    assert create(server) == (200, GARBAGE)
    assert not server.tasks


def test_broken_http_is_not_http(server: ClearMLServer) -> None:
    server.fail(1, Way.BROKEN)
    with pytest.raises((http.client.BadStatusLine, ConnectionError)):
        create(server)


def test_a_hang_ends_when_the_client_leaves(server: ClearMLServer) -> None:
    server.fail(1, Way.HANG)
    with pytest.raises(TimeoutError):
        ask(server, "tasks.create", TASK, timeout=0.2)
    assert create(server)[0] == 200
    assert len(server.tasks) == 1


def test_a_hang_ends_with_the_server(server: ClearMLServer) -> None:
    server.fail(1, Way.HANG)
    met: list[BaseException] = []

    def hanging() -> None:
        try:
            ask(server, "tasks.create", TASK, timeout=30)
        except (OSError, http.client.HTTPException) as problem:
            met.append(problem)

    client = threading.Thread(target=hanging)
    client.start()
    while not server.calls:
        time.sleep(0.01)
    server.stop()
    client.join(10)
    assert len(met) == 1


def test_the_call_before_a_refusal_is_answered(server: ClearMLServer) -> None:
    server.fail(3, Way.REFUSE)
    assert [create(server)[0] for _ in range(2)] == [200, 200]
    for _ in range(2):
        with pytest.raises(ConnectionRefusedError):
            create(server)
    assert len(server.calls) == 2


def test_refusal_at_once(server: ClearMLServer) -> None:
    server.fail(1, Way.REFUSE)
    with pytest.raises(ConnectionRefusedError):
        create(server)
    for url in (server.api_url, server.files_url):
        parts = urlsplit(url)
        with pytest.raises(ConnectionRefusedError):
            socket.create_connection((str(parts.hostname), parts.port or 0), timeout=5)


def test_a_dead_server_took_the_call_and_refuses_the_next(server: ClearMLServer) -> None:
    server.fail(1, Way.DIE)
    with pytest.raises((ConnectionResetError, http.client.IncompleteRead)):
        create(server)
    assert len(server.tasks) == 1
    with pytest.raises(ConnectionRefusedError):
        create(server)


def test_a_lost_answer_took_effect_and_the_server_lives(server: ClearMLServer) -> None:
    server.fail(1, Way.DIE_AFTER)
    with pytest.raises(ConnectionResetError):
        create(server)
    assert len(server.tasks) == 1
    assert create(server)[0] == 200


def test_a_lost_answer_and_then_nobody(server: ClearMLServer) -> None:
    server.fail(1, Way.DIE_AFTER, then=Way.REFUSE)
    with pytest.raises(ConnectionResetError):
        create(server)
    assert len(server.tasks) == 1
    with pytest.raises(ConnectionRefusedError):
        create(server)


@pytest.mark.parametrize("way", [Way.DIE, Way.REFUSE])
def test_revived_on_the_same_ports_with_the_same_store(server: ClearMLServer, way: Way) -> None:
    create(server)
    before = server.environment
    server.fail(1, way)
    with pytest.raises((OSError, http.client.HTTPException)):
        create(server)
    server.start()
    made = len(server.tasks)
    assert create(server)[0] == 200
    assert (server.environment, len(server.tasks)) == (before, made + 1)


def test_calls_are_counted_over_both_servers(server: ClearMLServer) -> None:
    create(server)
    netloc = urlsplit(server.files_url).netloc
    connection = http.client.HTTPConnection(netloc, timeout=5)
    connection.request("DELETE", "/no/such%20file", headers={})
    assert connection.getresponse().status == 401
    connection.close()
    told = [(c.server, c.endpoint, c.method, c.n) for c in server.calls]
    assert told == [
        ("api", "tasks.create", "GET", 1),
        ("files", "/no/such file", "DELETE", 2),
    ]
    assert server.calls[0].size == len(json.dumps(TASK))
    server.forget_calls()
    assert server.calls == ()


def test_nothing_is_left_behind() -> None:
    before = set(threading.enumerate())
    with ClearMLServer() as server:
        create(server)
        server.fail(1, Way.HANG)
        with pytest.raises(TimeoutError):
            ask(server, "tasks.create", TASK, timeout=0.1)
        idle = socket.create_connection(("127.0.0.1", urlsplit(server.api_url).port or 0))
    idle.close()
    assert set(threading.enumerate()) == before


def test_a_stopped_server_refuses_and_keeps_its_ports(server: ClearMLServer) -> None:
    server.stop()
    server.stop()
    with pytest.raises(ConnectionRefusedError):
        create(server)
    with socket.socket() as other, pytest.raises(OSError, match="in use"):
        other.bind(("127.0.0.1", urlsplit(server.api_url).port or 0))
    server.start()
    assert create(server)[0] == 200


def test_a_big_upload_is_stored_once_and_slow_networks_are_slow() -> None:
    content = b"0123456789abcdef" * 4096 * 16  # 1 MiB
    with ClearMLServer(bandwidth=8 * len(content), latency=0.05) as server:
        boundary = b"cut"
        body = (
            b'--cut\r\nContent-Disposition: form-data; name="/a/b c.bin"; filename="/a/b c.bin"'
            b"\r\n\r\n" + content + b"\r\n--cut--\r\n"
        )
        headers = {
            "Authorization": f"Bearer {server.login.token()}",
            "Content-Type": f"multipart/form-data; boundary={boundary.decode()}",
        }
        netloc = urlsplit(server.files_url).netloc
        connection = http.client.HTTPConnection(netloc, timeout=20)
        start = time.monotonic()
        connection.request("POST", "/", body, headers)
        assert json.loads(connection.getresponse().read()) == ["a/b c.bin"]
        connection.close()
        assert time.monotonic() - start >= 0.125  # a lower bound: bytes take their time
        assert server.files.read("a/b c.bin") == content
        assert list(server.files) == ["a/b c.bin"]
        assert not list(server.files.arriving.iterdir())
