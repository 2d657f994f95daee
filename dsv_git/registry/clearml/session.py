"""ClearML's own session, bounded: configuration, credentials and login are the package's.

The only module that imports clearml. What leaves it is plain: answers as dicts, URLs, and errors of
ours. The package's session retries refused connections, TLS failures and 503 for hours or for ever;
here each request is sent once, with timeouts, and once more after a stale token.
"""

from __future__ import annotations

import shutil
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Final
from urllib.parse import quote, urlsplit

from dsv_git.errors import DsvError, InputError, Unreachable
from dsv_git.registry.clearml.patience import patient
from dsv_git.registry.clearml.refusals import (
    CONNECT,
    SET_UP,
    SILENCE,
    Limits,
    Refused,
    login_refused,
    refusal,
    short,
    told,
)

if TYPE_CHECKING:
    import requests

STORES: Final = (
    "stores are set up in clearml.conf, below sdk: aws.s3, google.storage, azure.storage"
)
API: Final = "2.20"
"""The API version that the requests are written for: any server since 1.6 speaks it."""


@dataclass
class Session:
    """A logged-in session. Every method raises Unreachable, or Refused, in one line."""

    _inner: Any
    _alive: Callable[[int], None]
    _limits: Limits

    def alive(self) -> None:
        """Says that work goes on, while nothing comes or goes."""
        self._alive(0)

    @property
    def files(self) -> str:
        """The file server's address."""
        return str(self._inner.get_files_server_host()).rstrip("/")

    @property
    def web(self) -> str:
        """The web application's address; empty where it cannot be told."""
        try:
            return str(self._inner.get_app_server_host()).rstrip("/")
        except ValueError:
            return ""

    def page(self, project: str, task: str) -> str:
        """The address of a task's page, as the package tells it; empty where it cannot be told."""
        pages = "tasks" if self._inner.check_min_api_server_version("2.31") else "experiments"
        return self.web and f"{self.web}/projects/{project or '*'}/{pages}/{task}/output/log"

    def call(self, endpoint: str, body: Mapping[str, object]) -> dict[str, Any]:
        """The `data` of an endpoint's answer (`tasks.create`)."""
        service, _, action = endpoint.partition(".")
        with _one_line(self._inner.host, self._limits):
            answer = self._inner.send_request(service, action, version=API, json=dict(body))
            return self._data(endpoint, answer)

    def events(self, lines: Sequence[bytes]) -> None:
        """Sends events, one JSON document each, in batches of at most a few megabytes."""
        for batch in _batches(lines):
            with _one_line(self._inner.host, self._limits):
                answer = self._inner.send_request(
                    "events",
                    "add_batch",
                    method="post",
                    headers={"Content-Type": "application/json-lines"},
                    data=b"\n".join(batch),
                )
                data = self._data("events.add_batch", answer)
            if data.get("errors"):
                raise Refused(f"ClearML took only {data.get('added')} events", code=400)

    def upload(self, path: str, data: IO[bytes], media_type: str) -> str:
        """Streams a file to the file server, and gives its URL."""
        from clearml.utilities.requests_toolbelt import (
            MultipartEncoder,
            MultipartEncoderMonitor,
        )

        body = MultipartEncoder(fields={path: (path, data, media_type)})
        before = 0

        def sent(monitor: Any) -> None:
            nonlocal before
            self._alive(monitor.bytes_read - before)
            before = monitor.bytes_read

        monitor = MultipartEncoderMonitor(body, callback=sent)
        host = self.files
        with _one_line(host, self._limits):
            headers = self._inner.add_auth_headers({"Content-Type": body.content_type})
            answer = self._inner.http.post(
                f"{host}/", data=monitor, headers=headers, timeout=self._limits.both
            )
            self._alive(0)
            if answer.status_code != 200 or path not in _listed(answer):
                raise refusal(f"the file server {host}", answer)
        return f"{host}/{quote(path)}"

    def download(self, url: str, into: IO[bytes]) -> None:
        """Streams a file of the file server, or of a store that the package has credentials for."""
        if urlsplit(url).scheme not in {"http", "https"}:
            self._stored(url, into)
            return
        with _one_line(urlsplit(url).netloc, self._limits):
            headers = self._inner.add_auth_headers({}) if url.startswith(f"{self.files}/") else {}
            with self._inner.http.get(
                url, headers=headers, stream=True, timeout=self._limits.both
            ) as answer:
                if answer.status_code != 200:
                    raise refusal(f"{url}", answer)
                for piece in answer.iter_content(1 << 20):
                    self._alive(0)
                    into.write(piece)

    def _stored(self, url: str, into: IO[bytes]) -> None:
        """A file of a bucket or a folder, as the package itself reads it."""
        with _quietly():
            from clearml import StorageManager

            place, reason = None, "nothing came"
            try:
                place = StorageManager.get_local_copy(url, extract_archive=False)
            except Exception as error:  # of whichever client the store has
                reason = short(str(error))
        if not place:
            raise Unreachable(f"{short(url)} cannot be read ({reason})", hint=STORES)
        self._alive(0)
        with Path(place).open("rb") as file:
            shutil.copyfileobj(file, into, 1 << 20)

    def _data(self, endpoint: str, answer: requests.Response) -> dict[str, Any]:
        self._alive(0)
        try:
            document = answer.json()
            meta, data = document["meta"], document.get("data") or {}
            code, message = int(meta["result_code"]), str(meta["result_msg"])
            subcode = int(meta.get("result_subcode") or 0)
        except (ValueError, KeyError, TypeError):
            raise refusal(self._inner.host, answer) from None
        if code != 200 or answer.status_code != 200:
            hint = SET_UP if code == 401 else None
            raise Refused(
                f"ClearML refused {endpoint}: {message}", code=code, subcode=subcode, hint=hint
            )
        return dict(data)


def open_session(
    alive: Callable[[int], None] = lambda _: None,
    *,
    connect: float = CONNECT,
    silence: float = SILENCE,
) -> Session:
    """Logs in, by ClearML's own configuration.

    `alive` is called whenever something came or went, with the bytes of files that were sent;
    `connect` and `silence` are limits in seconds.

    Raises Unreachable: not configured, wrong credentials, no server.
    """
    limits = Limits(connect, silence)
    with _quietly():
        import clearml.utilities.requests_toolbelt  # noqa: F401 (all of it while it is quiet)
        from clearml.backend_api.session.defs import MissingConfigError

    try:
        with _quietly(), _one_line("ClearML", limits):
            return Session(_bounded(limits)(), alive, limits)
    except MissingConfigError:
        raise Unreachable("ClearML is not configured on this machine", hint=SET_UP) from None
    except DsvError:
        raise
    except Exception as error:
        # A broken clearml.conf, or an answer that is none. A parser's message may quote a secret.
        told = short(str(error)) if isinstance(error, ValueError) else type(error).__name__
        raise Unreachable(f"no login to ClearML ({told})", hint=SET_UP) from None


def current_task() -> Any:
    """The task of this very process, from the package's own state and over its own session; None
    where there is none. Raises InputError where the package is not installed."""
    try:
        with _quietly():
            from clearml import Task
    except ImportError as error:
        raise InputError(
            f"the clearml package cannot be imported ({short(str(error))})",
            hint="pip install clearml",
        ) from None
    return Task.current_task()


def _bounded(limits: Limits) -> Any:
    """The package's session class with a `_send_request` that ends."""
    import requests
    from clearml.backend_api import Session as Base
    from clearml.backend_api.session.request import Request
    from clearml.backend_api.utils import get_http_session_with_retry

    class Bounded(Base):  # type: ignore[misc]
        _http: Any = None

        @property
        def http(self) -> Any:
            """A requests session with the configured certificates and proxies, without retries."""
            if self._http is None:
                self._http = get_http_session_with_retry(total=0, config=self.config)
                # The package would wait for a connection for 300 s before it sends more than 15 kB.
                self._http.write_timeout = (0.0, 0.0)
                patient(self._http, limits.silence)
            return self._http

        def _send_request(  # noqa: PLR0913, PLR0917 (as the package has it)
            self,
            service: str,
            action: str,
            version: str | None = None,
            method: str | None = None,
            headers: dict[str, str] | None = None,
            auth: Any = None,
            data: Any = None,
            json: Any = None,
            refresh_token_if_unauthorized: bool = True,
            params: dict[str, str] | None = None,
        ) -> Any:
            headers = dict(headers or {})
            headers.update(dict.fromkeys(self._WORKER_HEADER, self.worker))
            headers.update(dict.fromkeys(self._CLIENT_HEADER, self.client))
            place = f"{self.host}/v{version}" if version else self.host

            def send() -> Any:
                return self.http.request(
                    method or Request.def_method,
                    f"{place}/{service}.{action}",
                    headers=headers,
                    auth=auth,
                    data=data,
                    json=json,
                    params=params,
                    timeout=limits.both,
                )

            answer = send()
            unauthorized = answer.status_code == requests.codes.unauthorized
            if unauthorized and refresh_token_if_unauthorized:
                self.refresh_token()
                headers = self.add_auth_headers(headers)
                answer = send()
            return answer

    return Bounded


@contextmanager
def _quietly() -> Iterator[None]:
    """Without the warnings of libraries about one another: nobody here can act on them."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


@contextmanager
def _one_line(host: str, limits: Limits) -> Iterator[None]:
    """Errors of the network and of the login, each as one clear line."""
    from clearml.backend_api.session.defs import MissingConfigError
    from clearml.backend_api.session.session import LoginError
    from jwt import InvalidTokenError
    from requests import RequestException

    try:
        yield
    except MissingConfigError:  # a ValueError, which open_session explains
        raise
    except LoginError as error:
        # The package puts an error of the network into its text.
        if isinstance(error.__context__, RequestException):
            raise told(host, limits, error.__context__) from None
        raise login_refused(host, str(error)) from None
    except (RequestException, ValueError, InvalidTokenError) as error:
        raise told(host, limits, error) from None


def _listed(answer: requests.Response) -> list[str]:
    try:
        stored = answer.json()
    except ValueError:
        return []
    return [str(path) for path in stored] if isinstance(stored, list) else []


def _batches(lines: Sequence[bytes]) -> Iterator[list[bytes]]:
    """Lines in groups of at most 4 MB; a longer line goes alone."""
    batch: list[bytes] = []
    size = 0
    for line in lines:
        if batch and size + len(line) > 4_000_000:
            yield batch
            batch, size = [], 0
        batch.append(line)
        size += len(line) + 1
    if batch:
        yield batch
