"""Texts, lists and mappings as YAML on one line."""

from __future__ import annotations

import re

from dsv_git.errors import InputError

_SAFE = r"[A-Za-z0-9_./~%+@*=()-]"
_PLAIN = re.compile(rf"[A-Za-z0-9_./~+-](?:[A-Za-z0-9_./~%+@#*=,()-]|[ :](?={_SAFE}))*")
_LINE = re.compile(r"[a-z](?:[^\W_]|[./~%+@*=,()'\"&|<>!{}_…-]|:(?=[A-Za-z0-9/])| (?! |#|\Z))*")
_NO_TEXT = re.compile(r"[\x00\ud800-\udfff]")
_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")


def scalar(text: str) -> str:
    """`text` as YAML: plain where nothing can be taken amiss, else in double quotes.

    Raises InputError for NUL and for bytes that are not UTF-8 (surrogates), which no text may hold.
    """
    if _NO_TEXT.search(text):
        raise InputError(f"not a text: {text!a}", hint="write it in UTF-8, without NUL")
    if _PLAIN.fullmatch(text) and not re.match(r"-( |$)|~$", text):
        return text
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    escaped = _UNPRINTABLE.sub(lambda found: f"\\u{ord(found.group()):04x}", escaped)
    return f'"{escaped}"'


def line(text: str) -> str:
    """A command as YAML outside of a flow collection: with its quotes as they are where YAML takes
    them so, which reads better than a backslash before each; else as `scalar`."""
    return text if _LINE.fullmatch(text) and text.isprintable() else scalar(text)


def flow(value: object) -> str:
    """Nested dicts, lists and texts as one line of YAML."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{_inner(k)}: {flow(v)}" for k, v in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(flow(item) for item in value) + "]"
    return _inner(str(value))


def _inner(text: str) -> str:
    """A scalar within a flow collection, where commas and brackets end a plain one."""
    plain = scalar(text)
    return plain if plain.startswith('"') or not re.search(r"[,\[\]{}*]", text) else f'"{plain}"'
