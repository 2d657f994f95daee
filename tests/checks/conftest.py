"""A repository of a team that checks its manifests, and what `dsv check` said."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

import pytest

from dsv_git.checks.rules import OVERRIDABLE
from tests.conftest import Repo
from tests.manifests import INITIAL, write_manifest

CONFIG = "registry: local\n"
MORE = {**INITIAL, "train/cat/d.jpg": "4"}


@pytest.fixture
def team(repo: Repo) -> Repo:
    """A configured repository without a commit, and without hooks."""
    repo.write(".dsv.yaml", CONFIG)
    return repo


def findings(repo: Repo, *args: str) -> list[dict[str, Any]]:
    """What `dsv check` found by the rules on format and versions: contents are as they may be."""
    return [one for one in every_finding(repo, *args) if one["rule"] not in OVERRIDABLE]


def every_finding(repo: Repo, *args: str) -> list[dict[str, Any]]:
    """What `dsv check` found; its exit code must follow from the severities."""
    done = repo.dsv_result("check", "--json", *args)
    assert done.stdout, done.stderr
    outcome = json.loads(done.stdout)
    found: list[dict[str, Any]] = outcome["findings"]
    errors = [one for one in found if one["severity"] == "error"]
    assert (outcome["errors"], outcome["warnings"]) == (len(errors), len(found) - len(errors))
    assert done.returncode == (1 if errors else 0), done.stderr
    return found


def finding(repo: Repo, rule: str, *args: str) -> dict[str, Any]:
    """The only finding by the rules on format and versions, which is an error by `rule`."""
    return _only(findings(repo, *args), rule)


def only_finding(repo: Repo, rule: str, *args: str) -> dict[str, Any]:
    """The only finding, which is an error by `rule`."""
    return _only(every_finding(repo, *args), rule)


def _only(found: list[dict[str, Any]], rule: str) -> dict[str, Any]:
    assert [(one["rule"], one["severity"]) for one in found] == [(rule, "error")], found
    return found[0]


def severities(repo: Repo, rule: str) -> list[list[str]]:
    """The severities of what is found with the rule as `warn`, then with the rule `off`."""
    told = []
    for word in ("warn", "off"):
        repo.write(".dsv.yaml", f"{CONFIG}checks: {{{rule}: {word}}}\n")
        told.append([one["severity"] for one in every_finding(repo) if one["rule"] == rule])
    repo.write(".dsv.yaml", CONFIG)
    return told


def register(
    repo: Repo,
    name: str,
    version: str,
    contents: Mapping[str, str] = INITIAL,
    parents: Iterable[str] = (),
    **more: Any,
) -> None:
    """Commits a version and registers it."""
    write_manifest(repo, name, version, contents, parents, **more)
    repo.commit(f"{name} {version}")
    repo.dsv("sync")


def publish(repo: Repo) -> None:
    """Pushes the branch to a remote, which is made where there is none."""
    if "origin" not in repo.git("remote").split():
        repo.git("init", "-q", "--bare", "../origin.git")
        repo.git("remote", "add", "origin", "../origin.git")
    repo.git("push", "-q", "origin", "HEAD")


def edit(repo: Repo, path: str, old: str, new: str) -> None:
    """Replaces a text that a file has."""
    place = repo.path / path
    text = place.read_bytes().decode()
    assert old in text, text
    place.write_bytes(text.replace(old, new).encode())


def line_of(repo: Repo, path: str, text: str) -> int:
    """The first line, counted from 1, that holds a text."""
    lines = (repo.path / path).read_text().splitlines()
    return next(number for number, line in enumerate(lines, start=1) if text in line)
