"""What the declarations of merged manifests have in common."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from dsv_git.manifest.declaration import Data, Declaration, Labels

_Value = TypeVar("_Value")


@dataclass(frozen=True)
class Agreed:
    """The settings of a merged manifest; each of `notes` says what was left out, and why."""

    data: Data
    labels: Labels | None
    tags: tuple[str, ...]
    properties: Mapping[str, str]
    samples: int | None
    notes: tuple[str, ...]


def agree(sources: Sequence[Declaration], roots: Mapping[str, str]) -> Agreed:
    """Settings that all `sources` share stay, others go; tags and properties are united, the first
    source's word counts.

    With mounts no source of labels stays, for its paths lack the mount, and no shared address.
    """
    notes: list[str] = []
    mounted = "" not in roots

    def common(name: str, values: Sequence[_Value], default: _Value) -> _Value:
        if all(value == values[0] for value in values):
            return values[0]
        notes.append(f"{name} differs between the sources and is left out")
        return default

    every = [source.data for source in sources]
    address = None if mounted else common("data.url", [d.url for d in every], None)
    if mounted and any(data.url for data in every):
        notes.append("data.url is left out: one address cannot stand for several roots")
    labels = None if mounted else common("labels", [s.labels for s in sources], None)
    if mounted and any(source.labels for source in sources):
        notes.append("labels: is left out; the entries keep the labels that they have")
    data = Data(
        roots=roots,
        url=address,
        include=common("data.include", [d.include for d in every], ()),
        exclude=common("data.exclude", [d.exclude for d in every], ()),
        algorithm=common("data.hash", [d.algorithm for d in every], "xxh3"),
        upload=common("data.upload", [d.upload for d in every], False),
    )
    samples = common("samples", [s.samples for s in sources], None)
    properties: dict[str, str] = {}
    for source in sources:
        for key, text in source.properties.items():
            properties.setdefault(key, text)
    tags = tuple(dict.fromkeys(tag for source in sources for tag in source.tags))
    return Agreed(data, labels, tags, properties, samples, tuple(notes))


def data_value(data: Data) -> dict[str, object]:
    """The value of `data` as `manifest.yaml` has it, what is the default left out."""
    value: dict[str, object] = (
        {"root": data.roots[""]} if "" in data.roots else {"roots": dict(data.roots)}
    )
    optional: dict[str, object] = {
        "url": data.url,
        "include": data.include,
        "exclude": data.exclude,
        "hash": data.algorithm if data.algorithm != Data({}).algorithm else None,
        "upload": "true" if data.upload else None,
    }
    return {**value, **{key: text for key, text in optional.items() if text}}
