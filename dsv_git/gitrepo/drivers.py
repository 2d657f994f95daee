"""Our merge and diff drivers in a clone's git configuration.

`.gitattributes` of the manifests folder names them; a clone without this configuration merges and
shows manifests as plain text. What is configured never needs dsv: a merge falls back to what plain
git does, and the diff driver is sed alone.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from dsv_git.gitrepo.repository import Repository

CONFLICTED: Final = 9
"""What the merge driver exits with when it wrote conflicts. Python ends with 1 where the package is
gone, dsv with 2 or 3: those must fall back."""

_MERGE: Final = (
    "dsv_merge() {"
    " dsv_python=$(git config --type=path --get dsv.python) || dsv_python=;"
    ' if [ -x "$dsv_python" ]; then'
    ' PYTHONSAFEPATH=1 "$dsv_python" -m dsv_git driver merge "$@";'
    f" case $? in 0) return 0;; {CONFLICTED}) return 1;; esac; fi;"
    " if command -v dsv >/dev/null; then"
    ' dsv driver merge "$@";'
    f" case $? in 0) return 0;; {CONFLICTED}) return 1;; esac; fi;"
    ' git merge-file -L ours -L base -L theirs --marker-size="$4" "$2" "$1" "$3";'
    " }; dsv_merge %O %A %B %L %P %X %Y"
)

_TEXT: Final = r'([^"\\]|\\.)*'
"""What stands between the quotes of a JSON string."""
_ROWS: Final = (
    # Fields are put between tabs, which no line of JSON holds, and tabs become blanks at the end.
    rf's/^\{{"path":"({_TEXT})","size":([0-9]+),"hash":"([^"]*)"(.*)\}}$/\1T\5T\3T\4/',
    r"s/T(xxh3|sha256|md5):([0-9a-f]{8})[0-9a-f]*$/T\2/",
    rf's/^([^T]*T),"label":"({_TEXT})"/\1\2T/',
    rf's/^([^T]*T),"label":(\[("{_TEXT}",?)*\])/\1\2T/',
    r's/^([^T]*T)(,"|T)/\1-T\2/',
    rf's/^([^T]*T[^T]*T),"split":"({_TEXT})"/\1\2T/',
    r's/^([^T]*T[^T]*T)(,"|T)/\1-T\2/',
    r"s/^([^T]*T[^T]*T[^T]*T)([^T]*)T([^T]*)T([^T]*)$/\1\3 BT\4\2/",
    r's/,"ann":"([a-z0-9]+):([0-9a-f]{8})[^"]*"/Tann \2/',
    r's/,"props":(\{.*)$/T\1/',
    rf's/^\{{"path":"({_TEXT})","hash":"[a-z0-9]+:([^"]{{1,8}})[^"]*",(.*)\}}$/\1T\3T\4/',
    "s/T/  /g",
)
_SHOW: Final = (
    "dsv_rows() { LC_ALL=C sed -E "
    + " ".join(f"-e '{edit}'" for edit in _ROWS).replace("T", "\t")
    + ' "$1"; }; dsv_rows'
)

SETTINGS: Final = {
    "merge.dsv.name": "manifests of dsv, merged by entry and by key",
    "merge.dsv.driver": _MERGE,
    "diff.dsv.textconv": _SHOW,
}
"""The keys and values. The texts that git makes of lists are not cached (diff.dsv.cachetextconv):
sed takes milliseconds, and the cache would be refs of notes in the person's repository."""


def unset_drivers(repository: Repository) -> tuple[str, ...]:
    """The keys that this clone's configuration has not, or with another value."""
    return tuple(key for key in SETTINGS if _own(repository, key) != [SETTINGS[key]])


def install_drivers(repository: Repository) -> tuple[str, ...]:
    """Configures the drivers in this clone. Gives the keys that were not so before."""
    changed = unset_drivers(repository)
    for key in changed:
        repository.git.run("config", "--local", "--replace-all", key, SETTINGS[key])
    return changed


def uninstall_drivers(repository: Repository) -> None:
    """Takes the drivers out of this clone's configuration."""
    for key in SETTINGS:
        repository.unset_config(key)


def attributes_of(repository: Repository, paths: Iterable[str]) -> dict[str, dict[str, str]]:
    """What git's attributes say of paths in the working tree (which need not exist): the values of
    `merge`, `diff`, `text` and `filter`, as `git check-attr` writes them."""
    asked = ("check-attr", "-z", "merge", "diff", "text", "filter", "--", *paths)
    fields = repository.git.fields(*asked)
    found: dict[str, dict[str, str]] = {}
    for path, name, value in zip(fields[::3], fields[1::3], fields[2::3], strict=True):
        found.setdefault(path, {})[name] = value
    return found


def _own(repository: Repository, key: str) -> list[str]:
    asked = repository.git.attempt("config", "--local", "--null", "--get-all", key)
    return asked.stdout.decode(errors="replace").split("\0")[:-1]
