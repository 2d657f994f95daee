"""The test server answers as the real ClearML Server 2.3.0 did."""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Iterator

import pytest

from tests.clearml_server import ClearMLServer
from tests.clearml_server.replay import RECORDING, Names, Replay, differences, exchanges
from tests.clearml_server.store import Json


@pytest.fixture
def server() -> Iterator[ClearMLServer]:
    """A server as it was when the recording began: with one tree of projects."""
    with ClearMLServer() as running:
        yield running


def prepare(server: ClearMLServer) -> None:
    """The projects that were there before the recording began."""
    from tests.clearml_server.projects import _new_project

    leaf = _new_project(server.store, "Dataset/Object Detection/.datasets/obj-detect")
    leaf["system_tags"] = ["dataset", "hidden"]
    server.projects[leaf["parent"]]["system_tags"] = ["hidden"]


@pytest.fixture(scope="module")
def recording() -> list[Json]:
    """The recorded lines."""
    return exchanges()


def test_every_recorded_request_is_answered_as_the_real_server_did(
    server: ClearMLServer, recording: list[Json]
) -> None:
    prepare(server)
    assert sum("scenario" not in line for line in recording) == 247
    replay = Replay(server, recording)
    (errors_and_edges,) = (
        n for n, line in enumerate(recording) if line.get("scenario", "").startswith("errors")
    )
    assert list(replay.run(0, errors_and_edges)) == []
    # After its upload the SDK wrote the counts into `runtime`. That call was not written down,
    # what it did was: a later query tells it.
    (query,) = (line for line in recording if "runtime.version" in (line.get("request") or {}))
    uploaded = query["response"]["data"]["tasks"][1]
    ours = replay.names.ours[uploaded["id"]]
    server.tasks[ours]["runtime"] = {**uploaded["runtime"], "orig_dataset_id": ours}
    assert list(replay.run(errors_and_edges)) == []


def test_the_recording_holds_no_credentials() -> None:
    text = RECORDING.read_text("utf-8")
    given = set(re.findall(r'"Authorization": "([^"]*)"', text))
    assert given <= {"Basic <credentials>", "Bearer <credentials>"}
    assert set(re.findall(r'"token": "([^"]*)"', text)) == {"<token>"}
    assert "eyJ" not in text


PAIRS = [
    ({"a": 1}, {"a": 2}),
    ({"a": 1}, {}),
    ({}, {"a": 1}),
    ({"a": 0}, {"a": False}),
    ({"a": None}, {"a": ""}),
    ([1], [1, 1]),
    ({"id": "a" * 32}, {"id": "b" * 31}),
    ({"id": "a" * 32, "of": "c" * 32}, {"id": "b" * 32, "of": "b" * 32}),
    ([{"id": "a" * 32}, {"id": "a" * 32}], [{"id": "b" * 32}, {"id": "c" * 32}]),
    (
        ["2026-11-22T17:13:47.075000+00:00", "2026-11-22T17:13:47.075000+00:00"],
        ["2026-11-22T17:13:47.075000+00:00", "2026-11-22T17:13:47.076000+00:00"],
    ),
    (["2026-11-22T17:13:47.075000+00:00"], ["2026-11-22 17:13:47"]),
    ({"token": "<token>"}, {"token": ""}),
]


@pytest.mark.parametrize(("theirs", "ours"), PAIRS, ids=json.dumps)
def test_the_comparison_sees_a_difference(theirs: object, ours: object) -> None:
    assert list(differences(theirs, ours, Names()))
    assert not list(differences(copy.deepcopy(theirs), theirs, Names())) or "<token>" in str(theirs)
