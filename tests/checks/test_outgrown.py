"""Rule `layout`: lists with far more rows than they are meant to have."""

from __future__ import annotations

import pytest

from dsv_git.checks.layout import FAR_MORE, check_manifest
from dsv_git.checks.subject import Subject
from dsv_git.manifest.entry import Entry
from dsv_git.manifest.layout import Layout
from dsv_git.manifest.manifest import Manifest
from tests.checks.conftest import every_finding, severities
from tests.conftest import Repo
from tests.manifest.lists import CAT
from tests.manifest.memory import Memory, whole
from tests.manifests import write_manifest

LIST = "files/_.jsonl"


def rows(count: int, folder: str = "") -> list[Entry]:
    return [Entry(f"{folder}{number:05}.jpg", 1, CAT) for number in range(count)]


def held(count: int, layout: Layout, folder: str = "") -> Manifest:
    return Manifest("youtube", Memory(whole(layout, rows(count, folder))))


@pytest.mark.parametrize(("count", "found"), [(FAR_MORE, 0), (FAR_MORE + 1, 1)])
def test_a_list_may_have_so_many_rows_and_not_one_more(count: int, found: int) -> None:
    problems = list(check_manifest(Subject(held(count, Layout()))))
    assert len(problems) == found
    for problem in problems:
        assert problem.message == "a file list has more than 16,000 rows"
        assert problem.concerned == (f"{LIST} (16,001 rows)",)
        assert problem.hint.startswith("dsv update youtube --relayout")


def test_the_rows_of_a_fan_count_list_by_list() -> None:
    assert not list(check_manifest(Subject(held(FAR_MORE + 1, Layout(fans={"_": 1})))))


def test_lists_that_did_not_change_are_not_read() -> None:
    now = held(FAR_MORE + 1, Layout(depth=1), "a/")
    assert isinstance(now.files, Memory)
    assert not list(check_manifest(Subject(now, now)))
    assert now.files.reads == []


def test_it_is_a_warning_until_the_rows_are_spread_anew(team: Repo) -> None:
    contents = {f"{number}.jpg": str(number) for number in range(FAR_MORE + 1)}
    write_manifest(team, "pets", "1.0", contents)
    (found,) = every_finding(team)
    assert (found["rule"], found["severity"]) == ("layout", "warn")
    assert severities(team, "layout") == [["warn"], []]
    team.write("message", "Many\n\nData-Override: layout\n")
    team.git("add", "manifests")
    (found,) = every_finding(team, "--staged", "--message", "message")
    assert found["message"].endswith(": meant, says the commit's message")
    write_manifest(team, "pets", "1.0", contents, layout=Layout(fans={"_": 1}))
    assert every_finding(team) == []
