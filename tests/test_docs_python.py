"""docs/python.md: its program prints what stands there, its tables name what there is."""

from __future__ import annotations

import json
import re
import sys
from dataclasses import fields
from pathlib import Path

import pytest

import dsv_git
from dsv_git.diff.change import Kind
from tests.clearml_server import ClearMLServer
from tests.conftest import Repo
from tests.test_readme import SOURCE, pattern, table

PAGE = SOURCE / "docs/python.md"
TEXT = PAGE.read_text(encoding="utf-8")
TRAIN = SOURCE / "docs/examples/train.py"


@pytest.fixture
def demo(repo: Repo, server: ClearMLServer) -> Repo:
    """The repository that `dsv demo` makes, registered in ClearML."""
    place = repo.path.parent / "demo"
    env = {**repo.env, **server.quick_environment, "PYTHONWARNINGS": ""}
    repo.run(sys.executable, "-m", "dsv_git", "demo", "--registry", "clearml", str(place), env=env)
    return Repo(place, env)


def test_the_program_prints_what_the_page_shows(demo: Repo) -> None:
    program = re.findall(r"^```python\n(# look\.py\n.*?)^```$", TEXT, re.M | re.S)[0]
    shown = re.findall(r"^\$ python look\.py\n(.*?)^```$", TEXT, re.M | re.S)[0]
    place = demo.path.parent / "look.py"
    place.write_text(program)
    printed = demo.run(sys.executable, str(place)).stdout
    assert re.fullmatch(pattern(tuple(shown.replace("local:", "").splitlines())), printed), printed


def test_the_example_trains_and_the_version_knows_of_it(demo: Repo) -> None:
    quoted = re.findall(r"^```python\n(task = .*?)^```$", TEXT, re.M | re.S)[0].splitlines()
    source = TRAIN.read_text(encoding="utf-8")
    assert quoted[0] in source
    assert quoted[1].partition('"all"')[0] in source
    said = demo.run(sys.executable, str(TRAIN), "all").stdout
    version = json.loads(demo.dsv("show", "all", "--json"))["id"]
    assert f"training on all@1.0 = {version}" in said
    right, of = map(int, re.findall(r"(\d+) of (\d+) right in val", said)[0])
    assert of == 14
    assert right > of / 2  # a guess among six classes is right in 2 or 3
    used = json.loads(demo.dsv("show", "all", "--used-by", "--json"))["used_by"]
    assert [task["name"] for task in used["tasks"]] == ["pets: softmax regression"]


def test_the_table_of_names_is_what_the_package_gives() -> None:
    named = {row[0].partition("(")[0] for row in table("The names", PAGE)}
    assert named == set(dsv_git.__all__) - {"__version__"}
    assert set(dsv_git.__all__) <= set(dir(dsv_git))
    for name in named:
        assert getattr(dsv_git, name).__doc__, name


def test_every_public_name_of_a_dataset_is_on_the_page() -> None:
    own = {name for name in vars(dsv_git.Dataset) if not name.startswith("_")}
    own |= {field.name for field in fields(dsv_git.Dataset) if not field.name.startswith("_")}
    sentence = TEXT.partition("A `Dataset` has ")[2].partition("It\nis iterable")[0]
    assert {name.partition("(")[0] for name in re.findall(r"`([^`]+)`", sentence)} == own


@pytest.mark.parametrize("name", ["Declaration", "Entry", "Stats", "Diff", "Change"])
def test_what_the_table_says_that_a_noun_has_is_there(name: str) -> None:
    (told,) = [row[1] for row in table("The names", PAGE) if row[0] == name]
    text = TEXT.partition(f"| `{name}` |")[2].partition("|\n")[0]
    for attribute in re.findall(r"`(\w+)`", text):
        noun = getattr(dsv_git, name)
        known = {*dir(noun), *getattr(noun, "__dataclass_fields__", ())}
        assert attribute in known, (told, attribute)


def test_the_kinds_on_the_page_are_all_kinds() -> None:
    text = TEXT.partition("| `Kind` |")[2].partition("|\n")[0]
    assert re.findall(r"`(\w+)`", text) == [kind.name for kind in Kind]


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        dsv_git.nothing  # noqa: B018


def test_importing_the_package_imports_nothing_heavy(tmp_path: Path) -> None:
    import subprocess

    code = "import sys, dsv_git; print([m for m in sys.modules if m.startswith('dsv_git.')])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
