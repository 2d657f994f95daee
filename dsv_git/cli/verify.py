"""`dsv verify`: is the data what the manifest says?"""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from dsv_git.cli import completion, terminal

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from dsv_git.flow.verify import Verified


@click.command("verify")
@click.argument("version", metavar="N[@V]|ID", shell_complete=completion.versions)
@click.option(
    "--sample",
    is_flag=False,
    flag_value="usual",
    metavar="[COUNT|PERCENT%]",
    help="Look at a random sample; without a number at 459 files, which rule out 1 % of damage.",
)
@click.option("--seed", type=int, help="Choose the sample that had this seed.")
@click.option(
    "--changed", is_flag=True, help="Look only at files whose size or time is not as remembered."
)
@terminal.json_option
def command(
    version: str, sample: str | None, seed: int | None, changed: bool, as_json: bool
) -> int:
    """Compare the data on this machine with a version, by content.

    Every file is read, each by the algorithm of its own hash: what is missing, damaged or extra is
    listed, and the exit code is 1. Without @V it is the manifest as the working tree has it. Files
    that a former version does not name are told of and are no problem. Of a sample the answer says
    how much damage there may still be.

    \b
    Example:
      dsv verify youtube
      dsv verify youtube@1.0-youtube
      dsv verify youtube --sample
      dsv verify youtube --sample 5% --seed 7
      dsv verify youtube --changed
    """
    from dsv_git.cli.progress import progress_bar
    from dsv_git.flow.verify import VerifyRequest, verify

    workspace = terminal.workspace()
    request = VerifyRequest(version, sample, seed, changed)
    with progress_bar("verifying") as progress:
        done = verify(workspace, request, progress)
    if as_json:
        _say_json(done)
    else:
        for line in _lines(done):
            terminal.say(line)
    return 0 if done.sound else 1


def _say_json(done: Verified) -> None:
    import msgspec

    plain = msgspec.to_builtins(done)
    for kind in ("missing", "damaged", "unreadable", "unproven"):
        flaws = getattr(done, kind)
        plain[kind] = [{"path": flaw.path, "detail": flaw.detail or None} for flaw in flaws]
    terminal.say_json({"schema": 1, "sound": done.sound, **plain})


def _lines(done: Verified) -> Iterator[str]:
    from dsv_git.cli.scan_report import counted

    yield f"{done.version}: {_told(done)}"
    if done.sample is not None:
        yield f"  the same sample again: --sample {done.checked} --seed {done.sample.seed}"
    for flaws in (done.missing, done.damaged, done.unreadable):
        if flaws:
            details = [(flaw.path, flaw.detail) for flaw in flaws]
            yield from _few(flaws[0].trouble, details)
    yield from _few("extra", [(path, "") for path in done.extra or ()])
    if done.unproven:
        few = counted(len(done.unproven), "file")
        yield f"  {few} of the right size: only the store that made the hash can check it"
    if done.missing or done.damaged:
        yield f"  next: dsv restore {done.version} --to DIR"
    elif done.current and done.extra:
        name = done.version.partition("@")[0]
        yield f"  next: dsv update {name} takes the extra files in; or remove them"


def _told(done: Verified) -> str:
    """What was looked at, and how it is, in one line."""
    from dsv_git.cli.scan_report import counted
    from dsv_git.review.numbers import byte_size

    kinds = (
        (done.missing, "missing"),
        (done.damaged, "damaged"),
        (done.unreadable, "not readable"),
        (done.extra or (), "extra"),
    )
    counts = [f"{len(found):,} {word}" for found, word in kinds if found]
    looked = f"{done.checked:,} of {done.files:,} files checked"
    if done.sample is not None:
        sure = f"{done.sample.confidence * 100:.0f} % confidence"
        looked += f": below {done.sample.below} % damaged or missing, at {sure}"
        return ", ".join([looked, *counts])
    if counts:
        return f"{looked}: {', '.join(counts)}"
    whole = f"{counted(done.files, 'file')} ({byte_size(done.bytes)}) as the manifest says"
    return whole if done.checked == done.files else f"{whole}: {looked}, the others as remembered"


def _few(word: str, found: Sequence[tuple[str, str]]) -> Iterator[str]:
    from dsv_git.scan.notices import SAMPLE, shown

    for path, detail in found[:SAMPLE]:
        yield f"  {word}  {shown(path)}" + (f": {detail}" if detail else "")
    if len(found) > SAMPLE:
        yield f"  {word}  … and {len(found) - SAMPLE:,} more"
