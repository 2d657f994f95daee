"""`dsv doctor`: each thing that can be wrong with a clone, found, and gone after its repair."""

from __future__ import annotations

import json
import shutil
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.cli.living import age, init, pets
from tests.conftest import Repo

LOCAL = [
    *("git", "configuration", "interpreter", "hooks", "remotes", "write-back"),
    *("drivers", "attributes", "roots", "manifests", "pending", "data"),
]
TYPED = [sys.executable, "-m", "dsv_git"]


def problems(repo: Repo, *options: str, code: int = 1) -> dict[str, list[dict[str, Any]]]:
    """The findings of `dsv doctor` by check; those without any are left out."""
    told = json.loads(repo.dsv("doctor", "--json", *options, code=code))
    assert told["exit_code"] == code
    return {check["name"]: check["findings"] for check in told["checks"] if check["findings"]}


def repaired(repo: Repo, *options: str) -> None:
    """Types what each problem says, until none is left; there must be one to begin with."""
    for check in problems(repo, *options).values():
        for finding in check:
            assert finding["repair"].startswith("dsv "), finding
            repo.run(*TYPED, *finding["repair"].split()[1:])
    assert problems(repo, *options, code=0) == {}


def test_a_sound_clone_has_no_problem(repo: Repo) -> None:
    pets(repo)
    told = json.loads(repo.dsv("doctor", "--json"))
    assert [check["name"] for check in told["checks"]] == LOCAL
    text = repo.dsv("doctor").splitlines()
    assert [line.split()[:2] for line in text] == [["ok", f"{name}:"] for name in LOCAL]


def test_it_changes_nothing(repo: Repo) -> None:
    pets(repo)

    def state() -> tuple[str, str, list[Path]]:
        kept = sorted((repo.path / ".git/dsv").iterdir())
        return repo.git("rev-parse", "HEAD"), repo.status, kept

    before = state()
    repo.dsv("doctor")
    assert state() == before


def test_an_unborn_branch_is_no_problem(repo: Repo) -> None:
    init(repo)
    assert problems(repo, code=0) == {}
    assert problems(repo, "--remote", code=0) == {}


def test_outside_of_a_repository_is_wrong_usage(repo: Repo, tmp_path: Path) -> None:
    done = Repo(tmp_path, repo.env).dsv_result("doctor")
    assert (done.returncode, "git init" in done.stderr) == (2, True)


def test_without_a_configuration_it_says_dsv_init(repo: Repo) -> None:
    found = problems(repo)
    assert found["configuration"][0]["repair"] == "dsv init"
    assert {"interpreter", "hooks"} <= found.keys()


def test_a_configuration_that_cannot_be_read_does_not_hide_the_rest(repo: Repo) -> None:
    init(repo)
    repo.write(".dsv.yaml", "registry: postgres\n")
    (repo.path / ".git/hooks/post-merge").unlink()
    found = problems(repo)
    assert ".dsv.yaml:1" in found["configuration"][0]["message"]
    assert "post-merge" in found["hooks"][0]["message"]


@pytest.mark.parametrize("name", ["post-commit", "pre-commit", "post-applypatch"])
def test_a_hook_that_is_gone(repo: Repo, name: str) -> None:
    init(repo)
    (repo.path / ".git/hooks" / name).unlink()
    assert name in problems(repo)["hooks"][0]["message"]
    repaired(repo)


def test_a_hook_that_git_passes_over(repo: Repo) -> None:
    init(repo)
    (repo.path / ".git/hooks/post-commit").chmod(0o644)
    assert "not executable" in problems(repo)["hooks"][0]["message"]
    repaired(repo)


def test_hooks_that_git_looks_for_elsewhere(repo: Repo, tmp_path: Path) -> None:
    init(repo)
    repo.git("config", "core.hooksPath", str(tmp_path / "shared"))
    assert "git would not start our post-commit" in problems(repo)["hooks"][0]["message"]
    repaired(repo)
    assert (tmp_path / "shared/post-commit").is_file()


def test_a_block_in_a_hook_of_a_person_that_was_edited(repo: Repo) -> None:
    repo.write(".git/hooks/post-commit", "#!/bin/sh\necho mine\n").chmod(0o755)
    init(repo)
    hook = repo.path / ".git/hooks/post-commit"
    hook.write_text(hook.read_text().replace('sh "$dsv_hook"', 'true "$dsv_hook"'))
    assert "not this release's" in problems(repo)["hooks"][0]["message"]
    repaired(repo)
    assert "echo mine" in hook.read_text()


def test_what_a_person_has_beside_ours_in_a_hook_is_not_run(repo: Repo) -> None:
    repo.write(".git/hooks/post-commit", "#!/bin/sh\ntouch ran\n").chmod(0o755)
    init(repo)
    assert problems(repo, code=0) == {}
    assert not list(repo.path.rglob("ran"))


def test_a_program_of_ours_that_does_nothing_any_more(repo: Repo) -> None:
    repo.write(".git/hooks/post-commit", "#!/bin/sh\necho mine\n").chmod(0o755)
    init(repo)
    repo.write(".git/dsv/hooks/post-commit", "#!/bin/sh\n")
    assert "post-commit" in problems(repo)["hooks"][0]["message"]
    repaired(repo)


def test_a_trial_commit_tells_of_hooks_that_cannot_work(repo: Repo, tmp_path: Path) -> None:
    init(repo)
    python = tmp_path / "python"
    quits = '[ "$1" = -c ] || { echo "dsv: no luck" >&2; exit 0; }'
    python.write_text(f'#!/bin/sh\n{quits}\nexec {sys.executable} "$@"\n')
    python.chmod(0o755)
    repo.git("config", "dsv.python", str(python))
    (found,) = problems(repo)["hooks"]
    assert "a trial commit: no luck" in found["message"]
    repaired(repo)


def test_a_trial_commit_does_not_ask_for_a_signature_or_a_name(repo: Repo) -> None:
    init(repo)
    repo.git("config", "--global", "commit.gpgSign", "true")
    repo.git("config", "--global", "gpg.program", "false")
    repo.git("config", "--global", "user.useConfigOnly", "true")
    repo.git("config", "--unset", "user.name")
    assert problems(repo, code=0) == {}


def test_no_interpreter_is_remembered(repo: Repo) -> None:
    init(repo)
    repo.git("config", "--unset", "dsv.python")
    assert list(problems(repo)) == ["interpreter"]
    repaired(repo)


def test_the_interpreter_is_gone(repo: Repo, tmp_path: Path) -> None:
    init(repo)
    repo.git("config", "dsv.python", str(tmp_path / "old env/bin/python"))
    assert "is not there any more" in problems(repo)["interpreter"][0]["message"]
    repaired(repo)


def test_the_interpreter_has_no_dsv(repo: Repo, tmp_path: Path) -> None:
    init(repo)
    empty = tmp_path / "python"
    empty.write_text("#!/bin/sh\nexit 1\n")
    empty.chmod(0o755)
    repo.git("config", "dsv.python", str(empty))
    assert "does not have dsv-git" in problems(repo)["interpreter"][0]["message"]
    repaired(repo)


def test_the_interpreter_has_another_release(repo: Repo, tmp_path: Path) -> None:
    init(repo)
    other = tmp_path / "python"
    other.write_text("#!/bin/sh\necho 0.0.1\n")
    other.chmod(0o755)
    repo.git("config", "dsv.python", str(other))
    assert "hooks start dsv-git 0.0.1" in problems(repo)["interpreter"][0]["message"]
    repaired(repo)


def test_checks_that_the_pre_commit_framework_does_not_run(repo: Repo) -> None:
    repo.write(".pre-commit-config.yaml", "repos: []\n")
    init(repo)
    (found,) = problems(repo)["hooks"]
    assert found["message"].endswith("runs the hooks, and not dsv-check and dsv-message")
    assert "- id: dsv-check\n" in found["repair"]
    repo.write(".pre-commit-config.yaml", "repos: [dsv-check]\n")
    (found,) = problems(repo)["hooks"]
    assert "- id: dsv-check\n" not in found["repair"]
    repo.write(".pre-commit-config.yaml", "repos: [dsv-check, dsv-message]\n")
    assert problems(repo, code=0) == {}


def test_drivers_that_are_gone_or_another_release_s(repo: Repo) -> None:
    pets(repo)
    repo.git("config", "--unset", "merge.dsv.driver")
    assert "merge.dsv.driver" in problems(repo)["drivers"][0]["message"]
    repaired(repo)
    repo.git("config", "diff.dsv.textconv", "cat")
    assert "diff.dsv.textconv" in problems(repo)["drivers"][0]["message"]
    repaired(repo)


def test_attributes_that_are_gone_or_other_ones(repo: Repo) -> None:
    pets(repo)
    place = repo.path / "manifests/.gitattributes"
    written = place.read_bytes()
    repo.git("rm", "-q", "manifests/.gitattributes")
    (found,) = problems(repo)["attributes"]
    assert "merge is unspecified" in found["message"]
    repo.dsv("init")
    assert not place.exists(), "clones that each wrote one could not pull each other's"
    place.write_text(found["repair"].partition("\n")[2])
    assert place.read_bytes() == written
    assert problems(repo, code=0) == {}
    place.write_text("*.jsonl text\n")
    (found,) = problems(repo)["attributes"]
    assert "text is set" in found["message"]
    say, _, lines = found["repair"].partition("\n")
    assert say == "write these lines at the end of manifests/.gitattributes:"
    place.write_text(place.read_text() + lines)
    assert problems(repo, code=0) == {}


def test_a_root_of_a_manifest_that_is_misspelt(repo: Repo) -> None:
    pets(repo)
    repo.git("config", "dsv.pest.root", "/mnt/pets")
    (found,) = problems(repo)["roots"]
    assert found["message"].endswith("there is no such manifest: did you mean pets?")
    repo.run(*found["repair"].split())
    assert repo.git("config", "dsv.pets.root") == "/mnt/pets"
    repo.git("config", "--unset", "dsv.pets.root")
    repo.git("config", "dsv.zoo.root", "/mnt/zoo")
    (found,) = problems(repo, code=0)["roots"]
    assert found["level"] == "note"
    repo.git("switch", "-q", "-c", "side")
    repo.git("mv", "manifests/pets", "manifests/zoo")
    repo.git("commit", "-q", "-m", "Zoo", "--no-verify")
    repo.git("switch", "-q", "main")
    assert problems(repo, code=0) == {}, "another branch has it"


def test_a_remote_that_was_added_later(repo: Repo) -> None:
    init(repo)
    repo.git("remote", "add", "origin", "/nowhere.git")
    assert "git fetch origin" in problems(repo)["remotes"][0]["message"]
    repaired(repo)


def test_a_write_back_that_was_cut_off(repo: Repo) -> None:
    pets(repo)
    repo.write(".git/dsv/writeback-main.json", json.dumps({"new": "0" * 40, "indexes": []}))
    assert problems(repo)["write-back"][0]["repair"] == "dsv sync"
    repaired(repo)


def test_a_list_that_cannot_be_read(repo: Repo) -> None:
    pets(repo)
    next((repo.path / "manifests/pets/files").rglob("*.jsonl")).write_bytes(b"\xff\n")
    (found,) = problems(repo)["manifests"]
    assert "manifests/pets/files/" in found["message"]
    assert ".jsonl:1: " in found["message"]


def test_a_pending_version(repo: Repo) -> None:
    pets(repo, commit=False)
    repo.git("add", "-A")
    repo.git("-c", "core.hooksPath=/dev/null", "commit", "-q", "-m", "From a machine without dsv")
    (found,) = problems(repo)["pending"]
    assert (found["version"], found["message"]) == ("pets@1.0", "pending: no hook has seen it")
    repaired(repo)


def test_pending_where_the_team_wants_it_so_is_a_note(repo: Repo) -> None:
    pets(repo, commit=False)
    repo.write(".dsv.yaml", "registry: local\nregister: {branches: [release]}\n")
    repo.commit("Add pets")
    (found,) = problems(repo, code=0)["pending"]
    assert found["level"] == "note"
    assert "the branch main is not among register.branches" in found["message"]


def test_pending_on_a_detached_head(repo: Repo) -> None:
    pets(repo, commit=False)
    repo.git("commit", "-q", "--allow-empty", "-m", "Start")
    repo.git("checkout", "-q", "--detach")
    repo.commit("Add pets")
    assert problems(repo)["pending"][0]["repair"] == "dsv sync --branch NAME"


def test_a_version_that_cannot_be_registered_says_why(repo: Repo) -> None:
    pets(repo)
    text = repo.path / "manifests/pets/manifest.yaml"
    text.write_text(text.read_text().replace("1.0", "1.1") + "parents: [zoo@1.0]\n")
    repo.commit("A parent that is nowhere", "--no-verify")
    (found,) = problems(repo)["pending"]
    assert "zoo@1.0 is nowhere" in found["message"]


def test_data_that_is_not_there_and_an_override_that_is(repo: Repo, tmp_path: Path) -> None:
    pets(repo)
    shutil.move(repo.path / "data/pets", tmp_path / "nas")
    (found,) = problems(repo)["data"]
    assert found["version"] == "pets"
    assert "git config dsv.pets.root FOLDER" in found["repair"]
    repo.git("config", "dsv.pets.root", str(tmp_path / "nas"))
    assert problems(repo, code=0) == {}


def test_a_manifest_that_cannot_be_read_does_not_hide_the_others(repo: Repo) -> None:
    pets(repo)
    age(repo)
    repo.write("manifests/zoo/manifest.yaml", "format: 1\nverison: 1\n")
    shutil.rmtree(repo.path / "data")
    named = {finding["version"] for finding in problems(repo)["data"]}
    assert named == {"pets", "zoo"}


def test_clearml_that_is_not_configured(repo: Repo) -> None:
    repo.dsv("init", "--registry", "clearml")
    (found,) = problems(repo)["clearml"]
    assert found["repair"].startswith("clearml-init")
    told = repo.dsv("doctor", code=1).splitlines()
    assert told[-2].startswith("problem  clearml: ")
    assert told[-1].startswith("           clearml-init, or set CLEARML_API_HOST")
