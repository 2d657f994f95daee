"""What a server, or the way to it, refuses: each refusal as one clear line."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from dsv_git.errors import Unreachable

if TYPE_CHECKING:
    import requests

CONNECT: Final = 2.0
"""Seconds in which a connection must be there."""
SILENCE: Final = 60.0
"""Seconds that a server may stay silent in an answer, or a write may take."""
SET_UP: Final = "run clearml-init, or set CLEARML_API_HOST, CLEARML_API_ACCESS_KEY and \
CLEARML_API_SECRET_KEY"


class Refused(Unreachable):
    """The server answered that it will not; `subcode` tells why (101: no such task, 110: not in
    this state, 801: a project of that name is there)."""

    def __init__(
        self, message: str, *, code: int, subcode: int = 0, hint: str | None = None
    ) -> None:
        super().__init__(message, hint=hint)
        self.code = code
        self.subcode = subcode


@dataclass(frozen=True)
class Limits:
    """Seconds in which a connection must be there, and that a server may stay silent."""

    connect: float = CONNECT
    silence: float = SILENCE

    @property
    def both(self) -> tuple[float, float]:
        """As requests takes them."""
        return self.connect, self.silence


def told(host: str, limits: Limits, error: Exception) -> Unreachable:
    """An error of the network, of an answer or of the login, as one line."""
    from requests import exceptions

    if isinstance(error, exceptions.RequestException) and error.request is not None:
        host = urlsplit(str(error.request.url)).netloc or host
    if isinstance(error, exceptions.SSLError):
        return _certificate(host, _cause(error))
    if isinstance(error, exceptions.ConnectTimeout):
        return Unreachable(f"{host} does not answer (no connection in {limits.connect:g} s)")
    if isinstance(error, exceptions.Timeout):
        return Unreachable(f"{host} does not answer (silent for {limits.silence:g} s)")
    if isinstance(error, exceptions.RequestException):
        return Unreachable(f"{host} is not reachable ({_cause(error)})")
    # A new login in between was answered with something else than a token.
    return Unreachable(f"{host} answers, but not as ClearML does ({short(str(error))})")


def login_refused(host: str, text: str) -> Unreachable:
    """A login that the server answered, but not with a token."""
    if "401" in text:
        return Refused(f"ClearML refused the login: {short(text)}", code=401, hint=SET_UP)
    return Unreachable(f"no login to {host} ({short(text)})")


def _certificate(host: str, reason: str) -> Unreachable:
    return Unreachable(
        f"{host}: the TLS certificate was not accepted ({reason})",
        hint="api.verify_certificate in clearml.conf names the authority's file",
    )


def _cause(error: BaseException) -> str:
    """The innermost reason in one short line."""
    while error.__context__ is not None or error.__cause__ is not None:
        error = error.__cause__ or error.__context__  # type: ignore[assignment]
    return short(str(getattr(error, "strerror", None) or error) or type(error).__name__)


def short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= 200 else f"{line[:200]}…"


def refusal(place: str, answer: requests.Response) -> Refused:
    kind = answer.headers.get("Content-Type", "").partition(";")[0] or "no type"
    return Refused(
        f"{place} answered {answer.status_code} ({kind}), which is not ClearML's answer",
        code=answer.status_code,
        hint=SET_UP if answer.status_code == 401 else None,
    )
