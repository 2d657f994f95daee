"""What ClearML users script by hand for each version, done by one commit: held side by side.

Each feature is read from the server twice: as plain ClearML code left it, and as a commit did. The
upload of data (`data.upload`) is not among them.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from tests.clearml.reading import Version
from tests.clearml.sdk import sdk
from tests.clearml_server import ClearMLServer
from tests.conftest import ANY_CONTENT, Repo, environment, new_repo

PROJECT = "Dataset/Object Detection"
VERSIONS = {
    "1.0-kaggle": ("kaggle", {"cat": 2, "dog": 1}, ()),
    "1.0-youtube": ("youtube", {"cat": 1, "taxi": 3}, ()),
    "1.1-youtube": ("youtube", {"cat": 1, "taxi": 2}, ("1.0-youtube",)),
    "1.0": ("all", {"cat": 3, "dog": 1, "taxi": 2}, ("1.0-kaggle", "1.1-youtube")),
}
"""Each version: the source, images of each class, the parents."""
DESCRIPTIONS = {
    "1.0-kaggle": "downloaded",
    "1.0-youtube": "frames of videos",
    "1.1-youtube": "drop duplicates",
    "1.0": "merged",
}

PLAIN = """
import csv
import matplotlib
matplotlib.use("agg")
from matplotlib import pyplot
versions, descriptions, files, url = {versions!r}, {descriptions!r}, Path({files!r}), {url!r}
ids = {{}}
for version, (source, classes, parents) in versions.items():
    task = Task.init(
        project_name={project!r}, task_name="obj-detect", reuse_last_task_id=False,
        task_type=Task.TaskTypes.data_processing, **QUIET,
    )
    made = Dataset.create(
        dataset_name="obj-detect", dataset_project={project!r}, dataset_version=version,
        parent_datasets=[ids[parent] for parent in parents],
        description=descriptions[version], use_current_task=True,
    )
    task.set_user_properties(
        data_path=url, files=sum(classes.values()), classes=len(classes),
        script="scripts/make.py", source="https://example.org/" + source,
    )
    log = made.get_logger()
    with open(files / f"classes-{{version}}.csv") as table:
        rows = list(csv.reader(table))
    log.report_table(f"classes-{{version}}", "names", 0, table_plot=rows)
    log.report_histogram(
        "Class balance", "images", values=list(classes.values()), xlabels=list(classes)
    )
    figure, axes = pyplot.subplots()
    axes.bar(list(classes), list(classes.values()))
    log.report_matplotlib_figure(
        "balance", "balance.png", figure, 0, report_interactive=False
    )
    pyplot.close(figure)
    log.report_media("example", "example.jpg", 0, local_path=str(files / "example.jpg"))
    log.report_media("bark", "bark.wav", 0, local_path=str(files / "bark.wav"))
    made.finalize()
    task.close()
    ids[version] = made.id
tell(**ids)
"""

SAID = """\
description: {description}
properties:
  script: scripts/make.py
  source: https://example.org/{source}
reports:
  tables: [reports/classes-{version}.csv]
  figures: [reports/balance.png]
  media: [reports/example.jpg, reports/bark.wav]
"""


@dataclass(frozen=True)
class Made(Version):
    """A version by its ID alone: plain code has no commit."""

    known: str = ""

    @property
    def id(self) -> str:
        """The ID that the package gave."""
        return self.known


@dataclass(frozen=True)
class Both:
    """The four versions, made by plain code and by commits."""

    plain: dict[str, Version]
    ours: dict[str, Version]

    @property
    def names(self) -> dict[str, str]:
        """The version of each ID."""
        sides = (*self.plain.items(), *self.ours.items())
        return {one.id: version for version, one in sides}


def write_reports(folder: Path) -> None:
    """The files that both report."""
    folder.mkdir(parents=True)
    for version, (_, classes, _) in VERSIONS.items():
        with (folder / f"classes-{version}.csv").open("w", newline="") as table:
            csv.writer(table).writerows([("id", "name"), *enumerate(classes)])
    Image.new("RGB", (40, 30), "teal").save(folder / "example.jpg")
    Image.new("RGB", (640, 480), "white").save(folder / "balance.png")
    (folder / "bark.wav").write_bytes(b"RIFF\x24\0\0\0WAVEfmt ")


def write_data(repo: Repo, source: str, classes: dict[str, int]) -> None:
    for label, count in classes.items():
        for number in range(3):
            place = f"data/{source}/{label}/{number}.txt"
            if number < count:
                repo.write(place, f"{source} {label} {number}")
            else:
                (repo.path / place).unlink(missing_ok=True)


def bare(text: str) -> str:
    """A declaration without what SAID says."""
    kept, left_out = [], False
    for line in text.splitlines(keepends=True):
        if not line.startswith((" ", "#")):
            left_out = line.startswith(("description:", "properties:", "reports:"))
        if not left_out:
            kept.append(line)
    return "".join(kept)


def commits(repo: Repo) -> Iterator[tuple[str, str]]:
    """The four versions in git: each with the commit that holds it."""
    for version, (source, classes, parents) in VERSIONS.items():
        names = ("--project", PROJECT, "--dataset", "obj-detect")
        if len(parents) > 1:
            repo.dsv("merge", "kaggle", "youtube", "--into", "all", "--version", "1.0", *names)
        else:
            write_data(repo, source, classes)
            told = ("--name", source, "--version", version, "--labels", "{label}/*")
            if parents:
                repo.dsv("update", source, "--version", version)
            else:
                repo.dsv("add", f"data/{source}", *told, *names)
        place = repo.path / f"manifests/{source}/manifest.yaml"
        said = SAID.format(description=DESCRIPTIONS[version], source=source, version=version)
        place.write_text(bare(place.read_text()) + said)
        yield version, repo.commit(f"Add {version}")


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Both]:
    folder = tmp_path_factory.mktemp("article")
    with ClearMLServer() as plain, ClearMLServer() as server:
        repo = new_repo(folder / "team", folder / "home")
        write_reports(repo.path / "reports")
        repo.env.update(server.environment)
        repo.dsv("init", "--registry", "clearml")
        repo.write(".dsv.yaml", f"registry: clearml\nsamples: 12\n{ANY_CONTENT}")
        ours: dict[str, Version] = {}
        for version, commit in commits(repo):
            ours[version] = Version(server, repo.path, commit, VERSIONS[version][0], version)
        script = PLAIN.format(
            versions=VERSIONS,
            descriptions=DESCRIPTIONS,
            files=str(repo.path / "reports"),
            url=str(repo.path / "data"),
            project=PROJECT,
        )
        told = sdk(plain, folder / "sdk", script)
        made = {v: Made(plain, folder, "", VERSIONS[v][0], v, told[v]) for v in VERSIONS}
        yield Both(dict(made), ours)


Read = Callable[[Both, Version], Any]


def parents_of(both: Both, version: Version) -> Any:
    return sorted(both.names[parent] for parent in version.struct[version.id])


def lineage_of(both: Both, version: Version) -> Any:
    return {
        both.names[one]: sorted(both.names[parent] for parent in parents)
        for one, parents in version.struct.items()
    }


def properties_of(_: Both, version: Version) -> Any:
    names = ("files", "classes", "script", "source")
    return {name: version.properties[name] for name in names}


def project_of(_: Both, version: Version) -> Any:
    tags = {p["name"]: sorted(p["system_tags"]) for p in version.server.projects.values()}
    hidden = f"{PROJECT}/.datasets"
    return version.project, tags[version.project], tags[hidden], tags[PROJECT]


def table_of(_: Both, version: Version) -> Any:
    (trace,) = version.plots[f"classes-{version.version}"]["data"]
    heads = [head[0] if isinstance(head, list) else head for head in trace["header"]["values"]]
    columns = [[str(cell) for cell in column] for column in trace["cells"]["values"]]
    return trace["type"], heads, columns


def balance_of(_: Both, version: Version) -> Any:
    found: dict[str, int] = {}
    for trace in version.plots["Class balance"]["data"]:
        for label, count in zip(trace.get("customdata") or trace["x"], trace["y"], strict=True):
            found[label] = found.get(label, 0) + int(count)
    return found


def figure_of(_: Both, version: Version) -> Any:
    """A PNG of the file server that is a plot."""
    plot = version.plots["balance"]
    (image,) = plot["layout"]["images"]
    shown = {name: image[name] for name in ("xref", "yref", "x", "sizex", "sizing")}
    with Image.open(io.BytesIO(version.stored(image["source"]))) as picture:
        picture.load()
        return picture.format, shown, plot["data"]


def media_of(title: str) -> Read:
    def read(_: Both, version: Version) -> Any:
        found = {name: data for name, data in version.samples.items() if name.startswith(title)}
        assert found
        return found

    return read


def runtime_of(_: Both, version: Version) -> Any:
    return version.runtime["version"], version.runtime["orig_dataset_name"]


FEATURES: dict[str, Read] = {
    "task type data_processing": lambda _, v: v.task["type"],
    # Plain code's tasks are marked as a development machine's, besides.
    "system tag dataset": lambda _, v: set(v.task["system_tags"]) - {"development"},
    "name of the task": lambda _, v: v.task["name"],
    "hidden project of the dataset": project_of,
    "free version text": runtime_of,
    "description": lambda _, v: v.task["comment"],
    "user properties": properties_of,
    "parents": parents_of,
    "lineage": lineage_of,
    "table from a CSV": table_of,
    "histogram Class balance": balance_of,
    "figure": figure_of,
    "image among the media": media_of("example/"),
    "audio among the media": media_of("bark/"),
    "finalized": lambda _, v: v.task["status"],
}


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("feature", FEATURES)
def test_a_commit_leaves_what_plain_code_leaves(both: Both, feature: str, version: str) -> None:
    read = FEATURES[feature]
    assert read(both, both.ours[version]) == read(both, both.plain[version])


def test_the_ids_of_parents_are_copied_by_nobody(both: Both) -> None:
    """They are in no file that a person writes, only in the records."""
    for one in both.ours.values():
        declared = one.files["manifest.yaml"].decode()
        assert not any(other.id in declared for other in both.ours.values())
        assert {parent["id"] for parent in one.record["parents"]} == set(one.struct[one.id])


def test_a_commit_says_where_the_data_lies(both: Both) -> None:
    """Plain code names one path by hand; here each root is told."""
    top = both.ours["1.0"].top
    assert both.ours["1.0-kaggle"].properties["data_path"] == f"{top}/data/kaggle"
    told = both.ours["1.0"].properties["data_path"]
    assert told == f"{top}/data/kaggle, {top}/data/youtube"


def test_a_commit_leaves_more_than_plain_code(both: Both) -> None:
    """The files themselves, and what a deleted version is rebuilt from."""
    for version in VERSIONS:
        assert {a["key"] for a in both.ours[version].task["execution"]["artifacts"]} == {
            "state",
            "manifest",
        }
        assert both.plain[version].state["dataset_link_entries"] == []
        files = sum(VERSIONS[version][1].values())
        assert len(both.ours[version].state["dataset_link_entries"]) == files


def test_a_version_may_have_many_children(both: Both) -> None:
    first = both.ours["1.0-kaggle"]
    repo = Repo(first.top, environment(first.top.parent / "home") | first.server.environment)
    for name in ("small", "large"):
        repo.write(f"data/{name}/a.txt", name)
        names = ("--project", PROJECT, "--dataset", "obj-detect", "--version", f"2.0-{name}")
        repo.dsv("add", f"data/{name}", "--name", name, *names, "--parent", "kaggle@1.0-kaggle")
        commit = repo.commit(f"Add {name}")
        child = Version(first.server, repo.path, commit, name, f"2.0-{name}")
        assert child.struct == {child.id: (first.id,), first.id: ()}
