"""The hidden projects that ClearML keeps a dataset in: found, or made once."""

from __future__ import annotations

from dsv_git.registry.clearml.place import Place
from dsv_git.registry.clearml.refusals import Refused
from dsv_git.registry.clearml.session import Session
from dsv_git.registry.clearml.task import DATASET

HIDDEN = "hidden"
ALREADY_THERE = 801


def dataset_project(session: Session, place: Place) -> str:
    """The ID of the project that holds a dataset's versions; it is made where there is none."""
    found = find(session, place)
    wanted = {place.hidden: (HIDDEN,), place.leaf: (HIDDEN, DATASET)}
    for name, marks in wanted.items():
        if name not in found:
            found[name] = (_make(session, place, name, marks), marks)
        project, present = found[name]
        if not set(marks) <= set(present):
            both = sorted({*present, *marks})
            session.call("projects.update", {"project": project, "system_tags": both})
    return found[place.leaf][0]


def find(session: Session, place: Place) -> dict[str, tuple[str, tuple[str, ...]]]:
    """Which of a place's two projects are there: name → ID and system tags."""
    query = {
        "name": place.pattern,
        "search_hidden": True,
        "only_fields": ["id", "name", "system_tags"],
    }
    projects = session.call("projects.get_all_ex", query).get("projects") or ()
    return {
        str(project["name"]): (str(project["id"]), tuple(project.get("system_tags") or ()))
        for project in projects
    }


def _make(session: Session, place: Place, name: str, marks: tuple[str, ...]) -> str:
    body = {"name": name, "description": "", "system_tags": list(marks)}
    try:
        return str(session.call("projects.create", body)["id"])
    except Refused as refused:
        if refused.subcode != ALREADY_THERE:
            raise
        # Another clone made it in the meantime.
        return find(session, place)[name][0]
