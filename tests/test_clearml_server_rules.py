"""Rules of the ClearML server that the recording alone does not show."""

from __future__ import annotations

import http.client
import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest

from tests.clearml_server import ClearMLServer
from tests.clearml_server.store import Json
from tests.clearml_server.tag_filter import accepts, accepts_filter


@pytest.fixture
def server() -> Iterator[ClearMLServer]:
    with ClearMLServer() as running:
        yield running


def ask(server: ClearMLServer, endpoint: str, **data: object) -> Any:
    """The answer's `data`, or status and subcode of a refusal."""
    connection = http.client.HTTPConnection(urlsplit(server.api_url).netloc, timeout=10)
    token = {"Authorization": f"Bearer {server.login.token()}"}
    connection.request("POST", f"/{endpoint}", json.dumps(data), token)
    answer: Json = json.loads(connection.getresponse().read())
    connection.close()
    meta = answer["meta"]
    if meta["result_code"] == 200:
        return answer["data"]
    return meta["result_code"], meta["result_subcode"]


def task(server: ClearMLServer, **fields: object) -> str:
    """A new task's ID."""
    made = ask(server, "tasks.create", **{"name": "pets", "type": "data_processing", **fields})
    return str(made["id"])


def test_a_path_makes_its_parents(server: ClearMLServer) -> None:
    ask(server, "projects.create", name="Vision/.datasets/pets")
    assert [p["name"] for p in server.projects.values()] == [
        "Vision",
        "Vision/.datasets",
        "Vision/.datasets/pets",
    ]


@pytest.mark.parametrize("name", ["ab", "Vision/.datasets/ab", "ab/.datasets/pets"])
def test_a_short_part_of_a_name_is_refused(server: ClearMLServer, name: str) -> None:
    assert ask(server, "projects.create", name=name) == (400, 12)
    assert not server.projects


def test_a_path_has_at_most_ten_parts(server: ClearMLServer) -> None:
    assert ask(server, "projects.create", name="/".join(["part"] * 11)) == (400, 409)
    assert "id" in ask(server, "projects.create", name="/".join(["part"] * 10))


def test_hidden_projects_show_if_asked_for(server: ClearMLServer) -> None:
    ask(server, "projects.create", name="Vision/.datasets", system_tags=["hidden"])
    shown = ask(server, "projects.get_all_ex")["projects"]
    assert [p["name"] for p in shown] == ["Vision"]
    assert len(ask(server, "projects.get_all_ex", search_hidden=True)["projects"]) == 2


def test_runtime_is_replaced_whole(server: ClearMLServer) -> None:
    made = task(server, runtime={"version": "1", "dsv_key": "k"})
    ask(server, "tasks.edit", task=made, runtime={"version": "2"})
    assert server.tasks[made]["runtime"] == {"version": "2"}


def test_a_property_is_text_and_the_others_stay(server: ClearMLServer) -> None:
    made = task(server)
    for name, value in (("files", 3), ("bytes", "9")):
        item = {"section": "Properties", "name": name, "value": value}
        ask(server, "tasks.edit_hyper_params", task=made, hyperparams=[item])
    properties = server.tasks[made]["hyperparams"]["properties"]
    assert {name: item["value"] for name, item in properties.items()} == {
        "files": "3",
        "bytes": "9",
    }


def test_tasks_are_found_by_exact_runtime_values(server: ClearMLServer) -> None:
    one, two = task(server, runtime={"dsv_key": "k1"}), task(server, runtime={"dsv_key": "k11"})
    found = ask(server, "tasks.get_all_ex", **{"runtime.dsv_key": "k1"})["tasks"]
    assert [t["id"] for t in found] == [one]
    multi = {"fields": ["name", "id"], "pattern": two[:12].upper()}
    assert [t["id"] for t in ask(server, "tasks.get_all", _any_=multi)["tasks"]] == [two]
    assert ask(server, "tasks.get_all", _all_=multi)["tasks"] == []


def test_order_pages_and_subprojects(server: ClearMLServer) -> None:
    leaf = ask(server, "projects.create", name="Vision/.datasets/pets")["id"]
    (root,) = (p["id"] for p in server.projects.values() if p["name"] == "Vision")
    made = [task(server, name=f"pets{n}", project=leaf) for n in range(3)]
    asked: Json = {"project": [root], "order_by": ["-name"], "only_fields": ["id"]}
    assert ask(server, "tasks.get_all", **asked)["tasks"] == []
    asked["include_subprojects"] = True
    pages = [
        [t["id"] for t in ask(server, "tasks.get_all", page=n, page_size=2, **asked)["tasks"]]
        for n in range(3)
    ]
    assert pages == [[made[2], made[1]], [made[0]], []]


TAGS = ["dataset", "development"]


@pytest.mark.parametrize(
    ("wanted", "passes"),
    [
        (["dataset"], True),
        (["other"], False),
        (["other", "dataset"], True),
        (["-archived"], True),
        (["-dataset"], False),
        (["dataset", "-archived"], True),
        (["__$all", "dataset", "development"], True),
        (["__$all", "dataset", "other"], False),
        (["__$all", "dataset", "__$not", "archived"], True),
        (["__$all", "dataset", "__$not", "development"], False),
        (["__$any", "other", "dataset"], True),
        ([None], False),
        ([None, "dataset"], True),
    ],
)
def test_the_language_of_tag_filters(wanted: list[str | None], passes: bool) -> None:
    assert accepts(TAGS, wanted) is passes


def test_the_newer_form_of_tag_filters() -> None:
    assert accepts_filter(TAGS, {"any": {"include": ["dataset", "x"]}})
    assert accepts_filter(TAGS, {"all": {"include": TAGS, "exclude": ["archived"]}})
    assert not accepts_filter(TAGS, {"all": {"include": ["dataset"], "exclude": ["development"]}})


def test_an_event_sent_twice_is_there_once(server: ClearMLServer) -> None:
    made = task(server)
    event = {"task": made, "metric": "m", "variant": "v", "iter": 0, "plot_str": "{}"}
    for _ in range(2):
        ask(server, "events.add", type="plot", **event)
        ask(server, "events.add", type="log", task=made, msg="hello")
    assert [e["type"] for e in server.events] == ["log", "plot", "log"]
    assert ask(server, "events.get_task_plots", task=made)["returned"] == 1
    assert ask(server, "events.add", type="plot", task="none") == (400, 131)
    ask(server, "tasks.delete", task=made)
    assert server.events == []


def test_what_runs_or_is_done_is_deleted_by_force_alone(server: ClearMLServer) -> None:
    made = task(server)
    assert ask(server, "tasks.completed", task=made) == (400, 110)
    ask(server, "tasks.started", task=made)
    assert ask(server, "tasks.delete", task=made) == (400, 123)
    assert ask(server, "tasks.delete", task=made, force=True)["deleted"] is True
