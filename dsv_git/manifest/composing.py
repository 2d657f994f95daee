"""Writing `manifest.yaml`: a new one whole, an existing one by edits that keep a person's text."""

from __future__ import annotations

from dsv_git.manifest.declaration import KEYS, Data, Declaration, Labels, Reports
from dsv_git.manifest.layout import Layout
from dsv_git.manifest.yamledit import Editor
from dsv_git.manifest.yamlwrite import flow, line, scalar


def layout_value(layout: Layout) -> dict[str, object]:
    """The layout as `manifest.yaml` has it."""
    value: dict[str, object] = {"depth": str(layout.depth)}
    if layout.fans:
        value["fan"] = {stem: str(digits) for stem, digits in sorted(layout.fans.items())}
    return value


def labels_value(labels: Labels) -> dict[str, object]:
    """The source of labels as `manifest.yaml` has it."""
    if labels.coco is not None:
        return {"coco": dict(labels.coco)}
    return dict([_label_pair(labels)])


def _label_pair(labels: Labels) -> tuple[str, str]:
    """The key and the text of a source that is one text."""
    keys = ("path", "table", "yolo", "metadata")
    return next((key, text) for key in keys if (text := getattr(labels, key)) is not None)


def labels_words(labels: Labels) -> tuple[str, ...]:
    """The source of labels as a person types it behind `--labels`, each word with its own."""
    if labels.coco is not None:
        return tuple(f"{split}={file}" for split, file in labels.coco.items())
    key, text = _label_pair(labels)
    plain = key in {"path", "table"} or text.endswith((".yaml", ".yml"))
    return (text if plain else f"{key}:{text}",)


def write_declaration(declaration: Declaration) -> str:
    """A new `manifest.yaml`, in the order of the keys, with what is not the default."""
    lines = ["format: 1"]
    if declaration.dataset != declaration.name:
        lines.append(f"dataset: {scalar(declaration.dataset)}")
    lines.append(f"project: {scalar(declaration.project)}")
    lines.append(f"version: {scalar(declaration.version)}")
    if declaration.description:
        lines.append(f"description: {scalar(declaration.description)}")
    lines += _block_list("parents", [str(parent) for parent in declaration.parents])
    if declaration.made_by:
        lines.append(f"made_by: {line(declaration.made_by)}")
    if declaration.tags:
        lines.append(f"tags: {flow(declaration.tags)}")
    lines += ["data:", *_data_lines(declaration.data)]
    lines += _label_lines(declaration.labels)
    if declaration.samples is not None:
        lines.append(f"samples: {declaration.samples}")
    lines += _report_lines(declaration.reports)
    if declaration.properties:
        lines.append("properties:")
        lines += [
            f"  {scalar(key)}: {scalar(text)}" for key, text in declaration.properties.items()
        ]
    lines.append(f"layout: {flow(layout_value(declaration.layout))}")
    return "\n".join(lines) + "\n"


def _block_list(key: str, items: list[str]) -> list[str]:
    return [f"{key}:", *(f"  - {scalar(item)}" for item in items)] if items else []


def _data_lines(data: Data) -> list[str]:
    if set(data.roots) == {""}:
        lines = [f"  root: {scalar(data.roots[''])}"]
    else:
        lines = ["  roots:"]
        lines += [f"    {scalar(mount)}: {scalar(root)}" for mount, root in data.roots.items()]
    if data.url:
        lines.append(f"  url: {scalar(data.url)}")
    for key, patterns in (("include", data.include), ("exclude", data.exclude)):
        if patterns:
            quoted = ", ".join(
                f'"{p}"' if not scalar(p).startswith('"') else scalar(p) for p in patterns
            )
            lines.append(f"  {key}: [{quoted}]")
    if data.algorithm != "xxh3":
        lines.append(f"  hash: {data.algorithm}")
    if data.upload:
        lines.append("  upload: true")
    return lines


def _label_lines(labels: Labels | None) -> list[str]:
    if labels is None:
        return []
    if labels.coco is not None:
        return ["labels:", f"  coco: {flow(dict(labels.coco))}"]
    key, text = _label_pair(labels)
    plain = scalar(text)
    return ["labels:", f"  {key}: " + (plain if plain.startswith('"') else f'"{plain}"')]


def _report_lines(reports: Reports) -> list[str]:
    keys = ("tables", "figures", "media")
    lines = [f"  {key}: {flow(getattr(reports, key))}" for key in keys if getattr(reports, key)]
    return ["reports:", *lines] if lines else []


def editor(text: str) -> Editor:
    """For edits of a `manifest.yaml` that keep what a person wrote."""
    return Editor(text, KEYS)
