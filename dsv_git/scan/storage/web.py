"""A web server's folder as a storage that is only read.

A web server lists nothing: which files there are, a manifest says. `requests` finds credentials in
the person's own `.netrc`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, BinaryIO, Final

from dsv_git.errors import InputError, Unreachable
from dsv_git.manifest.names import printable
from dsv_git.scan.patterns import Patterns
from dsv_git.scan.refusals import unreadable
from dsv_git.scan.storage.elsewhere import Elsewhere
from dsv_git.scan.storage.fetched import fetched
from dsv_git.scan.storage.meaning import CONNECT, READ, TRIES, reason, translated
from dsv_git.scan.storage.naming import Naming
from dsv_git.scan.storage.objectstream import Answer, ObjectStream
from dsv_git.scan.storage.port import LeftOut, Stored, changed, safe

if TYPE_CHECKING:
    from requests import Response, Session

_GONE: Final = (404, 410)
_NO_HEAD: Final = (405, 501)
_BUSY: Final = (429, 500, 502, 503, 504)


@dataclass(frozen=True)
class Web(Elsewhere):
    """The files below a URL. A stamp is the ETag, or where there is none the date of the last
    change; `listed` gives the paths that may be there."""

    listed: Callable[[], Iterable[str]] | None = None

    @cached_property
    def _session(self) -> Session:
        from requests import Session
        from requests.adapters import HTTPAdapter
        from urllib3.util import Retry

        retry = Retry(TRIES, backoff_factor=0.2, status_forcelist=_BUSY, raise_on_status=False)
        session = Session()
        for scheme in ("http://", "https://"):
            session.mount(scheme, HTTPAdapter(1, self.streams, max_retries=retry))
        return session

    def listing(self, patterns: Patterns, left_out: LeftOut) -> Iterator[Stored]:
        """Those of the listed files that are there: one request each. Raises InputError where no
        list says what may be there."""
        from concurrent.futures import ThreadPoolExecutor

        if self.listed is None:
            raise InputError(
                f"a web server does not list its files: {self.where}",
                hint="write a list of them (path,size,hash), and: dsv import LIST",
            )
        naming = Naming(patterns, left_out)
        paths = [path for path in self.listed() if naming.takes(path, 1)]
        with ThreadPoolExecutor(self.streams) as pool:
            try:
                yield from (found for found in pool.map(self.stat, paths) if found is not None)
            except BaseException:
                pool.shutdown(wait=False, cancel_futures=True)
                raise

    def stat(self, path: str) -> Stored | None:
        """As of the port."""
        answer = self._ask("HEAD", path)
        if answer.status_code in _NO_HEAD:
            answer = self._ask("GET", path)
        with answer:
            # A folder is answered with a way to its index.
            if answer.status_code in _GONE or answer.url.split("?")[0].endswith("/"):
                return None
            self._refuse(answer, path)
            size = answer.headers.get("Content-Length", "")
            if not size.isdecimal():
                raise InputError(f"{self.where} does not say how large {printable(path)} is")
            return Stored(path, int(size), _stamp(answer.headers))

    def open(self, path: str, stamp: str = "") -> BinaryIO:
        """As of the port: one GET, and another one from where a connection broke."""

        def request(position: int, wanted: str) -> Answer:
            answer = self._ask("GET", path, {"Range": f"bytes={position}-"} if position else {})
            try:
                if answer.status_code in _GONE:
                    raise unreadable(path, FileNotFoundError())
                self._refuse(answer, path)
                now, size = _stamp(answer.headers), answer.headers.get("Content-Length", "")
                if wanted and wanted != now:
                    raise changed(path)
                if position and answer.status_code != 206:
                    raise Unreachable(f"{self.where} broke off, and sends no parts of files")
            except BaseException:
                answer.close()
                raise
            return Answer(now, int(size) if size.isdecimal() else None, answer)

        return fetched(ObjectStream(request, _read, _close, stamp), self.url, path)

    def put(self, path: str, content: BinaryIO) -> None:  # noqa: ARG002
        """Raises InputError: nothing is written to a web server."""
        safe(path)
        raise InputError(f"{self.where} is only read", hint="a folder, or a bucket")

    def delete(self, path: str) -> None:
        """Raises InputError: nothing is deleted on a web server."""
        safe(path)
        raise InputError(f"{self.where} is only read", hint="a folder, or a bucket")

    def _ask(self, method: str, path: str, head: Mapping[str, str] | None = None) -> Response:
        headers = {"Accept-Encoding": "identity", **(head or {})}
        with translated(self.url, safe(path)):
            return self._session.request(
                method,
                self.url.file(path),
                headers=headers,
                timeout=(CONNECT, READ),
                stream=True,
                allow_redirects=True,
            )

    def _refuse(self, answer: Response, path: str) -> None:
        """Raises what an answer that is no success means."""
        code = answer.status_code
        if code < 400:
            return
        said = f"{self.where} answers {code} for {printable(path)}"
        if code in _BUSY:
            raise Unreachable(said, hint="run again later")
        login = "a login for this server in ~/.netrc" if code in {401, 403} else None
        raise InputError(said, hint=login)


def _stamp(headers: Mapping[str, str]) -> str:
    return (headers.get("ETag") or headers.get("Last-Modified") or "").strip().strip('"')


def _read(answer: Any, size: int) -> bytes:
    from urllib3.exceptions import HTTPError

    try:
        data: bytes = answer.raw.read(size)
    except HTTPError as error:
        raise ConnectionError(reason(error)) from None
    return data


def _close(answer: Any) -> None:
    answer.close()
