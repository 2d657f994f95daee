"""Which files of a version stand for it: the few that a registry shows as examples."""

from __future__ import annotations

from bisect import insort
from collections import Counter
from collections.abc import Iterable
from typing import Final, Literal

import xxhash

from dsv_git.manifest.entry import Entry

Medium = Literal["image", "audio", "video"]

MEDIA: Final[dict[str, Medium]] = {
    **dict.fromkeys(("jpg", "jpeg", "png", "webp", "bmp", "gif", "tif", "tiff"), "image"),
    **dict.fromkeys(("wav", "mp3", "ogg", "flac"), "audio"),
    **dict.fromkeys(("mp4", "webm"), "video"),
}
"""What a file's suffix, in small letters, says it is."""

LARGEST: Final[dict[Medium, int]] = {
    "image": 100_000_000,  # is read whole, for a thumbnail of it
    "audio": 5_000_000,  # is sent as it is
    "video": 5_000_000,
}
"""Above this size in bytes a file is not shown."""

_Rank = tuple[int, str]


def kind_of(path: str) -> Medium | None:
    """What the suffix of `path` says it shows, in any case of letters; None: nothing to show."""
    stem, dot, suffix = path.rpartition(".")
    if not dot or not stem or stem.endswith("/"):
        return None
    return MEDIA.get(suffix.lower())


def can_be_shown(path: str, size: int) -> bool:
    """Whether a file of `size` bytes is one to show: of a known kind, not empty, not too large."""
    kind = kind_of(path)
    return kind is not None and 0 < size <= LARGEST[kind]


def sample(entries: Iterable[Entry], count: int) -> tuple[Entry, ...]:
    """At most `count` of the entries that can be shown, fairly over labels, in order of choice.

    An entry belongs to the stratum of each of its labels; those without a label are one stratum.
    In each round every stratum that has fewer than this round's number of examples gets one more:
    those with the fewest files first (files are counted in powers of two, so that one more file
    rarely changes the order; ties go by a hash of the label), the unlabelled last. What was chosen
    for one label counts for all its labels. Rarest first is how K. Sechidis, G. Tsoumakas and
    I. Vlahavas stratify files with many labels, "On the Stratification of Multi-Label Data",
    ECML PKDD 2011. So from `count` = number of labels on, every label is seen, unless all its
    contents are already shown under other labels.

    Within a stratum the split that shows the fewest of it is next (ties by a hash of label and
    split: labels with one example each do not all take it from one split), and in that the content
    whose hash, hashed again, is lowest. That is a bottom-k sample: the same content is chosen in
    every order, under any name, and in the next version too, unless a lower one came (E. Cohen and
    H. Kaplan, "Summarizing Data Using Bottom-k Sketches", PODC 2007). A content is chosen at most
    once, under the first of its paths in that label and split.

    The result has `min(count, contents that can be shown)` entries, and a smaller `count` chooses
    its beginning: who finds a file unreadable can take the next of a larger sample. One pass;
    memory grows with labels x splits x `count`. Paths are unique, as in every manifest.
    """
    if count <= 0:
        return ()
    files: Counter[str] = Counter()
    strata: dict[str, dict[str, _Lowest]] = {}
    for entry in entries:
        if not can_be_shown(entry.path, entry.size):
            continue
        rank = (_hash(entry.hash), entry.hash)
        for label in _strata_of(entry):
            files[label] += 1
            splits = strata.setdefault(label, {})
            lowest = splits.get(entry.split or "")
            if lowest is None:
                lowest = splits[entry.split or ""] = _Lowest(count)
            lowest.offer(rank, entry)
    order = sorted(
        strata,
        key=lambda label: (not label, files[label].bit_length(), _hash(label), label),
    )
    return _chosen({label: strata[label] for label in order}, count)


class _Lowest:
    """The `count` contents of lowest rank of one label and split, each with its first path."""

    __slots__ = ("count", "entries", "ranks")

    def __init__(self, count: int) -> None:
        self.count = count
        self.ranks: list[_Rank] = []
        self.entries: dict[str, Entry] = {}

    def offer(self, rank: _Rank, entry: Entry) -> None:
        known = self.entries.get(entry.hash)
        if known is not None:
            if entry.path < known.path:
                self.entries[entry.hash] = entry
            return
        if len(self.ranks) == self.count:
            if rank > self.ranks[-1]:
                return
            del self.entries[self.ranks.pop()[1]]
        insort(self.ranks, rank)
        self.entries[entry.hash] = entry

    def first_without(self, hashes: set[str]) -> Entry | None:
        return next((self.entries[one] for _, one in self.ranks if one not in hashes), None)


def _chosen(strata: dict[str, dict[str, _Lowest]], count: int) -> tuple[Entry, ...]:
    """The rounds of `sample` over strata in their order."""
    chosen: list[Entry] = []
    hashes: set[str] = set()
    shown: Counter[str] = Counter()
    shown_of_split: Counter[tuple[str, str]] = Counter()
    open_strata = list(strata)
    examples = 0
    while open_strata:
        examples += 1
        still_open = []
        for label in open_strata:
            if shown[label] < examples:
                entry = _next_of(label, strata[label], hashes, shown_of_split)
                if entry is None:
                    continue
                chosen.append(entry)
                if len(chosen) == count:
                    return tuple(chosen)
                hashes.add(entry.hash)
                for one in _strata_of(entry):
                    shown[one] += 1
                    shown_of_split[one, entry.split or ""] += 1
            still_open.append(label)
        open_strata = still_open
    return tuple(chosen)


def _next_of(
    label: str,
    splits: dict[str, _Lowest],
    hashes: set[str],
    shown: Counter[tuple[str, str]],
) -> Entry | None:
    """The next example of a label, of a content that is not in `hashes`; None: there is none."""
    order = sorted(
        splits, key=lambda split: (shown[label, split], _hash(f"{label}\0{split}"), split)
    )
    found = (splits[split].first_without(hashes) for split in order)
    return next((entry for entry in found if entry is not None), None)


def _strata_of(entry: Entry) -> Iterable[str]:
    """The labels of an entry, each once; the empty text, which is no label, for none."""
    if isinstance(entry.label, str):
        return (entry.label,)
    return dict.fromkeys(entry.label) if entry.label else ("",)


def _hash(text: str) -> int:
    # A name that is not valid UTF-8 is refused by the scan; here it must only not fail.
    return xxhash.xxh3_64_intdigest(text.encode("utf-8", "surrogatepass"))
