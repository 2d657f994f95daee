"""Rule `parent-cycle`."""

from __future__ import annotations

from tests.checks.conftest import finding, findings, line_of, register, severities
from tests.conftest import Repo
from tests.manifests import write_manifest

YAML = "manifests/a/manifest.yaml"


def test_versions_that_are_each_others_ancestors(team: Repo) -> None:
    write_manifest(team, "a", "1.0", parents=["c@1.0"], dataset="a")
    write_manifest(team, "b", "1.0", parents=["a@1.0"], dataset="b")
    write_manifest(team, "c", "1.0", parents=["b@1.0"], dataset="c")
    found = finding(team, "parent-cycle")
    assert (found["file"], found["line"]) == (YAML, line_of(team, YAML, "c@1.0"))
    assert "a@1.0 → c@1.0 → b@1.0 → a@1.0" in found["message"]
    assert severities(team, "parent-cycle") == [["warn"], []]
    write_manifest(team, "c", "1.0", parents=["b@1.0"], dataset="c", description="still")
    team.commit("A cycle")
    team.write("README.md", "# Pets\n")
    team.git("add", "-A")
    assert findings(team, "--staged") == [], "another change"


def test_a_cycle_over_a_record(team: Repo) -> None:
    register(team, "a", "1.0", dataset="a")
    register(team, "b", "1.0", parents=["a@1.0"], dataset="b")
    write_manifest(team, "b", "2.0", dataset="b")
    write_manifest(team, "a", "1.0", parents=["b@1.0"], dataset="a")
    assert "parent-cycle" in [one["rule"] for one in findings(team)]


def test_a_lineage_that_meets_again_is_no_cycle(team: Repo) -> None:
    register(team, "a", "1.0", dataset="a")
    register(team, "b", "1.0", parents=["a@1.0"], dataset="b")
    write_manifest(team, "a", "1.1", parents=["a@1.0", "b@1.0"], dataset="a")
    assert findings(team) == []
