"""The next version's name."""

from __future__ import annotations

import re

from dsv_git.errors import InputError
from dsv_git.manifest.names import LONGEST_PART, encode_part

_NUMBERED = re.compile(r"([0-9]+\.(?:[0-9]+\.)?)([0-9]+)((?:[-+_]\S*)?)")


class NoSuccessor(InputError):
    """A version's name does not tell the next one's."""


def bump(version: str) -> str:
    """`X.Y` or `X.Y.Z`, with an optional suffix, one higher in its last number.

    `1.0-kaggle` gives `1.1-kaggle`. Raises NoSuccessor for any other text.
    """
    found = _NUMBERED.fullmatch(version)
    if not found:
        raise NoSuccessor(
            f"cannot tell which version comes after {version!r}", hint="give it: --version V"
        )
    head, last, suffix = found.groups()
    return f"{head}{int(last) + 1}{suffix}"


def check_version(version: str) -> str:
    """`version` itself. Raises InputError where it cannot be a version's name."""
    bad = not version or version != version.strip() or not version.isprintable()
    if bad or "@" in version or "#" in version:
        raise InputError(
            f"not a version: {version!r}",
            hint="a version is printable, without @, # and spaces at its ends: 1.0-kaggle",
        )
    if len(encode_part(version)) > LONGEST_PART:
        raise InputError(
            f"the version {version[:40]!r}… is too long",
            hint=f"its name on disk may have {LONGEST_PART} bytes",
        )
    return version
