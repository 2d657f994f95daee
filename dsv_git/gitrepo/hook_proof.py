"""Whether our hooks would do their work: the very files that git starts are looked at, and their
programs make a commit of a data version in a repository that is thrown away.

Nothing of the clone's own is run but our programs: what a person wrote beside them in a hook is
theirs, and may do anything.
"""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from dsv_git.gitrepo import hook_text
from dsv_git.gitrepo.command import Git, telling_line
from dsv_git.gitrepo.hook_lent import is_lendable, is_waiting, waiting
from dsv_git.gitrepo.hook_place import HookFolder, hook_folder, kept_stub, look, read
from dsv_git.gitrepo.hook_plan import HookAction, plan_install
from dsv_git.gitrepo.hook_stubs import NAMES, needs_kept_stub, stub
from dsv_git.gitrepo.repository import Repository

MANIFEST: Final = "manifests/trial"
TRIAL: Final = {
    ".dsv.yaml": "registry: local\n",
    f"{MANIFEST}/manifest.yaml": 'format: 1\nversion: "1"\ndata: {root: data}\n',
    f"{MANIFEST}/files/_.jsonl": '{"path":"a","size":1,"hash":"xxh3:' + 32 * "0" + '"}\n',
}
RECORD: Final = f"{MANIFEST}/versions/1.json"


def stale_hooks(repository: Repository) -> tuple[str, ...]:
    """The hooks whose text of ours is there, but is damaged or another release's."""
    folder = hook_folder(repository)
    return tuple(name for name in NAMES if _stale(repository, folder, name))


def trial(repository: Repository, python: str) -> str | None:
    """Commits a data version in a repository that is thrown away, with this clone's programs and
    the interpreter `python`; gives why it did not come back registered, or None where it did.

    It is made below this clone's own git directory: what the file system allows there counts.
    """
    folder = hook_folder(repository)
    repository.state_dir.mkdir(parents=True, exist_ok=True)
    try:
        with TemporaryDirectory(dir=repository.state_dir, prefix="trial-") as place:
            return _committed(repository, folder, Path(place), python)
    except OSError as error:
        return error.strerror or str(error)


def _stale(repository: Repository, folder: HookFolder, name: str) -> bool:
    path = folder.file(name)
    content = read(path)
    if is_lendable(repository, folder, name):
        return waiting(repository, name).is_file() and not is_waiting(repository, name)
    if hook_text.is_torn(content):
        return True
    if not hook_text.has_block(content):
        return False
    if needs_kept_stub(content) and read(kept_stub(repository, name)) != stub(name):
        return True
    return plan_install(look(path, name), name, folder.home).action is HookAction.UPDATED


def _committed(repository: Repository, folder: HookFolder, place: Path, python: str) -> str | None:
    git = Git(place)
    git.run("init", "--quiet", "--template=")
    hooks = place / ".git" / "hooks"
    hooks.mkdir()
    for name in NAMES:
        program = _program(repository, folder, name)
        if program:
            (hooks / name).write_bytes(program)
            (hooks / name).chmod(0o755)
    for path, text in TRIAL.items():
        (place / path).parent.mkdir(parents=True, exist_ok=True)
        (place / path).write_text(text, encoding="utf-8")
    settings = {
        "core.hooksPath": str(hooks),
        "core.autocrlf": "false",
        "commit.gpgSign": "false",
        "gc.auto": "0",
        "maintenance.auto": "false",
        "user.name": "dsv",
        "user.email": "dsv@localhost",
        "user.useConfigOnly": "false",
        "dsv.python": python,
    }
    for name, value in settings.items():
        git.run("config", "--local", name, value)
    git.run("add", "--force", "--all")
    done = git.attempt("commit", "--quiet", "--message", "A trial of dsv's hooks")
    said = done.stderr.decode(errors="replace")
    if done.returncode:
        return f"the trial commit was refused: {telling_line(said) or 'without a word'}"
    if git.attempt("cat-file", "-e", f"HEAD:{RECORD}").returncode:
        lines = [line for line in said.splitlines() if line.startswith("dsv: ")]
        return lines[-1].removeprefix("dsv: ") if lines else telling_line(said) or "nothing ran"
    return None


def _program(repository: Repository, folder: HookFolder, name: str) -> bytes:
    """Our program in a hook, without what a person has beside it."""
    content = read(folder.file(name))
    if not hook_text.has_block(content):
        return b""
    if needs_kept_stub(content):
        return read(kept_stub(repository, name))
    return hook_text.split_own(content)[0]
