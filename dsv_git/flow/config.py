"""`.dsv.yaml`: what a team agreed on, at the top of the repository."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Literal

from dsv_git.checks.rules import Severity
from dsv_git.errors import InputError
from dsv_git.manifest import yamltext
from dsv_git.manifest.names import is_manifest_name
from dsv_git.manifest.url import is_url, parse_url
from dsv_git.manifest.yamltext import Reader, Value

FILE: Final = ".dsv.yaml"
KEYS: Final = (
    "manifests",
    "registry",
    "register",
    "writeback",
    "samples",
    "checks",
    "messages",
    "keep",
)

RegistryName = Literal["local", "clearml"]
Writeback = Literal["fold", "commit", "stage", "none"]


@dataclass(frozen=True)
class Config:
    """The configuration of a repository. `timeout` is in seconds; `branches` are glob patterns;
    `trailers` says whether commit messages name the data versions that they make. `keep` is the
    folder (from the top of the repository) or URL that keeps a copy of each content."""

    manifests: str = "manifests"
    registry: RegistryName = "local"
    branches: tuple[str, ...] = ("*",)
    timeout: int = 30
    writeback: Writeback = "fold"
    samples: int = 0
    checks: Mapping[str, Severity] = field(default_factory=dict)
    trailers: bool = False
    keep: str | None = None


def parse_config(text: str, rules: tuple[str, ...]) -> Config:
    """Reads `.dsv.yaml`; `rules` are the checks there are. Raises InputError with the line."""
    top, reader = yamltext.parse(text, FILE), Reader(FILE)
    reader.known(top, KEYS, FILE)
    # Not `reader.given`, as for a manifest: an empty `registry:` must not quietly mean `local`.
    values: dict[str, Value] = dict(top)
    default = Config()
    register: dict[str, Value] = {}
    if "register" in values:
        mapping = reader.mapping(values["register"], "register")
        reader.known(mapping, ("branches", "timeout"), "register")
        register = dict(mapping)
    registry = _word(reader, values, "registry", ("local", "clearml"), default.registry)
    writeback = _word(
        reader, values, "writeback", ("fold", "commit", "stage", "none"), default.writeback
    )
    return Config(
        manifests=_folder(reader, values.get("manifests")) or default.manifests,
        registry="clearml" if registry == "clearml" else "local",
        branches=reader.texts(register["branches"], "branches")
        if "branches" in register
        else default.branches,
        timeout=reader.number(register["timeout"], "timeout", 3600)
        if "timeout" in register
        else default.timeout,
        writeback=writeback,  # type: ignore[arg-type]
        samples=reader.number(values["samples"], "samples", 1000)
        if "samples" in values
        else default.samples,
        checks=_checks(reader, values.get("checks"), rules),
        trailers=_trailers(reader, values.get("messages")),
        keep=_keep(reader, values.get("keep")),
    )


def _word(
    reader: Reader, values: Mapping[str, Value], key: str, words: tuple[str, ...], default: str
) -> str:
    return reader.one_of(values[key], key, words) if key in values else default


def _folder(reader: Reader, value: Value | None) -> str | None:
    if value is None:
        return None
    name = reader.text(value, "manifests").strip("/")
    if not is_manifest_name(name):
        raise reader.fail(value, f"manifests cannot be {name!r}", "a plain folder of letters")
    return name


def _checks(reader: Reader, value: Value | None, rules: tuple[str, ...]) -> dict[str, Severity]:
    if value is None:
        return {}
    mapping = reader.mapping(value, "checks")
    reader.known(mapping, rules, "checks")
    found: dict[str, Severity] = {}
    for rule, inner in mapping:
        word = reader.one_of(inner, f"checks.{rule}", ("error", "warn", "off"))
        found[rule] = word  # type: ignore[assignment]
    return found


def _trailers(reader: Reader, value: Value | None) -> bool:
    if value is None:
        return Config().trailers
    mapping = reader.mapping(value, "messages")
    reader.known(mapping, ("trailers",), "messages")
    given = dict(mapping)
    if "trailers" not in given:
        return Config().trailers
    return reader.flag(given["trailers"], "messages.trailers")


def _keep(reader: Reader, value: Value | None) -> str | None:
    if value is None:
        return None
    text = reader.text(value, "keep")
    if is_url(text):
        url = parse_url(text)
        if url.is_web:
            raise reader.fail(value, "a web server keeps nothing", "keep: s3://BUCKET/keep")
    return text or None


def new_config(registry: RegistryName) -> str:
    """The `.dsv.yaml` that `dsv init` writes."""
    lines = [
        "# What dsv-git does in this repository (its README names every key).",
        f"registry: {registry}",
    ]
    if registry == "clearml":
        lines.append("samples: 12   # thumbnails a registration uploads; 0 = none")
    return "\n".join(lines) + "\n"


def not_initialised() -> InputError:
    """The error of a command that needs `.dsv.yaml` where there is none."""
    return InputError("this repository has no .dsv.yaml", hint="dsv init")
