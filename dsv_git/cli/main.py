"""The command line: `dsv`, also `git dsv`. One module a verb, loaded when it is typed."""

from __future__ import annotations

import gc
import os
import sys
from contextlib import suppress
from importlib import import_module
from keyword import iskeyword
from pathlib import Path
from typing import Final, NoReturn

import click

from dsv_git import __version__
from dsv_git.errors import DsvError, ExitCode

SECTIONS: Final[dict[str, tuple[str, ...]]] = {
    "Set up": ("init", "uninstall", "demo"),
    "Daily work": ("add", "update", "status", "diff", "resolve", "sync"),
    "Look": ("log", "show", "report", "blame"),
    "Derive": ("merge", "dedupe", "filter", "bump", "restore", "keep"),
    "Check": ("check", "verify", "doctor"),
    "In and out": ("import", "export"),
}
"""The verbs as `--help` groups them. Each is the command `command` of `dsv_git.cli.<verb>`."""

HIDDEN: Final = ("hook", "register", "driver")


class Verbs(click.Group):
    """A group that imports a verb only when it runs, or to say its one line of help."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        """Every verb, hidden ones included."""
        return [verb for verbs in SECTIONS.values() for verb in verbs] + list(HIDDEN)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The verb's command, or None for an unknown one."""
        if cmd_name not in self.list_commands(ctx):
            return None
        file = f"{cmd_name}_" if iskeyword(cmd_name) else cmd_name
        module = import_module(f"dsv_git.cli.{file}")
        command: click.Command = module.command
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Names the nearest verb where one is mistyped."""
        try:
            return super().resolve_command(ctx, args)
        except click.UsageError as error:
            from dsv_git.manifest.yamltext import nearest

            near = nearest(args[0], self.list_commands(ctx))
            if near is None:
                raise
            raise click.UsageError(f"{error.message} Did you mean {near!r}?", ctx) from None

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The verbs by section."""
        for title, verbs in SECTIONS.items():
            commands = [(verb, self.get_command(ctx, verb)) for verb in verbs]
            with formatter.section(title):
                formatter.write_dl(
                    [(verb, c.get_short_help_str(90)) for verb, c in commands if c is not None]
                )


@click.group(cls=Verbs, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="dsv")
def dsv() -> None:
    """Data manifests in git: a commit registers the dataset version it made, and the ID comes back
    into the same commit."""


def run() -> NoReturn:
    """Runs the command line as a process of its own: it ends without taking a million small nouns
    apart first, and without what libraries do at their exit."""
    try:
        main()
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else ExitCode.OK
    with suppress(OSError):
        sys.stdout.flush()
    with suppress(OSError):
        sys.stderr.flush()
    os._exit(code)


def main() -> NoReturn:
    """Runs the command line and exits with one of the documented codes."""
    open_closed_streams()
    gc.disable()  # a verb is short, and makes many small nouns that are in no cycle
    name = "git dsv" if Path(sys.argv[0]).name == "git-dsv" else "dsv"
    try:
        code = dsv.main(prog_name=name, standalone_mode=False)
        sys.exit(code if isinstance(code, int) else ExitCode.OK)
    except DsvError as error:
        fail(str(error), error.exit_code)
    except click.exceptions.Exit as request:
        sys.exit(request.exit_code)
    except click.Abort:
        leave_interrupted()
    except click.ClickException as error:
        error.show()
        sys.exit(ExitCode.USAGE)
    except KeyboardInterrupt:
        leave_interrupted()
    except BrokenPipeError:
        # The reader has seen enough (`dsv log | head`).
        silence_stdout()
        sys.exit(ExitCode.OK)
    except OSError as error:
        # A full disk, a folder that may not be written: the machine's word, and no bug.
        silence_stdout()
        fail(refusal(error), ExitCode.UNREACHABLE)
    except Exception as error:
        from dsv_git.cli.bug import log_bug

        fail(f"a bug in dsv: {error!r}\n  the details are in {log_bug()}", ExitCode.BUG)


def open_closed_streams() -> None:
    """Opens the null device where a standard stream is closed (`dsv log >&-`), as git does: else
    the next file that is opened would take its place, and be written into."""
    opened = os.open(os.devnull, os.O_RDWR)
    while opened <= 2:  # each takes the lowest free number
        opened = os.open(os.devnull, os.O_RDWR)
    os.close(opened)
    sys.stdout = sys.stdout or open(1, "w", encoding="utf-8", closefd=False)  # noqa: SIM115
    sys.stderr = sys.stderr or open(2, "w", encoding="utf-8", closefd=False)  # noqa: SIM115


def silence_stdout() -> None:
    """Drops what is still to be written: nobody can take it, and Python would complain of that."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def refusal(error: OSError) -> str:
    """What the operating system refused: the file, where it says which, and its reason."""
    reason = error.strerror or str(error) or type(error).__name__
    if isinstance(error, FileNotFoundError) and error.filename is None:
        return "the current folder is not there any more"  # no other call names no file
    if not isinstance(error.filename, (str, bytes)):
        return reason
    from dsv_git.manifest.names import printable

    return f"{printable(os.fsdecode(error.filename))}: {reason}"


def leave_interrupted() -> NoReturn:
    """Ends at once: the exit of the interpreter would wait for workers that Ctrl-C has ended."""
    click.echo("dsv: interrupted", err=True)
    sys.stderr.flush()
    os._exit(ExitCode.INTERRUPTED)


def fail(message: str, code: ExitCode) -> NoReturn:
    """One message on standard error, then the end."""
    click.echo(f"dsv: {message}", err=True)
    sys.exit(int(code))
