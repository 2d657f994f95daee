"""Names on disk: data folders and versions as file names, and what a path may not be."""

from __future__ import annotations

import re
from typing import Final

LONGEST_PART: Final = 230
"""Bytes of an encoded folder part; file systems end at 255, and a suffix must fit."""

_PLAIN = re.compile(r"[A-Za-z0-9._-]+")
_ESCAPE = re.compile(r"%([0-9A-F]{2})")
_IGNORED_BY_HFS = re.compile("[\u200c-\u200f\u202a-\u202e\u206a-\u206f\ufeff]")
_MANIFEST_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*(/[A-Za-z0-9][A-Za-z0-9._-]*)*")


def encode_part(part: str) -> str:
    """One folder name or version as a file name; the answer depends on `part` alone.

    Bytes outside `[A-Za-z0-9._-]` become `%XX`, and so do a leading dot, the dot of a final
    `.jsonl`, and a part that is just `_`.
    """
    if part == "_":
        return "%5F"
    if _PLAIN.fullmatch(part):
        text = part
    else:
        text = "".join(
            char if _PLAIN.fullmatch(char) else "".join(f"%{byte:02X}" for byte in char.encode())
            for char in part
        )
    if text.endswith(".jsonl"):
        text = text.removesuffix(".jsonl") + "%2Ejsonl"
    return "%2E" + text[1:] if text.startswith(".") else text


def decode_part(text: str) -> str:
    """The inverse of `encode_part`. Raises ValueError where `text` is not its output."""
    raw = _ESCAPE.sub(lambda found: chr(int(found.group(1), 16)), text)
    part = raw.encode("latin-1").decode("utf-8")
    if encode_part(part) != text:
        raise ValueError(f"not an encoded name: {text}")
    return part


def unsafe_path(path: str) -> str | None:
    """Why an entry's path may not be used, or None. A safe one stays below its root.

    Refused: empty, absolute, `.` and `..` and empty parts, NUL, and any part that git itself would
    take for its own folder (`.git` in any case, for macOS folds cases, and with the characters in
    it that HFS+ ignores: git's own `utf8.c`).
    """
    if not path or path.startswith("/"):
        return "is absolute" if path else "is empty"
    if "\0" in path:
        return "holds a NUL"
    for part in path.split("/"):
        if part in {"", ".", ".."}:
            return f"has a part {part!r}"
    plain = path if path.isascii() else _IGNORED_BY_HFS.sub("", path)
    if ".git" in plain.lower().split("/"):
        return "leads into a .git folder"
    return None


def is_manifest_name(name: str) -> bool:
    """A manifest's name is a plain relative path below the manifests folder.

    No part is `files` or `versions`: those are folders of a manifest itself.
    """
    return _MANIFEST_NAME.fullmatch(name) is not None and not any(
        part.endswith(".lock") or part in {"files", "versions"} for part in name.split("/")
    )


def printable(text: str) -> str:
    """`text` for one line of a terminal: control characters and the like as escapes."""
    return "".join(char if char.isprintable() else ascii(char)[1:-1] for char in text)
