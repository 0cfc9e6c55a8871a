"""`nieuwswacht forget`: one article erased everywhere."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from monitor.context import Context, json_option

if TYPE_CHECKING:
    from crawler.model import Article

# What no command reaches.
BEYOND = (
    "messages that were sent",
    "copies by other outlets, which are articles of their own",
    "exports, cases of evidence, and what people copied",
    "backups, and the copies FILE.before-... beside the database",
    "logs",
)


@click.command()
@click.argument("article", metavar="ARTICLE")
@click.option("--reason", required=True, help="Why; it is kept, with the id and the time.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@json_option
@click.pass_context
def forget(ctx: click.Context, article: str, *, reason: str, yes: bool) -> None:
    """Erase an article (its id or address): text, index, words, revisions, alerts, messages.

    Its id, the time and the reason stay. It is not fetched, stored or told again.
    """
    from crawler.store import ArticleStore
    from monitor.commands.archive.show import article_named
    from monitor.views.articles_view import safe

    context: Context = ctx.obj
    db = context.reader()
    found = article_named(ArticleStore(db), article)
    db.close()  # or the log beside the database would keep what is erased
    if found is None:
        click.echo(f"no article has the id or address {safe(article)!r}", err=True)
        ctx.exit(1)
    if not yes:
        click.confirm(f"Erase {safe(found.title)!r} of {safe(found.outlet)} for ever?", abort=True)
    _forget(context, found, reason)


def _forget(context: Context, found: Article, reason: str) -> None:
    from alerts.delivery import Forget, carry_out, leave
    from crawler.errors import StoreBusyError
    from monitor.evidence import keep_evidence

    now, fault = context.now(), ""
    try:
        with context.writer(history_too=True) as writer:
            done = writer.run(lambda db: carry_out(db, Forget(found.id, reason), [], now))
            _, fault = keep_evidence(context, writer)
    except StoreBusyError:
        leave(context.database, Forget(found.id, reason), now)
        done = []
    if fault:
        click.echo(f"its evidence is not erased yet, `run` tries again: {fault}", err=True)
    if context.json:
        handed = not done
        context.emit(
            {"article": found.id, "handed_over": handed, "sent": done[1:], "beyond": list(BEYOND)}
        )
        return
    click.echo(f"{found.id} is forgotten" if done else "handed to the running instance")
    for delivery in done[1:]:
        click.echo(f"message {delivery} was sent")
    click.echo(f"not reached: {'; '.join(BEYOND)}")
