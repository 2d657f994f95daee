"""`dsv show --used-by`: which tasks used a version."""

from __future__ import annotations

import json
from typing import Any

import pytest

from dsv_git.registry.clearml.paging import PAGE
from dsv_git.registry.clearml.session import open_session
from dsv_git.registry.clearml.usage import uses
from dsv_git.review.lines import plain
from dsv_git.review.used_by import used_by_lines
from tests.clearml.training import register, train
from tests.clearml_server import ClearMLServer
from tests.clearml_server.store import USER, now
from tests.conftest import Repo


def asked(repo: Repo, version: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(repo.dsv("show", version, "--used-by", "--json"))["used_by"]
    return found


def test_tasks_that_used_a_version_are_listed_however_they_said_so(
    clearml_repo: Repo, server: ClearMLServer
) -> None:
    first, second = register(clearml_repo), register(clearml_repo, content="aa")
    ours, theirs = train(
        clearml_repo,
        server,
        f"""
        one = task("train resnet")
        dsv_git.load("pets").use()
        one.close()
        two = task("train vit")
        Dataset.get(dataset_id="{second}", alias="any")
        Dataset.get(dataset_id="{first}", alias="before")
        two.close()
        told = one.id, two.id
        """,
    )
    # What tasks.clone makes: hyperparameters, no runtime. It has used nothing yet.
    server.tasks["f" * 32] = {**server.tasks[ours], "id": "f" * 32, "runtime": {}}
    found = asked(clearml_repo, "pets")
    assert found["registry"] == "clearml"
    assert [one["id"] for one in found["tasks"]] == [theirs, ours]
    mine = server.tasks[ours]
    assert found["tasks"][1] == {
        "id": ours,
        "name": "train resnet",
        "project": "Vision",
        "status": "completed",
        "user": USER,
        "created": mine["created"].isoformat(timespec="microseconds"),
        "archived": False,
        "url": f"{server.web_url}/projects/{mine['project']}/tasks/{ours}/output/log",
    }
    assert [one["id"] for one in asked(clearml_repo, f"clearml:{first}")["tasks"]] == [theirs]
    told = clearml_repo.dsv("show", "pets", "--used-by")
    assert "\nused by  2 tasks\n" in told
    row = next(line for line in told.splitlines() if f"  {ours}  " in line)
    assert f"Vision/train resnet  completed  {USER}" in row
    assert f"\n    {found['tasks'][1]['url']}\n" in told
    assert "used_by" not in json.loads(clearml_repo.dsv("show", "pets", "--json"))


def test_uses_under_a_former_id_count(clearml_repo: Repo, server: ClearMLServer) -> None:
    former = register(clearml_repo)
    known = json.loads(clearml_repo.dsv("show", "pets", "--json"))
    path = clearml_repo.path / "manifests/pets/versions/1.0.json"
    record = json.loads(path.read_text())
    other = "0" * 32
    path.write_text(json.dumps({**record, "id": other, "former_ids": [former, "local:" + other]}))
    clearml_repo.git("-c", "core.hooksPath=/dev/null", "commit", "-qam", "Registered anew")
    (version,) = server.tasks.values()
    using = {"search_hidden": False, "name": "old", "system_tags": ["archived"], "project": None}
    for number, held in enumerate(([former], [other], [former, other], ["f" * 32], "x")):
        changed = {"id": f"{number:032x}", "created": now(), "runtime": {"datasets": held}}
        server.tasks[f"{number:032x}"] = {**version, **using, **changed}
    server.forget_calls()
    for name in ("pets", former, f"clearml:{former}", other, f"pets@1.0#{known['key'][:8]}"):
        found = asked(clearml_repo, name)["tasks"]
        assert [int(one["id"]) for one in found] == [2, 1, 0]
        assert [(one["project"], one["archived"]) for one in found] == [("", True)] * 3
    queries = [call for call in server.calls if call.endpoint == "tasks.get_all_ex"]
    assert len(queries) == 5 * 2
    assert "completed, archived" in clearml_repo.dsv("show", "pets", "--used-by")


def test_every_page_is_read(server: ClearMLServer, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in server.environment.items():
        monkeypatch.setenv(name, value)
    session = open_session()
    made = session.call("tasks.create", {"name": "train", "type": "training"})["id"]
    for number in range(2 * PAGE):
        one = f"{number:032x}"
        task = {**server.tasks[made], "id": one, "runtime": {"datasets": ["a" * 32]}}
        server.tasks[one] = task
    assert len(uses(session, ("a" * 32, "local:1"))) == 2 * PAGE


def test_nobody_uses_what_nobody_can_name(clearml_repo: Repo, server: ClearMLServer) -> None:
    register(clearml_repo)
    assert asked(clearml_repo, "pets") == {"registry": "clearml", "tasks": []}
    line = "\nused by  no task that clearml knows of\n"
    assert line in clearml_repo.dsv("show", "pets", "--used-by")
    clearml_repo.write("data/pets/cat/b.jpg", "b")
    clearml_repo.dsv("update", "pets")
    server.stop()
    assert line in clearml_repo.dsv("show", "pets@1.1", "--used-by")  # a draft: nothing is asked


def test_the_local_registry_knows_of_no_task(repo: Repo) -> None:
    repo.dsv("init", "--registry", "local")
    register(repo)
    assert asked(repo, "pets") == {"registry": "local", "tasks": []}
    assert "\nused by  no task that local knows of\n" in repo.dsv("show", "pets", "--used-by")


def test_the_registry_that_holds_the_version_is_asked(
    clearml_repo: Repo, server: ClearMLServer
) -> None:
    version = register(clearml_repo)
    text = (clearml_repo.path / ".dsv.yaml").read_text()
    clearml_repo.write(".dsv.yaml", text.replace("registry: clearml", "registry: local"))
    task = {**server.tasks[version], "id": "f" * 32, "runtime": {"datasets": [version]}}
    server.tasks["f" * 32] = task
    found = asked(clearml_repo, version)
    assert found["registry"] == "clearml"
    assert [one["id"] for one in found["tasks"]] == ["f" * 32]


def test_a_server_that_is_not_there_is_one_line(clearml_repo: Repo, server: ClearMLServer) -> None:
    register(clearml_repo)
    server.stop()
    failed = clearml_repo.dsv_result("show", "pets", "--used-by")
    assert (failed.returncode, failed.stdout) == (4, "")
    assert len(failed.stderr.splitlines()) == 1
    assert "is not reachable" in failed.stderr
    assert clearml_repo.dsv("show", "pets").startswith("pets@1.0")


def test_what_a_server_says_cannot_move_the_cursor() -> None:
    from dsv_git.registry.port import Use

    bad = "a\x1b[2Jb\nc"
    lines = plain(used_by_lines("clearml", [Use(bad, bad, bad, bad, bad, bad, False, bad)]))
    assert "\x1b" not in lines
    assert len(lines.splitlines()) == 3
