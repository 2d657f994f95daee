"""Rule `case-collision`."""

from __future__ import annotations

import pytest

from dsv_git.manifest.layout import Layout
from tests.checks.conftest import every_finding, only_finding, severities
from tests.conftest import Repo
from tests.manifests import write_manifest

LAYOUTS = [Layout(), Layout(fans={"_": 1})]
BASE = {"cat/a.jpg": "1", "cat/é.jpg": "2", "dog/straße.jpg": "3"}


@pytest.mark.parametrize("layout", LAYOUTS, ids=["one list", "a fan"])
@pytest.mark.parametrize("path", ["cat/A.jpg", "CAT/a.jpg", "cat/e\u0301.jpg", "dog/STRASSE.jpg"])
def test_a_new_path_that_is_another_one_on_a_mac(team: Repo, layout: Layout, path: str) -> None:
    write_manifest(team, "pets", "1.0", BASE, layout=layout)
    team.commit("Start")
    write_manifest(team, "pets", "1.1", BASE | {"cat/b.jpg": "4", "cat/e.jpg": "5"}, layout=layout)
    assert every_finding(team, "--staged") == every_finding(team) == []
    write_manifest(team, "pets", "1.1", BASE | {path: "4"}, layout=layout)
    team.git("add", "-A")
    found = only_finding(team, "case-collision", "--staged")
    assert path in found["concerned"][0].split(" = ")
    assert found["hint"].endswith("dsv update pets")


def test_a_first_version_is_told_of_all_and_a_later_one_of_what_it_brings(team: Repo) -> None:
    write_manifest(team, "pets", "1.0", BASE | {"cat/A.jpg": "4"})
    assert severities(team, "case-collision") == [["warn"], []]
    team.commit("Two spellings")
    write_manifest(team, "pets", "1.1", BASE | {"cat/A.jpg": "4", "cat/x.jpg": "5"})
    assert every_finding(team) == []
