"""Stores on loopback, for tests and benchmarks: a real S3 API, and a web server.

Both count their requests, and can answer late.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from werkzeug.serving import WSGIRequestHandler, make_server
from werkzeug.wrappers import Request, Response

App = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]

CREDENTIALS = {
    "AWS_ACCESS_KEY_ID": "test",
    "AWS_SECRET_ACCESS_KEY": "test",
    "AWS_DEFAULT_REGION": "us-east-1",
    "AWS_EC2_METADATA_DISABLED": "true",
}


@dataclass
class Store:
    """A server: its address, and what it was asked: method and path with the query."""

    url: str = ""
    latency: float = 0.0
    """Seconds before every answer."""
    asked: list[tuple[str, str]] = field(default_factory=list)
    before: Callable[[str, str], int | None] = lambda _method, _path: None
    """Is called before every answer, and may give a status to answer with instead."""

    @property
    def env(self) -> dict[str, str]:
        """What a person sets to reach this S3."""
        return {**CREDENTIALS, "AWS_ENDPOINT_URL": self.url}

    def count(self, method: str, part: str = "") -> int:
        """How many requests had this method, and this text in their path."""
        return sum(m == method and part in path for m, path in self.asked)


def new_lake(store: Store) -> Any:
    """A client of an S3, as another tool than ours, with the new bucket `lake`."""
    import boto3
    from botocore.config import Config

    client = boto3.client(
        "s3",
        endpoint_url=store.url,
        aws_access_key_id="other",
        aws_secret_access_key="tool",  # noqa: S106
        region_name="us-east-1",
        config=Config(max_pool_connections=32),
    )
    client.create_bucket(Bucket="lake")
    return client


class _Quiet(WSGIRequestHandler):
    protocol_version = "HTTP/1.1"

    def log(self, *_: object, **__: object) -> None:
        """Nothing."""


@contextmanager
def served(app: App) -> Iterator[Store]:
    """A server on loopback, for as long as the block runs."""
    store = Store()

    def counted(environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        request = Request(environ)
        asked = request.method, request.full_path.rstrip("?")
        store.asked.append(asked)
        time.sleep(store.latency)
        status = store.before(*asked)
        return app(environ, start) if status is None else Response(status=status)(environ, start)

    server = make_server("127.0.0.1", 0, counted, threaded=True, request_handler=_Quiet)
    store.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield store
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@contextmanager
def s3() -> Iterator[Store]:
    """An S3 without buckets."""
    from moto.backends import get_backend
    from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app

    get_backend("s3").reset()
    with served(DomainDispatcherApplication(create_backend_app)) as store:
        yield store


@contextmanager
def web(folder: Path) -> Iterator[Store]:
    """A web server of a folder, that answers with ETags and takes a Range."""

    def app(environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        request = Request(environ)
        place = folder / request.path.lstrip("/")
        if place.is_dir():
            there = {} if request.path.endswith("/") else {"Location": f"{request.path}/"}
            return Response("index", 301 if there else 200, there)(environ, start)
        if not place.is_file():
            return Response(status=404)(environ, start)
        content = place.read_bytes()
        answer = Response(content)
        answer.add_etag()
        answer.make_conditional(environ, accept_ranges=True, complete_length=len(content))
        return answer(environ, start)

    with served(app) as store:
        yield store
