"""The API server's application: one JSON document in, one out."""

from __future__ import annotations

import json
import re
from datetime import datetime
from typing import Any

from werkzeug import Request, Response

from tests.clearml_server import (
    event_reads,
    events,
    projects,
    task_edits,
    task_status,
    tasks,
    users,
)
from tests.clearml_server.endpoints import ENDPOINTS, Question
from tests.clearml_server.errors import ApiError
from tests.clearml_server.login import API_VERSION, Login
from tests.clearml_server.store import Json, Store, new_id

SERVICES = (event_reads, events, projects, task_edits, task_status, tasks, users)
"""The modules that enter their endpoints into the table."""
PATH = re.compile(r"^/(?:v(?P<version>\d+(?:\.\d+)?)/)?(?P<name>[\w.]*)/?$")


def _plain(value: Any) -> str:
    if isinstance(value, datetime):
        return value.isoformat(timespec="microseconds")
    raise TypeError(f"not for JSON: {value!r}")


def envelope(name: str, version: str, error: ApiError | None, data: Json) -> Response:
    """An answer of the API: `meta` and `data`."""
    status = error.status if error else 200
    identity = new_id()
    known = ENDPOINTS.get(name)
    meta = {
        "id": identity,
        "trx": identity,
        "endpoint": {
            "name": name,
            "requested_version": version,
            "actual_version": known.version if known else None,
        },
        "result_code": status,
        "result_subcode": error.subcode if error else 0,
        "result_msg": error.message if error else "OK",
        "error_stack": None,
        "error_data": {},
    }
    body = json.dumps({"meta": meta, "data": data}, default=_plain)
    return Response(body, status, content_type="application/json")


def address(path: str) -> tuple[str, str]:
    """Endpoint and requested version of a path."""
    found = PATH.match(path)
    if found is None:
        return path.strip("/"), API_VERSION
    return found["name"], found["version"] or API_VERSION


class Api:
    """Answers the API's requests out of a store."""

    def __init__(self, store: Store, login: Login) -> None:
        self._store = store
        self._login = login

    def answer(self, request: Request) -> Response:
        """Login, body, endpoint; every refusal in the API's own form."""
        name, version = address(request.path)
        try:
            data = self._answer(request, name, version)
        except ApiError as refusal:
            return envelope(name, version, refusal, {})
        return data

    def _answer(self, request: Request, name: str, version: str) -> Response:
        known = ENDPOINTS.get(name)
        if known is None:
            raise ApiError(404, 0, f"Unable to find endpoint for name {name} and version {version}")
        self._login.check(request.authorization)
        question = _question(request, self._login)
        with self._store.lock:
            return envelope(name, version, None, known.handle(self._store, question))


def _question(request: Request, login: Login) -> Question:
    worker = request.headers.get("X-ClearML-Worker", "<unknown>")
    body = request.get_data(cache=False)
    try:
        if request.mimetype == "application/json-lines":
            batch = [json.loads(line) for line in body.splitlines() if line.strip()]
            return Question({}, batch, worker, login.token)
        data = json.loads(body) if body.strip() else dict(request.args)
    except ValueError as problem:
        raise ApiError(400, 0, "Bad request", f"failed parsing json data: {problem}") from None
    if not isinstance(data, dict):
        raise ApiError(400, 0, "Bad request", "a JSON object is needed")
    return Question(data, [], worker, login.token)
