"""A bug ends with a log file, not with a traceback on a person's terminal."""

from __future__ import annotations

import os
import platform
import sys
import time
import traceback
from pathlib import Path

from dsv_git import __version__


def log_bug() -> Path:
    """Writes the current exception with what a report of it needs, and gives the file's path.

    Holds the command line and the traceback, no environment: that may have credentials.
    """
    import tempfile

    text = "\n".join(
        [
            f"dsv {__version__}, Python {platform.python_version()}, {platform.platform()}",
            f"command: {sys.argv}",
            traceback.format_exc(),
        ]
    )
    name = f"dsv-bug-{time.strftime('%Y%m%d-%H%M%S')}-{os.getpid()}.log"
    path = Path(tempfile.gettempdir()) / name
    path.write_text(text, encoding="utf-8", errors="backslashreplace")
    return path
