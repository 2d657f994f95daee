"""Draws docs/images/report.png: the report of the demo's cleaning, in a headless chromium.

PYTHONPATH=$PWD python docs/images/report.py
"""

from __future__ import annotations

import io
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Final

from PIL import Image

SIZE: Final = (1100, 1330)


def main() -> None:
    """Makes the demo, its report, and a picture of that."""
    target = Path(__file__).with_suffix(".png")
    with tempfile.TemporaryDirectory() as folder:
        demo, page, shot = (Path(folder, name) for name in ("demo", "page.html", "shot.png"))
        dsv = [sys.executable, "-m", "dsv_git"]
        told = subprocess.DEVNULL
        subprocess.run([*dsv, "demo", demo, "--registry", "local"], check=True, stdout=told)
        report = [*dsv, "report", "HEAD~2..HEAD~1", "-o", page]
        subprocess.run(report, cwd=demo, check=True, stdout=told)
        browser = ["chromium", "--headless=new", "--no-sandbox", "--hide-scrollbars"]
        browser += [f"--window-size={SIZE[0]},{SIZE[1]}", f"--screenshot={shot}", page.as_uri()]
        subprocess.run(browser, check=True, stderr=subprocess.DEVNULL)
        picture = Image.open(io.BytesIO(shot.read_bytes())).convert("RGB")
    picture.quantize(128, dither=Image.Dither.NONE).save(target, optimize=True)


if __name__ == "__main__":
    main()
