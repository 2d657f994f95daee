"""What errors of a store and of its library mean to a person."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from dsv_git.errors import DsvError, InputError, Unreachable
from dsv_git.manifest.names import printable
from dsv_git.manifest.url import Url
from dsv_git.scan.refusals import RootMissing, unreadable
from dsv_git.scan.storage.port import changed

CONNECT: Final = 5
"""Seconds to wait for a connection."""
READ: Final = 30
"""Seconds to wait for the next bytes."""
TRIES: Final = 3

_LOGIN: Final = (  # of botocore, google-auth and azure-identity
    "NoCredentialsError",
    "PartialCredentialsError",
    "CredentialRetrievalError",
    "ProfileNotFound",
    "TokenRetrievalError",
    "UnauthorizedSSOTokenError",
    "SSOTokenLoadError",
    "DefaultCredentialsError",
    "RefreshError",
    "ClientAuthenticationError",
)
_HINTS: Final = {
    "s3": "aws configure, or AWS_PROFILE; AWS_ENDPOINT_URL for a store that is not Amazon's",
    "gs": "gcloud auth application-default login, or GOOGLE_APPLICATION_CREDENTIALS",
}
_AZURE: Final = "az login, or AZURE_STORAGE_CONNECTION_STRING"


@contextmanager
def translated(url: Url, path: str = "") -> Iterator[None]:
    """Errors of a store's library, as what a person is told: of one file, or of the whole place."""
    try:
        yield
    except (DsvError, KeyboardInterrupt, GeneratorExit):
        raise
    except Exception as error:
        raise meaning(url, error, path) from None


def meaning(url: Url, error: Exception, path: str = "") -> DsvError:
    """What an error of a store's library means."""
    where, name = printable(str(url)), type(error).__name__
    if _is_other(error):
        return changed(path)
    if isinstance(error, FileNotFoundError):
        gone = RootMissing(f"there is no {where}", hint="is the name right?")
        return unreadable(path, error) if path else gone
    if name in _LOGIN:
        return InputError(f"there are no credentials for {where}", hint=login(url))
    if isinstance(error, ValueError) or name == "ParamValidationError":  # of adlfs, of botocore
        return InputError(f"{where} cannot be asked: {reason(error)}", hint=login(url))
    if isinstance(error, PermissionError):
        what = f"{printable(path)} in {where}" if path else where
        hint = f"other credentials: {login(url)}"
        return InputError(f"{what} is refused: {reason(error)}", hint=hint)
    return Unreachable(f"{where} does not answer: {reason(error)}", hint="run again later")


def _is_other(error: BaseException) -> bool:
    """Whether a store says that the object is not the one that was asked for (HTTP's 412)."""
    seen: BaseException | None = error
    while seen is not None:
        answer = getattr(seen, "response", None)
        if isinstance(answer, dict):
            return answer.get("Error", {}).get("Code") in {"PreconditionFailed", "412"}
        seen = seen.__cause__ or seen.__context__
    return False


def login(url: Url) -> str:
    """What a person types to be known to a store."""
    return _HINTS.get(url.scheme, _AZURE)


def reason(error: BaseException) -> str:
    """An error in one short line."""
    text = " ".join(str(error).split())
    return printable(text[:200]) or type(error).__name__
