"""The file server: uploads as multipart forms, files by path."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO, Any
from urllib.parse import unquote_plus

from werkzeug import Request, Response
from werkzeug.exceptions import HTTPException, MethodNotAllowed, NotFound, Unauthorized
from werkzeug.security import safe_join
from werkzeug.utils import send_from_directory

from tests.clearml_server.errors import ApiError
from tests.clearml_server.login import Login


class Files:
    """The files, in a folder; paths as the server names them, without a leading slash."""

    def __init__(self, root: Path) -> None:
        self.root = root / "files"
        self.arriving = root / "arriving"
        for folder in (self.root, self.arriving):
            folder.mkdir(parents=True)

    def place(self, path: str) -> Path:
        """Where a path is kept; `NotFound` if it leads out."""
        safe = safe_join(str(self.root), path.lstrip("/"))
        if safe is None or not path.strip("/"):
            raise NotFound
        return Path(safe)

    def __iter__(self) -> Iterator[str]:
        """All paths, sorted."""
        found = (p.relative_to(self.root).as_posix() for p in self.root.rglob("*") if p.is_file())
        return iter(sorted(found))

    def __contains__(self, path: object) -> bool:
        return isinstance(path, str) and self.place(path).is_file()

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def read(self, path: str) -> bytes:
        """What a file holds."""
        return self.place(path).read_bytes()

    def write(self, path: str, content: bytes) -> None:
        """Puts a file there, as if it had been uploaded."""
        place = self.place(path)
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(content)

    def remove(self, path: str) -> None:
        """Takes a file away."""
        self.place(path).unlink()


class Upload(Request):
    """A request whose files are written straight to where they stay, one copy of each."""

    max_form_memory_size = None

    def arriving_in(self, folder: Path) -> Upload:
        """Sets where files are written while they come."""
        self._folder = folder
        return self

    def _get_file_stream(self, *_given: object, **_named: object) -> IO[bytes]:
        stream: IO[bytes] = tempfile.NamedTemporaryFile(dir=self._folder, delete=False)  # noqa: SIM115
        return stream


class FileServer:
    """Answers the file server's requests."""

    def __init__(self, files: Files, login: Login) -> None:
        self._files = files
        self._login = login

    def answer(self, request: Request) -> Response:
        """One request; refusals are small HTML pages."""
        acts: dict[str, Callable[[Request], Response]] = {
            "GET": self._get,
            "HEAD": self._get,
            "POST": self._post,
            "PUT": self._post,
            "DELETE": self._delete,
        }
        try:
            if request.path == "/" and request.method in ("GET", "HEAD"):
                return Response("OK", content_type="text/html; charset=utf-8")
            self._check(request)
            if request.method not in acts:
                raise MethodNotAllowed
            return acts[request.method](request)
        except HTTPException as refusal:
            page = refusal.get_response(request.environ)
            return Response(page.get_data(), page.status_code, content_type=page.content_type)

    def _check(self, request: Request) -> None:
        given = request.authorization
        if given is None:
            raise Unauthorized
        if given.type != "bearer":
            raise Unauthorized(response=_page("Only bearer token authorization is supported", 401))
        try:
            self._login.check_token(given.token or "")
        except ApiError as refusal:
            raise Unauthorized(response=_page(refusal.message, 401)) from None

    def _get(self, request: Request) -> Response:
        return send_from_directory(self._files.root, request.path.lstrip("/"), request.environ)

    def _post(self, request: Request) -> Response:
        if request.path == "/delete_many":
            return self._delete_many(request)
        if request.path != "/":
            raise MethodNotAllowed
        upload = Upload(request.environ).arriving_in(self._files.arriving)
        stored = []
        for name, part in upload.files.items():
            part.stream.close()
            place = self._files.place(name)
            place.parent.mkdir(parents=True, exist_ok=True)
            _path_of(part.stream).replace(place)
            stored.append(name.lstrip("/"))
        return _page(json.dumps(stored), 200)

    def _delete(self, request: Request) -> Response:
        path = request.path.lstrip("/")
        if path not in self._files:
            return _page(f"File {path} not found", 404)
        self._files.remove(path)
        return _page(json.dumps(path), 200)

    def _delete_many(self, request: Request) -> Response:
        deleted, missing = {}, []
        for path in request.get_json(force=True)["files"]:
            plain = unquote_plus(path)
            if plain in self._files:
                self._files.remove(plain)
                deleted[path] = plain
            else:
                missing.append(path)
        errors = {"Not found": missing} if missing else {}
        return _page(json.dumps({"deleted": deleted, "errors": errors}), 200)


def _page(text: str, status: int) -> Response:
    return Response(text, status, content_type="text/html; charset=utf-8")


def _path_of(stream: Any) -> Path:
    return Path(stream.name)
