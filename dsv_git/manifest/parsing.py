"""Reading `manifest.yaml`: every error names the file, the line and the nearest valid key."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, TypeVar, cast

from dsv_git.errors import InputError
from dsv_git.manifest import yamltext
from dsv_git.manifest.bump import check_version
from dsv_git.manifest.declaration import (
    ALGORITHMS,
    DEFAULT_PROJECT,
    KEYS,
    Algorithm,
    Data,
    Declaration,
    Labels,
    Reports,
)
from dsv_git.manifest.layout import DEEPEST, LISTS, SUFFIX, WIDEST, Layout
from dsv_git.manifest.names import unsafe_path
from dsv_git.manifest.parent import Parent, parse_parent
from dsv_git.manifest.url import refuse_credentials
from dsv_git.manifest.yamltext import Reader, Sequence, Value

T = TypeVar("T")

DATA_KEYS: Final = ("root", "roots", "url", "include", "exclude", "hash", "upload")
LABEL_KEYS: Final = ("path", "table", "coco", "yolo", "metadata")
METADATA_HINT: Final = (
    "metadata.jsonl or metadata.csv: it is looked for in every folder of the data"
)
REPORT_KEYS: Final = ("tables", "figures", "media")


def parse_declaration(text: str, name: str, where: str) -> Declaration:
    """Reads a `manifest.yaml`. Raises InputError that names the file, the line and what to type."""
    top, reader = yamltext.parse(text, where), Reader(where)
    reader.known(top, KEYS, "a manifest")
    values = reader.given(top)
    if "format" not in values or "version" not in values or "data" not in values:
        missing = next(key for key in ("format", "version", "data") if key not in values)
        raise InputError(f"the key {missing} is missing", where=f"{where}:1")
    if reader.text(values["format"], "format") != "1":
        raise reader.fail(
            values["format"],
            f"format {reader.text(values['format'], 'format')} is not known to this release",
            "pip install --upgrade dsv-git",
        )

    def text_of(key: str, default: str) -> str:
        found = reader.text(values[key], key).strip() if key in values else ""
        return found or default

    def texts_of(key: str) -> tuple[str, ...]:
        return reader.texts(values[key], key) if key in values else ()

    return Declaration(
        name=name,
        version=_located(reader, values["version"], check_version, text_of("version", "")),
        data=_data(reader, values["data"]),
        dataset=text_of("dataset", name),
        project=text_of("project", DEFAULT_PROJECT),
        description=text_of("description", ""),
        parents=_parents(reader, values.get("parents")),
        made_by=text_of("made_by", ""),
        tags=texts_of("tags"),
        labels=_labels(reader, values["labels"]) if "labels" in values else None,
        samples=reader.number(values["samples"], "samples", 1000) if "samples" in values else None,
        reports=_reports(reader, values["reports"]) if "reports" in values else Reports(),
        properties=_properties(reader, values.get("properties")),
        layout=_layout(reader, values["layout"]) if "layout" in values else Layout(),
    )


def _located(reader: Reader, value: Value, read: Callable[[str], T], text: str) -> T:
    """`read(text)`, its error with the place of `value`."""
    try:
        return read(text)
    except InputError as error:
        raise reader.fail(value, error.message, error.hint) from None


def _parents(reader: Reader, value: Value | None) -> tuple[Parent, ...]:
    if value is None:
        return ()
    texts = reader.texts(value, "parents")
    items = value.items if isinstance(value, Sequence) else ()
    parents = tuple(
        _located(reader, item, parse_parent, text) for text, item in zip(texts, items, strict=True)
    )
    if len(set(parents)) < len(parents):
        raise reader.fail(value, "a parent is named twice")
    return parents


def _data(reader: Reader, value: Value) -> Data:
    data = reader.mapping(value, "data")
    reader.known(data, DATA_KEYS, "data")
    values = reader.given(data)
    if ("root" in values) == ("roots" in values):
        raise reader.fail(value, "data needs a root, or roots, one of both", "data: {root: FOLDER}")
    if "root" in values:
        roots = {"": reader.text(values["root"], "root")}
    else:
        pairs = reader.mapping(values["roots"], "roots")
        roots = {mount: reader.text(root, f"roots.{mount}") for mount, root in pairs}
        for mount in roots:
            if "/" in mount or unsafe_path(mount):
                raise reader.fail(values["roots"], f"not a mount's name: {mount!r}")
    if not roots or not all(roots.values()):
        raise reader.fail(value, "a root is empty")
    url = reader.text(values["url"], "url") if "url" in values else None
    for text in (*roots.values(), url or ""):
        _located(reader, value, refuse_credentials, text)
    algorithm = reader.one_of(values["hash"], "hash", ALGORITHMS) if "hash" in values else "xxh3"
    return Data(
        roots=roots,
        url=url,
        include=reader.texts(values["include"], "include") if "include" in values else (),
        exclude=reader.texts(values["exclude"], "exclude") if "exclude" in values else (),
        algorithm=cast(Algorithm, algorithm),
        upload=reader.flag(values["upload"], "upload") if "upload" in values else False,
    )


def _labels(reader: Reader, value: Value) -> Labels:
    labels = reader.mapping(value, "labels")
    reader.known(labels, LABEL_KEYS, "labels")
    if len(labels.pairs) != 1:
        raise reader.fail(value, f"labels come from one of: {', '.join(LABEL_KEYS)}")
    ((key, inner),) = labels.pairs
    if key.text == "coco":
        files = reader.mapping(inner, "coco")
        found = {split: reader.text(file, f"coco.{split}") for split, file in files}
        empty = next((f".{split}" for split, file in found.items() if not file), "")
        if empty or not found:
            raise reader.fail(inner, f"labels.coco{empty} is empty")
        return Labels(coco=found)
    text = reader.text(inner, key.text)
    if not text:
        raise reader.fail(inner, f"labels.{key.text} is empty")
    if key.text == "metadata" and not is_metadata_name(text):
        raise reader.fail(inner, f"not the name of metadata files: {text!r}", METADATA_HINT)
    return Labels(
        path=text if key.text == "path" else None,
        table=text if key.text == "table" else None,
        yolo=text if key.text == "yolo" else None,
        metadata=text if key.text == "metadata" else None,
    )


def is_metadata_name(text: str) -> bool:
    """Whether files of this name may describe the images of their folders."""
    return "/" not in text and text.endswith((".jsonl", ".csv"))


def _reports(reader: Reader, value: Value) -> Reports:
    reports = reader.mapping(value, "reports")
    reader.known(reports, REPORT_KEYS, "reports")
    found = {key: reader.texts(inner, key) for key, inner in reports}
    return Reports(
        tables=found.get("tables", ()),
        figures=found.get("figures", ()),
        media=found.get("media", ()),
    )


def _properties(reader: Reader, value: Value | None) -> dict[str, str]:
    if value is None:
        return {}
    pairs = reader.mapping(value, "properties")
    for key, _ in pairs.pairs:
        if not key.text:
            raise reader.fail(key, "a property needs a name")
    return {key: reader.text(inner, f"properties.{key}") for key, inner in pairs}


def _layout(reader: Reader, value: Value) -> Layout:
    layout = reader.mapping(value, "layout")
    reader.known(layout, ("depth", "fan"), "layout")
    values = reader.given(layout)
    depth = reader.number(values["depth"], "depth", DEEPEST) if "depth" in values else 0
    fans = reader.mapping(values["fan"], "fan").pairs if "fan" in values else ()
    for stem, _ in fans:
        if not _has_list(Layout(depth), stem.text):
            raise reader.fail(
                stem,
                f"a layout of depth {depth} has no list {stem.text!r}",
                f"a fan's name is a list's path below {LISTS}/, without {SUFFIX}",
            )
    return Layout(
        depth,
        {stem.text: reader.number(digits, f"fan.{stem.text}", WIDEST) for stem, digits in fans},
    )


def _has_list(layout: Layout, stem: str) -> bool:
    try:
        layout.prefix(f"{LISTS}/{stem}{SUFFIX}")
    except ValueError:
        return False
    return True
