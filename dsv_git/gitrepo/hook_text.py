"""Edits of hook files as text: our block put in, renewed, and taken out byte for byte."""

from __future__ import annotations

import re
from typing import Final

_BLOCK: Final = re.compile(
    rb"^# >>> dsv >>>\r?\n.*?^# <<< dsv <<<(?:\r?\n|\Z)", re.MULTILINE | re.DOTALL
)
_MARK: Final = re.compile(rb"^# (?:>>> dsv >>>|<<< dsv <<<)\r?$", re.MULTILINE)
_SHELLS: Final = frozenset({b"sh", b"bash", b"dash", b"ash", b"ksh", b"ksh93", b"mksh", b"zsh"})


def has_block(content: bytes) -> bool:
    """Whether our block is in the file, whole."""
    return _BLOCK.search(content) is not None


def is_torn(content: bytes) -> bool:
    """Whether a line of our block is there that no other one closes or opens."""
    return _MARK.search(_BLOCK.sub(b"", content)) is not None


def is_shell(content: bytes) -> bool:
    """Whether git starts the file with a shell.

    A text without an interpreter line is handed to sh. An interpreter line that ends in CR names
    a program that does not exist, so git cannot start that file at all.
    """
    if not content.startswith(b"#!"):
        return b"\0" not in content
    line = content.split(b"\n", 1)[0]
    words = [word.rsplit(b"/", 1)[-1] for word in line[2:].split()]
    if words and words[0] == b"env":
        words = [word for word in words[1:] if not word.startswith(b"-") and b"=" not in word]
    if words and words[0] == b"busybox":
        words = words[1:]
    return bool(words) and words[0] in _SHELLS and not line.endswith(b"\r")


def insert(content: bytes, block: bytes) -> bytes:
    """The file with `block` right below its interpreter line, or on top where it has none.

    On top, for the lines below may end the script early (`exit`, `exec`).
    """
    if not content.startswith(b"#!"):
        return block + content
    line, end, rest = content.partition(b"\n")
    if not end:
        return line + b"\n" + block.removesuffix(b"\n")
    return line + end + block + rest


def renew(content: bytes, block: bytes) -> bytes:
    """The file with the block that is in it replaced where it stands; a second one goes."""
    found = list(_BLOCK.finditer(content))
    for match in reversed(found[1:]):
        content = content[: match.start()] + content[match.end() :]
    first = found[0]
    new = block if first.group().endswith(b"\n") else block.removesuffix(b"\n")
    return content[: first.start()] + new + content[first.end() :]


def remove(content: bytes) -> bytes:
    """The file as it was before `insert`."""
    while match := _BLOCK.search(content):
        before, after = content[: match.start()], content[match.end() :]
        if not match.group().endswith(b"\n"):
            before = before.removesuffix(b"\n")
        content = before + after
    return content


def split_own(content: bytes) -> tuple[bytes, bytes]:
    """The file up to the end of our block, and what a person wrote below it."""
    match = _BLOCK.search(content)
    end = match.end() if match else 0
    return content[:end], content[end:]
