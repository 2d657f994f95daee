"""What hypothesis draws for the tests of the manifest room."""

from __future__ import annotations

from hypothesis import strategies as st

from dsv_git.manifest.declaration import Data, Declaration, Labels, Reports
from dsv_git.manifest.entry import Entry, Label, PropValue, as_label
from dsv_git.manifest.layout import Layout
from dsv_git.manifest.names import LONGEST_PART, encode_part, is_manifest_name
from dsv_git.manifest.parent import Parent

MOST_INT = 2**53 - 1

TRICKY_TEXTS = (
    "a",
    " ",
    "é",
    "日本語",
    "\U0001f600",
    "\u2028\u2029",
    "\x7f",
    "\x01\x1f",
    "\ufeff",
    "\uffff",
    '"\\/',
    "null",
    "true",
    "1.10",
    "~",
    "no",
    "0x10",
    "2024-01-01",
    "- a",
    "# a",
    "a # b",
    "a: b",
    "[a]",
    "{a}",
    "'a'",
    "*a",
    "&a",
    "!a",
    "---",
    "...",
    "<<",
    "=",
    "a\nb",
    "a\r\nb",
    "\ttab",
    "<<<<<<< HEAD",
)
TRICKY_PARTS = (
    "_",
    "__",
    ".hidden",
    "..a",
    "...",
    ".gitignore",
    "train.jsonl",
    ".jsonl",
    "x.jsonl.jsonl",
    "a~0",
    "a%20b",
    "%5F",
    "files",
    "versions",
    "Cat",
    "cat",
    "x" * 231,
    "é" * 60,
    "日" * 85,
    " ",
    "-",
    "a\nb",
    "*",
)

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=12) | st.sampled_from(
    TRICKY_TEXTS
)
"""Any text that UTF-8 can hold, the empty one too."""

words = texts.filter(bool)

parts = st.sampled_from(TRICKY_PARTS) | st.text(
    st.characters(exclude_categories=["Cs"], exclude_characters="/\0"), min_size=1, max_size=8
).filter(lambda part: part not in {".", ".."} and part.lower() != ".git")
"""One folder's or one file's name."""

paths = st.lists(parts, min_size=1, max_size=10).map("/".join)

hashes = st.one_of(
    st.integers(0, 2**128 - 1).map(lambda number: f"xxh3:{number:032x}"),
    st.integers(0, 2**256 - 1).map(lambda number: f"sha256:{number:064x}"),
    st.integers(0, 2**128 - 1).map(lambda number: f"md5:{number:032x}"),
    st.sampled_from(('etag:"5d41402a-2"', "etag:!~", "etag:\\")),
)

prop_values: st.SearchStrategy[PropValue] = st.one_of(
    texts,
    st.booleans(),
    st.integers(-MOST_INT, MOST_INT),
    st.floats(allow_nan=False, allow_infinity=False),
    st.sampled_from((1e16, 1e21, -0.0, 5e-324, 2.0**53, 1.7976931348623157e308)),
)

labels: st.SearchStrategy[Label | None] = st.lists(words, max_size=4).map(as_label)

entries = st.builds(
    Entry,
    path=words,
    size=st.integers(0, 2**53),
    hash=hashes,
    label=labels,
    split=st.none() | words,
    ann=st.none() | hashes,
    props=st.just({}) | st.dictionaries(texts, prop_values, max_size=4),
)

file_lists = st.lists(entries, min_size=1, max_size=8, unique_by=lambda entry: entry.path)


versions = st.sampled_from(("1.10", "1.0-kaggle", "v1", "no", "~", "1e3", "a b", "é", "_")) | (
    st.text(st.characters(exclude_categories=["C", "Z"], exclude_characters="@#"), min_size=1)
    .map(lambda text: text[:20])
    .filter(lambda text: text.isprintable() and len(encode_part(text)) <= LONGEST_PART)
)

manifest_names = st.from_regex(r"\A[A-Za-z0-9][A-Za-z0-9._-]{0,6}(/[a-z0-9]{1,6})?\Z").filter(
    is_manifest_name
)

parents = st.one_of(
    st.builds(Parent, manifest_names, versions, st.just("") | st.from_regex(r"\A[0-9a-f]{8}\Z")),
    st.from_regex(r"\Aclearml:[0-9a-f]{32}\Z").map(lambda text: Parent(foreign=text)),
)

_stripped = texts.map(str.strip).filter(lambda text: "\0" not in text)
_words = _stripped.filter(bool)
_lists = st.lists(_words, max_size=3).map(tuple)
_roots = st.one_of(
    _words.map(lambda root: {"": root}),
    st.dictionaries(parts.filter(lambda part: len(part) < 100), _words, min_size=1, max_size=3),
)

layouts = st.integers(0, 8).flatmap(
    lambda depth: st.builds(
        Layout,
        st.just(depth),
        st.dictionaries(
            st.lists(parts.map(encode_part), max_size=depth)
            .map(lambda stem: "/".join(stem) or "_")
            .filter(lambda stem: all(len(part) <= LONGEST_PART for part in stem.split("/")))
            .filter(lambda stem: len(stem) < 500),
            st.integers(1, 4),
            max_size=2,
        ),
    )
)


def declarations(name: str = "youtube") -> st.SearchStrategy[Declaration]:
    """Declarations of a manifest called `name`, as `parse_declaration` gives them."""
    return st.builds(
        Declaration,
        name=st.just(name),
        version=versions,
        data=st.builds(
            Data,
            roots=_roots,
            url=st.none() | _words,
            include=_lists,
            exclude=_lists,
            algorithm=st.sampled_from(("xxh3", "sha256")),
            upload=st.booleans(),
        ),
        dataset=st.just(name) | _words,
        project=_words,
        description=_stripped,
        parents=st.lists(parents, max_size=3, unique=True).map(tuple),
        tags=_lists,
        labels=st.one_of(
            st.none(),
            st.builds(Labels, path=_words),
            st.builds(Labels, table=_words),
            st.builds(Labels, yolo=_words),
            st.sampled_from(("metadata.jsonl", "a b.csv")).map(lambda name: Labels(metadata=name)),
            st.builds(Labels, coco=st.dictionaries(_words, _words, min_size=1, max_size=2)),
        ),
        samples=st.none() | st.integers(0, 1000),
        reports=st.builds(Reports, tables=_lists, figures=_lists, media=_lists),
        properties=st.dictionaries(_words, _stripped, max_size=3),
        layout=layouts,
    )
