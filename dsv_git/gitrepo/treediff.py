"""Which files differ between two trees, by ids alone: folders of the same id are never opened."""

from __future__ import annotations

from dsv_git.gitrepo.objects import Objects


def changed_blobs(
    objects: Objects, before: str | None, after: str | None
) -> dict[str, tuple[str | None, str | None]]:
    """The files that differ between two trees (by any names that git resolves; None is an empty
    one): path → the ids of the blobs before and after, None where there is no such file."""
    found: dict[str, tuple[str | None, str | None]] = {}
    todo = [("", before, after)]
    while todo:
        prefix, old, new = todo.pop()
        sides = tuple(
            {item.name: item for item in objects.tree(tree)} if tree else {} for tree in (old, new)
        )
        for name in sorted(sides[0].keys() | sides[1].keys()):
            one, other = (side.get(name) for side in sides)
            if one is not None and other is not None and one.id == other.id:
                continue
            ids = [{item.kind: item.id} if item is not None else {} for item in (one, other)]
            if "tree" in ids[0] or "tree" in ids[1]:
                todo.append((f"{prefix}{name}/", ids[0].get("tree"), ids[1].get("tree")))
            if "blob" in ids[0] or "blob" in ids[1]:
                found[prefix + name] = (ids[0].get("blob"), ids[1].get("blob"))
    return found
