"""What a version's page in a registry shows besides its files: charts, pictures, samples."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Plot:
    """An interactive chart: `figure` is a plotly figure (`data`, `layout`), ready for JSON.

    A registry may draw plots of one title into one picture: give each its own.
    """

    title: str
    series: str
    figure: Mapping[str, object]


@dataclass(frozen=True)
class Picture:
    """A finished picture among the plots, as a file: PNG, JPEG or SVG bytes."""

    title: str
    series: str
    file: str
    """The file's name, with the suffix that tells its type."""
    data: bytes


@dataclass(frozen=True)
class Sample:
    """A file to look at or to listen to: an image, audio, video or HTML."""

    title: str
    series: str
    file: str
    data: bytes


@dataclass(frozen=True)
class Page:
    """All of it, in the order of its showing. `notes` say what could not be shown, and why."""

    plots: tuple[Plot, ...] = ()
    pictures: tuple[Picture, ...] = ()
    samples: tuple[Sample, ...] = ()
    notes: tuple[str, ...] = ()
