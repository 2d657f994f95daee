"""Rows of JSON Lines that a person or another tool wrote: one object a line."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, TypeVar

import msgspec

from dsv_git.errors import InputError

T = TypeVar("T")

_decoder = msgspec.json.Decoder(dict[str, Any])


def json_rows(
    data: bytes, where: str, what: str, read: Callable[[int, dict[str, Any]], T]
) -> Iterator[T]:
    """What `read` makes of each line's number and object; empty lines are passed over. Raises
    InputError with the line for what is no object, and where `read` raises ValueError: not `what`,
    and why."""
    for number, line in enumerate(data.split(b"\n"), start=1):
        if not line.strip():
            continue
        try:
            yield read(number, _decoder.decode(line))
        except UnicodeDecodeError:
            raise InputError("the text is not UTF-8", where=f"{where}:{number}") from None
        except (msgspec.MsgspecError, RecursionError, ValueError) as error:
            raise InputError(f"not {what}: {error}", where=f"{where}:{number}") from None
