"""What `get_all_ex` makes of references: objects, with what was asked of the other document."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from tests.clearml_server.queries import Fields, project_fields
from tests.clearml_server.store import USER, Json, Store


def joined(
    store: Store, document: Json, kind: Fields, only: object, hide: Sequence[str] = ()
) -> Json:
    """The asked fields of a document. A reference is an object with the other's ID, and, of a
    project or a user, with the fields that `only` names (`project.name`)."""
    fields = [only] if isinstance(only, str) else list(only or ())  # type: ignore[call-overload]
    others: dict[str, Mapping[str, Json]] = {
        "project": store.projects,
        "user": {USER: {"id": USER, "name": USER}},
    }
    asked: dict[str, list[str]] = {}
    for field in fields:
        head, _, inner = str(field).partition(".")
        if head in others and inner:
            asked.setdefault(head, ["id"]).append(inner)
    plain = [field for field in fields if str(field).partition(".")[0] not in asked]
    result = project_fields(document, [*plain, *asked], hide)
    for reference in kind.references:
        value = result.get(reference)
        if isinstance(value, str):
            other = others.get(reference, {}).get(value) if reference in asked else None
            result[reference] = project_fields(other, asked[reference]) if other else {"id": value}
    return result
