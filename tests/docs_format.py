"""The blocks and the text of docs/manifest-format.md."""

from __future__ import annotations

import re
from pathlib import Path

PAGE = Path(__file__).parent.parent / "docs/manifest-format.md"
TEXT = PAGE.read_text(encoding="utf-8")
_FENCED = re.compile(r"^```\w+ (\S+)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
BLOCKS: dict[str, str] = {found[1]: found[2] for found in _FENCED.finditer(TEXT)}
"""The examples by the name that stands behind their language."""
