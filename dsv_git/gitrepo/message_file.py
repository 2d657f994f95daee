"""The file with a commit's message, as git hands it to its hooks."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from dsv_git.gitrepo.files import write_file
from dsv_git.gitrepo.repository import Repository

_CUT: Final = "------------------------ >8 ------------------------"
"""What git writes behind the comment character: it cuts off everything from there on."""
_KEPT: Final = "will be kept; you may remove them"
"""What git says in the editor where it leaves comments in the message."""
_SIGNS: Final = "#;@!$%^&|:"
"""The characters that `core.commentChar=auto` chooses from."""


@dataclass(frozen=True)
class MessageFile:
    """A message: `comment` begins its comments, `cleanup` is the mode that is configured."""

    path: Path
    text: str
    comment: str
    cleanup: str

    @property
    def cut(self) -> int | None:
        """Where the line begins from which on git drops everything, or None."""
        line = f"{self.comment} {_CUT}\n"
        if self.text.startswith(line):
            return 0
        at = self.text.find("\n" + line)
        return at + 1 if at >= 0 else None

    @property
    def takes_comments(self) -> bool:
        """Whether git takes comments out again. Where it does not say that it will, nothing is
        added."""
        if self.cut is not None:
            return True
        return self.cleanup in {"", "default", "strip"} and _KEPT not in self.text

    @property
    def has_text(self) -> bool:
        """Whether anything but comments is there: git refuses a message without."""
        lines = self.text[: self.cut].splitlines()
        return any(line.strip() and not line.startswith(self.comment) for line in lines)


def read(repository: Repository, path: Path) -> MessageFile:
    """The message in a file. Raises OSError, UnicodeDecodeError for one that is not UTF-8."""
    text = path.read_bytes().decode()
    comment = (
        repository.config("core.commentString") or repository.config("core.commentChar") or "#"
    )
    if comment == "auto":
        last = next((line for line in reversed(text.splitlines()) if line.strip()), "#")
        comment = last[0] if last[0] in _SIGNS else "#"
    return MessageFile(path, text, comment, repository.config("commit.cleanup") or "")


def add_comments(message: MessageFile, text: str) -> None:
    """Adds lines as comments at the end, or where git cuts a patch off, in front of that."""
    if not text:
        return
    lines = "".join(f"{message.comment} {line}".rstrip() + "\n" for line in text.splitlines())
    block = f"{message.comment}\n{lines}"
    patch = message.text.find("\ndiff --", message.cut) if message.cut is not None else -1
    at = patch + 1 if patch >= 0 else len(message.text)
    head = message.text[:at]
    glue = "" if not head or head.endswith("\n") else "\n"
    write_file(message.path, (head + glue + block + message.text[at:]).encode())


def add_trailers(
    repository: Repository,
    message: MessageFile,
    key: str,
    datasets: Collection[str],
    values: Iterable[str],
) -> None:
    """Adds trailers `key: value` by git's own rules. Those of other versions of the `datasets`
    (`dataset@…`) are taken out: an amended commit names the version that it makes now."""
    wanted = list(values)
    end = len(message.text) if message.cut is None else message.cut
    lines = message.text[:end].splitlines(keepends=True)
    kept = [line for line in lines if not _former(line, key, datasets, wanted)]
    text = "".join(kept) + message.text[end:]
    options = [part for value in wanted for part in ("--trailer", f"{key}: {value}")]
    if not options:
        return
    # A line `---` ends a message that is mailed, and no other.
    asked = ("interpret-trailers", "--no-divider", "--if-exists", "addIfDifferent")
    out = repository.git.run(*asked, *options, stdin=text.encode())
    if out.decode() != message.text:
        write_file(message.path, out)


def _former(line: str, key: str, datasets: Collection[str], wanted: Collection[str]) -> bool:
    name, colon, value = line.partition(":")
    if not colon or name != key or value.strip() in wanted:
        return False
    return value.strip().rpartition("@")[0] in datasets
