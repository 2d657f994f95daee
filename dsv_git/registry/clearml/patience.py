"""Connections that must be there soon, but on which a slow line may take its time to send."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import requests


def patient(session: requests.Session, silence: float) -> None:
    """Lets a send wait `silence` seconds once there is a connection. urllib3 sends with the limit
    for connecting, in which a large body does not go over a slow line."""
    from urllib3 import HTTPConnectionPool, HTTPSConnectionPool

    pools = {
        "http": _pool(HTTPConnectionPool, silence),
        "https": _pool(HTTPSConnectionPool, silence),
    }
    for adapter in session.adapters.values():
        # A proxy has a manager of its own, which keeps urllib3's way.
        adapter.poolmanager.pool_classes_by_scheme = pools  # type: ignore[attr-defined]


def _pool(base: Any, silence: float) -> Any:
    class Connection(base.ConnectionCls):  # type: ignore[misc]
        def connect(self) -> None:
            super().connect()
            self.sock.settimeout(silence)

    class Pool(base):  # type: ignore[misc]
        ConnectionCls = Connection

    return Pool
