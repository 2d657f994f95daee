"""`dsv status` and the registries."""

from __future__ import annotations

from tests.conftest import Repo


def test_a_version_of_another_registry_is_said_to_be_there_alone(repo: Repo) -> None:
    repo.dsv("init", "--registry", "local")
    repo.write("data/cat/a.jpg", "a")
    repo.dsv("add", "data", "--name", "pets")
    repo.commit("Add pets")
    assert "alone" not in repo.dsv("status")
    repo.write(".dsv.yaml", "registry: clearml\n")
    assert "registered in local alone (dsv sync)" in repo.dsv("status")
    assert '"elsewhere":"local"' in repo.dsv("status", "--json").replace(" ", "")
