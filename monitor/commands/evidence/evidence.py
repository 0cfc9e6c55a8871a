"""`nieuwswacht evidence`: what pages said, as it was read, in a form that can be checked."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from monitor.context import Context, json_option

if TYPE_CHECKING:
    from crawler.evidence import Verification


@click.group()
def evidence() -> None:
    """The bytes of pages as they were read, kept with `[evidence] keep`."""


@evidence.command()
@click.argument(
    "file", metavar="[FILE]", required=False, type=click.Path(path_type=Path, exists=True)
)
@json_option
@click.pass_context
def verify(ctx: click.Context, file: Path | None) -> None:
    """Check every record, line and day of the evidence; exit with 1 if one is not what it was.

    FILE is a folder of evidence. Without it the folder of the configuration is checked, together
    with what the database knows of it.
    """
    context: Context = ctx.obj
    found = _verified(context, file)
    if context.json:
        context.emit(verification_as_json(found))
    else:
        _print(found)
    ctx.exit(1 if found.findings else 0)


def _verified(context: Context, file: Path | None) -> Verification:
    from crawler.evidence import DayFolder, verify_folder
    from crawler.store import KeptPages
    from monitor.evidence import evidence_folder

    if file is not None:
        return verify_folder(DayFolder(file), {}, None)
    db = context.reader()
    try:
        known = KeptPages(db).days()
    finally:
        db.close()
    return verify_folder(DayFolder(evidence_folder(context)), known, None)


def verification_as_json(found: Verification) -> dict[str, Any]:
    """What `evidence verify --json` says."""
    counted = asdict(found)
    findings, stamps = counted.pop("findings"), counted.pop("stamps")
    return {"sound": not findings, "findings": findings, "stamps": stamps, **counted}


def _print(found: Verification) -> None:
    for each in found.findings:
        place = f"{each.day} line {each.line}" if each.line else each.day
        click.echo(f"{place}: {each.what}")
    for stamp in found.stamps:
        said = f"stamped {stamp.at.isoformat()}" if stamp.at else f"stamp: {stamp.fault}"
        click.echo(f"{stamp.day}: {said}")
    click.echo(
        f"{found.days} days, {found.lines} lines, {found.records} records, of which "
        f"{found.forgotten} forgotten; {found.dropped} days dropped, {found.gaps} pages not kept"
    )
    if found.lost:
        click.echo(f"lines were lost {found.lost} times, and the chain says so")
    if found.head_day:
        click.echo(f"the chain ends on {found.head_day} with {found.head}")
    if found.first is None:
        click.echo("everything is as it was written")
    else:
        first = found.first
        click.echo(f"NOT as it was written, first {first.day} line {first.line} ({first.breach})")
