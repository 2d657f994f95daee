"""The file systems of object stores, and what their errors mean. Only this module knows fsspec.

Credentials are found by the store's own library: its environment variables, profiles, roles.
"""

from __future__ import annotations

from typing import Any

from dsv_git.manifest.url import Url
from dsv_git.scan.storage.meaning import CONNECT, READ, TRIES, meaning, reason


def file_system(url: Url, streams: int) -> Any:
    """The file system of a store, made for so many requests at once. No request is made.

    Raises InputError where the store's package finds its configuration wanting.
    """
    options: dict[str, Any] = {"skip_instance_cache": True, "use_listings_cache": False}
    if url.scheme == "s3":
        options["config_kwargs"] = {
            "connect_timeout": CONNECT,
            "read_timeout": READ,
            "max_pool_connections": streams,
            "retries": {"mode": "standard", "total_max_attempts": TRIES},
        }
    try:
        from fsspec.core import url_to_fs

        found = url_to_fs(str(url), **options)[0]
    except Exception as error:  # what the store's library finds wrong with its configuration
        raise meaning(url, error) from None
    if url.scheme == "s3":
        found.retries = 1  # botocore's own tries are enough: each may wait for READ seconds
    return found


def read(system: Any, body: Any, size: int) -> bytes:
    """The next bytes of a body of S3, read on the file system's loop, from any thread.

    Raises OSError for a connection that breaks, whichever library says so.
    """
    from fsspec.asyn import sync

    try:
        data: bytes = sync(system.loop, body.read, size)
    except OSError:
        raise
    except Exception as error:
        raise ConnectionError(reason(error)) from None
    return data


def close(system: Any, body: Any) -> None:
    """Gives up a body of S3 that was not read to its end."""
    system.loop.call_soon_threadsafe(body.close)
