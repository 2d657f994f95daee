"""References to versions: `manifest@version`, `manifest@version#<8 hex>`, `clearml:ID`."""

from __future__ import annotations

import re
from dataclasses import dataclass

from dsv_git.errors import InputError
from dsv_git.manifest.bump import check_version
from dsv_git.manifest.names import is_manifest_name

FOREIGN = "clearml:"
_KEY = re.compile(r"#([0-9a-f]{8})\Z")
_FOREIGN = re.compile(r"clearml:[0-9A-Za-z_-]+")


@dataclass(frozen=True, order=True)
class Parent:
    """A parent of a version. `foreign` is `clearml:ID` for one that is tracked elsewhere; then the
    other fields are empty. `key8` tells versions of one name apart."""

    manifest: str = ""
    version: str = ""
    key8: str = ""
    foreign: str = ""

    def __str__(self) -> str:
        if self.foreign:
            return self.foreign
        return f"{self.manifest}@{self.version}" + (f"#{self.key8}" if self.key8 else "")


def parse_parent(text: str) -> Parent:
    """Reads a reference. Raises InputError where it is none."""
    if text.startswith(FOREIGN):
        if not _FOREIGN.fullmatch(text):
            raise InputError(f"not the ID of a ClearML dataset: {text!r}", hint="clearml:<ID>")
        return Parent(foreign=text)
    manifest, _, version = text.partition("@")
    found = _KEY.search(version)
    key8 = found.group(1) if found else ""
    version = version[: found.start()] if found else version
    try:
        check_version(version if is_manifest_name(manifest) else "")
    except InputError:
        raise InputError(
            f"not a version: {text!r}", hint="write MANIFEST@VERSION, or clearml:ID"
        ) from None
    return Parent(manifest, version, key8)
