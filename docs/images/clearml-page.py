"""Draws docs/images/clearml-page.png: the demo's charts and samples as ClearML's server holds them.

    PYTHONPATH=$PWD python docs/images/clearml-page.py PLOTLY.MIN.JS

The demo is registered in the test server, its events are read back with ClearML's package, and
drawn with plotly.js (2.35, npm: plotly.js-dist-min) in a headless chromium, which must
be on PATH. What is drawn is what was sent: only frames, their headings and margins are ours.
"""

from __future__ import annotations

import base64
import html
import io
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any, Final

import requests
from PIL import Image

from tests.clearml_server import ClearMLServer

CLEANED: Final = ("youtube", "1.1-youtube")
MERGED: Final = ("all", "1.0")
TILES: Final = (
    (CLEANED, "Class balance"),
    (CLEANED, "Class balance against the parents"),
    (CLEANED, "Classes"),
    (CLEANED, "Relabelled"),
    (CLEANED, "File sizes"),
    (MERGED, "Lineage"),
)
SIZE: Final = (1280, 1365)
STYLE: Final = """
* {box-sizing: border-box}
body {margin: 0; padding: 12px; width: 1280px; background: #f2f4f8; color: #222;
  font: 14px "DejaVu Sans", sans-serif}
main {display: grid; grid-template-columns: 1fr 1fr; gap: 12px}
section {background: #fff; border: 1px solid #d7dbe3; border-radius: 6px; height: 375px;
  padding: 0 8px; overflow: hidden}
section.wide {grid-column: 1/3; height: 180px}
h2 {font-size: 15px; margin: 9px 4px 2px}
h2 span {float: right; font-weight: normal; color: #6b7280; font-size: 12px}
.whole {width: 100%; height: 335px; object-fit: contain}
.sheet {display: grid; grid-template-columns: repeat(12, 1fr); gap: 5px; padding-top: 8px}
figure {margin: 0}
figure img {width: 100%; height: 98px; object-fit: cover; border-radius: 3px}
figcaption {font-size: 9.5px; line-height: 1.15; height: 24px; overflow: hidden;
  word-break: break-all}
"""
DRAW: Final = """
for (const [id, figure] of figures) {
  const table = figure.data[0] && figure.data[0].type == "table";
  const margin = table ? {l: 8, r: 8, t: 44, b: 6} : {l: 55, r: 15, t: 46, b: 55};
  const font = {family: "DejaVu Sans", size: 12};
  Plotly.newPlot(id, figure.data, {...figure.layout, margin, font, width: 605, height: 338},
    {staticPlot: true});
}
"""


def asked(session: Any, endpoint: str, body: dict[str, object]) -> dict[str, Any]:
    """The answer of ClearML's server, as any client gets it."""
    service, action = endpoint.split(".")
    answer = session.send_request(service, action, version="2.20", json=body)
    data: dict[str, Any] = answer.json()["data"]
    return data


def inlined(session: Any, url: str) -> str:
    """A file of the file server, as a page may hold it."""
    headers = {"Authorization": f"Bearer {session.token}"}
    data = requests.get(url, headers=headers, timeout=30).content
    kind = "png" if data.startswith(b"\x89PNG") else "jpeg"
    return f"data:image/{kind};base64,{base64.b64encode(data).decode()}"


def tile(version: tuple[str, str], title: str, inner: str, kind: str = "") -> str:
    """A frame with its heading."""
    head = f"<h2>{html.escape(title)}<span>{'@'.join(version)}</span></h2>"
    return f'<section class="{kind}">{head}{inner}</section>'


def page(demo: Path, plotly: Path) -> str:
    """The HTML of all tiles."""
    from clearml.backend_api.session import Session

    session = Session()

    def task(version: tuple[str, str]) -> str:
        record = demo / "manifests" / version[0] / "versions" / f"{version[1]}.json"
        return str(json.loads(record.read_text())["id"])

    cells, figures = [], []
    for number, (version, title) in enumerate(TILES):
        plots = asked(session, "events.get_task_plots", {"task": task(version), "iters": 1})[
            "plots"
        ]
        figure = next(json.loads(p["plot_str"]) for p in plots if p["metric"] == title)
        picture = next(iter(figure["layout"].get("images", ())), None)
        if picture:
            inner = f'<img class="whole" src="{inlined(session, picture["source"])}">'
        else:
            inner = f'<div id="p{number}"></div>'
            figures.append((f"p{number}", figure))
        cells.append(tile(version, title, inner))
    body: dict[str, object] = {"metrics": [{"task": task(CLEANED), "metric": None}], "iters": 1}
    metrics = asked(session, "events.debug_images", body)["metrics"]
    samples = [e for m in metrics for i in m["iterations"] for e in i["events"]]
    shown = "".join(
        f'<figure><img src="{inlined(session, sample["url"])}">'
        f"<figcaption>{html.escape(sample['variant'])}</figcaption></figure>"
        for sample in samples
    )
    cells.append(tile(CLEANED, "Samples", f'<div class="sheet">{shown}</div>', "wide"))
    script = f"const figures = {json.dumps(figures)};{DRAW}"
    return (
        f'<!doctype html><meta charset="utf-8"><script src="file://{plotly}"></script>'
        f"<style>{STYLE}</style><main>{''.join(cells)}</main><script>{script}</script>"
    )


def main() -> None:
    """Registers, reads back, draws."""
    target = Path(__file__).with_suffix(".png")
    with ClearMLServer() as server, tempfile.TemporaryDirectory() as folder:
        os.environ.update(server.environment)
        demo, drawn, shot = (Path(folder, name) for name in ("demo", "page.html", "shot.png"))
        command = [sys.executable, "-m", "dsv_git", "demo", str(demo), "--registry", "clearml"]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        drawn.write_text(page(demo, Path(sys.argv[1]).resolve()), encoding="utf-8")
        browser = ["chromium", "--headless=new", "--no-sandbox", "--hide-scrollbars"]
        browser += ["--force-device-scale-factor=1.5", f"--window-size={SIZE[0]},{SIZE[1]}"]
        browser += ["--virtual-time-budget=8000", f"--screenshot={shot}", f"file://{drawn}"]
        subprocess.run(browser, check=True, stderr=subprocess.DEVNULL)
        picture = Image.open(io.BytesIO(shot.read_bytes())).convert("RGB")
    picture.quantize(256, dither=Image.Dither.NONE).save(target, optimize=True)


if __name__ == "__main__":
    main()
