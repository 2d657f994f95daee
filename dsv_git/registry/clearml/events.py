"""Plots, pictures and samples as ClearML's events: what a version's page shows of them."""

from __future__ import annotations

import io
import json
import mimetypes
import re
import time
from collections.abc import Sequence
from typing import Any, Final

from dsv_git.registry.clearml.place import Place
from dsv_git.registry.clearml.session import Session
from dsv_git.registry.page import Page, Picture

LARGEST: Final = 10_000_000
"""Bytes of a plot. Above 15 MB the server refuses an event (measured on 2.3.0)."""
SIDE: Final = 640
"""The units that a picture among the plots is drawn in, as ClearML's package does."""


def page_events(session: Session, version_id: str, page: Page, where: Place) -> Sequence[bytes]:
    """Uploads a page's files and gives the events that show them."""
    folder, now = where.folder(version_id), int(time.time() * 1000)
    events: list[dict[str, Any]] = [
        _plot(plot.title, plot.series, dict(plot.figure)) for plot in page.plots
    ]
    for picture in page.pictures:
        url = _upload(session, folder, picture.title, picture.series, picture.file, picture.data)
        events.append(_plot(picture.title, picture.series, _framed(picture, url)))
    for sample in page.samples:
        url = _upload(session, folder, sample.title, sample.series, sample.file, sample.data)
        shown = {"type": "training_debug_image", "metric": sample.title, "variant": sample.series}
        events.append({**shown, "url": url, "key": url.removeprefix(f"{session.files}/")})
    common = {"task": version_id, "iter": 0, "timestamp": now, "allow_locked": True}
    lines = [json.dumps({**common, **event}, allow_nan=False).encode() for event in events]
    return [line for line in lines if len(line) <= LARGEST]


def _plot(title: str, series: str, figure: dict[str, Any]) -> dict[str, Any]:
    text = json.dumps(figure, allow_nan=False)
    return {"type": "plot", "metric": title, "variant": series, "plot_str": text}


def _framed(picture: Picture, url: str) -> dict[str, Any]:
    """A plotly figure that is nothing but a picture."""
    axis: dict[str, Any] = {"visible": False, "range": [0, SIDE]}
    image = {"source": url, "sizex": SIDE, "sizey": SIDE, "x": 0, "y": SIDE, "opacity": 1.0}
    layout = {
        "title": {"text": picture.title},
        "xaxis": axis,
        "yaxis": {**axis, "scaleanchor": "x"},
        "margin": {"l": 0, "r": 0, "t": 64, "b": 0},
        "images": [{**image, "xref": "x", "yref": "y", "sizing": "contain", "layer": "below"}],
        "showlegend": False,
    }
    return {"data": [], "layout": layout}


def _upload(session: Session, folder: str, title: str, series: str, file: str, data: bytes) -> str:
    names = [re.sub(r"[^A-Za-z0-9 ._-]", "_", name)[:80] for name in (title, series, file)]
    media = mimetypes.guess_type(file)[0] or "application/octet-stream"
    return session.upload("/".join([folder, "metrics", *names]), io.BytesIO(data), media)
