"""Asks a server what the real one was asked, and tells where the answers differ.

What the real server minted (IDs, dates, tokens) is compared through a dictionary: an ID or a date
of the recording must always stand for the same one of ours, and an ID of ours for one of theirs.
Everything else must be equal.
"""

from __future__ import annotations

import base64
import http.client
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

from tests.clearml_server.server import ClearMLServer
from tests.clearml_server.store import Json

RECORDING = Path(__file__).with_name("exchanges.jsonl")
ID = re.compile(r"[0-9a-f]{32}")
DATE = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}(\d{3}\+00:00|Z)")
TOKEN = "<token>"
CUT = "\u2026"
"""What stands at the end of a text that the recording cut short."""


def exchanges() -> list[Json]:
    """The recorded lines; those with the key `scenario` are headings."""
    return [json.loads(line) for line in RECORDING.read_text("utf-8").splitlines()]


@dataclass
class Names:
    """What of theirs stands for what of ours."""

    ours: dict[str, str] = field(default_factory=dict)

    def translate(self, text: str) -> str:
        """A text of theirs with our IDs in it."""
        return ID.sub(lambda found: self.ours.get(found[0], found[0]), text)

    def same(self, theirs: str, ours: str) -> bool:
        """Whether two IDs or dates can stand for each other; remembers it."""
        if theirs in self.ours:
            return self.ours[theirs] == ours
        if ID.fullmatch(theirs) and ours in self.ours.values():
            return False
        self.ours[theirs] = ours
        return True


def _same_kind(theirs: str, ours: str) -> bool:
    if theirs == TOKEN:
        return ours.count(".") == 2
    for kind in (ID, DATE):
        if kind.fullmatch(theirs):
            return kind.fullmatch(ours) is not None
    return False


def differences(theirs: Any, ours: Any, names: Names, where: str = "") -> Iterator[str]:
    """Every place where our answer is not theirs."""
    if isinstance(theirs, dict) and isinstance(ours, dict):
        theirs = {names.translate(key): value for key, value in theirs.items()}
        for key in sorted(theirs.keys() | ours.keys()):
            if key not in theirs or key not in ours:
                yield f"{where}.{key}: {'ours' if key in ours else 'theirs'} alone has it"
            else:
                yield from differences(theirs[key], ours[key], names, f"{where}.{key}")
    elif isinstance(theirs, list) and isinstance(ours, list):
        if len(theirs) != len(ours):
            yield f"{where}: {len(ours)} items, not {len(theirs)}"
        for n, (one, other) in enumerate(zip(theirs, ours, strict=False)):
            yield from differences(one, other, names, f"{where}[{n}]")
    elif isinstance(theirs, str) and isinstance(ours, str):
        known = theirs == TOKEN and _same_kind(theirs, ours)
        minted = _same_kind(theirs, ours) and theirs != TOKEN and names.same(theirs, ours)
        if not (known or minted or names.translate(theirs) == ours):
            yield f"{where}: {ours[:200]!r}, not {theirs[:200]!r}"
    elif type(theirs) is not type(ours) or theirs != ours:
        yield f"{where}: {ours!r}, not {theirs!r}"


@dataclass
class Replay:
    """A walk through the recording."""

    server: ClearMLServer
    lines: list[Json]
    names: Names = field(default_factory=Names)

    def run(self, start: int = 0, end: int | None = None) -> Iterator[str]:
        """Every difference from line `start` (0 is the first) to before `end`, with its line."""
        for number, line in list(enumerate(self.lines))[start:end]:
            if "scenario" in line:
                continue
            for difference in self._ask(number, line):
                yield f"line {number + 1}, {line['method']} {line['path'][:80]}: {difference}"

    def _ask(self, number: int, line: Json) -> Iterator[str]:
        files = line["server"] == "files"
        url = self.server.files_url if files else self.server.api_url
        connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=10)
        body = self._upload(number, line) if files else _api_body(line, self.names)
        path = quote(self.names.translate(line["path"]))
        connection.request(line["method"], path, body, self._headers(line))
        answer = connection.getresponse()
        content = answer.read()
        connection.close()
        if answer.status != line["status"]:
            yield f"status {answer.status}, not {line['status']}"
        kind = line["response_headers"].get("Content-Type")
        if answer.headers["Content-Type"] != kind:
            yield f"{answer.headers['Content-Type']}, not {kind}"
        theirs = line["response"]
        if isinstance(theirs, dict) and theirs.keys() == {"bytes"}:
            ours: Any = {"bytes": len(content)}
        else:
            ours = json.loads(content)
        yield from differences(theirs, ours, self.names)

    def _headers(self, line: Json) -> dict[str, str]:
        # a few recorded calls were written down without the header that they were sent with
        headers = {"X-ClearML-Worker": "worker:0", **line["request_headers"]}
        given = headers.get("Authorization", "")
        refused = line["status"] == 401
        if given.startswith("Basic"):
            login = self.server.login
            pair = "no:body" if refused else f"{login.access_key}:{login.secret_key}"
            headers["Authorization"] = "Basic " + base64.b64encode(pair.encode()).decode()
        elif given.startswith("Bearer"):
            token = "notatoken" if refused else self.server.login.token()
            headers["Authorization"] = f"Bearer {token}"
        return headers

    def _upload(self, number: int, line: Json) -> bytes | None:
        if line["method"] != "POST":
            return None
        boundary = line["request_headers"]["Content-Type"].rpartition("boundary=")[2]
        end = f"\r\n--{boundary}--\r\n".encode()
        if "bytes" in line["request"]:
            name = quote(self.names.translate("/" + line["response"][0]), safe="/ ")
            head = (
                f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"; '
                f'filename="{name}"\r\nContent-Type: application/zip\r\n\r\n'
            ).encode()
            size = self._size_read_back(number, line["response"][0])
            return head + b"x" * size + end
        head_text, _, content = line["request"]["text"].partition("\r\n\r\n")
        read_back = self._read_back(number, line["response"][0])
        if read_back is not None:
            content = json.dumps(read_back)
        else:
            content = content.partition(f"\r\n--{boundary}")[0]
        whole = self.names.translate(f"{head_text}\r\n\r\n{content}")
        return whole.encode() + end

    def _read_back(self, number: int, path: str) -> Any:
        """What the recording later reads from this path: it cut long uploads short."""
        for line in self.lines[number:]:
            if line.get("method") == "GET" and line.get("path") == f"/{path}":
                return line["response"]
        return None

    def _size_read_back(self, number: int, path: str) -> int:
        found = self._read_back(number, path)
        return int(found["bytes"]) if found else 100


def _api_body(line: Json, names: Names) -> bytes | None:
    request = line["request"]
    if request is None:
        return None
    if line["request_headers"].get("Content-Type") == "application/json-lines":
        events = request.get("json_lines", [request])
        text = "\n".join(json.dumps(event) for event in events) + "\n"
    else:
        text = json.dumps(request)
    return names.translate(text).encode()
