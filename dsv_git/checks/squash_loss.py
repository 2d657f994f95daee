"""Rule `squash-loss`: a version that a merged side registered keeps its record."""

from __future__ import annotations

from collections.abc import Iterator

from dsv_git.checks.content import Content
from dsv_git.checks.finding import Problem
from dsv_git.checks.rule import Rule
from dsv_git.checks.saying_yes import unless_meant
from dsv_git.checks.subject import all_records, record_files
from dsv_git.manifest.manifest import Manifest


def check_content(content: Content) -> Iterator[Problem]:
    """Records of a merged side whose version has none in the result, nor later."""
    for merge in content.merges:
        for name in merge.manifests():
            subject = content.by_name.get(name)
            kept = [one for one in (merge.result.get(name), subject and subject.manifest) if one]
            for side in merge.sides[1:]:
                lost = _lost(side[name], kept) if name in side else []
                if lost:
                    text = f"{merge.what} has no record of what its other side registered"
                    hint = unless_meant(
                        "dsv merge or git merge that side as it is, and keep versions/",
                        "squash-loss",
                    )
                    file = f"{content.folder}/{name}/versions"
                    yield Problem(text, hint, name, file).about(lost)


def _lost(side: Manifest, kept: list[Manifest]) -> list[str]:
    blobs = {one.files.blobs()[path] for one in kept for path in record_files(one)} - {""}
    if all(side.files.blobs()[path] in blobs for path in record_files(side)):
        return []
    keys = {record.key for one in kept for record in all_records(one)}
    lost = [record for record in all_records(side) if record.key not in keys]
    return [f"{side.name}@{record.version} ({record.id})" for record in lost]


RULE = Rule(content=check_content)
