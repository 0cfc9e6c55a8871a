"""The command line: it finds the command, and turns errors into one line and an exit code."""

from __future__ import annotations

import atexit
import gc
import importlib
import io
import os
import sys

import click
from click.core import ParameterSource

from monitor.program import as_started, note_options, program, version

# Where each command is, and the first sentence of its help. A command is imported only when it is
# asked for: `search` does not need what `crawl` loads, and the list of commands needs none of them.
COMMANDS = {
    "demo": (
        "monitor.commands.operations",
        "Serve an invented newsroom on this machine, crawl it, and show the alerts.",
    ),
    "init": (
        "monitor.commands.operations",
        "Write the commented configuration into DIR (by default ./config); overwrite nothing.",
    ),
    "check": (
        "monitor.commands.operations",
        "Check all configuration and run each rule's examples; exit with 1 for a damaged database.",
    ),
    "run": (
        "monitor.commands.operations",
        "Poll, fetch, match and deliver until Ctrl-C or SIGTERM; one instance per database.",
    ),
    "crawl": (
        "monitor.commands.operations",
        "One round now: whatever is due, or the sources named.",
    ),
    "deliver": (
        "monitor.commands.operations",
        "Send what is due, once; exit with 1 when an alert was given up.",
    ),
    "sources": (
        "monitor.commands.sources",
        "The catalogue and each source's health.",
    ),
    "rules": (
        "monitor.commands.rules",
        "The rules: which there are and were, what a query finds, what a change would do.",
    ),
    "search": (
        "monitor.commands.archive",
        "Search the archive with QUERY, newest first; exit with 1 when nothing is found.",
    ),
    "show": (
        "monitor.commands.archive",
        "Show one article (its id or address) with revisions, story, matches and alerts.",
    ),
    "alerts": (
        "monitor.commands.alerts",
        "See what was told, what waits, what was not told and why.",
    ),
    "export": (
        "monitor.commands.archive",
        "Write articles, matches, stories or alerts to standard output, oldest first.",
    ),
    "stats": (
        "monitor.commands.archive",
        "Count what a rule has found or a query finds, beside the articles stored.",
    ),
    "sql": (
        "monitor.commands.archive",
        "Answer a SELECT over the file; nothing in it can be changed.",
    ),
    "forget": (
        "monitor.commands.archive",
        "Erase an article (its id or address): text, index, words, revisions, alerts, messages.",
    ),
    "replay": (
        "monitor.commands.history",
        "Fill a history, an archive of its own, from WARC files, with their dates as its clock.",
    ),
    "import": (
        "monitor.commands.history",
        "Fill a history, an archive of its own, from other programs' exports.",
    ),
    "evidence": (
        "monitor.commands.archive",
        "The bytes of pages as they were read, kept with `[evidence] keep`.",
    ),
    "review": (
        "monitor.commands.papers",
        "Show an edition of a morning paper (a [[review]] of reviews.toml); sends nothing.",
    ),
    "status": (
        "monitor.commands.operations",
        "Say how it is; exit with 1 when something needs a person.",
    ),
    "prune": (
        "monitor.commands.operations",
        "Remove what `[store] keep_...` no longer keeps; `run` does so each day.",
    ),
    "backup": (
        "monitor.commands.operations",
        "Copy the database to a file, or under the date into a folder; `run` may be at work.",
    ),
    "restore": (
        "monitor.commands.operations",
        "Put a backup in the place of the database, which is kept beside it; FILE stays as it is.",
    ),
    "serve": (
        "monitor.commands.page",
        (
            "Serve the page over an archive, whether anybody writes it or not, "
            "until Ctrl-C or SIGTERM."
        ),
    ),
    "page": (
        "monitor.commands.page",
        "Open the page; exit with 1 if no daemon serves it.",
    ),
    "web": (
        "monitor.commands.page",
        "Say who may see the page from elsewhere.",
    ),
    "health": (
        "monitor.commands.operations",
        "Exit with 0 if the daemon is at work and ready, else with 1; never because of a source.",
    ),
}

# New objects after which the collector of garbage looks at them. Loading a command makes some
# 100,000 and no garbage. Chosen: what waits is less than a megabyte.
_YOUNG = 5_000

# Names that Python keeps for itself.
_IN_PYTHON = {"import": "import_group"}


class _Listed(click.Group):
    """The commands in the order in which a new user meets them, each with one sentence only."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """The names, in our order."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 - click's signature
        """What stands for the command in a list."""
        return click.Command(cmd_name, help=COMMANDS[cmd_name][1])


class Commands(_Listed):
    """The same commands, each whole when it is asked for."""

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 - click's signature
        """The command, imported now."""
        if cmd_name not in COMMANDS:
            return None
        package, _ = COMMANDS[cmd_name]
        command: click.Command = getattr(
            importlib.import_module(package), _IN_PYTHON.get(cmd_name, cmd_name)
        )
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the list of the commands, and import none of them."""
        _Listed().format_commands(ctx, formatter)


def _show_version(context: click.Context, _: click.Parameter, value: bool) -> None:  # noqa: FBT001 - click's signature
    if not value or context.resilient_parsing:
        return
    click.echo(f"nieuwswacht, version {version() or 'not installed'}")
    context.exit()


@click.command(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--config",
    "config_dir",
    metavar="DIR",
    envvar="NIEUWSWACHT_CONFIG",
    default="config",
    show_default=True,
    type=click.Path(),
    help="The folder with sources.toml, rules.toml, channels.toml and nieuwswacht.toml.",
)
@click.option(
    "--db",
    metavar="FILE",
    envvar="NIEUWSWACHT_DB",
    type=click.Path(dir_okay=False),
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
    config_dir: str,
    db: str | None,
    verbose: bool,
    quiet: bool,
    log_format: str,
) -> None:
    """Watch Dutch-language news for a subject, and tell people at once."""
    from pathlib import Path

    from monitor.context import Context

    folder, database = Path(config_dir), None if db is None else Path(db)
    typed = ParameterSource.COMMANDLINE
    note_options(
        config=folder if context.get_parameter_source("config_dir") is typed else None,
        db=database if context.get_parameter_source("db") is typed else None,
    )
    context.obj = Context(config_dir=folder, db=database, verbose=verbose, quiet=quiet)
    context.obj.log_json = log_format == "json"


def main() -> None:
    """Run the command line of this process and leave with its exit code."""
    gc.set_threshold(_YOUNG)
    atexit.register(gc.freeze)  # what the process still has goes with it: nobody need look for it
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
    except Exception as error:
        from monitor.exit_codes import exit_code

        code = exit_code(error)
        if code is None:
            raise
    sys.exit(code if isinstance(code, int) else 0)
