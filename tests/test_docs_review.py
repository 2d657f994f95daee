"""The sample in `docs/review.md` is what the demo gives; its keys are those of the JSON."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path
from types import ModuleType

from dsv_git.review.schema import ManifestDocument
from tests.conftest import environment

DOCS = Path(__file__).resolve().parent.parent / "docs"


def generator() -> ModuleType:
    """The script that writes the sample."""
    spec = importlib.util.spec_from_file_location("generate_review", DOCS / "generate_review.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_sample_is_what_the_demo_shows_now(tmp_path: Path) -> None:
    (tmp_path / "home").mkdir()
    module = generator()
    written = (DOCS / "review.md").read_text(encoding="utf-8")
    sample = module.sample(tmp_path, environment(tmp_path / "home"))
    assert "```mermaid" in sample
    assert written == module.page(written, sample), "stale: python docs/generate_review.py"


def test_every_key_of_a_manifests_json_is_told() -> None:
    table = (DOCS / "review.md").read_text(encoding="utf-8").partition("## In JSON")[2]
    firsts = re.findall(r"^\| (`.+?) \|", table, flags=re.MULTILINE)
    told = {key for cell in firsts for key in re.findall(r"`(\w+)`", cell)}
    assert told == set(ManifestDocument.__struct_fields__)
