"""How a version was made: the command and its arguments, as one line of a shell.

It is read in reviews and sent to a registry, so it holds what a person needs to make the version
again, and nothing of the machine: a place outside the repository is named by its last part, an
address without user, password and query.
"""

from __future__ import annotations

import posixpath
import re
import shlex
from typing import Final
from urllib.parse import urlsplit, urlunsplit

from dsv_git.manifest.names import printable

LONGEST: Final = 2000
"""Characters of the whole line; the first commands of a longer one are left out."""
_THEN: Final = " && "
_URL: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://")

_NAMED: Final = re.compile(r"[^/\\{}]{2,}[=:](?=/|~|\.\./)")


def command(verb: str, *words: str) -> str:
    """`dsv VERB WORDS…`, each word quoted where a shell would take it for something else."""
    return " ".join(["dsv", verb, *(shlex.quote(printable(word)) for word in words)])


def place(text: str) -> str:
    """A file, folder or address as it may be told to everyone, also behind `train=` or `yolo:`."""
    if _URL.match(text):
        parts = urlsplit(text)
        host = parts.netloc.rpartition("@")[2]
        return urlunsplit(parts._replace(netloc=host, query="", fragment=""))
    named = _NAMED.match(text)
    if named:
        return named[0] + place(text[named.end() :])
    if posixpath.isabs(text) or text.startswith(("../", "~")) or re.match(r"[A-Za-z]:|\\", text):
        return "…/" + re.split(r"[/\\]", text.rstrip("/\\"))[-1]
    return text


def after(former: str, line: str, *, is_new: bool) -> str:
    """What made a version: `line` alone where it `is_new`; of a draft that is changed in place,
    what made the draft, and then `line`."""
    return line if is_new else joined(former, line)


def renamed(former: str, name: str, version: str) -> str:
    """What made a draft of the manifest `name` that is called `version` now. Another name made
    nothing, so only the bump that gave the former name is told anew."""
    bump, now = command("bump", name), command("bump", name, version)
    parts = former.split(_THEN)
    return _THEN.join(now if f"{part} ".startswith(f"{bump} ") else part for part in parts)


def joined(first: str, then: str) -> str:
    """Two lines of commands, one after the other; commands that end the first are not repeated."""
    if not first or not then:
        return first or then
    if first == then or first.endswith(_THEN + then):
        return first
    parts = f"{first}{_THEN}{then}"
    while len(parts) > LONGEST and _THEN in parts:
        parts = parts.partition(_THEN)[2]
    return parts[:LONGEST]
