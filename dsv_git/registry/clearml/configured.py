"""Whether ClearML is set up on this machine, told without its package: that takes half a second."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Final

VARIABLES: Final = ("CLEARML_API_ACCESS_KEY", "TRAINS_API_ACCESS_KEY", "CLEARML_AUTH_TOKEN")
FILES: Final = ("clearml.conf", "trains.conf")


def configured_by(environment: Mapping[str, str]) -> str | None:
    """What sets ClearML up: a variable, or a configuration file; None where nothing does."""
    named = next((name for name in VARIABLES if environment.get(name)), None)
    if named is not None:
        return named
    told = environment.get("CLEARML_CONFIG_FILE") or environment.get("TRAINS_CONFIG_FILE")
    home = Path(environment.get("HOME", ""))
    places = [Path(told).expanduser()] if told else [home / name for name in FILES]
    return next((str(place) for place in places if place.is_file()), None)
