"""Every answer in JSON that stands for a state of the repository names its schema."""

from __future__ import annotations

import json

import pytest

from tests.conftest import Repo


@pytest.mark.parametrize("verb", ["status", "check", "doctor", "sync"])
def test_the_answer_names_its_schema(repo: Repo, verb: str) -> None:
    repo.dsv("init", "--registry", "local")
    repo.commit("Set up")
    told = json.loads(repo.dsv(verb, "--json"))
    assert next(iter(told)) == "schema"
    assert told["schema"] == 1
