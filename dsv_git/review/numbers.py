"""Numbers and labels as a person reads them."""

from __future__ import annotations

from collections import Counter

from dsv_git.manifest.entry import Label
from dsv_git.manifest.names import printable

NONE = "(none)"
"""What stands for no label or no split."""


def number(count: int) -> str:
    """A whole number with commas between thousands."""
    return f"{count:,}"


def signed(count: int) -> str:
    """The same with its sign; zero has none."""
    return f"{count:+,}" if count else "0"


def byte_size(size: int) -> str:
    """Bytes in decimal units (1 kB = 1,000 bytes)."""
    from rich.filesize import decimal

    return decimal(size)


def byte_change(size: int) -> str:
    """The same of a change, with its sign."""
    sign = "+" if size > 0 else "-" if size < 0 else ""
    return sign + byte_size(abs(size))


def label_text(label: Label | None) -> str:
    """A label, safe to show; of many objects each label once, with its number: `cat, dog x3`."""
    if label is None or label == ():
        return NONE
    if isinstance(label, str):
        return printable(label)
    counts = Counter(label).items()
    return ", ".join(printable(one) + (f" x{count}" if count > 1 else "") for one, count in counts)


def percent(share: float) -> str:
    """A share in percent with one decimal."""
    return f"{share:,.1f} %"


def points(shift: float) -> str:
    """A shift in percentage points with one decimal and its sign; what rounds to zero has none."""
    return f"{shift:+,.1f} pp" if round(shift, 1) else "0.0 pp"
