"""Records of registered versions: the same bytes on every clone."""

from __future__ import annotations

import json
from dataclasses import dataclass

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dsv_git.errors import InputError
from dsv_git.manifest.record import (
    Record,
    RecordedParent,
    RecordStats,
    decode_record,
    encode_record,
    record_path,
)
from tests.manifest.strategies import texts, versions, words

WHERE = "manifests/youtube/versions/1.1-youtube.json"
RECORD = Record(
    version="1.1-youtube",
    key="ab" * 32,
    digest="sha256:" + "cd" * 32,
    registry="clearml",
    id="48b8d22437624e519f6a177eddcfcd36",
    former_ids=("local:0f1e",),
    parents=(RecordedParent("ada9", "youtube", "1.0-youtube"), RecordedParent("77aa")),
    stats=RecordStats(3645, 67108864, 16, 3, 2, 1, {"dog": 2, "cat": 40, "été": 1}),
)
TEXT = """\
{
  "digest": "sha256:cdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcd",
  "former_ids": [
    "local:0f1e"
  ],
  "id": "48b8d22437624e519f6a177eddcfcd36",
  "key": "abababababababababababababababababababababababababababababababab",
  "parents": [
    {
      "id": "ada9",
      "manifest": "youtube",
      "version": "1.0-youtube"
    },
    {
      "id": "77aa"
    }
  ],
  "registry": "clearml",
  "stats": {
    "added": 16,
    "bytes": 67108864,
    "files": 3645,
    "labels": {
      "cat": 40,
      "dog": 2,
      "été": 1
    },
    "modified": 2,
    "removed": 3,
    "renamed": 1
  },
  "version": "1.1-youtube"
}
"""

counts = st.integers(0, 2**60)
hexes = st.integers(0, 2**256 - 1).map(lambda number: f"{number:064x}")
records = st.builds(
    Record,
    version=versions,
    key=hexes,
    digest=hexes.map(lambda text: f"sha256:{text}"),
    registry=st.sampled_from(("local", "clearml")),
    id=words,
    former_ids=st.lists(words, max_size=2).map(tuple),
    parents=st.lists(
        st.builds(RecordedParent, words) | st.builds(RecordedParent, words, words, versions),
        max_size=2,
    ).map(tuple),
    stats=st.builds(
        RecordStats, *[counts] * 6, st.dictionaries(texts, st.integers(0, 2**60), max_size=4)
    ),
)


def test_a_record_is_pretty_printed_with_sorted_keys() -> None:
    assert encode_record(RECORD).decode() == TEXT
    assert decode_record(TEXT.encode(), WHERE) == RECORD


@settings(deadline=None, max_examples=100)
@given(records)
def test_a_record_reads_back_and_has_one_form(record: Record) -> None:
    data = encode_record(record)
    assert decode_record(data, WHERE) == record
    assert encode_record(decode_record(data, WHERE)) == data
    plain = msgspec.to_builtins(record)
    assert data.decode() == json.dumps(plain, indent=2, sort_keys=True, ensure_ascii=False) + "\n"


@settings(deadline=None, max_examples=50)
@given(records)
def test_the_order_in_which_labels_were_counted_does_not_matter(record: Record) -> None:
    turned = dict(reversed(record.stats.labels.items()))
    stats = msgspec.structs.replace(record.stats, labels=turned)
    assert encode_record(msgspec.structs.replace(record, stats=stats)) == encode_record(record)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('"registry": "clearml"', '"registry": "clearml", "commit": "abc"'),
        ('"id": "77aa"', '"id": "77aa", "url": "x"'),
        ('"renamed": 1', '"renamed": 1, "size": 2'),
        ("abab", "ab"),
        ("abab", "ABAB"),
        ("abab", "xyxy"),
        ("sha256:", ""),
        ("sha256:", "md5:"),
        ("cdcd", "cdcdcd"),
        ('"files": 3645', '"files": "3645"'),
        ('"files": 3645', '"files": -1'),
        ('"files": 3645,', ""),
        ('"cat": 40', '"cat": -40'),
        ('"cat": 40', '"cat": 4.5'),
        ('"id": "48b8d22437624e519f6a177eddcfcd36"', '"id": ""'),
        ('"id": "77aa"', '"manifest": "a"'),
        ('"id": "48b8d22437624e519f6a177eddcfcd36",', ""),
        ('"1.1-youtube"\n}', "null\n}"),
        ('"local:0f1e"', "1"),
        ("\n}\n", "\n"),
        ("{\n", "[\n"),
    ],
)
def test_what_is_no_record_is_refused(old: str, new: str) -> None:
    assert old in TEXT
    with pytest.raises(InputError, match="not a version's record") as caught:
        decode_record(TEXT.replace(old, new, 1).encode(), WHERE)
    assert caught.value.where == WHERE
    assert caught.value.hint == "dsv sync writes it anew once the file is removed"


@pytest.mark.parametrize("data", [b"", b"\xff", b"null", b"[]", b'{"version": "\xe9"}'])
def test_other_bytes_are_refused(data: bytes) -> None:
    with pytest.raises(InputError, match="not a version's record"):
        decode_record(data, WHERE)


def test_a_merge_conflict_is_named_as_one() -> None:
    text = TEXT.replace('  "id"', '<<<<<<< HEAD\n  "id"', 1)
    with pytest.raises(InputError, match="an unresolved merge conflict"):
        decode_record(text.encode(), WHERE)


@dataclass(frozen=True)
class Named:
    version: str
    key: str | None
    path: str


@pytest.mark.parametrize(
    "case",
    [
        Named("1.1-youtube", None, "versions/1.1-youtube.json"),
        Named("1.1", "0123456789abcdef", "versions/1.1#01234567.json"),
        Named("release/1 beta", None, "versions/release%2F1%20beta.json"),
        Named("..", None, "versions/%2E..json"),
        Named("_", None, "versions/%5F.json"),
    ],
)
def test_a_record_is_named_after_its_version(case: Named) -> None:
    assert record_path(case.version, case.key) == case.path


@settings(deadline=None, max_examples=100)
@given(st.lists(versions, min_size=2, max_size=4, unique=True))
def test_two_versions_never_share_a_record(several: list[str]) -> None:
    names = {record_path(version) for version in several}
    names |= {record_path(version, "0123abcd" * 8) for version in several}
    assert len(names) == 2 * len(several)
    assert all(len(name.removeprefix("versions/").encode()) <= 255 for name in names)
