"""Registering versions of many entries in ClearML: `dsv sync` beside the ClearML package's own way.

    python benchmarks/register.py [--entries 100000] [--sdk-entries 50000] [--skip-sdk]
                                  [--samples N] [--slow-link] [--folder DIR]

The server is the tests' own, in a process of its own: what is measured are the clients. Ours is a
repository with a manifest whose data is nowhere, for its registration reads lists alone; a first
version is registered, and a child of it with 100 edits. The package's way is `Dataset.create`,
`add_external_files` of a folder of small files, and `finalize`. It looks at each file, which `dsv`
did when it made the manifest. With `--samples` the examples are chosen, and found not to be here;
`--slow-link` gives the server 10 Mbit/s and 100 ms before each answer, for us alone.

Memory is the largest resident size of any one Python process (`VmHWM` in /proc, so on Linux only):
`dsv sync` itself, and the child of it that talks to the server.
"""

from __future__ import annotations

import argparse
import random
import shutil
import sys
import tempfile
from pathlib import Path

from msgspec.structs import replace
from register_watch import Run, Server, quiet, run, serving

from dsv_git.manifest.composing import write_declaration
from dsv_git.manifest.declaration import Data, Declaration
from dsv_git.manifest.entry import Entry
from dsv_git.manifest.filelist import encode_entries, read_entries
from dsv_git.manifest.layout import Layout
from dsv_git.manifest.parent import parse_parent

IN_A_LIST, EDITS, LIMIT = 2_000, 100, 1e9
SLOW = ("--bandwidth", "1250000", "--latency", "0.1")
PEER = """
import sys
from clearml import Dataset
made = Dataset.create(
    dataset_name="pets", dataset_project="Benchmark of the package", dataset_version="1.0"
)
made.add_external_files(source_url=sys.argv[1])
made.upload(show_progress=False)
made.finalize()
"""


def dsv(*args: str) -> tuple[str, ...]:
    return (sys.executable, "-m", "dsv_git", *args)


def write_version(manifest: Path, samples: int, version: str, *parents: str) -> None:
    """Writes a `manifest.yaml`."""
    declared = Declaration(
        name="pets",
        dataset="pets",
        project="Benchmark of dsv",
        version=version,
        data=Data({"": "data/pets"}, url="s3://lake/pets"),
        parents=tuple(map(parse_parent, parents)),
        layout=Layout(depth=2),
        samples=samples,
    )
    (manifest / "manifest.yaml").write_text(write_declaration(declared))


def write_lists(manifest: Path, entries: int) -> None:
    """Writes lists of made-up entries, one in hundred a duplicate."""
    noise = random.Random(0)  # noqa: S311 - data for a benchmark
    for number in range(-(-entries // IN_A_LIST)):
        split, label = ("train", "val")[number % 2], f"label{number // 2:04}"
        rows = [
            Entry(
                f"{place:08}.jpg",
                noise.randrange(1_000, 1_000_000),
                f"xxh3:{noise.getrandbits(128) if place % 100 else 1:032x}",
                label,
                split,
            )
            for place in range(number * IN_A_LIST, min(entries, (number + 1) * IN_A_LIST))
        ]
        path = manifest / "files" / split / f"{label}.jsonl"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(encode_entries(rows))


def edit(manifest: Path) -> None:
    """Other contents for some entries, as far apart as they can be."""
    lists = sorted(manifest.glob("files/*/*.jsonl"))
    for number in range(EDITS):
        path = lists[number * len(lists) // EDITS]
        rows = list(read_entries(path.read_bytes(), path.name))
        place = number % len(rows)
        rows[place] = replace(rows[place], size=number, hash=f"xxh3:{number + 2:032x}")
        path.write_bytes(encode_entries(rows))


def make_team(server: Server, folder: Path, entries: int, samples: int) -> Path:
    """A repository with a manifest, all but committed."""
    team = folder / "team"
    shutil.rmtree(team, ignore_errors=True)
    team.mkdir()
    quiet(server, team, "git", "init", "-q", "-b", "main")
    for name, value in (("user.name", "Ada"), ("user.email", "ada@example.org")):
        quiet(server, team, "git", "config", name, value)
    quiet(server, team, *dsv("init", "--registry", "clearml"))
    manifest = team / "manifests/pets"
    write_lists(manifest, entries)
    write_version(manifest, samples, "1.0")
    quiet(server, team, "git", "add", "-A")
    return team


def commit(server: Server, team: Path, entries: int, message: str) -> list[Run]:
    """Commits; the hook is measured where it has to leave the version to `dsv sync`."""
    command = ("git", "commit", "-q", "-m", message)
    if entries <= 100_000:
        quiet(server, team, "git", "-c", "core.hooksPath=/dev/null", *command[1:])
        return []
    done = run(f"{message}, its hook defers", entries, server, team, *command)
    assert "dsv sync" in done.said, done.said
    return [done]


def ours(folder: Path, entries: int, samples: int, *options: str) -> list[Run]:
    """A first version, its child with edits, and nothing to do."""
    with serving(*options) as server:
        team = make_team(server, folder, entries, samples)
        runs = commit(server, team, entries, "First commit")
        runs.append(run("dsv sync, first version", entries, server, team, *dsv("sync")))
        edit(team / "manifests/pets")
        write_version(team / "manifests/pets", samples, "1.1", "pets@1.0")
        quiet(server, team, "git", "add", "-A")
        runs += commit(server, team, entries, "Second commit")
        edits = min(EDITS, entries)
        runs.append(run(f"dsv sync, child with {edits} edits", entries, server, team, *dsv("sync")))
        runs.append(run("dsv sync, nothing to do", entries, server, team, *dsv("sync")))
        shutil.rmtree(team)
    return runs


def theirs(folder: Path, entries: int) -> Run:
    """The package's own way."""
    data = folder / "data"
    for number in range(entries):
        path = data / f"label{number // IN_A_LIST:04}" / f"{number:08}.jpg"
        if number % IN_A_LIST == 0:
            path.parent.mkdir(parents=True, exist_ok=True)
        if not path.exists():
            path.write_bytes(b"%d" % number)
    with serving() as server:
        command = (sys.executable, "-c", PEER, f"{data.as_uri()}/")
        return run("ClearML's package, first version", entries, server, folder, *command)


def report(runs: list[Run], peer: Run | None) -> None:
    """The ratios and the target."""
    first = next(run for run in runs if "first" in run.name)
    if peer is not None:
        scale = first.entries / peer.entries
        print(
            f"dsv / package, per entry: seconds {first.seconds / peer.seconds / scale:.3f}"
            f"  bytes {first.asked['bytes'] / peer.asked['bytes'] / scale:.2f}"
            f"  (not per entry: API calls {first.asked['api'] / peer.asked['api']:.2f}"
            f"  memory {first.peak / max(peer.peak, 1):.2f})"
        )
    highest = max(run.peak for run in runs)
    if highest:
        verdict = "met" if highest < LIMIT else "MISSED"
        print(
            f"highest peak of a process of ours {highest / 1e6:.0f} MB, target 1000 MB: {verdict}"
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--entries", type=int, default=100_000)
    parser.add_argument("--sdk-entries", type=int, default=50_000)
    parser.add_argument("--skip-sdk", action="store_true")
    parser.add_argument("--samples", type=int, default=0)
    parser.add_argument("--slow-link", action="store_true")
    parser.add_argument("--folder", type=Path)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="dsv-register-") as made:
        folder = (asked.folder or Path(made)).resolve()
        folder.mkdir(parents=True, exist_ok=True)
        runs = ours(folder, asked.entries, asked.samples, *(SLOW if asked.slow_link else ()))
        peer = None if asked.skip_sdk or asked.slow_link else theirs(folder, asked.sdk_entries)
        report(runs, peer)


if __name__ == "__main__":
    main()
