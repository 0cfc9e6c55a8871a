"""The command line: it finds the command, and turns errors into one line and an exit code."""

from __future__ import annotations

import importlib
import io
import os
import sqlite3
import sys
from pathlib import Path

import click
from click.core import ParameterSource

from crawler.errors import ConfigError, NieuwswachtError, StoreBusyError
from monitor.context import Context
from monitor.program import as_started, note_options, program

# A command is imported only when it is asked for: `search` does not need what `crawl` loads.
COMMANDS = {
    "demo": "monitor.commands.operations",
    "init": "monitor.commands.operations",
    "check": "monitor.commands.operations",
    "run": "monitor.commands.operations",
    "crawl": "monitor.commands.operations",
    "deliver": "monitor.commands.operations",
    "sources": "monitor.commands.sources",
    "rules": "monitor.commands.rules",
    "search": "monitor.commands.archive",
    "show": "monitor.commands.archive",
    "alerts": "monitor.commands.alerts",
    "export": "monitor.commands.archive",
    "stats": "monitor.commands.archive",
    "sql": "monitor.commands.archive",
    "forget": "monitor.commands.archive",
    "replay": "monitor.commands.history",
    "import": "monitor.commands.history",
    "evidence": "monitor.commands.archive",
    "review": "monitor.commands.papers",
    "status": "monitor.commands.operations",
    "prune": "monitor.commands.operations",
    "backup": "monitor.commands.operations",
    "restore": "monitor.commands.operations",
    "serve": "monitor.commands.page",
    "page": "monitor.commands.page",
    "web": "monitor.commands.page",
    "health": "monitor.commands.operations",
}

# Names that Python keeps for itself.
_IN_PYTHON = {"import": "import_group"}

# The first class that fits decides. An OSError is an output that cannot be written or a file that
# cannot be read. An error that is not listed is a bug, and shows its traceback.
EXIT_CODES: dict[type[Exception], int] = {
    ConfigError: 2,
    StoreBusyError: 75,  # EX_TEMPFAIL of sysexits.h: try again later
    NieuwswachtError: 1,
    sqlite3.Error: 1,
    UnicodeError: 1,
    OSError: 1,
}


class Commands(click.Group):
    """The commands in the order in which a new user meets them."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """The names, in our order."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 - click's signature
        """The command, imported now."""
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = getattr(
            importlib.import_module(COMMANDS[cmd_name]), _IN_PYTHON.get(cmd_name, cmd_name)
        )
        return command


def _show_version(context: click.Context, _: click.Parameter, value: bool) -> None:  # noqa: FBT001 - click's signature
    if not value or context.resilient_parsing:
        return
    from importlib.metadata import PackageNotFoundError, version

    try:
        number = version("nieuwswacht")
    except PackageNotFoundError:
        number = "not installed"
    click.echo(f"nieuwswacht, version {number}")
    context.exit()


@click.command(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--config",
    "config_dir",
    metavar="DIR",
    envvar="NIEUWSWACHT_CONFIG",
    default="config",
    show_default=True,
    type=click.Path(path_type=Path),
    help="The folder with sources.toml, rules.toml, channels.toml and nieuwswacht.toml.",
)
@click.option(
    "--db",
    metavar="FILE",
    envvar="NIEUWSWACHT_DB",
    type=click.Path(path_type=Path, dir_okay=False),
    help="The database; by default the one that [store] path names.",
)
@click.option("-v", "--verbose", is_flag=True, help="Say more on standard error.")
@click.option("-q", "--quiet", is_flag=True, help="Say only what went wrong.")
@click.option(
    "--log-format",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    envvar="NIEUWSWACHT_LOG_FORMAT",
    help="How the log on standard error is written.",
)
@click.option(
    "--version",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_show_version,
    help="Show the version and exit.",
)
@click.pass_context
def cli(  # noqa: PLR0913 - an argument for each option
    context: click.Context,
    *,
    config_dir: Path,
    db: Path | None,
    verbose: bool,
    quiet: bool,
    log_format: str,
) -> None:
    """Watch Dutch-language news for a subject, and tell people at once."""
    typed = ParameterSource.COMMANDLINE
    note_options(
        config=config_dir if context.get_parameter_source("config_dir") is typed else None,
        db=db if context.get_parameter_source("db") is typed else None,
    )
    context.obj = Context(config_dir=config_dir, db=db, verbose=verbose, quiet=quiet)
    context.obj.log_json = log_format == "json"


def main() -> None:
    """Run the command line of this process and leave with its exit code."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # a terminal that knows only ASCII
    try:
        code = cli.main(standalone_mode=False, prog_name=program())
    except click.ClickException as error:
        told = io.StringIO()
        error.show(told)
        click.echo(as_started(told.getvalue()), nl=False, err=True)
        code = error.exit_code
    except (click.Abort, KeyboardInterrupt):
        code = 130
    except BrokenPipeError:
        # The reader of our output has gone (`| head`), which is no fault.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = 0
    except tuple(EXIT_CODES) as error:
        code = _told(error)
    sys.exit(code if isinstance(code, int) else 0)


def _told(error: Exception) -> int:
    click.echo(as_started(_sentence(error)), err=True)
    return next(code for kind, code in EXIT_CODES.items() if isinstance(error, kind))


def _sentence(error: Exception) -> str:
    """What went wrong, in words that need no knowledge of Python."""
    from crawler.store import advice

    match error:
        case sqlite3.Error():
            return f"the database: {error}{advice(error)}"
        case OSError(filename=name, strerror=str(said)) if name:
            return f"{name}: {said}"
        case OSError(strerror=str(said)):
            return f"the system says: {said}"
        case UnicodeError():
            return f"a text is not in the character set that it should be: {error}"
        case _:
            return str(error)
