"""`nieuwswacht health`: what `/readyz` says, without a port."""

from __future__ import annotations

import click

from monitor.context import Context, json_option


@click.command()
@json_option
@click.pass_context
def health(ctx: click.Context) -> None:
    """Exit with 0 if the daemon is at work and ready, else with 1; never because of a source."""
    from crawler.store import holder_of
    from monitor.health import HealthFacts, archive_fault, free_bytes, unready

    context: Context = ctx.obj
    holder = holder_of(context.database)
    facts = HealthFacts(
        running=holder.running,
        tick=holder.tick,
        archive=archive_fault(context),
        store=holder.fault.error if holder.fault else "",
        free=free_bytes(context),
        least=context.settings.health.min_free_bytes,
    )
    problems = unready(facts, context.now())
    if context.json:
        context.emit({"healthy": not problems, "problems": problems})
    for problem in [] if context.json else problems or ["ready"]:
        click.echo(problem, err=bool(problems))
    ctx.exit(1 if problems else 0)
