"""A version as a Croissant description: JSON-LD of MLCommons, format 1.0.

The file list is the one file that the description holds, for only of that is the SHA-256 known that
the format asks for; every entry is a record. https://docs.mlcommons.org/croissant/docs/
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

import msgspec

from dsv_git.manifest.declaration import Declaration
from dsv_git.manifest.entry import Entry, PropValue
from dsv_git.manifest.filelist import encode_entries

_FIELDS: Final = (
    ("path", "sc:Text", "path below the data root, / separates"),
    ("size", "sc:Integer", "bytes"),
    ("hash", "sc:Text", "content hash: its algorithm, a colon, the digest"),
    ("label", "sc:Text", "labels, one an object"),
    ("split", "sc:Text", "split"),
    ("ann", "sc:Text", "hash of the annotations"),
)
_TOLD: Final = {"license": "license", "citation": "citeAs", "url": "url", "date": "datePublished"}
"""Properties of a manifest that mean something to Croissant, and what they are called there."""

_DATE: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_PLAIN: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_TYPES: Final[Mapping[frozenset[type], str]] = {
    frozenset({str}): "sc:Text",
    frozenset({bool}): "sc:Boolean",
    frozenset({int}): "sc:Integer",
    frozenset({float}): "sc:Float",
    frozenset({int, float}): "sc:Float",
}
_TERMS: Final = (
    "citeAs column equivalentProperty extract field fileProperty fileObject fileSet format "
    "includes isLiveDataset jsonPath key md5 parentField path recordSet references regex repeated "
    "replace samplingRate separator source subField transform"
)


@dataclass(frozen=True)
class Croissant:
    """The two files of an export: the description, and the list that it names."""

    description: bytes
    file_list: bytes
    list_name: str


def croissant(declaration: Declaration, entries: Iterable[Entry], list_name: str) -> Croissant:
    """Describes a version whose list is a file called `list_name` beside the description.

    The list is JSON Lines with labels always in a list, so that a reader finds one type. Props are
    fields of the records where their name is a plain word and their values are of one type. Raises
    ValueError for what no file list can hold.
    """
    rows = tuple(entries)
    data = encode_entries(msgspec.structs.replace(row, label=row.labels or None) for row in rows)
    described: dict[str, Any] = {
        "@context": _context(),
        "@type": "sc:Dataset",
        "conformsTo": "http://mlcommons.org/croissant/1.0",
        "name": declaration.dataset,
        "description": declaration.description or f"{declaration.dataset} {declaration.version}",
        "version": declaration.version,
    }
    for key, term in _TOLD.items():
        text = declaration.properties.get(key, "")
        if text and (key != "date" or _DATE.fullmatch(text)):
            described[term] = text
    if declaration.tags:
        described["keywords"] = list(declaration.tags)
    described["distribution"] = [_file(declaration, data, list_name)]
    described["recordSet"] = [_records(rows, list_name)]
    document = msgspec.json.format(msgspec.json.encode(described), indent=1)
    return Croissant(document + b"\n", data, list_name)


def _file(declaration: Declaration, data: bytes, name: str) -> dict[str, Any]:
    place = f": below {declaration.data.url}" if declaration.data.url else ""
    return {
        "@type": "cr:FileObject",
        "@id": name,
        "name": name,
        "description": f"one line for every file of the data{place}",
        "contentUrl": name,
        "contentSize": f"{len(data)} B",
        "encodingFormat": "application/jsonlines",
        "sha256": hashlib.sha256(data).hexdigest(),
    }


def _records(rows: tuple[Entry, ...], list_name: str) -> dict[str, Any]:
    given = {"path", "size", "hash"}
    for name in ("label", "split", "ann"):
        if any(getattr(row, name) is not None for row in rows):
            given.add(name)
    source = {"fileObject": {"@id": list_name}}
    fields = [
        _field(name, kind, text, {**source, "extract": {"column": name}})
        for name, kind, text in _FIELDS
        if name in given
    ]
    for name, kind in _props(rows).items():
        inner = {"extract": {"column": "props"}, "transform": {"jsonPath": f"$.'{name}'"}}
        fields.append(_field(f"props.{name}", kind, name, {**source, **inner}))
    return {
        "@type": "cr:RecordSet",
        "@id": "files",
        "name": "files",
        "description": "the files of the data",
        "key": {"@id": "files/path"},
        "field": fields,
    }


def _field(name: str, kind: str, text: str, source: Mapping[str, Any]) -> dict[str, Any]:
    described = {
        "@type": "cr:Field",
        "@id": f"files/{name}",
        "name": name,
        "description": text,
        "dataType": kind,
        "source": source,
    }
    return {**described, "repeated": True} if name == "label" else described


def _props(rows: tuple[Entry, ...]) -> dict[str, str]:
    """The props that can be fields, with their type."""
    kinds: dict[str, set[type[PropValue]]] = {}
    for row in rows:
        for name, value in row.props.items():
            kinds.setdefault(name, set()).add(type(value))
    return {
        name: _TYPES[frozenset(types)]
        for name, types in sorted(kinds.items())
        if _PLAIN.fullmatch(name) and frozenset(types) in _TYPES
    }


def _context() -> dict[str, Any]:
    """The terms of Croissant 1.0, as its description lists them."""
    return {
        "@language": "en",
        "@vocab": "https://schema.org/",
        "sc": "https://schema.org/",
        "cr": "http://mlcommons.org/croissant/",
        "rai": "http://mlcommons.org/croissant/RAI/",
        "dct": "http://purl.org/dc/terms/",
        "conformsTo": "dct:conformsTo",
        "data": {"@id": "cr:data", "@type": "@json"},
        "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
        "examples": {"@id": "cr:examples", "@type": "@json"},
        **{term: f"cr:{term}" for term in _TERMS.split()},
    }
