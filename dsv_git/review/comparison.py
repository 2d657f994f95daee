"""The JSON form of a comparison of two sides: a diff's document, and what the sides are."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from dsv_git.diff.manifest_diff import ManifestDiff
from dsv_git.review.document import diff_document
from dsv_git.review.schema import DiffDocument


class ComparisonDocument(DiffDocument, frozen=True):
    """What `dsv diff --format json` prints. `before` and `after` name the sides as they were asked
    for; `renamed` has the former name of every manifest whose folder was renamed."""

    before: str
    after: str
    renamed: dict[str, str]


def comparison_document(
    before: str, after: str, diffs: Iterable[ManifestDiff], renamed: Mapping[str, str]
) -> ComparisonDocument:
    """The document of a whole comparison, manifests in the order given."""
    plain = diff_document(diffs)
    return ComparisonDocument(plain.schema, plain.manifests, before, after, dict(renamed))
