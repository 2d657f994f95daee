"""The texts of our git hooks: what is shipped in `hooks/`, and the short block that starts it.

Every text is the same in every clone, with no path and no name of a machine in it, so that what
is ours is recognised by its bytes alone.
"""

from __future__ import annotations

from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Final

REGISTRATION: Final = ("post-commit", "post-merge", "post-rewrite", "post-applypatch")
"""Hooks that register versions; they never fail a commit."""

CHECKS: Final = ("pre-commit", "pre-merge-commit", "commit-msg")
"""Hooks that run `dsv check --staged` where no hook manager does; they stop a commit. The last one
judges the rules that a commit's message can override."""

MESSAGES: Final = ("prepare-commit-msg",)
"""Hooks that say in a commit's message what changes in the data; they never fail a commit."""

NAMES: Final = REGISTRATION + CHECKS + MESSAGES

INTERPRETER: Final = b"#!/bin/sh\n"
"""The first line of every file of ours."""

EARLIER: Final[frozenset[str]] = frozenset()
"""SHA-256 (hex) of every stub and caller that an earlier release shipped."""

ASIDE: Final = ".before-dsv"
"""What is appended to the name of a hook that was moved aside."""

_FOLDERS: Final = (
    Path(__file__).resolve().parents[1] / "hooks",  # an installed wheel
    Path(__file__).resolve().parents[2] / "hooks",  # a source checkout
)

_BLOCK: Final = """\
# >>> dsv >>>
{about}
# The text is the same in every clone: dsv init renews it, dsv uninstall takes it out.
if [ -f .dsv.yaml ]; then
  dsv_hook=${{GIT_DIR:-.git}}/dsv/hooks/{name}
  [ -f "$dsv_hook" ] || dsv_hook=$(git rev-parse --git-common-dir)/dsv/hooks/{name} || :
  [ ! -f "$dsv_hook" ] || sh "$dsv_hook" "$@" || {failing}
fi
{chain}# <<< dsv <<<
"""

_CHAIN: Final = """\
# the hook that was here before, where one was moved aside
[ ! -x "${{0%/*}}/{name}{aside}" ] || exec "${{0%/*}}/{name}{aside}" "$@"
"""


@cache
def stub(name: str) -> bytes:
    """The whole program of the hook `name`, as `hooks/name` ships it. It stands alone."""
    folder = next((folder for folder in _FOLDERS if (folder / name).is_file()), _FOLDERS[0])
    return (folder / name).read_bytes()


@cache
def block(name: str, *, chain: bool = False) -> bytes:
    """The lines that start the stub kept in the clone's own git directory.

    They go into a hook of the user's, or, as `caller`, into a file that is committed: short, and
    the same from release to release. With `chain` they end by starting a hook moved aside.
    """
    return _BLOCK.format(
        about=stub(name).splitlines()[2].decode(),
        name=name,
        failing="exit $?" if name in CHECKS else ":",
        chain=_CHAIN.format(name=name, aside=ASIDE) if chain else "",
    ).encode()


@cache
def caller(name: str) -> bytes:
    """A whole hook file that holds nothing but `block`."""
    return INTERPRETER + block(name, chain=True)


def is_own(text: bytes, name: str) -> bool:
    """Whether `text` is a whole file of ours, of this release or an earlier one."""
    return text in (stub(name), caller(name)) or sha256(text).hexdigest() in EARLIER


def needs_kept_stub(content: bytes) -> bool:
    """Whether our lines in a hook start the program that is kept in the git directory."""
    return b"/dsv/hooks/" in content
