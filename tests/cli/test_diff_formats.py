"""`dsv diff` in every format: of a branch, of the working tree, of a hundred relabels in a hundred
thousand entries."""

from __future__ import annotations

import json

import pytest

from dsv_git.manifest.layout import Layout
from tests.conftest import Repo
from tests.manifests import INITIAL, write_manifest

FORMATS = ("text", "json", "markdown", "html")
MORE = {**INITIAL, "val/cat/d.jpg": "1"}


@pytest.fixture
def pets(repo: Repo) -> Repo:
    """A branch `side` that adds a leak to one manifest, and `main` that went on with another."""
    repo.write(".dsv.yaml", "registry: local\n")
    write_manifest(repo, "pets", "1.0")
    repo.commit("First")
    repo.git("switch", "-q", "-c", "side")
    write_manifest(repo, "pets", "1.1", MORE, ["pets@1.0"])
    repo.commit("Second")
    repo.git("switch", "-q", "main")
    write_manifest(repo, "birds", "1.0", {"owl.jpg": "o"})
    repo.commit("Birds")
    return repo


@pytest.mark.parametrize("form", FORMATS)
def test_a_branch_is_compared_with_where_it_left(pets: Repo, form: str) -> None:
    told = pets.dsv("diff", "main...side", "--format", form)
    assert "val/cat/d.jpg" in told
    assert "birds" not in told
    back = pets.dsv("diff", "main..side", "--format", form)
    assert "birds" in back


@pytest.mark.parametrize("form", FORMATS)
def test_the_working_tree_is_compared_with_a_commit(pets: Repo, form: str) -> None:
    write_manifest(pets, "pets", "1.1", MORE, ["pets@1.0"])
    told = pets.dsv("diff", "--format", form, "--exit-code", code=1)
    assert "val/cat/d.jpg" in told
    assert "the working tree" in told or form == "text"


@pytest.mark.parametrize("form", FORMATS)
def test_a_new_leak_is_told_and_the_other_way_it_is_gone(pets: Repo, form: str) -> None:
    there = pets.dsv("diff", "main...side", "--format", form)
    back = pets.dsv("diff", "side", "main", "pets", "--format", form)
    if form == "json":
        new, gone = (json.loads(text)["manifests"][0]["repeated"] for text in (there, back))
        assert new["new_leaks"] == new["new_duplicates"]
        (leak,) = new["new_leaks"]
        assert [file["split"] for file in leak["before"]] == ["train"]
        assert [file["split"] for file in leak["after"]] == ["train", "val"]
        assert gone["gone_leaks"] == [{**leak, "before": leak["after"], "after": leak["before"]}]
        assert (new["gone_leaks"], gone["new_leaks"]) == ([], [])
    else:
        there, back = there.lower(), back.lower()
        assert "new leaks: one content in several splits (1)" in there
        assert "leaks that are gone (1)" in back
        assert "gone" not in there
        assert "new leaks" not in back


@pytest.mark.parametrize("form", FORMATS)
def test_nothing_changed_is_no_difference(pets: Repo, form: str) -> None:
    told = pets.dsv("diff", "--exit-code", "--format", form)
    assert form == "json" or "no data changed" in told.lower()


@pytest.mark.parametrize("form", FORMATS)
def test_no_format_writes_to_the_terminal_what_it_may_obey(pets: Repo, form: str) -> None:
    odd = {**INITIAL, "train/<b>|`@cat/\x1b[2J\u202ea.jpg": "9"}
    write_manifest(pets, "pets", "1.1", odd, ["pets@1.0"])
    told = pets.dsv("diff", "--format", form)
    assert "\x1b" not in told
    assert "\u202e" not in told
    assert "[2J" in told or "&#91;2J" in told
    assert "<b>" not in told or form in {"text", "json"}


def test_what_a_version_says_of_itself_stands_above_its_numbers(repo: Repo) -> None:
    repo.write(".dsv.yaml", "registry: local\n")
    write_manifest(repo, "pets", "1.0")
    repo.commit("First")
    said = "no <b>dogs</b> `here`"
    text = f"{said}\nand more of it"
    write_manifest(repo, "pets", "1.1", MORE, description=text)
    assert f"\n  {said}\n" in repo.dsv("diff")
    assert "no &lt;b&gt;dogs&lt;/b&gt; `here`</p>" in repo.dsv("diff", "--format", "html")
    markdown = repo.dsv("diff", "--format", "markdown")
    assert "dogs" in markdown
    assert "<b>" not in markdown
    (told,) = json.loads(repo.dsv("diff", "--json"))["manifests"]
    assert told["description"] == text
    repo.dsv("report", "HEAD", "-o", "page.html")
    assert "<p>no &lt;b&gt;dogs&lt;/b&gt; `here`</p>" in (repo.path / "page.html").read_text()
    (repo.path / "page.html").unlink()
    repo.commit("Second")
    write_manifest(repo, "pets", "1.1", INITIAL, description=text)
    assert said not in repo.dsv("diff"), "it said so before"


def test_a_hundred_relabels_in_a_hundred_thousand_entries_read_the_changed_lists_alone(
    repo: Repo,
) -> None:
    layout = Layout(1)
    classes = [f"class{n:02}" for n in range(50)]
    rows = {f"{name}/{n}.jpg": f"{name} {n}" for name in classes for n in range(2000)}
    repo.write(".dsv.yaml", "registry: local\n")
    write_manifest(repo, "big", "1.0", rows, layout=layout)
    repo.commit("First")
    for name, count in (("class07", 60), ("class31", 40)):
        place = f"manifests/big/files/{name}.jsonl"
        lines = (repo.path / place).read_bytes().splitlines(keepends=True)
        own = f'"label":"{name}"'.encode()
        lines[:count] = [line.replace(own, b'"label":"class00"') for line in lines[:count]]
        repo.write(place, b"".join(lines))
    repo.commit("Relabel")
    # What is not there cannot be read: of all lists only both sides of the two that changed stay.
    kept = lost = 0
    for commit in ("HEAD", "HEAD~1"):
        for line in repo.git("ls-tree", "-r", commit, "manifests/big/files").splitlines():
            blob = line.split()[2]
            stored = repo.path / ".git/objects" / blob[:2] / blob[2:]
            if line.endswith(("class07.jsonl", "class31.jsonl")):
                kept += stored.exists()
            elif stored.exists():
                stored.unlink()
                lost += 1
    assert (kept, lost) == (4, 48)
    (found,) = json.loads(repo.dsv("diff", "HEAD~1", "HEAD", "--json"))["manifests"]
    assert found["relabelled"] == [
        {"from": "class07", "to": "class00", "count": 60},
        {"from": "class31", "to": "class00", "count": 40},
    ]
    assert (found["counts"]["relabelled"], len(found["changes"])) == (100, 100)
    assert found["repeated"]["unread_lists"] == 48
    text = repo.dsv("diff", "HEAD~1", "HEAD")
    assert "class07  →  class00  60" in text
    page = repo.dsv("diff", "HEAD~1", "HEAD", "--format", "markdown")
    assert "| <code>class07</code> | <code>class00</code> | 60 |" in page
    assert "| <code>class31</code> | <code>class00</code> | 40 |" in page
