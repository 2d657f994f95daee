"""The unmodified clearml SDK works with the test server."""

from __future__ import annotations

import importlib.util
import json
import os
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.clearml_server import ClearMLServer
from tests.clearml_server.endpoints import ENDPOINTS

pytestmark = pytest.mark.skipif(
    importlib.util.find_spec("clearml") is None, reason="the clearml SDK is not installed"
)

START = """
import json, os, sys
from pathlib import Path
from clearml import Dataset, Task
here = Path(sys.argv[1])
def tell(**facts):
    (here / "told.json").write_text(json.dumps(facts))
def files(name, count=3):
    folder = here / name
    folder.mkdir()
    for n in range(count):
        (folder / f"{name}{n}.txt").write_text(f"{name} {n}")
    return folder
def version(number, parents=(), project="Vision"):
    return Dataset.create(
        dataset_name="pets", dataset_project=project, dataset_version=number,
        parent_datasets=list(parents),
    )
QUIET = dict(
    auto_connect_frameworks=False, auto_resource_monitoring=False, auto_connect_streams=False
)
"""


@pytest.fixture
def server() -> Iterator[ClearMLServer]:
    with ClearMLServer() as running:
        yield running


def run(server: ClearMLServer, home: Path, script: str) -> dict[str, Any]:
    """Runs a script in a process of its own (the SDK stays until the end of one)."""
    env = {name: v for name, v in os.environ.items() if not name.startswith(("CLEARML", "TRAINS"))}
    env |= {**server.quick_environment, "HOME": str(home), "CLEARML_CACHE_DIR": str(home / "cache")}
    env.pop("PYTHONWARNINGS", None)
    done = subprocess.run(
        [sys.executable, "-c", START + textwrap.dedent(script), str(home)],
        cwd=home,
        env=env,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Action failed" not in done.stdout + done.stderr, done.stdout + done.stderr
    asked = {call.endpoint for call in server.calls if call.server == "api"}
    assert asked <= ENDPOINTS.keys()
    told: dict[str, Any] = json.loads((home / "told.json").read_text())
    return told


def test_an_uploaded_dataset_comes_back(server: ClearMLServer, tmp_path: Path) -> None:
    told = run(
        server,
        tmp_path,
        """
        made = version("1.0")
        made.add_files(str(files("cat")))
        made.upload()
        made.finalize()
        found = Dataset.get(dataset_project="Vision", dataset_name="pets", dataset_version="1.0")
        copy = Path(found.get_local_copy())
        tell(
            same=found.id == made.id,
            files=sorted(found.list_files()),
            copy={p.name: p.read_text() for p in copy.iterdir() if p.suffix == ".txt"},
            listed=[d["version"] for d in Dataset.list_datasets(dataset_project="Vision")],
        )
        """,
    )
    names = ["cat0.txt", "cat1.txt", "cat2.txt"]
    assert told == {
        "same": True,
        "files": names,
        "copy": {name: f"cat {n}" for n, name in enumerate(names)},
        "listed": ["1.0"],
    }
    (task,) = server.tasks.values()
    assert (task["status"], task["runtime"]["ds_file_count"]) == ("completed", 3)
    assert any(path.endswith(".zip") for path in server.files)


def test_linked_files_parents_deleting_and_the_archive(
    server: ClearMLServer, tmp_path: Path
) -> None:
    told = run(
        server,
        tmp_path,
        """
        first = version("1.0")
        first.add_external_files(source_url=files("cat").as_uri() + "/")
        first.upload(); first.finalize()
        second = version("1.1", [first.id])
        second.add_external_files(source_url=files("dog").as_uri() + "/")
        second.upload(); second.finalize()
        found = Dataset.get(dataset_id=second.id)
        listed = sorted(found.list_files())
        copied = sorted(p.name for p in Path(found.get_local_copy()).iterdir())
        graph = found.get_dependency_graph()
        Dataset.delete(dataset_id=second.id, force=True)
        Task.get_task(task_id=first.id).set_archived(True)
        tell(
            listed=listed, copied=copied, parents=graph[second.id] == [first.id],
            left=[d["version"] for d in Dataset.list_datasets()],
            active=[d["version"] for d in Dataset.list_datasets(include_archived=False)],
        )
        """,
    )
    names = [f"{kind}{n}.txt" for kind in ("cat", "dog") for n in range(3)]
    assert told == {
        "listed": names,
        "copied": names,
        "parents": True,
        "left": ["1.0"],
        "active": [],
    }


def test_a_task_that_is_a_dataset_with_reports(server: ClearMLServer, tmp_path: Path) -> None:
    told = run(
        server,
        tmp_path,
        """
        from PIL import Image
        task = Task.init(
            project_name="Dataset/Object Detection", task_name="obj-detect",
            task_type=Task.TaskTypes.data_processing, **QUIET,
        )
        made = Dataset.create(
            dataset_name="obj-detect", dataset_project="Dataset/Object Detection",
            dataset_version="1.0-kaggle", description="from kaggle", use_current_task=True,
        )
        task.set_user_properties(data_path="/data/1.0.json", classes=2)
        log = made.get_logger()
        log.report_table("classes", "names", 0, table_plot=[["id", "name"], [0, "cat"]])
        log.report_histogram("Class balance", "data", values=[1, 2], xlabels=["a", "b"])
        log.report_plotly("Figure", "data", {"data": [], "layout": {}})
        image, sound = here / "a.png", here / "a.wav"
        Image.new("RGB", (8, 8)).save(image)
        sound.write_bytes(b"RIFF0000WAVE")
        log.report_image("samples", "1", 0, local_path=str(image))
        log.report_media("sounds", "1", 0, local_path=str(sound))
        log.report_text("hello log")
        made.finalize()
        task.close()
        done = Task.get_task(task_id=made.id)
        tell(
            plots=[p["metric"] for p in done.get_reported_plots()],
            samples=len(done.get_debug_samples("samples", "1")),
            properties={n: p["value"] for n, p in done.get_user_properties().items()},
            log="hello log" in "".join(done.get_reported_console_output(9)),
            status=done.status,
        )
        """,
    )
    assert set(told.pop("plots")) >= {"classes", "Class balance", "Figure"}
    assert told == {
        "samples": 1,
        "properties": {"version": "1.0-kaggle", "data_path": "/data/1.0.json", "classes": "2"},
        "log": True,
        "status": "completed",
    }
    (task,) = server.tasks.values()
    assert (task["comment"], task["runtime"]["version"]) == ("from kaggle", "1.0-kaggle")
    images = [e for e in server.events if e["type"] == "training_debug_image"]
    assert {e["metric"] for e in images} == {"samples", "sounds"}
    assert sum("/metrics/" in path for path in server.files) == 2


def test_a_training_task_names_the_datasets_that_it_read(
    server: ClearMLServer, tmp_path: Path
) -> None:
    told = run(
        server,
        tmp_path,
        """
        made = version("1.0")
        made.add_files(str(files("cat")))
        made.upload(); made.finalize()
        task = Task.init(project_name="Train", task_name="training", **QUIET)
        Dataset.get(dataset_id=made.id, alias="pets")
        task.connect({"lr": 1}, name="general")
        task.upload_artifact("result", {"map": 0.5}, wait_on_upload=True)
        task.add_tags(["fast"]); task.set_comment("a run")
        task.close()
        again = Task.get_task(project_name="Train", task_name="training")
        tell(
            dataset=again.get_parameters()["Datasets/pets"] == made.id,
            rate=again.get_parameters()["general/lr"],
            artifact=again.artifacts["result"].get(),
            tasks=[t.name for t in Task.get_tasks(project_name="Train")],
            datasets=Task.query_tasks(
                task_filter={"search_hidden": True, "system_tags": ["dataset"]}
            ) == [made.id],
            tagged=Task.query_tasks(project_name="Train", tags=["fast"]) == [again.id],
            other=Task.query_tasks(project_name="Train", tags=["slow"]),
        )
        """,
    )
    assert told == {
        "dataset": True,
        "rate": "1",
        "artifact": {"map": 0.5},
        "tasks": ["training"],
        "datasets": True,
        "tagged": True,
        "other": [],
    }


def test_no_configuration_file_is_read(server: ClearMLServer, tmp_path: Path) -> None:
    (tmp_path / "clearml.conf").write_text('api { api_server: "http://127.0.0.1:9" }')
    environment = server.environment
    assert not Path(environment["CLEARML_CONFIG_FILE"]).exists()
    done = subprocess.run(
        [
            sys.executable,
            "-c",
            "from clearml.backend_api import Session\nprint(Session().token != '')",
        ],
        env={"PATH": os.environ["PATH"], "HOME": str(tmp_path), **environment},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert [call.endpoint for call in server.calls] == ["auth.login"]
