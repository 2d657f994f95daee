"""`projects.*`: a tree of names, parents made as needed."""

from __future__ import annotations

from tests.clearml_server.endpoints import Question, endpoint
from tests.clearml_server.errors import ApiError
from tests.clearml_server.joins import joined
from tests.clearml_server.queries import PROJECTS, project_fields, select
from tests.clearml_server.store import COMPANY, USER, Json, Store, kept, new_id, now

LONGEST_PATH = 10
SHORTEST_NAME = 3


def _clean(name: str) -> str:
    parts = [part.strip() for part in name.split("/") if part]
    if not parts:
        raise ApiError(400, 407, "Invalid project name", name=name)
    return "/".join(parts)


def _new_project(store: Store, name: str, **fields: object) -> Json:
    base = name.rpartition("/")[2]
    if len(base) < SHORTEST_NAME:
        raise ApiError(400, 12, "Validation error", "Project name cannot be blank")
    moment = now()
    parent = _ensure(store, name.rpartition("/")[0])
    project: Json = {
        "id": new_id(),
        "company": COMPANY,
        "user": USER,
        "name": name,
        "basename": base,
        "description": "",
        "created": kept(moment),
        "tags": [],
        "system_tags": [],
        "last_update": kept(moment),
        "featured": 9999,
        **({"parent": parent["id"]} if parent else {}),
        "path": [*parent["path"], parent["id"]] if parent else [],
        **fields,
    }
    store.projects[project["id"]] = project
    if parent:
        parent["last_update"] = kept(moment)
    return project


def _ensure(store: Store, name: str) -> Json | None:
    if not name:
        return None
    return store.project_named(name) or _new_project(store, name)


def _given(data: Json) -> Json:
    allowed = ("name", "description", "tags", "system_tags", "default_output_destination")
    given = {name: data[name] for name in allowed if data.get(name) is not None}
    for name in ("tags", "system_tags"):
        if name in given:
            given[name] = sorted(set(given[name]))
    return given


@endpoint("projects.create")
def create(store: Store, question: Question) -> Json:
    """A new project; a path makes its missing parents."""
    given = _given(question.data)
    if len([p for p in str(question.need("name")).split("/") if p]) > LONGEST_PATH:
        raise ApiError(
            400,
            409,
            "Project path exceed the maximum allowed depth",
            max_depth=LONGEST_PATH,
        )
    name = _clean(given.pop("name"))
    if store.project_named(name):
        raise ApiError(
            400, 801, "Project with the same name already exists", name=name, company=COMPANY
        )
    return {"id": _new_project(store, name, **given)["id"]}


@endpoint("projects.get_by_id")
def get_by_id(store: Store, question: Question) -> Json:
    """One project with its path."""
    return {"project": store.project(question.need("project"))}


def _search(store: Store, data: Json) -> list[Json]:
    asked = dict(data)
    if asked.get("shallow_search"):
        asked.setdefault("parent", [None])
    elif asked.get("parent") is not None:
        asked["path"] = asked.pop("parent")
    return select(store.projects.values(), asked, PROJECTS)


@endpoint("projects.get_all")
def get_all(store: Store, question: Question) -> Json:
    """Projects by filters, without their paths."""
    only = question.data.get("only_fields")
    found = _search(store, question.data)
    return {"projects": [project_fields(p, only, hide=("path",)) for p in found]}


@endpoint("projects.get_all_ex")
def get_all_ex(store: Store, question: Question) -> Json:
    """Projects by filters, references as objects, hidden ones marked."""
    only = question.data.get("only_fields")
    shown = []
    for project in _search(store, question.data):
        fields = joined(store, project, PROJECTS, only, hide=("path",))
        if question.data.get("search_hidden") and "hidden" in project["system_tags"]:
            fields["hidden"] = True
        shown.append(fields)
    return {"projects": shown}


@endpoint("projects.update")
def update(store: Store, question: Question) -> Json:
    """New description, tags or last part of the name."""
    project = store.project(question.need("project"))
    fields = _given(question.data)
    if "name" in fields:
        fields["name"] = _clean(fields["name"])
        _rename(store, project, fields["name"])
    project.update(fields)
    project["last_update"] = kept(now())
    return {"fields": fields, "updated": 1}


def _rename(store: Store, project: Json, name: str) -> None:
    old = project["name"]
    if name.rpartition("/")[0] != old.rpartition("/")[0]:
        raise ApiError(
            400, 408, "Cannot update project location. Use projects.move instead", name=name
        )
    for child in store.projects.values():
        if project["id"] in child["path"]:
            child["name"] = name + child["name"][len(old) :]
    project["basename"] = name.rpartition("/")[2]


@endpoint("projects.delete")
def delete(store: Store, question: Question) -> Json:
    """A project without tasks, or with `force` one whose tasks lose their project."""
    project = store.project(question.need("project"))
    inside = {p["id"] for p in store.projects.values() if project["id"] in p["path"]}
    inside.add(project["id"])
    tasks = [task for task in store.tasks.values() if task.get("project") in inside]
    if any("archived" not in task["system_tags"] for task in tasks) and not question.force:
        raise ApiError(400, 402, "Project has associated tasks", "use force=true", id=project["id"])
    for task in tasks:
        task.pop("project")
    for gone in inside:
        store.projects.pop(gone)
    return {"deleted": len(inside), "disassociated_tasks": len(tasks), "urls": None}
