"""The rules of `dsv check`: an id and a severity each.

The rule `some-rule` is `RULE` of the module `dsv_git.checks.some_rule`, imported when it runs: this
table is read whenever a command reads `.dsv.yaml`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from importlib import import_module
from typing import TYPE_CHECKING, Final, Literal

if TYPE_CHECKING:
    from dsv_git.checks.content import Content
    from dsv_git.checks.finding import Finding, Problem
    from dsv_git.checks.rule import Rule
    from dsv_git.checks.subject import Subject

Severity = Literal["error", "warn", "off"]

RULES: Final[Mapping[str, Severity]] = {
    "format": "error",
    "canonical": "error",
    "record": "error",
    "path-safety": "error",
    "version-bump": "error",
    "version-unique": "error",
    "parent-exists": "error",
    "parent-cycle": "error",
    "case-collision": "error",
    "mass-removal": "error",
    "class-vanished": "error",
    "split-leak": "error",
    "label-conflict": "error",
    "duplicates": "warn",
    "empty-file": "error",
    "lost-entries": "error",
    "squash-loss": "warn",
    "layout": "warn",
    "data-drift": "off",
    "override": "error",
}
"""Every rule there is, with the severity it has unless `.dsv.yaml` says otherwise."""

OVERRIDABLE: Final = (
    "mass-removal",
    "class-vanished",
    "split-leak",
    "label-conflict",
    "duplicates",
    "empty-file",
    "lost-entries",
    "squash-loss",
    "layout",
    "data-drift",
)
"""The rules that a `Data-Override:` line of a commit's message says yes to."""

Part = Literal["all", "before-message", "message"]
"""Which rules are judged: all, those that no message changes, or those that it can override."""


def load(rule: str) -> Rule:
    """The rule with this id."""
    found: Rule = import_module(f"dsv_git.checks.{rule.replace('-', '_')}").RULE
    return found


def judge(
    content: Content, configured: Mapping[str, Severity], part: Part = "all"
) -> tuple[Finding, ...]:
    """What the rules of a part that are not `off` find, by manifest, file and line.

    `configured` is what `.dsv.yaml` says of some rules. What a person said yes to is a warning.
    """
    from dsv_git.checks.finding import finding, in_order, overridden

    severities = {**RULES, **configured}
    rules = {
        rule: load(rule) for rule in RULES if severities[rule] != "off" and is_judged(rule, part)
    }
    found = []
    for rule, problem in _problems(content, rules):
        severity = severities[rule]
        if severity != "off":
            yes = next(
                (one for one in content.overrides if one.covers(rule, problem.manifest)), None
            )
            said = overridden(problem, yes.source) if yes and rule in OVERRIDABLE else problem
            found.append(finding(rule, severity, said))
    return in_order(found)


def is_judged(rule: str, part: Part) -> bool:
    """Whether a rule is of a part. `override` looks at messages alone: it is told of with them."""
    of_message = rule in OVERRIDABLE or rule == "override"
    return part == "all" or of_message == (part == "message")


def _problems(content: Content, rules: Mapping[str, Rule]) -> Iterator[tuple[str, Problem]]:
    for name, rule in rules.items():
        if rule.content is not None:
            yield from ((name, problem) for problem in rule.content(content))
    for subject in content.subjects:
        for name, rule in rules.items():
            if rule.manifests is not None:
                yield from ((name, problem) for problem in rule.manifests(subject))
        yield from _in_lists(subject, rules)


def _in_lists(subject: Subject, rules: Mapping[str, Rule]) -> Iterator[tuple[str, Problem]]:
    """Each list is read once for all rules, and let go before the next one."""
    for path in subject.lists:
        file = subject.list_file(path)
        for name, rule in rules.items():
            if rule.lists is not None:
                yield from ((name, problem) for problem in rule.lists(file))
