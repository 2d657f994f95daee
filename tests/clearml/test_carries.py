"""All that a registered version carries, read back from the server and held against git."""

from __future__ import annotations

import io
import json
import shutil
import subprocess
import sys
import tarfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from dsv_git.manifest.entry import Entry
from dsv_git.registry.clearml.state import ROWS, content_preview
from tests.clearml.reading import Json, Version, digest_of, git
from tests.clearml_server import ClearMLServer
from tests.conftest import Repo, environment

PROJECT = "Dataset/Object Detection"
PARENTS: dict[tuple[str, str], tuple[tuple[str, str], ...]] = {
    ("kaggle", "1.0-kaggle"): (),
    ("youtube", "1.0-youtube"): (),
    ("youtube", "1.1-youtube"): (("youtube", "1.0-youtube"),),
    ("all", "1.0"): (("kaggle", "1.0-kaggle"), ("youtube", "1.1-youtube")),
}
"""The story of `dsv demo`."""
DESCRIPTIONS = {
    "1.0-kaggle": "downloaded",
    "1.0-youtube": "frames of videos",
    "1.1-youtube": "drop duplicates, correct labels",
    "1.0": "merge of kaggle@1.0-kaggle, youtube@1.1-youtube",
}
OURS = {
    "version",
    "data_path",
    "files",
    "bytes",
    "classes",
    "manifest",
    "digest",
    "git_repository",
    "git_commit",
    "git_branch",
    "git_author",
    "made_by",
}
MADE = {
    "kaggle@1.0-kaggle": "dsv add data/kaggle --name kaggle --labels '{split}/{label}/*'",
    "youtube@1.0-youtube": "dsv add data/youtube --name youtube --labels '{split}/{label}/*'",
    "youtube@1.1-youtube": "dsv dedupe youtube && dsv update youtube --labels labels-youtube.csv",
    "all@1.0": "dsv merge kaggle youtube --into all",
}
ALWAYS = {"Classes", "Class balance", "File sizes"}


@dataclass(frozen=True)
class Demo:
    """The demo's repository, registered."""

    server: ClearMLServer
    repo: Repo
    versions: dict[str, Version]

    def parents(self, of: Version) -> list[Version]:
        named = PARENTS[of.manifest, of.version]
        return [self.versions[f"{name} {version}"] for name, version in named]

    def ancestry(self, of: Version) -> dict[str, tuple[str, ...]]:
        """Every version that leads to it, and itself: IDs with the IDs of their parents."""
        parents = self.parents(of)
        found = {of.id: tuple(sorted(parent.id for parent in parents))}
        for parent in parents:
            found |= self.ancestry(parent)
        return found


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    folder = tmp_path_factory.mktemp("carries")
    top, home = folder / "demo", folder / "home"
    home.mkdir()
    with ClearMLServer() as server:
        repo = Repo(folder, environment(home) | server.environment)
        repo.dsv("demo", "demo", "--registry", "clearml")
        repo.path = top
        versions = {}
        for manifest, version in PARENTS:
            path = f"manifests/{manifest}/versions/{version}.json"
            commit = git(top, "log", "--format=%H", "--", path).decode().strip()
            found = Version(server, top, commit, manifest, version)
            versions[f"{manifest} {version}"] = found
        yield Demo(server, repo, versions)


@pytest.fixture(params=[f"{manifest} {version}" for manifest, version in PARENTS])
def version(demo: Demo, request: pytest.FixtureRequest) -> Version:
    """Each version of the story."""
    return demo.versions[request.param]


def by_path(version: Version, mount: str = "") -> dict[str, Json]:
    """A version's rows by their path, below a mount where its parent is merged under one."""
    return {f"{mount}{row['path']}": row for row in version.rows}


def united(demo: Demo, version: Version) -> dict[str, Json]:
    """The rows of all parents: what a version is compared with."""
    merged = len(demo.parents(version)) > 1
    found: dict[str, Json] = {}
    for parent in demo.parents(version):
        found |= by_path(parent, f"{parent.manifest}/" if merged else "")
    return found


def bytes_of(rows: dict[str, Json]) -> int:
    return sum(row["size"] for row in rows.values())


def test_there_is_one_task_for_each_version_and_no_other(demo: Demo) -> None:
    assert set(demo.server.tasks) == {version.id for version in demo.versions.values()}


def test_it_is_a_completed_dataset_of_type_data_processing(version: Version) -> None:
    task = version.task
    assert (task["type"], task["status"]) == ("data_processing", "completed")
    assert (task["system_tags"], task["name"]) == (["dataset"], "obj-detect")


def test_it_is_in_the_hidden_project_of_its_dataset(demo: Demo, version: Version) -> None:
    marks = {p["name"]: sorted(p["system_tags"]) for p in demo.server.projects.values()}
    assert version.project == f"{PROJECT}/.datasets/obj-detect"
    assert marks[version.project] == ["dataset", "hidden"]
    assert marks[f"{PROJECT}/.datasets"] == ["hidden"]
    assert "hidden" not in marks[PROJECT]


def test_its_runtime_has_what_the_web_page_reads(demo: Demo, version: Version) -> None:
    now, before = by_path(version), united(demo, version)
    stayed = now.keys() & before.keys()
    assert {name: version.runtime[name] for name in version.runtime if name[:3] != "dsv"} == {
        "version": version.version,
        "orig_dataset_name": "obj-detect",
        "orig_dataset_id": version.runtime["orig_dataset_id"],
        "ds_file_count": 0,
        "ds_link_count": len(now),
        "ds_total_size": bytes_of(now),
        "ds_total_size_compressed": 0,
        "ds_change_add": len(now.keys() - before.keys()),
        "ds_change_modify": sum(now[path]["hash"] != before[path]["hash"] for path in stayed),
        "ds_change_remove": len(before.keys() - now.keys()),
        "ds_change_size": bytes_of(now) - bytes_of(before),
    }


def test_its_origin_is_the_first_of_its_own_ancestry(demo: Demo, version: Version) -> None:
    first = {one for one, parents in demo.ancestry(version).items() if not parents}
    assert version.runtime["orig_dataset_id"] in first


def test_its_runtime_has_the_key_and_the_digest(version: Version) -> None:
    assert version.runtime["dsv_key"] == version.record["key"]
    assert version.runtime["dsv_digest"] == digest_of(version.files) == version.record["digest"]


def test_the_runtime_is_sent_in_the_one_call_that_creates(demo: Demo) -> None:
    called = Counter(call.endpoint for call in demo.server.calls)
    assert called["tasks.create"] == len(demo.versions)


def test_the_description_is_the_comment(version: Version) -> None:
    assert version.task["comment"] == DESCRIPTIONS[version.version]


def test_the_tag_says_that_files_lie_elsewhere(version: Version) -> None:
    assert version.task["tags"] == ["external files"]


def test_user_properties(demo: Demo, version: Version) -> None:
    rows = version.rows
    top = demo.repo.path
    roots = ["kaggle", "youtube"] if version.manifest == "all" else [version.manifest]
    assert set(version.properties) == OURS
    assert version.properties == {
        "version": version.version,
        "data_path": ", ".join(str(top / "data" / root) for root in roots),
        "files": str(len(rows)),
        "bytes": str(sum(row["size"] for row in rows)),
        "classes": str(len({row["label"] for row in rows})),
        "manifest": version.manifest,
        "digest": digest_of(version.files),
        "git_repository": "",
        "git_commit": version.commit,
        "git_branch": "main",
        "git_author": "Demo",
        "made_by": MADE[f"{version.manifest}@{version.version}"],
    }


def test_the_script_section_names_the_commit_that_holds_data_and_id(version: Version) -> None:
    script = version.task["script"]
    assert (script["repository"], script["branch"]) == ("", "main")
    assert script["version_num"] == version.commit
    assert git(version.top, "merge-base", "--is-ancestor", script["version_num"], "HEAD") == b""


def test_both_tell_the_whole_lineage_alike(demo: Demo, version: Version) -> None:
    wanted = demo.ancestry(version)
    graph = {one: tuple(sorted(p)) for one, p in version.state["dependency_graph"].items()}
    assert version.struct == wanted
    assert graph == wanted


def test_the_lineage_of_the_web_page_has_names_sizes_and_itself_first(
    demo: Demo, version: Version
) -> None:
    nodes = json.loads(version.task["configuration"]["Dataset Struct"]["value"])
    known = {one.id: one for one in demo.versions.values()}
    assert nodes["0"]["job_id"] == version.id
    for node in nodes.values():
        ancestor = known[node["job_id"]]
        assert (node["name"], node["version"]) == ("obj-detect", ancestor.version)
        assert node["job_size"] == bytes_of(by_path(ancestor))
        assert node["status"] == "completed"


def test_the_record_names_the_same_parents(demo: Demo, version: Version) -> None:
    told = {(one["manifest"], one["version"], one["id"]) for one in version.record["parents"]}
    wanted = {(one.manifest, one.version, one.id) for one in demo.parents(version)}
    assert told == wanted


def test_the_content_preview_has_a_line_for_each_file(version: Version) -> None:
    head, *lines = version.task["configuration"]["Dataset Content"]["value"].split("\n")
    rows = version.rows
    assert head == f"File Name ({len(rows)} files), File Size, Hash"
    assert lines == [f"{row['path']}, {row['size']}, {row['hash']}" for row in rows]


def test_a_preview_of_very_long_paths_stays_below_what_a_document_may_hold() -> None:
    """The server keeps it in one document, of at most 16 MB."""
    paths = [f"{n:06}/{'x' * 2000}" for n in range(ROWS)]
    head, *lines = content_preview(Listed(*paths), ROWS).split("\n")
    assert sum(map(len, lines)) < 4_000_000
    assert f"first {len(lines)} of {ROWS}" in head
    assert len(lines) > 1000


class Listed:
    """A content of as many files as a test wants."""

    def __init__(self, *paths: str, more: int = 0) -> None:
        self.paths = [*paths, *(f"{n:06}.jpg" for n in range(more))]

    def __iter__(self) -> Iterator[Entry]:
        return (Entry(path, 1, f"xxh3:{'0' * 32}") for path in self.paths)

    def address(self, entry: Entry) -> str:
        return f"file:///{entry.path}"

    def read(self, entry: Entry) -> bytes | None:  # noqa: ARG002
        return None


def test_paths_in_the_preview_never_break_its_table() -> None:
    paths = ("a,b.jpg", "line\nend.jpg", "100%.jpg", "100%,2.jpg")
    lines = content_preview(Listed(*paths), 4).split("\n")[1:]
    assert [line.split(", ")[0] for line in lines] == [
        "a%2Cb.jpg",
        "line%0Aend.jpg",
        "100%.jpg",
        "100%25%2C2.jpg",
    ]
    assert all(line.count(",") == 2 for line in lines)


@pytest.mark.parametrize("files", [ROWS, ROWS + 1])
def test_the_preview_ends_after_15000_rows_and_says_so(files: int) -> None:
    head, *lines = content_preview(Listed(more=files), files).split("\n")
    assert len(lines) == 15_000
    assert (f"first {ROWS} of {files}" in head) == (files > ROWS)


def test_the_state_has_every_file_as_a_link_with_size_and_hash(
    demo: Demo, version: Version
) -> None:
    state, top = version.state, demo.repo.path
    below = "data" if version.manifest == "all" else f"data/{version.manifest}"
    assert state["dataset_file_entries"] == []
    assert state["dataset_link_entries"] == [
        {
            "link": f"file://{top}/{below}/{row['path']}",
            "relative_path": row["path"],
            "parent_dataset_id": version.id,
            "size": row["size"],
            "hash": row["hash"],
        }
        for row in version.rows
    ]


def test_the_links_lead_to_the_files(version: Version) -> None:
    for link in version.state["dataset_link_entries"]:
        assert Path(link["link"].removeprefix("file://")).stat().st_size == link["size"]


def test_the_state_adds_up(version: Version) -> None:
    state, rows = version.state, version.rows
    assert (state["file_count"], state["total_size"]) == (
        len(rows),
        sum(row["size"] for row in rows),
    )
    assert (state["id"], state["dirty"]) == (version.id, False)
    assert state["dependency_chunk_lookup"] == {version.id: 0}


def test_artifacts_say_how_large_they_are(version: Version) -> None:
    for key in ("state", "manifest"):
        artifact = version.artifact(key)
        assert artifact["content_size"] == len(version.stored(artifact["uri"])) > 0


def packed(version: Version) -> bytes:
    return version.stored(version.artifact("manifest")["uri"])


def test_the_manifest_artifact_is_the_manifest_in_git_byte_for_byte(version: Version) -> None:
    with tarfile.open(fileobj=io.BytesIO(packed(version)), mode="r:gz") as archive:
        found = {m.name: archive.extractfile(m).read() for m in archive}  # type: ignore[union-attr]
    wanted = {
        f"{version.manifest}/{name}": data
        for name, data in version.files.items()
        if not name.startswith("versions/")
    }
    assert found == wanted


def test_a_version_is_rebuilt_from_its_artifact_by_tar_and_coreutils(
    version: Version, tmp_path: Path
) -> None:
    manifests = tmp_path / "new" / "manifests"
    manifests.mkdir(parents=True)
    subprocess.run(["tar", "xz"], cwd=manifests, input=packed(version), check=True)
    command = (
        "find files -type f -name '*.jsonl' -print0 | LC_ALL=C sort -z | xargs -0r sha256sum"
        " | sha256sum"
    )
    printed = subprocess.run(
        ["sh", "-c", command],
        cwd=manifests / version.manifest,
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    assert f"sha256:{printed.split()[0]}" == version.record["digest"]


def test_a_rebuilt_version_is_the_registered_one(demo: Demo, tmp_path: Path) -> None:
    """In an empty repository the same content gets the same key: no second task is made."""
    first = demo.versions["kaggle 1.0-kaggle"]
    repo = Repo(tmp_path / "new", demo.repo.env)
    repo.path.mkdir()
    repo.git("init", "-q", "-b", "main")
    repo.git("config", "user.name", "Ada")
    repo.git("config", "user.email", "ada@example.org")
    repo.dsv("init", "--registry", "clearml")
    before = set(demo.server.tasks)
    with tarfile.open(fileobj=io.BytesIO(packed(first)), mode="r:gz") as archive:
        for member in archive:
            data = archive.extractfile(member)
            assert data is not None
            repo.write(f"manifests/{member.name}", data.read())
    commit = repo.commit("Rebuilt")
    rebuilt = Version(demo.server, repo.path, commit, "kaggle", "1.0-kaggle")
    assert rebuilt.id == first.id
    assert set(demo.server.tasks) == before


def test_the_charts_that_a_version_has(demo: Demo, version: Version) -> None:
    more = {"Lineage", "Class balance against the parents"} if demo.parents(version) else set()
    changed = {"Changes", "Relabelled"} if version.version == "1.1-youtube" else set()
    assert set(version.plots) == ALWAYS | more | changed


def test_every_chart_is_a_plotly_figure(version: Version) -> None:
    for title, figure in version.plots.items():
        assert set(figure) == {"data", "layout"}, title
        assert all(trace["type"] in {"bar", "table", "scatter"} for trace in figure["data"])
        assert figure["layout"]["title"]


def test_the_table_of_classes_counts_as_the_lists_do(version: Version) -> None:
    (trace,) = version.plots["Classes"]["data"]
    heads = [str(head) for head in trace["header"]["values"]]
    columns: dict[str, list[Any]] = dict(zip(heads, trace["cells"]["values"], strict=True))
    counts = Counter(row["label"] for row in version.rows)
    told = dict(zip(columns["class"], map(int, columns["images"]), strict=True))
    assert told == counts
    for split in ("train", "val"):
        wanted = Counter(row["label"] for row in version.rows if row["split"] == split)
        assert dict(zip(columns["class"], map(int, columns[split]), strict=True)) == {
            label: wanted[label] for label in counts
        }


def test_the_class_balance_has_a_bar_for_each_class_in_each_split(version: Version) -> None:
    told = {
        (trace["name"], label): count
        for trace in version.plots["Class balance"]["data"]
        for label, count in zip(trace["customdata"], trace["y"], strict=True)
    }
    counts = Counter((row["split"], row["label"]) for row in version.rows)
    assert {place: count for place, count in told.items() if count} == counts


def test_the_file_sizes_add_up(version: Version) -> None:
    (trace,) = version.plots["File sizes"]["data"]
    assert sum(trace["y"]) == len(version.rows)


def test_the_tables_of_changes_tell_what_the_cleaning_did(demo: Demo) -> None:
    version = demo.versions["youtube 1.1-youtube"]
    (changes,) = version.plots["Changes"]["data"]
    told = dict(zip(*changes["cells"]["values"], strict=True))
    before, now = united(demo, version), by_path(version)
    relabelled = Counter(
        (before[path]["label"], now[path]["label"])
        for path in now
        if before[path]["label"] != now[path]["label"]
    )
    assert int(told["removed"]) == len(before) - len(now) == 4
    assert int(told["relabelled"]) == relabelled.total() == 3
    (moves,) = version.plots["Relabelled"]["data"]
    source, target, count = moves["cells"]["values"]
    assert dict(zip(zip(source, target, strict=True), map(int, count), strict=True)) == relabelled


def test_the_lineage_chart_names_every_ancestor(demo: Demo, version: Version) -> None:
    if not demo.parents(version):
        return
    told = {
        label.split()[-1]
        for trace in version.plots["Lineage"]["data"]
        for label in trace.get("text", ())
    }
    ids = demo.ancestry(version)
    assert told == {one.version for one in demo.versions.values() if one.id in ids}


def test_the_balance_against_the_parents_is_a_picture_at_its_url(
    demo: Demo, version: Version
) -> None:
    if not demo.parents(version):
        return
    (image,) = version.plots["Class balance against the parents"]["layout"]["images"]
    with Image.open(io.BytesIO(version.stored(image["source"]))) as picture:
        picture.load()
        assert picture.format == "PNG"
        assert min(picture.size) > 200


def test_twelve_samples_are_pictures_of_every_class_and_split(version: Version) -> None:
    samples = version.samples
    assert len(samples) == 12
    for data in samples.values():
        with Image.open(io.BytesIO(data)) as picture:
            picture.load()
            assert max(picture.size) <= 512
    rows = {f"Samples/{row['label']}: {row['path']}": row for row in version.rows}
    assert {rows[name]["label"] for name in samples} == {row["label"] for row in version.rows}
    assert {rows[name]["split"] for name in samples} == {"train", "val"}


def test_the_same_content_gets_the_same_samples_anywhere(demo: Demo, tmp_path: Path) -> None:
    first = demo.versions["kaggle 1.0-kaggle"]
    with ClearMLServer() as server:
        repo = Repo(tmp_path / "other", demo.repo.env | server.environment)
        shutil.copytree(demo.repo.path / "data" / "kaggle", repo.path / "data" / "kaggle")
        repo.git("init", "-q", "-b", "main")
        repo.git("config", "user.name", "Ada")
        repo.git("config", "user.email", "ada@example.org")
        repo.dsv("init", "--registry", "clearml")
        names = ["--name", "pictures", "--version", "7.0", "--project", "Elsewhere"]
        repo.dsv("add", "data/kaggle", *names, "--labels", "{split}/{label}/*")
        again = Version(server, repo.path, repo.commit("Again"), "pictures", "7.0")
        assert again.samples == first.samples


def test_samples_are_where_the_sdk_puts_them(version: Version) -> None:
    for event in version.events("training_debug_image"):
        assert event["url"].endswith(event["key"])
        assert f".datasets/obj-detect/obj-detect.{version.id}/metrics/" in event["url"]


def test_a_version_takes_at_most_15_calls_and_one_for_each_sample(demo: Demo) -> None:
    calls = sum(call.endpoint != "auth.login" for call in demo.server.calls)
    samples = sum(len(version.samples) for version in demo.versions.values())
    assert calls - samples <= 15 * (len(demo.versions) + 2)


def test_the_sdk_reads_a_version_of_the_demo(demo: Demo, tmp_path: Path) -> None:
    version = demo.versions["all 1.0"]
    script = (
        "import json, sys; from clearml import Dataset\n"
        f"d = Dataset.get(dataset_id={version.id!r})\n"
        "print('TOLD', json.dumps([d.version, d.name, d.project, sorted(d.list_files())]))"
    )
    env = demo.repo.env | {"HOME": str(tmp_path), "CLEARML_CACHE_DIR": str(tmp_path / "cache")}
    env.pop("PYTHONWARNINGS")
    done = subprocess.run(
        [sys.executable, "-c", script], env=env, capture_output=True, text=True, check=True
    )
    told = next(line for line in done.stdout.splitlines() if line.startswith("TOLD "))
    names = [row["path"] for row in version.rows]
    assert json.loads(told[5:]) == ["1.0", "obj-detect", PROJECT, names]
