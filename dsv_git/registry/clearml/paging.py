"""Lists that the server gives page by page."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from dsv_git.registry.clearml.session import Session

PAGE: Final = 500
"""Tasks that are listed at once: as many as the server gives."""


def every_task(session: Session, query: Mapping[str, object]) -> Iterator[dict[str, Any]]:
    """All tasks that a query finds, hidden ones too. It must say an order."""
    number = 0
    while True:
        paged = {**query, "search_hidden": True, "page_size": PAGE, "page": number}
        tasks = session.call("tasks.get_all_ex", paged).get("tasks") or ()
        yield from tasks
        if len(tasks) < PAGE:
            return
        number += 1
