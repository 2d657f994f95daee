"""What labels come from beside the entries themselves: when it changes, the labels may."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from dsv_git.manifest.declaration import Labels
from dsv_git.scan.patterns import Patterns
from dsv_git.scan.walk import Found, walk


def decisive_files(labels: Labels, files: Mapping[str, Path], root: Path) -> Iterator[Path]:
    """The files whose every byte counts, in a fixed order; `files` and `root` as for `open_labels`.

    Raises InputError for a source that cannot be read.
    """
    if labels.yolo is None:
        yield from (place for _, place in sorted(files.items()))
        return
    from dsv_git.scan.labels.yolo import YoloSource

    yield from (place for place in YoloSource(files[""], root).files if place.is_file())


def unlisted_files(
    labels: Labels, files: Mapping[str, Path], root: Path, patterns: Patterns
) -> Iterator[Found]:
    """The label files of single images that are no entries, so that no scan tells of a change."""
    matcher = patterns.matcher()
    if labels.yolo is not None:
        from dsv_git.scan.labels.yolo import YoloSource
        from dsv_git.scan.labels.yolosplits import LIST

        source = YoloSource(files[""], root)
        for folder in source.folders:
            below = source.below(folder)
            if below is None or matcher is not None:
                for found in walk(folder, Patterns((f"*{LIST}",))).files:
                    if below is None or matcher is None or not matcher.takes(below + found.path):
                        yield found
    if labels.metadata is not None and matcher is not None:
        for found in walk(root, Patterns((labels.metadata,))).files:
            if not matcher.takes(found.path):
                yield found
