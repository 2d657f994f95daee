"""What `--labels` means."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import Final

from dsv_git.errors import InputError
from dsv_git.flow.workspace import Workspace
from dsv_git.manifest.declaration import Labels
from dsv_git.manifest.names import printable
from dsv_git.manifest.parsing import METADATA_HINT, is_metadata_name

_YOLO: Final = "yolo:"
_METADATA: Final = "metadata:"


def parse_labels(workspace: Workspace, texts: tuple[str, ...], root: Path) -> Labels | None:
    """What a person typed: a pattern, a table (`.csv`, `.jsonl`), a `data.yaml` or `yolo:FOLDER`,
    `metadata:NAME`, or `SPLIT=FILE.json` of COCO annotations, several times.

    Files are taken as typed and remembered below the data root or the repository. Raises
    InputError.
    """
    if not texts:
        return None
    coco = dict(text.partition("=")[::2] for text in texts if _is_coco(text))
    if coco:
        if len(coco) < len(texts) or not all(coco) or not all(coco.values()):
            raise InputError(
                "COCO annotations come as SPLIT=FILE.json, each split once",
                hint="--labels train=instances_train.json --labels val=instances_val.json",
            )
        return Labels(coco={k: _remembered(workspace, v, root) for k, v in coco.items()})
    if len(texts) > 1:
        raise InputError("--labels takes one pattern or one table")
    return _one(workspace, texts[0], root)


def _one(workspace: Workspace, text: str, root: Path) -> Labels:
    suffix = Path(text).suffix.lower()
    if text.startswith(_METADATA):
        name = text.removeprefix(_METADATA)
        if not is_metadata_name(name):
            raise InputError(f"not the name of metadata files: {name!r}", hint=METADATA_HINT)
        return Labels(metadata=name)
    if text.startswith(_YOLO) or (suffix in {".yaml", ".yml"} and "{" not in text):
        return Labels(yolo=_remembered(workspace, text.removeprefix(_YOLO), root, folder=True))
    if suffix in {".csv", ".jsonl"} and "{" not in text:
        return Labels(table=_remembered(workspace, text, root))
    if "{" in text:
        return Labels(path=text)
    raise InputError(
        f"not a source of labels: {text!r}",
        hint="a pattern ({split}/{label}/*), a table (labels.csv), SPLIT=FILE.json (COCO), "
        "data.yaml or yolo:FOLDER, metadata:metadata.jsonl",
    )


def _is_coco(text: str) -> bool:
    return text.endswith(".json") and "{" not in text


def _remembered(workspace: Workspace, text: str, root: Path, *, folder: bool = False) -> str:
    typed, top = workspace.start / text, workspace.repository.top
    place = typed if is_there(typed, folder=folder) else root / text
    if not is_there(place, folder=folder):
        what = "file or folder" if folder else "file"
        raise InputError(f"there is no {what} {printable(text)}")
    place = place.resolve()
    for base in (root.resolve(), top.resolve()):
        with suppress(ValueError):
            name = place.relative_to(base).as_posix()
            if found_below([root, top], name, folder=folder) == place:
                return name
            raise InputError(
                f"{printable(name)} is in the data root too, and would be taken from there",
                hint="give the file of the repository another name",
            )
    return str(place)


def found_below(bases: Iterable[Path], name: str, *, folder: bool = False) -> Path | None:
    """The file (or folder) that a name in `manifest.yaml` means: the first below one of these."""
    places = (base / name for base in bases)
    return next((p.resolve() for p in places if is_there(p, folder=folder)), None)


def is_there(place: Path, *, folder: bool) -> bool:
    """Whether a place is a file, or a folder where one may stand there."""
    return place.is_file() or (folder and place.is_dir())
