"""What a test holds in its hand: start, stop, fail, look."""

from __future__ import annotations

import shutil
import tempfile
import threading
from collections.abc import Callable, Iterable
from pathlib import Path
from types import TracebackType
from typing import Any

from werkzeug import Request, Response

from tests.clearml_server.api import Api, address
from tests.clearml_server.calls import Call, Side
from tests.clearml_server.faults import FOR_GOOD, Plan, Way, failing
from tests.clearml_server.files import Files, FileServer
from tests.clearml_server.http import CLOSE, HOST, Listening
from tests.clearml_server.login import Login
from tests.clearml_server.store import Json, Store
from tests.clearml_server.throttle import Throttle

SIDES: tuple[Side, Side] = ("api", "files")


class ClearMLServer:
    """An API server and a file server on two ports of the loopback, over one store.

    Use it as a context manager. `stop` and `start` may follow each other as often as you like:
    the ports and the store stay. `close` also removes the files.
    """

    def __init__(
        self,
        api_port: int = 0,
        files_port: int = 0,
        *,
        bandwidth: float | None = None,
        latency: float = 0.0,
    ) -> None:
        """Port 0 takes a free one; `bandwidth` in bytes per second, `latency` in seconds."""
        self._folder = Path(tempfile.mkdtemp(prefix="clearml-server-"))
        self.store = Store()
        self.files = Files(self._folder)
        self.login = Login()
        self._ports: dict[Side, int] = {"api": api_port, "files": files_port}
        self._answers: dict[Side, Callable[[Request], Response]] = {
            "api": Api(self.store, self.login).answer,
            "files": FileServer(self.files, self.login).answer,
        }
        self._ended = threading.Event()
        self._throttle = Throttle(bandwidth, latency, self._ended)
        self._listening: list[Listening] = []
        self._counting = threading.Lock()
        self._calls: list[Call] = []
        self._plan: Plan | None = None
        self.on_call: Callable[[Call], None] = lambda _: None
        """Is told of every call before it is answered, in the call's own thread."""

    # What a client needs

    @property
    def api_url(self) -> str:
        """The API server's address, without a slash at the end."""
        return f"http://{HOST}:{self._ports['api']}"

    @property
    def files_url(self) -> str:
        """The file server's address."""
        return f"http://{HOST}:{self._ports['files']}"

    @property
    def web_url(self) -> str:
        """The web pages' address, where nobody listens."""
        return "http://app.test"

    @property
    def environment(self) -> dict[str, str]:
        """What the SDK must find in its environment; no configuration file is read then."""
        return {
            "CLEARML_API_HOST": self.api_url,
            "CLEARML_WEB_HOST": self.web_url,
            "CLEARML_FILES_HOST": self.files_url,
            "CLEARML_API_ACCESS_KEY": self.login.access_key,
            "CLEARML_API_SECRET_KEY": self.login.secret_key,
            "CLEARML_CONFIG_FILE": str(self._folder / "no-such-clearml.conf"),
        }

    @property
    def quick_environment(self) -> dict[str, str]:
        """As `environment`, with one setting of the SDK that spares its users long waits.

        Reports come from a thread and not from a process of their own: `Task.close` then takes
        tenths of a second, otherwise 10 to 20 seconds, with the real server as with this one.
        """
        configuration = self._folder / "clearml.conf"
        configuration.write_text("sdk { development { report_use_subprocess: false } }\n", "utf-8")
        return {**self.environment, "CLEARML_CONFIG_FILE": str(configuration)}

    # Life

    def start(self) -> ClearMLServer:
        """Listens (again); planned failures are forgotten."""
        self.stop()
        self._give_back()
        self._ended.clear()
        self._plan = None
        for side in SIDES:
            listening = Listening(self._ports[side], self._app(side))
            self._ports[side] = listening.port
            self._listening.append(listening)
        return self

    def stop(self) -> None:
        """Ends all connections, hanging ones too; connections are refused until `start`."""
        self._ended.set()
        for listening in self._listening:
            listening.end()

    def _give_back(self) -> None:
        while self._listening:
            self._listening.pop().give_back()

    def close(self) -> None:
        """Stops for good, gives the ports back and removes the files."""
        self.stop()
        self._give_back()
        shutil.rmtree(self._folder, ignore_errors=True)

    def __enter__(self) -> ClearMLServer:
        return self.start()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        problem: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    # What happened, what is there

    @property
    def calls(self) -> tuple[Call, ...]:
        """Every request since the last `forget_calls`, in order of arrival."""
        with self._counting:
            return tuple(self._calls)

    def forget_calls(self) -> None:
        """Starts a new log."""
        with self._counting:
            self._calls.clear()

    @property
    def tasks(self) -> dict[str, Json]:
        """The tasks by ID; changes count."""
        return self.store.tasks

    @property
    def projects(self) -> dict[str, Json]:
        """The projects by ID; changes count."""
        return self.store.projects

    @property
    def events(self) -> list[Json]:
        """The events in order of arrival; changes count."""
        return self.store.events

    # What goes wrong

    def fail(self, at: int, way: Way, then: Way | None = None) -> None:
        """Lets the `at`-th call from now (the next one is 1) fail, over both servers.

        `then` is the way of all calls after it; None answers them, except that after `DIE` and
        `REFUSE` nobody listens until `start`. A later `fail` replaces an earlier one.
        """
        if at < 1:
            raise ValueError("calls count from 1")
        with self._counting:
            self._plan = Plan(at, way, then)
            self._close_if_due()

    def heal(self) -> None:
        """Forgets planned failures; who does not listen any more needs `start`."""
        with self._counting:
            self._plan = None

    def _close_if_due(self, way: Way | None = None) -> None:
        if way in FOR_GOOD or (self._plan and self._plan.closing):
            for listening in self._listening:
                listening.refuse()

    def _arrive(self, side: Side, request: Request) -> tuple[Call, Way | None]:
        endpoint = address(request.path)[0] if side == "api" else request.path
        size = request.content_length or 0
        with self._counting:
            call = Call(side, endpoint, request.method, size, len(self._calls) + 1)
            self._calls.append(call)
            way = self._plan.next() if self._plan else None
            self._close_if_due(way)
        return call, way

    def _app(self, side: Side) -> Callable[..., Iterable[bytes]]:
        answer = self._answers[side]

        def app(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
            environ["wsgi.input"] = self._throttle.incoming(environ["wsgi.input"])
            request = Request(environ)
            call, way = self._arrive(side, request)
            self.on_call(call)
            self._throttle.delay()
            response = failing(way, call, request, answer, self._ended) if way else answer(request)
            environ[CLOSE] = response.close
            return self._throttle.outgoing(response(environ, start_response))

        return app
