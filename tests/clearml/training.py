"""Training scripts of people who use the clearml package, against the test server."""

from __future__ import annotations

import json
import os
import sys
import textwrap
from typing import Any

from tests.clearml_server import ClearMLServer
from tests.conftest import Repo

START = """
import json
import dsv_git
from clearml import Dataset, Task
def task(name):
    return Task.init(
        project_name="Vision", task_name=name, reuse_last_task_id=False,
        auto_connect_frameworks=False, auto_resource_monitoring=False,
        auto_connect_streams=False, auto_connect_arg_parser=False,
    )
"""


def train(repo: Repo, server: ClearMLServer, script: str) -> Any:
    """Runs a script in the repository, in a process of its own, and gives what it put in `told`."""
    place = repo.path.parent / "train.py"
    end = "\nprint('\\n' + json.dumps(told))\n"
    place.write_text("told = None\n" + START + textwrap.dedent(script) + end, encoding="utf-8")
    folder = repo.path.parent / "cache"
    clean = dict.fromkeys((n for n in os.environ if n.startswith(("CLEARML", "TRAINS"))), "")
    env = {**clean, **server.quick_environment, "CLEARML_CACHE_DIR": str(folder)}
    # The package warns of itself.
    env["PYTHONWARNINGS"] = ""
    done = repo.run(sys.executable, str(place), env=env)
    return json.loads(done.stdout.splitlines()[-1])


def register(repo: Repo, name: str = "pets", content: str = "a") -> str:
    """A new version of a manifest, and the ID that its commit got."""
    repo.write(f"data/{name}/cat/a.jpg", content)
    if (repo.path / "manifests" / name).is_dir():
        repo.dsv("update", name)
    else:
        repo.dsv("add", f"data/{name}", "--name", name, "--project", "Animals", "--dataset", "fur")
    repo.commit("Data")
    return str(json.loads(repo.dsv("show", name, "--json"))["id"])
