"""`nieuwswacht prune`: old rows removed now, or counted."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from monitor.context import Context, json_option

if TYPE_CHECKING:
    from crawler.store import Writer
    from monitor.running.pruning import Pruning


@click.command()
@click.option("--dry-run", is_flag=True, help="Only say what would go; `run` may be at work.")
@json_option
@click.pass_obj
def prune(context: Context, *, dry_run: bool) -> None:
    """Remove what `[store] keep_...` no longer keeps; `run` does so each day."""
    from monitor.evidence import keep_evidence, old_evidence
    from monitor.running.pruning import Pruning

    pruning = Pruning.of(context.settings.store, context.now())
    if dry_run:
        db = context.reader()
        counts = pruning.counts(db) | {"evidence": len(old_evidence(context, db))}
    else:
        with context.writer() as writer:
            _prune(writer, pruning)
            kept, fault = keep_evidence(context, writer)
        counts = dict(pruning.removed)
        if kept.days_dropped:
            counts["evidence"] = kept.days_dropped
        if fault:
            click.echo(f"evidence cannot be removed: {fault}", err=True)
    if context.json:
        context.emit({"dry_run": dry_run, "removed": counts})
        return
    what = "would go" if dry_run else "went"
    for name, count in counts.items():
        if count:
            click.echo(f"{count} {_WORDS[name]} {what}")
    if not any(counts.values()):
        click.echo("nothing has had its time")


_WORDS = {
    "articles": "texts of articles",
    "entries": "entries of lists",
    "pages": "pages",
    "counters": "counters of a day",
    "decisions": "reasons for not telling something",
    "attempts": "attempts to deliver",
    "messages": "texts of messages",
    "evidence": "days of evidence",
    "seen": "notes that a story was seen",
}


def _prune(writer: Writer, pruning: Pruning) -> None:
    from crawler.store import tidy

    while writer.run(pruning.step):
        pass
    writer.run(tidy)
