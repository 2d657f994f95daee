"""Labels from the path: `{split}/{label}/*`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from dsv_git.errors import InputError
from dsv_git.manifest.names import printable
from dsv_git.scan.labels.labelled import Labelled
from dsv_git.scan.notices import Notice

_TOKEN: Final = re.compile(r"\{([^{}]*)\}|(\*+)|([{}])|([^{}*]+)")
_NAME: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_EXAMPLE: Final = "labels: {path: '{split}/{label}/*'}"


class PathPattern:
    """A pattern over the path below the data root.

    `{name}` takes one part of the path, or some of it, but at least one character; where two
    fields could share a text the first takes as much as it can. `*` is anything within one part,
    `**` as a whole part any number of parts, also none. Everything else stands for itself. The
    fields `split` and `label` are those of the entry, others become props.

    Raises InputError for a pattern that is none.
    """

    def __init__(self, pattern: str) -> None:
        self._regex = re.compile(_expression(pattern))
        # Where the last part says nothing, a folder's files all have what its first one has.
        self._by_folder = pattern.endswith("/*")
        self._folders: dict[str, Labelled | None] = {}
        self._props = tuple(
            name for name in self._regex.groupindex if name not in {"label", "split"}
        )

    def annotation(self, path: str) -> Labelled | None:
        """What the path says, None where the pattern does not match it."""
        if not self._by_folder:
            return self._annotation(path)
        folder = path.rpartition("/")[0]
        if folder not in self._folders:
            self._folders[folder] = self._annotation(path)
        return self._folders[folder]

    def _annotation(self, path: str) -> Labelled | None:
        found = self._regex.fullmatch(path)
        if found is None:
            return None
        fields = found.groupdict()
        return Labelled(
            label=fields.get("label"),
            split=fields.get("split"),
            props={name: fields[name] for name in self._props},
        )

    @property
    def notices(self) -> tuple[Notice, ...]:
        """Nothing: a path that does not match has no label."""
        return ()


def _expression(pattern: str) -> str:
    """The regular expression of a pattern."""
    parts = pattern.removeprefix("./").split("/")
    if "" in parts:
        raise _refused(pattern, "a part is empty", "no / at the beginning, at the end, or twice")
    seen: set[str] = set()
    text = ""
    for index, part in enumerate(parts):
        last = index == len(parts) - 1
        if part == "**":
            # Twice in a row says no more than once, and costs a search much more.
            if index == 0 or parts[index - 1] != "**":
                text += r"(?:[^/]+/)*"
            text += r"[^/]+" if last else ""
        else:
            text += "".join(_pieces(pattern, part, seen)) + ("" if last else "/")
    if not seen:
        raise _refused(pattern, "it has no field", _EXAMPLE)
    return text


def _pieces(pattern: str, part: str, seen: set[str]) -> Iterator[str]:
    """The expressions of one part of a pattern; notes the fields in `seen`."""
    wild = ""
    for token in _TOKEN.finditer(part):
        name, stars, brace, plain = token.groups()
        if brace:
            raise _refused(pattern, f"a {brace} stands alone", _EXAMPLE)
        if plain:
            yield re.escape(plain)
            wild = ""
            continue
        if stars and len(stars) > 1:
            raise _refused(pattern, "** is a whole part, such as **/{label}/*")
        if wild:
            raise _refused(pattern, f"nothing tells {wild} from {token.group()}")
        yield r"[^/]*" if stars else f"(?P<{_field(pattern, name, seen)}>[^/]+)"
        wild = token.group()


def _field(pattern: str, name: str, seen: set[str]) -> str:
    if not name:
        raise _refused(pattern, "a field has no name", _EXAMPLE)
    if not _NAME.fullmatch(name):
        raise _refused(pattern, f"a field's name is letters, digits and _, not {name!r}")
    if name in seen:
        raise _refused(pattern, f"the field {name} is twice")
    seen.add(name)
    return name


def _refused(pattern: str, reason: str, hint: str | None = None) -> InputError:
    return InputError(
        f"not a pattern for labels: {reason}", where=f"labels: {printable(pattern)}", hint=hint
    )
