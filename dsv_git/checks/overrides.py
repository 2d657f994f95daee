"""`Data-Override: rule[, rule]` in a commit's message: a person says yes to what a rule refuses."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

TRAILER: Final = "Data-Override"

_LINE: Final = re.compile(rf"^{TRAILER}[ \t]*:(.*)$", re.MULTILINE | re.IGNORECASE)
_SCISSORS: Final = re.compile(r"^\S+ -+ >8 -+$", re.MULTILINE)


@dataclass(frozen=True)
class Override:
    """A word of a trailer: the rule that it names, as it is written there. `source` is whose
    message it is; `manifests` are those that it counts for, None for all."""

    rule: str
    source: str
    manifests: frozenset[str] | None = None

    def covers(self, rule: str, manifest: str) -> bool:
        """Whether it says yes to what a rule finds in a manifest."""
        return self.rule == rule and (self.manifests is None or manifest in self.manifests)


def named_rules(message: str) -> Iterator[str]:
    """The words of every `Data-Override:` line of a message, each once.

    A line counts wherever it stands, for a host that squashes a branch strings its messages
    together; what `git commit --verbose` shows below its scissors does not.
    """
    text = _SCISSORS.split(message.replace("\r\n", "\n"), maxsplit=1)[0]
    words = (word.strip() for line in _LINE.findall(text) for word in line.split(","))
    yield from dict.fromkeys(word.lower() for word in words if word)
