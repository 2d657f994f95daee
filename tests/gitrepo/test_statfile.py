"""The files of the stat cache: git reads the index, and we read back what we wrote alone."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from dsv_git.gitrepo.statfile import (
    Delta,
    frame,
    index_bytes,
    read_delta,
    read_index,
    read_journal,
    read_stamps,
)
from dsv_git.gitrepo.statknown import Known, Row
from dsv_git.gitrepo.statrows import Columns, Rows, pack, unpack

NAMES = st.text(
    st.characters(exclude_characters="\0/", exclude_categories=["Cs"]),
    min_size=1,
    max_size=3,
)
PATHS = st.lists(NAMES, min_size=1, max_size=2).map("/".join)
ROWS = st.tuples(
    st.integers(0, 2**63),
    st.integers(-(2**63), 2**63 - 1),
    st.sampled_from(["xxh3:" + digit * 32 for digit in "0123"]),
)
STATES = st.dictionaries(PATHS, ROWS, max_size=5)
MARKS = st.dictionaries(PATHS, st.integers(1, 2**64 - 1), max_size=3)
EMPTY = Rows("", "", b"", b"")


def columns(state: dict[str, Row]) -> Columns:
    paths = sorted(state)
    rows = [state[path] for path in paths]
    return paths, [row[0] for row in rows], [row[1] for row in rows], [row[2] for row in rows]


def state_of(found: Columns) -> dict[str, Row]:
    return {path: (size, time, text) for path, size, time, text in zip(*found, strict=True)}


@settings(deadline=None, max_examples=60)
@given(STATES, MARKS, st.text(max_size=5))
def test_an_index_gives_back_what_it_was_given(
    state: dict[str, Row], marks: dict[str, int], token: str
) -> None:
    data = index_bytes("about", token, columns(state), marks)
    index = read_index(data, "about")
    assert index is not None
    assert (state_of(unpack(index.rows)), index.marks, index.token) == (state, marks, token)
    assert read_index(data, "about something else") is None


@settings(deadline=None, max_examples=60)
@given(STATES, st.data())
def test_an_index_with_one_wrong_bit_is_refused(state: dict[str, Row], data: st.DataObject) -> None:
    content = bytearray(index_bytes("about", "token", columns(state), {}))
    bit = data.draw(st.integers(0, 8 * len(content) - 1))
    content[bit // 8] ^= 1 << bit % 8
    assert read_index(bytes(content), "about") is None


def test_git_reads_the_index(tmp_path: Path) -> None:
    subprocess.run(["git", "init", "-q", str(tmp_path)], check=True)
    long = "/".join(["x" * 200] * 21)
    names = ["a", "b" * 4095, "c/d", "new\nline", "ä", "\U0001f600", long]
    state: dict[str, Row] = {name: (number, number, "") for number, name in enumerate(names)}
    (tmp_path / ".git/index").write_bytes(index_bytes("about", "token", columns(state), {}))
    listed = subprocess.run(
        ["git", "-C", str(tmp_path), "ls-files", "-z"],
        check=True,
        capture_output=True,
    )
    assert os.fsdecode(listed.stdout).removesuffix("\0").split("\0") == sorted(names)


@settings(deadline=None, max_examples=60)
@given(st.lists(STATES, max_size=4), st.data())
def test_a_journal_that_is_cut_anywhere_gives_its_whole_records(
    states: list[dict[str, Row]], data: st.DataObject
) -> None:
    records = [frame(pack(columns(state))) for state in states]
    journal = b"".join(records)
    cut = data.draw(st.integers(0, len(journal)))
    found, sound = read_journal(journal[:cut])
    whole = 0
    while sum(map(len, records[: whole + 1])) <= cut and whole < len(records):
        whole += 1
    assert [state_of(unpack(rows)) for rows in found] == states[:whole]
    assert sound == sum(map(len, records[:whole]))


@settings(deadline=None, max_examples=60)
@given(STATES, st.lists(PATHS, max_size=3), MARKS)
def test_a_delta_is_read_with_its_own_base_only(
    state: dict[str, Row], gone: list[str], marks: dict[str, int]
) -> None:
    delta = Delta(b"base", "token", pack(columns(state)), gone, marks)
    assert read_delta(frame(delta), b"base") == delta
    assert read_delta(frame(delta), b"else") is None
    assert read_delta(frame(delta)[:-1], b"base") is None


@settings(deadline=None, max_examples=80)
@given(STATES, st.lists(st.tuples(STATES, st.sets(PATHS, max_size=3)), max_size=4), st.data())
def test_a_state_after_many_updates_is_what_a_dictionary_would_be(
    first: dict[str, Row], updates: list[tuple[dict[str, Row], set[str]]], data: st.DataObject
) -> None:
    known = Known("", pack(columns(first)) if first else EMPTY, {}, {}, frozenset())
    model = dict(first)
    for number, (fresh, some) in enumerate(updates):
        gone = {*some, *data.draw(st.sets(st.sampled_from([*model, "x"])))} - fresh.keys()
        known = known.changed(str(number), ("", columns(fresh), gone, {}))
        model = {path: row for path, row in {**model, **fresh}.items() if path not in gone}
        assert known.paths == sorted(model)
        assert state_of(known.rows()) == model
        assert all(known.get(path) == model.get(path) for path in [*first, *model, *gone])
        assert len(known) == len(model)


def test_stamps_are_read_as_they_were_kept_and_forgotten_where_damaged() -> None:
    stamps = {"": (2**64 - 1, 1, 2, -3, 4), "a/ä": (5, 6, 7, 8, 9)}
    data = frame(stamps)
    assert read_stamps(data) == stamps
    for at in range(len(data)):
        assert read_stamps(data[:at]) == {}
        assert read_stamps(data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :]) == {}
    assert read_stamps(frame(Rows("", "", b"", b""))) == {}
