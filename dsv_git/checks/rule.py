"""What a rule is: functions that look at a list, at a manifest, or at all of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from dsv_git.checks.content import Content
from dsv_git.checks.finding import Problem
from dsv_git.checks.listfile import ListFile
from dsv_git.checks.subject import Subject


@dataclass(frozen=True)
class Rule:
    """A rule looks as narrowly as it can: lists are read one by one, and only those that changed;
    `manifests` sees every manifest, `content` all of them, for what spans several."""

    lists: Callable[[ListFile], Iterable[Problem]] | None = None
    manifests: Callable[[Subject], Iterable[Problem]] | None = None
    content: Callable[[Content], Iterable[Problem]] | None = None
