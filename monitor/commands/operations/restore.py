"""`nieuwswacht restore`: a backup in the place of the database."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from monitor.context import Context, json_option

if TYPE_CHECKING:
    from alerts.delivery import PendingChoice

_CHOICES = ("send", "hold", "drop")


@click.command()
@click.argument("file", metavar="FILE", type=click.Path(path_type=Path, dir_okay=False))
@click.option(
    "--pending",
    type=click.Choice(_CHOICES),
    help="Messages that waited when FILE was made: send them, hold them until `alerts replay`, "
    "or drop them.",
)
@json_option
@click.pass_obj
def restore(context: Context, file: Path, pending: str | None) -> None:
    """Put a backup in the place of the database, which is kept beside it; FILE stays as it is.

    Nobody knows what was told since FILE was made. So what was published before now comes as one
    summary at the next round, "misschien al gemeld", and each message that waited may have gone.
    """
    from alerts.delivery import PendingChoice
    from monitor.running.restoring import pending_in, restore_database

    waiting = pending_in(file)
    choice = PendingChoice(pending or (_asked(waiting) if waiting else "send"))
    kept = restore_database(context, file, choice)
    if context.json:
        context.emit(
            {
                "path": str(context.database),
                "kept": str(kept) if kept else None,
                "pending": waiting,
                "choice": choice.value,
            }
        )
        return
    click.echo(f"{context.database} is {file} now")
    if kept:
        click.echo(f"what was there before is {kept}")
    if waiting:
        click.echo(f"{waiting} pending messages: {_done(choice)}")


def _asked(waiting: int) -> str:
    if not sys.stdin.isatty():
        raise click.UsageError(
            f"{waiting} messages were pending when it was made, and may have gone since: "
            "add --pending send, hold or drop"
        )
    click.echo(f"{waiting} messages were pending when it was made, and may have gone since.")
    answer: str = click.prompt(
        "Send them, hold them until `alerts replay`, or drop them?",
        type=click.Choice(_CHOICES),
        default="hold",
    )
    return answer


def _done(choice: PendingChoice) -> str:
    return {
        "send": "they go when `nieuwswacht run` starts",
        "hold": "held; `nieuwswacht alerts dead` lists them",
        "drop": "dropped; `nieuwswacht alerts untold` lists what they would have told",
    }[choice.value]
