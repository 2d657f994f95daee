"""docs/remote.md: every command is typed against an S3 on loopback; it prints what stands there."""

from __future__ import annotations

import re
from pathlib import Path

from tests.conftest import ANY_CONTENT
from tests.stores import new_lake, s3
from tests.test_readme import SOURCE, Typed, pattern, prepare, run

TEXT = (SOURCE / "docs/remote.md").read_text(encoding="utf-8")


def typed() -> list[list[Typed]]:
    """The commands of every block, each with what it prints."""
    found = []
    for block in re.findall(r"^```console\n(.*?)^```$", TEXT, re.M | re.S):
        parts = re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]
        lines = [part.splitlines() for part in parts]
        found.append([Typed(first, tuple(rest)) for first, *rest in lines])
    return found


def test_the_page_is_what_happens(tmp_path: Path) -> None:
    checkout, env = prepare(tmp_path)
    env["PATH"] = f"{checkout}/.venv/bin:{env['PATH']}"
    team = tmp_path / "team"
    team.mkdir()
    with s3() as store:
        env |= store.env
        client = new_lake(store)

        def put(name: str, content: bytes) -> None:
            client.put_object(Bucket="lake", Key=f"pets/train/{name}", Body=content)

        for name in ("cat/1", "cat/2", "dog/1", "dog/2"):
            put(f"{name}.jpg", name.encode())
        (team / ".dsv.yaml").write_text(f"registry: local\n{ANY_CONTENT}")
        first, second = typed()
        for commands in (["git init -q", "dsv init --registry local"], first, second):
            lines = [one if isinstance(one, str) else one.command for one in commands]
            for one, (output, code) in zip(commands, run(lines, team, env), strict=True):
                assert code == 0, f"$ {one}\n{output}"
                if isinstance(one, Typed):
                    assert re.fullmatch(pattern(one.shown), output), f"$ {one.command}\n{output}"
            if commands is first:
                put("cat/1.jpg", b"CAT/1")
                put("cat/3.jpg", b"cat/3")
