"""Rule `override`: a `Data-Override:` line names rules that a person may say yes to."""

from __future__ import annotations

from collections.abc import Iterator

from dsv_git.checks.content import Content
from dsv_git.checks.finding import Problem
from dsv_git.checks.overrides import TRAILER
from dsv_git.checks.rule import Rule
from dsv_git.checks.rules import OVERRIDABLE, RULES
from dsv_git.manifest.yamltext import nearest


def check_content(content: Content) -> Iterator[Problem]:
    """Words that are no rule, and rules that nobody can override."""
    for named in content.overrides:
        if named.rule in OVERRIDABLE:
            continue
        if named.rule in RULES:
            text = f"{named.source} has {TRAILER}: {named.rule}, and that rule has no exception"
            yield Problem(text, "correct what the rule finds, and leave the line out")
            continue
        near = nearest(named.rule, OVERRIDABLE)
        hint = f"did you mean {near}?" if near else f"it is one of: {', '.join(OVERRIDABLE)}"
        yield Problem(
            f"{named.source} has {TRAILER}: {named.rule}, and there is no such rule", hint
        )


RULE = Rule(content=check_content)
