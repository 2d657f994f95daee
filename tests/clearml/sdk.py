"""The unmodified ClearML package in a process of its own, as a person's script uses it."""

from __future__ import annotations

import json
import subprocess
import sys
import textwrap
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tests.clearml_server import ClearMLServer
from tests.conftest import environment

START = """
import json, os, sys
from pathlib import Path
from clearml import Dataset, Task
here = Path(sys.argv[1])
def tell(**facts):
    (here / "told.json").write_text(json.dumps(facts))
def contents(folder):
    folder = Path(folder)
    files = [p for p in folder.rglob("*") if p.is_file()]
    return {p.relative_to(folder).as_posix(): p.read_bytes().decode("latin-1") for p in files}
QUIET = dict(
    auto_connect_frameworks=False, auto_resource_monitoring=False, auto_connect_streams=False
)
"""


def sdk(
    server: ClearMLServer, home: Path, script: str, configuration: str = "", **variables: str
) -> Mapping[str, Any]:
    """Runs a script that may `tell` facts; its home and its cache are `home` alone.

    `configuration` is added to its clearml.conf.
    """
    home.mkdir(exist_ok=True)
    told = home / "told.json"
    told.write_text("{}")
    env = environment(home) | server.quick_environment
    config = home / "clearml.conf"
    quick = Path(env["CLEARML_CONFIG_FILE"]).read_text("utf-8")
    config.write_text(f"{quick}\n{configuration}", "utf-8")
    env |= {"CLEARML_CACHE_DIR": str(home / "cache"), "CLEARML_CONFIG_FILE": str(config)}
    env.pop("PYTHONWARNINGS")
    done = subprocess.run(
        [sys.executable, "-c", START + textwrap.dedent(script), str(home)],
        cwd=home,
        env=env | variables,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    said = done.stdout + done.stderr
    assert done.returncode == 0, said
    assert "Action failed" not in said, said
    assert "Failed downloading" not in said, said
    found: Mapping[str, Any] = json.loads(told.read_text())
    return found
