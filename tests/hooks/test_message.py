"""What the hook prepare-commit-msg tells in the editor, and the trailers of written messages."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from dsv_git.gitrepo.hook_state import missing_hooks
from dsv_git.gitrepo.hooks import install
from dsv_git.gitrepo.repository import Repository
from tests.conftest import SOURCE, Repo, new_team
from tests.hooks.conftest import Hooked
from tests.manifests import INITIAL, write_manifest

MORE = {**INITIAL, "train/owl/o.jpg": "9"}
TRAILERS = "registry: local\nmessages: {trailers: true}\n"


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Repo:
    """A repository with our hooks and one version."""
    place = tmp_path_factory.mktemp("built")
    repo = new_team(place)
    write_manifest(repo, "pets", "1.0", dataset="animals")
    repo.commit("First")
    return repo


@pytest.fixture
def team(built: Repo, tmp_path: Path) -> Repo:
    """A copy of it, and an editor that keeps what it was shown and writes a subject in front."""
    copy, home = built.copy(tmp_path / "a team"), tmp_path / "home"
    home.mkdir()
    editor = tmp_path / "editor"
    editor.write_text(
        '#!/bin/sh\ncp "$1" "$HOME/shown"\n'
        '[ -z "$SUBJECT" ] || { echo "$SUBJECT"; cat "$HOME/shown"; } >"$1"\n'
    )
    editor.chmod(0o755)
    own = {"HOME": str(home), "GIT_EDITOR": f"'{editor}'", "SUBJECT": "Owls"}
    return Repo(copy.path, {**built.env, **own})


def change(repo: Repo, version: str = "1.1") -> None:
    write_manifest(repo, "pets", version, MORE, ["pets@1.0"], dataset="animals")
    repo.git("add", "-A")


def only_ours(repo: Repo) -> Path:
    """A folder of hooks with the one under test alone."""
    folder = repo.path.parent / "alone"
    folder.mkdir()
    hook = folder / "prepare-commit-msg"
    hook.write_bytes((SOURCE / "hooks/prepare-commit-msg").read_bytes())
    hook.chmod(0o755)
    return folder


def shown(repo: Repo) -> str:
    return (Path(repo.env["HOME"]) / "shown").read_text()


def message(repo: Repo) -> str:
    return repo.git("log", "-1", "--format=%B")


def test_the_editor_shows_what_changes_and_the_commit_keeps_only_the_words(team: Repo) -> None:
    change(team)
    team.git("commit")
    for line in ("# pets  1.0 → 1.1", "#   +1 added", "#     + train/owl/o.jpg"):
        assert line in shown(team)
    assert message(team) == "Owls"


def test_nothing_is_added_where_no_manifest_is_staged(team: Repo) -> None:
    team.write("train.py", "print()\n")
    change(team)
    team.git("reset", "-q")
    team.git("add", "train.py")
    team.git("commit")
    assert "pets" not in shown(team).split("Changes to be committed")[0]
    assert "+1 added" not in shown(team)


def test_the_summary_is_of_the_index_that_the_commit_takes(team: Repo) -> None:
    change(team)
    team.git("reset", "-q")
    team.write("train.py", "print()\n")
    team.git("add", "train.py")
    team.git("commit", "--only", "manifests")
    assert "#   +1 added" in shown(team)


def test_a_commit_that_nobody_wrote_words_for_is_still_refused(team: Repo) -> None:
    team.write(".dsv.yaml", TRAILERS)
    change(team)
    before = team.git("rev-parse", "HEAD")
    team.run("git", "commit", code=1, env={"SUBJECT": ""})
    assert team.git("rev-parse", "HEAD") == before


@pytest.mark.parametrize("sign", [";", "auto"])
def test_comments_begin_as_git_is_configured(team: Repo, sign: str) -> None:
    team.git("config", "core.commentChar", sign)
    change(team)
    team.git("commit")
    assert f"{'#' if sign == 'auto' else sign}   +1 added" in shown(team)
    assert message(team) == "Owls"


@pytest.mark.parametrize(
    ("cleanup", "options", "configured"),
    [
        ("strip", ["-v"], True),
        ("scissors", [], True),
        ("scissors", ["-v"], False),
        ("verbatim", [], True),
        ("verbatim", ["-v"], False),
        ("whitespace", [], False),
    ],
)
def test_no_way_of_cleaning_up_leaves_the_summary_in_the_message(
    team: Repo, cleanup: str, options: list[str], configured: bool
) -> None:
    if configured:
        team.git("config", "commit.cleanup", cleanup)
    else:
        options = [*options, f"--cleanup={cleanup}"]
    change(team)
    team.git("commit", *options)
    assert "+1 added" not in message(team)
    assert message(team).startswith("Owls")
    told = "+1 added" in shown(team)
    assert told == (cleanup not in {"verbatim", "whitespace"} or "-v" in options)


def test_a_template_keeps_its_place_and_gets_the_summary_below(team: Repo) -> None:
    template = team.write("../template", "Why:\n")
    team.git("config", "commit.template", str(template))
    change(team)
    team.git("commit")
    assert shown(team).startswith("Why:\n")
    assert "#   +1 added" in shown(team)
    assert message(team) == "Owls\nWhy:"


def test_written_messages_stay_as_they_are(team: Repo) -> None:
    team.git("config", "core.hooksPath", str(only_ours(team)))
    for number, options in enumerate((["-m", "W"], ["-m", "W", "-e"], ["--amend"], ["-C", "HEAD"])):
        change(team, f"1.{number + 1}")
        team.git("commit", *options)
        assert "added" not in message(team)
        assert "Data-Version" not in message(team)


def test_a_written_message_gets_a_trailer_for_each_dataset_if_the_team_wants_them(
    team: Repo,
) -> None:
    team.write(".dsv.yaml", TRAILERS)
    change(team)
    write_manifest(team, "birds", "2.0", {"owl.jpg": "o"})
    team.git("add", "-A")
    team.git("commit", "-m", "Owls", "-m", "Reviewed-by: Grace <g@example.org>")
    assert message(team) == (
        "Owls\n\nReviewed-by: Grace <g@example.org>\n"
        "Data-Version: birds@2.0\nData-Version: animals@1.1"
    )
    team.write("train.py", "print()\n")
    team.commit("Code")
    assert message(team) == "Code"


def test_a_message_of_the_editor_gets_its_trailer_when_the_editor_is_closed(team: Repo) -> None:
    team.write(".dsv.yaml", TRAILERS)
    change(team)
    team.git("commit", "-v")
    assert "Data-Version" not in shown(team)
    assert message(team) == "Owls\n\nData-Version: animals@1.1"


def test_an_amended_commit_names_the_version_that_it_makes_now_and_once(team: Repo) -> None:
    team.write(".dsv.yaml", TRAILERS)
    change(team)
    team.git("commit", "-m", "Owls\n\n--- a line of dashes\n---\nand more")
    words = "Owls\n\n--- a line of dashes\n---\nand more\n\nData-Version: animals@"
    assert message(team) == f"{words}1.1"
    team.git("commit", "--amend", "--no-edit")
    assert message(team) == f"{words}1.1"
    change(team, "1.2")
    team.git("commit", "--amend", "--no-edit")
    assert message(team) == f"{words}1.2"


def test_a_merge_keeps_its_message(team: Repo) -> None:
    team.write(".dsv.yaml", TRAILERS)
    team.commit("Trailers")
    team.git("switch", "-q", "-c", "side")
    change(team)
    team.git("commit", "-m", "Owls")
    team.git("switch", "-q", "main")
    team.git("merge", "-q", "--no-ff", "-m", "Merge", "side")
    assert message(team) == "Merge"


def test_a_pick_and_a_rebase_leave_messages_as_they_were(team: Repo) -> None:
    change(team)
    team.git("commit", "-m", "Owls")
    team.git("switch", "-q", "-c", "side", "HEAD~1")
    team.write(".dsv.yaml", TRAILERS)
    team.commit("Trailers from now on")
    team.git("cherry-pick", "main")
    assert message(team) == "Owls"
    team.git("rebase", "-q", "--force-rebase", "HEAD~2")
    assert message(team) == "Owls"


def test_a_broken_configuration_stops_no_message(team: Repo) -> None:
    team.git("config", "core.hooksPath", str(only_ours(team)))
    for text in ("messages: {trailer: true}\n", "messages: trailers\n", ": [\n"):
        team.write(".dsv.yaml", text)
        change(team, f"1.{len(text)}")
        team.git("commit", "-m", "Words")
        assert message(team) == "Words"
    team.write("manifests/pets/manifest.yaml", "no: manifest\n")
    team.git("add", "-A")
    done = team.run("git", "commit")
    assert "Traceback" not in done.stderr
    assert message(team) == "Owls"


def test_without_dsv_the_message_stays_as_it_is(hooked: Hooked) -> None:
    hooked.repo.git("config", "dsv.python", sys.executable + "-that-is-gone")
    hooked.repo.write("manifests/pets/manifest.yaml", "version: '1'\n")
    hooked.repo.git("add", "-A")
    tools = hooked.repo.path.parent / "tools"
    tools.mkdir()
    for tool in ("git", "sh", "date", "mkdir", "rm"):
        path = hooked.repo.run("sh", "-c", f"command -v {tool}").stdout.strip()
        (tools / tool).symlink_to(path)
    env = {"PATH": str(tools), "GIT_EDITOR": "echo Words >"}
    hooked.repo.run("git", "commit", env=env)
    assert message(hooked.repo) == "Words"


def test_dsv_starts_only_where_there_is_something_to_say(hooked: Hooked) -> None:
    editor = {"GIT_EDITOR": "echo Words >"}
    prepared = "hook prepare-commit-msg .git/COMMIT_EDITMSG"
    repo = hooked.repo
    repo.write("manifests/pets/manifest.yaml", "version: '1'\n")
    repo.git("add", "-A")
    repo.git("commit", env=editor)
    commands = [one.command for one in hooked.starts()]
    assert prepared in commands
    assert "hook commit-msg .git/COMMIT_EDITMSG" in commands
    repo.write("train.py", "2")
    repo.git("add", "-A")
    repo.git("commit", env=editor)
    assert hooked.commands() == []
    hooked.data("2")
    hooked.data("3", "--amend")
    assert not [c for c in hooked.commands() if c.startswith("hook prepare")]
    repo.write(".dsv.yaml", TRAILERS)
    hooked.data("4")
    assert not [c for c in hooked.commands() if c.startswith("hook prepare")]


def test_the_hook_is_not_put_beside_the_pre_commit_framework(bare: Hooked) -> None:
    bare.repo.write(".pre-commit-config.yaml", "repos: []\n")
    done = {outcome.name: outcome for outcome in install(bare.repository)}
    assert not (bare.hooks / "prepare-commit-msg").exists()
    assert not done["prepare-commit-msg"].changed
    assert missing_hooks(Repository.discover(bare.repo.path)) == ()
