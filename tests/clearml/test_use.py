"""`load(…).use()`: a task tells which version it trains on, as the package's own datasets do."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

import dsv_git
from dsv_git.errors import InputError
from tests.clearml.training import register, train
from tests.clearml_server import ClearMLServer
from tests.conftest import Repo


def test_a_use_is_recorded_as_the_package_records_its_own(
    clearml_repo: Repo, server: ClearMLServer
) -> None:
    first, second = register(clearml_repo), register(clearml_repo, content="aa")
    server.forget_calls()
    ours, theirs, written = train(
        clearml_repo,
        server,
        f"""
        one = task("ours")
        one.set_parameter("Args/rate", 0.1)
        data = dsv_git.load("pets").use()
        assert data == dsv_git.load("pets")
        data.use()
        dsv_git.load("pets", id="{first}").use(alias="former", task=one)
        one.close()
        two = task("theirs")
        two.set_parameter("Args/rate", 0.1)
        Dataset.get(dataset_id="{second}", alias="pets")
        Dataset.get(dataset_id="{second}", alias="pets")
        Dataset.get(dataset_id="{first}", alias="former")
        two.close()
        told = one.id, two.id, data.id
        """,
    )
    assert written == second
    mine, other = server.tasks[ours], server.tasks[theirs]
    assert mine["hyperparams"] == other["hyperparams"]
    assert {name: item["value"] for name, item in mine["hyperparams"]["Datasets"].items()} == {
        "pets": second,
        "former": first,
    }
    assert mine["runtime"] == other["runtime"]
    assert list(mine["runtime"]["datasets"]) == [second, first]
    assert mine["runtime"]["orig_datasets.fur/1.1"] == second
    assert mine["execution"] == other["execution"]


def test_a_use_reads_no_version_and_downloads_nothing(
    clearml_repo: Repo, server: ClearMLServer
) -> None:
    version = register(clearml_repo)
    server.tasks.pop(version)
    kept = [call for call in server.calls if call.server == "files"]
    train(clearml_repo, server, "one = task('train'); dsv_git.load('pets').use(); one.close()")
    assert [call for call in server.calls if call.server == "files"] == kept
    (used,) = server.tasks.values()
    assert used["runtime"]["datasets"] == [version]


def test_without_a_task_it_says_so(clearml_repo: Repo, server: ClearMLServer) -> None:
    register(clearml_repo)
    said = train(
        clearml_repo,
        server,
        """
        told = []
        for given in (None, "0123"):
            try:
                dsv_git.load("pets").use(given)
            except Exception as error:
                told.append((type(error).__name__, str(error)))
        """,
    )
    none, no_task = said
    assert none[0] == no_task[0] == "InputError"
    assert none[1].splitlines() == [
        "no ClearML task runs here that could use fur 1.0",
        "  clearml.Task.init(…) first, or .use(task=…)",
    ]
    assert no_task[1].splitlines() == [
        "a clearml.Task is needed, not a str",
        "  .use(task=clearml.Task.get_task(task_id=…))",
    ]


def test_a_version_that_clearml_does_not_know_is_refused(repo: Repo) -> None:
    repo.dsv("init", "--registry", "local")
    version = register(repo)
    with pytest.raises(InputError, match=version) as caught:
        dsv_git.load("pets", repo.path).use()
    assert "registry: clearml in .dsv.yaml, then dsv sync" in str(caught.value)
    repo.write("data/pets/cat/b.jpg", "b")
    repo.dsv("update", "pets")
    with pytest.raises(InputError, match=r"pets@1\.1 is not registered"):
        dsv_git.load("pets", repo.path, strict=False).use()


def test_a_version_that_was_promoted_is_used_under_its_id_in_clearml(
    repo: Repo, server: ClearMLServer
) -> None:
    repo.dsv("init", "--registry", "local")
    former = register(repo)
    text = (repo.path / ".dsv.yaml").read_text()
    repo.write(".dsv.yaml", text.replace("registry: local", "registry: clearml"))
    repo.env.update(server.environment)
    repo.commit("To ClearML")
    repo.dsv("sync")
    now = json.loads(repo.dsv("show", former, "--json"))
    assert now["former_ids"] == [former]
    told = train(
        repo,
        server,
        f"""
        one = task("train")
        told = dsv_git.load("pets", id="{former}").use().id, one.id
        one.close()
        """,
    )
    assert told[0] == now["id"] in server.tasks
    assert server.tasks[told[1]]["runtime"]["datasets"] == [now["id"]]


def test_without_the_package_it_says_what_to_install(
    clearml_repo: Repo, server: ClearMLServer
) -> None:
    register(clearml_repo)
    code = (
        "import sys, dsv_git; sys.modules['clearml'] = None\n"
        "try: dsv_git.load('pets').use()\n"
        "except dsv_git.flow.load.InputError as error: print(error)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=clearml_repo.path,
        env=clearml_repo.env,
        text=True,
        capture_output=True,
        check=True,
    )
    assert "the clearml package cannot be imported" in done.stdout
    assert "pip install clearml" in done.stdout
