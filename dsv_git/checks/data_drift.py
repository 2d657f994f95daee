"""Rule `data-drift`: the data of this machine is what the manifest says. A team asks for it: where
the data belongs to others, it changes while one commits."""

from __future__ import annotations

from collections.abc import Iterator
from shlex import quote

from dsv_git.checks.content import Content
from dsv_git.checks.drift import Drift
from dsv_git.checks.finding import Problem
from dsv_git.checks.rule import Rule
from dsv_git.checks.saying_yes import unless_meant
from dsv_git.manifest.manifest import DECLARATION


def check_content(content: Content) -> Iterator[Problem]:
    """The manifests whose data was looked at; what could not be read is a note."""
    for name, drift in sorted(content.drift.items()):
        file = f"{content.folder}/{name}/{DECLARATION}"
        if drift.unread:
            text = f"its data was not looked at: {drift.unread}"
            yield Problem(
                text, "nothing to do, if it is not on this machine", name, file, minor=True
            )
        elif drift.count:
            update = f"dsv update {quote(name)}, then: git add {quote(f'{content.folder}/{name}')}"
            text = f"the data is not what this says: {_counted(drift)}"
            few = Problem(text, unless_meant(update, "data-drift"), name, file)
            yield few.among(drift.sample, drift.count)


def _counted(drift: Drift) -> str:
    counts = {"new": drift.new, "changed": drift.changed, "gone": drift.gone}
    return ", ".join(f"{count} {word}" for word, count in counts.items() if count)


RULE = Rule(content=check_content)
