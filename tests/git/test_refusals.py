"""Where git refuses the write-back the commit stands, nothing is half-done, and sync ends it."""

from __future__ import annotations

import os
import shutil
import subprocess

import pytest

from tests.conftest import Repo
from tests.git.conftest import count, draft, settled, versions
from tests.manifests import INITIAL


def commit(repo: Repo) -> subprocess.CompletedProcess[str]:
    draft(repo, "1.0", INITIAL)
    repo.git("add", "-A")
    return repo.run("git", "commit", "-m", "First")


def test_a_held_index_lock_leaves_the_version_pending(tracked: Repo) -> None:
    hook = tracked.path / ".git/hooks/post-commit"
    text = hook.read_text()
    hook.write_text(text.replace("#!/bin/sh\n", "#!/bin/sh\n: > .git/index.lock\n", 1))
    done = commit(tracked)
    assert "index.lock is held by another git process" in done.stderr
    lock = tracked.path / ".git/index.lock"
    assert lock.read_bytes() == b"", "somebody else's lock is left alone"
    lock.unlink()
    hook.write_text(text)
    assert (versions(tracked), tracked.status) == ([], "")
    tracked.dsv("sync")
    assert tracked.status == ""
    settled(tracked, "1.0")


def test_a_held_lock_of_a_gui_index_leaves_both_indexes_alone(tracked: Repo) -> None:
    draft(tracked, "1.0", INITIAL)
    other = tracked.path.parent / "gui-index"
    shutil.copy(tracked.path / ".git/index", other)
    env = {"GIT_INDEX_FILE": str(other)}
    tracked.git("add", "-A", env=env)
    hook = tracked.path / ".git/hooks/post-commit"
    lock = other.with_name("gui-index.lock")
    hook.write_text(hook.read_text().replace("#!/bin/sh\n", f"#!/bin/sh\n: > '{lock}'\n", 1))
    tracked.git("commit", "-q", "-m", "First", env=env)
    assert versions(tracked) == []
    assert not (tracked.path / ".git/index.lock").exists()
    assert not (tracked.path / "manifests/pets/versions").exists()


def test_a_refusing_reference_transaction_hook_leaves_it_pending_in_one_line(tracked: Repo) -> None:
    hook = tracked.path / ".git/hooks/reference-transaction"
    hook.write_text(
        '#!/bin/sh\n[ "$1" = prepared ] || exit 0\n'
        "while read -r old new ref; do\n"
        "  case $ref in refs/heads/*)\n"
        '    git log -1 --format=%s "$old" | grep -q First && exit 1;;\n'
        "  esac\n"
        "done\nexit 0\n"
    )
    hook.chmod(0o755)
    done = commit(tracked)
    assert len([line for line in done.stderr.splitlines() if "stays pending" in line]) == 1
    assert (versions(tracked), tracked.status) == ([], "")
    assert not (tracked.path / "manifests/pets/versions").exists()
    assert not (tracked.path / ".git/index.lock").exists()
    hook.unlink()
    tracked.dsv("sync")
    assert tracked.status == ""
    settled(tracked, "1.0")


def test_a_missing_committer_name_leaves_it_pending(tracked: Repo) -> None:
    tracked.write(".dsv.yaml", "registry: local\nwriteback: commit\n")
    tracked.commit("Configure")
    hook = tracked.path / ".git/hooks/post-commit"
    text = hook.read_text()
    spoil = "#!/bin/sh\ngit config --unset user.email; git config user.useConfigOnly true\n"
    hook.write_text(text.replace("#!/bin/sh\n", spoil, 1))
    done = commit(tracked)
    assert "stays pending" in done.stderr
    assert versions(tracked) == []


@pytest.fixture
def signing(tracked: Repo) -> Repo:
    """A repository that signs with SSH, as git 2.34 and later can."""
    if shutil.which("ssh-keygen") is None:
        pytest.skip("needs ssh-keygen")
    key = tracked.path.parent / "key"
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", key], check=True)
    allowed = tracked.path.parent / "allowed"
    allowed.write_text(f"ada@example.org {key.with_suffix('.pub').read_text()}")
    tracked.git("config", "gpg.format", "ssh")
    tracked.git("config", "user.signingKey", str(key))
    tracked.git("config", "gpg.ssh.allowedSignersFile", str(allowed))
    tracked.git("config", "commit.gpgsign", "true")
    return tracked


def test_a_signed_commit_is_signed_again_with_its_record(signing: Repo) -> None:
    before = count(signing)
    draft(signing, "1.0", INITIAL)
    signing.commit("First", "--date=2001-02-03T04:05:06+0200")
    assert count(signing) == before + 1
    assert signing.git("log", "-1", "--format=%G? %an %aI %s") == (
        "G Ada 2001-02-03T04:05:06+02:00 First"
    )
    settled(signing, "1.0")


def test_a_commit_that_asked_for_no_signature_gets_none(signing: Repo) -> None:
    draft(signing, "1.0", INITIAL)
    signing.commit("First", "--no-gpg-sign")
    assert signing.git("log", "-1", "--format=%G?") == "N"
    settled(signing, "1.0")


def test_a_refusing_signer_leaves_it_pending(signing: Repo) -> None:
    hook = signing.path / ".git/hooks/post-commit"
    text = hook.read_text()
    spoil = "#!/bin/sh\ngit config user.signingKey /nowhere/key\n"
    hook.write_text(text.replace("#!/bin/sh\n", spoil, 1))
    done = commit(signing)
    assert len([line for line in done.stderr.splitlines() if "stays pending" in line]) == 1
    assert (versions(signing), signing.status) == ([], "")


def test_a_read_only_working_tree_file_changes_nothing_else(tracked: Repo) -> None:
    if os.geteuid() == 0:
        pytest.skip("root writes everywhere")
    draft(tracked, "1.0", INITIAL)
    tracked.git("add", "-A")
    (tracked.path / "manifests/pets").chmod(0o555)
    done = tracked.run("git", "commit", "-m", "First")
    (tracked.path / "manifests/pets").chmod(0o755)
    assert "stays pending" in done.stderr
    assert (versions(tracked), tracked.status) == ([], "")
