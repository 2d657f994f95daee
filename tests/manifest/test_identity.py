"""The digest is what coreutils print, the key is what any JSON library gives."""

from __future__ import annotations

import hashlib
import json
import subprocess
from pathlib import Path
from shutil import which

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dsv_git.manifest.entry import Entry
from dsv_git.manifest.filelist import encode_entries
from dsv_git.manifest.identity import digest, list_digest, version_key
from dsv_git.manifest.layout import Layout
from tests.manifest.lists import CAT
from tests.manifest.strategies import TRICKY_PARTS, texts

COMMAND = (
    "find files -type f -name '*.jsonl' -print0 | LC_ALL=C sort -z | xargs -0r sha256sum"
    " | sha256sum"
)
NOTHING = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"


needs_coreutils = pytest.mark.skipif(
    which("sha256sum") is None, reason="the command of the format needs coreutils"
)


def printed(folder: Path) -> str:
    """What the command of the format prints in a manifest's folder, behind `sha256:`."""
    done = subprocess.run(
        ["/bin/sh", "-c", COMMAND], cwd=folder, capture_output=True, text=True, check=True
    )
    return "sha256:" + done.stdout.split()[0]


def write(folder: Path, layout: Layout, names: list[str]) -> str:
    """Writes the lists of some paths and gives their digest."""
    hashes = {}
    for file, rows in layout.split(Entry(name, 1, CAT) for name in names).items():
        data = encode_entries(rows)
        place = folder / file
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(data)
        hashes[file] = list_digest(data)
    return digest(hashes)


@needs_coreutils
@pytest.mark.parametrize(
    "layout",
    [Layout(0), Layout(1), Layout(3), Layout(0, {"_": 2}), Layout(2, {"a%20b": 1, "a/_": 1})],
)
def test_the_digest_is_what_coreutils_print(tmp_path: Path, layout: Layout) -> None:
    odd = [f"{part}/{index}.jpg" for index, part in enumerate(TRICKY_PARTS) if part != "Cat"]
    names = [*odd, *(f"a/{name}" for name in odd), "a b/1", "a-b/1", "a.b/1", "B/1", "Ä/1", "x"]
    found = write(tmp_path, layout, names)
    (tmp_path / "manifest.yaml").write_text("format: 1\n")
    (tmp_path / "files/README.md").write_text("not a list\n")
    assert found == printed(tmp_path)


@needs_coreutils
def test_folders_and_lists_are_sorted_by_bytes(tmp_path: Path) -> None:
    # `-`, `.`, `/`, digits, capitals, `_` and small letters, in that order.
    names = ["b/1/x", "b-1/x", "b.1/x", "b1/x", "B2/x", "b_1/x", "bb/x"]
    assert write(tmp_path, Layout(2), names) == printed(tmp_path)


@needs_coreutils
def test_the_digest_of_no_lists_is_that_of_nothing(tmp_path: Path) -> None:
    (tmp_path / "files").mkdir()
    assert digest({}) == printed(tmp_path) == f"sha256:{NOTHING}"


def test_another_byte_or_another_list_name_is_another_digest() -> None:
    one = digest({"files/a.jsonl": list_digest(b"1\n")})
    assert one != digest({"files/a.jsonl": list_digest(b"2\n")})
    assert one != digest({"files/b.jsonl": list_digest(b"1\n")})


def independent_key(*parts: object) -> str:
    text = json.dumps(parts, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def test_a_key_stays_the_same_for_ever() -> None:
    found = version_key(
        "Dataset/Object Detection", "obj-detect", "1.0-kaggle", f"sha256:{NOTHING}", []
    )
    assert found == "8446006817d56ce385a11dfa02eed5d0b44dee07ed170a2dbdb65eb31c285060"
    text = f'["Dataset/Object Detection","obj-detect","1.0-kaggle","sha256:{NOTHING}",[]]'
    assert found == hashlib.sha256(text.encode()).hexdigest()


@settings(deadline=None, max_examples=200)
@given(texts, texts, texts, texts, st.lists(texts, max_size=4), st.randoms(use_true_random=False))
def test_a_key_is_the_sha_256_of_canonical_json(
    project: str, dataset: str, version: str, content: str, parents: list[str], random: object
) -> None:
    found = version_key(project, dataset, version, content, parents)
    assert found == independent_key(project, dataset, version, content, sorted(parents))
    random.shuffle(parents)  # type: ignore[attr-defined]
    assert version_key(project, dataset, version, content, parents) == found


def test_every_part_of_a_version_counts() -> None:
    keys = {
        version_key("p", "d", "v", "sha256:0", []),
        version_key("x", "d", "v", "sha256:0", []),
        version_key("p", "x", "v", "sha256:0", []),
        version_key("p", "d", "x", "sha256:0", []),
        version_key("p", "d", "v", "sha256:1", []),
    }
    assert len(keys) == 5


def test_parents_count() -> None:
    keys = {
        version_key("p", "d", "v", "sha256:0", parents)
        for parents in ([], ["a"], ["a", "b"], ["a", "a"], ["clearml:a"])
    }
    assert len(keys) == 5
