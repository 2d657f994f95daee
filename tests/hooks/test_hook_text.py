"""Laws of the edits: what is put in comes out again, byte for byte."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dsv_git.gitrepo import hook_text
from dsv_git.gitrepo.hook_stubs import NAMES, block, caller, stub

LINES = st.lists(
    st.sampled_from(
        [
            b"#!/bin/sh",
            b"#!/bin/bash -e",
            b"",
            b"exit 0",
            b"# dsv",
            b"\xff\xfe",
            b"\t",
            b"exec make",
        ]
    ),
    max_size=6,
)
ENDS = st.sampled_from([b"\n", b"\r\n"])


@st.composite
def hooks(draw: st.DrawFn) -> bytes:
    """A hook file of somebody's, with any line ends, with or without the last one."""
    content = b"".join(line + draw(ENDS) for line in draw(LINES))
    return content.rstrip(b"\r\n") if draw(st.booleans()) else content


@given(hooks(), st.sampled_from(NAMES))
@settings(deadline=None, max_examples=200)
def test_taking_the_block_out_gives_the_file_back(content: bytes, name: str) -> None:
    inserted = hook_text.insert(content, block(name))
    assert hook_text.has_block(inserted)
    assert not hook_text.is_torn(inserted)
    assert hook_text.remove(inserted) == content


@given(hooks(), st.sampled_from(NAMES))
@settings(deadline=None, max_examples=100)
def test_renewing_replaces_an_older_block_where_it_stands(content: bytes, name: str) -> None:
    older = b"# >>> dsv >>>\nan older text\n# <<< dsv <<<\n"
    inserted = hook_text.insert(content, older)
    assert hook_text.renew(inserted, block(name)) == hook_text.insert(content, block(name))
    assert hook_text.renew(older + inserted, block(name)).count(b">>> dsv >>>") == 1


@pytest.mark.parametrize("name", NAMES)
def test_no_text_of_ours_is_torn(name: str) -> None:
    for text in (stub(name), caller(name), block(name)):
        assert hook_text.has_block(text)
        assert not hook_text.is_torn(text)


@pytest.mark.parametrize("line", [b"# >>> dsv >>>\n", b"# <<< dsv <<<\n"])
def test_half_a_block_is_told(line: bytes) -> None:
    assert hook_text.is_torn(b"#!/bin/sh\n" + line)
    assert hook_text.is_torn(b"#!/bin/sh\n" + block("post-commit") + line)


@pytest.mark.parametrize(
    ("content", "shell"),
    [
        (b"#!/bin/sh\n", True),
        (b"#!/bin/bash -eu\n", True),
        (b"#! /usr/bin/env bash\n", True),
        (b"#!/usr/bin/env -S bash -e\n", True),
        (b"#!/usr/bin/env LC_ALL=C sh\n", True),
        (b"#!/usr/local/bin/zsh", True),
        (b"#!/bin/busybox sh\n", True),
        (b"echo no interpreter\n", True),
        (b"", True),
        (b"#!/usr/bin/env python3\n", False),
        (b"#!/usr/bin/perl\n", False),
        (b"#!/usr/bin/fish\n", False),
        (b"#!\n", False),
        (b"#!/usr/bin/env\n", False),
        (b"#!/bin/sh\r\necho\r\n", False),
        (b"\x7fELF\0\0", False),
    ],
)
def test_a_shell_script_is_known_by_its_interpreter(content: bytes, shell: bool) -> None:
    assert hook_text.is_shell(content) is shell
