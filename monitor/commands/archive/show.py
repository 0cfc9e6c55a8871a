"""`nieuwswacht show`: one article with everything that is known about it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

import click

from monitor.commands.options import MomentType
from monitor.context import Context, json_option

if TYPE_CHECKING:
    from alerts.match import Match
    from crawler.model import Article
    from crawler.store import ArticleStore, Connection


@click.command()
@click.argument("article", metavar="ARTICLE")
@click.option("--diff", is_flag=True, help="Show what each revision changed, sentence by sentence.")
@click.option(
    "--at", type=MomentType(), help="Show the text that stood then: '2026-03-01 09:00', or 3d."
)
@json_option
@click.pass_context
def show(ctx: click.Context, article: str, *, diff: bool, at: datetime | None) -> None:
    """Show one article (its id or address) with revisions, story, matches and alerts."""
    from alerts.store import AlertStore
    from crawler.store import ArticleStore
    from monitor.views.articles_view import article_as_json, safe
    from monitor.views.diffs_view import diffs_as_json, print_diffs

    context: Context = ctx.obj
    db = context.reader()
    store = ArticleStore(db)
    found = article_named(store, article)
    if found is None:
        click.echo(f"no article has the id or address {safe(article)!r}", err=True)
        ctx.exit(1)
    if at is not None:
        ctx.exit(_show_then(context, db, found, at))
    matches = AlertStore(db).matches_of(found.id)
    if context.json:
        story, revisions = store.story(found.id), store.revisions(found.id)
        shown = article_as_json(found, story=story, revisions=revisions, matches=matches)
        shown |= {"alerts": _alerts_as_json(db, found)}
        context.emit(shown | ({"diffs": diffs_as_json(revisions)} if diff else {}))
        return
    if diff:
        print_diffs(context, store.revisions(found.id))
        return
    _print_text(context, found, matches)
    _print_facts(context, db, found, matches)


def _show_then(context: Context, db: Connection, article: Article, at: datetime) -> int:
    """Show the text that stood at a moment; 1 if there was none yet."""
    from alerts.store import AlertStore
    from crawler.store import ArticleStore
    from monitor.views.articles_view import article_as_json, local
    from monitor.views.diffs_view import stood_as_json, stood_as_text, text_at

    store, timezone = ArticleStore(db), context.plain.timezone
    revisions = store.revisions(article.id)
    text = text_at(revisions, at)
    if text is None:
        first = local(revisions[0].seen, timezone)
        click.echo(f"this article was first read {first}, after {local(at, timezone)}", err=True)
        return 1
    held = text.revision
    then = replace(article, title=held.title, lead=held.lead, body=held.body, items=held.items)
    # Where only sentences are kept, hits have other places.
    found = AlertStore(db).ledger.matches_then(article.id, held.number) if held.whole else []
    if context.json:
        story = store.story(article.id)
        shown = article_as_json(then, story=story, revisions=revisions, matches=found)
        context.emit(shown | {"at": stood_as_json(text)})
        return 0
    _print_text(context, then, found)
    context.console.print(
        f"{f'revision {held.number}':<11} {stood_as_text(text, timezone)}", markup=False
    )
    return 0


def _alerts_as_json(db: Connection, article: Article) -> list[dict[str, Any]]:
    from alerts.store import AlertStore
    from monitor.views.ledger_view import outcomes_as_json

    reading = AlertStore(db).reading
    alerts = reading.alerts_about(article.id)
    return [
        outcomes_as_json(
            alert, [(one, reading.shown(one.id)) for one in reading.deliveries_of(alert.id)]
        )
        for alert in alerts
    ]


def article_named(store: ArticleStore, words: str) -> Article | None:
    """The article with this id or address, in whatever spelling."""
    from crawler.addresses import article_key, canonical_address

    names = [words]
    if "://" in words:
        address = canonical_address(words)
        plain = address.rstrip("/")
        names += [address, plain, f"{plain}/", article_key("", address)]
    return next((found for name in names if (found := store.find(name))), None)


def _print_text(context: Context, article: Article, matches: list[Match]) -> None:
    from monitor.views.articles_view import highlighted, local, safe

    out, hits = context.console, tuple(hit for match in matches for hit in match.hits)
    out.print(highlighted(article.title, "title", hits), style="bold")
    published = local(article.published, context.plain.timezone)
    partial = ", only a part of the text was given" if article.partial else ""
    out.print(f"{safe(article.outlet)}, {published}{partial}", markup=False)
    out.print(safe(article.url), style="underline", markup=False)
    if article.mild:
        out.print("little was left of its page, so more of it was kept: not all may be article")
    if not (article.title or article.lead or article.body):
        out.print("its text is no longer kept: see [store] keep_articles", markup=False)
    for name in ("lead", "body"):
        if text := getattr(article, name):
            out.print()
            out.print(highlighted(text, name, hits))
    out.print()


def _print_facts(context: Context, db: Connection, article: Article, matches: list[Match]) -> None:
    from alerts.store import AlertStore
    from crawler.store import ArticleStore
    from monitor.views.articles_view import safe
    from monitor.views.diffs_view import stood_as_text, stood_texts

    store, story = ArticleStore(db), ArticleStore(db).story(article.id)
    others = [store.article(other) for other in story.articles if other != article.id]
    told_by = ", ".join(safe(other.outlet) for other in others if other)
    facts = [("id", article.id), ("story", story.id + (f" (also by {told_by})" if told_by else ""))]
    facts += [("gerelateerd", safe(title)) for title in store.related_titles(story.id)]
    for text in stood_texts(store.revisions(article.id)):
        seen = stood_as_text(replace(text, until=None), context.plain.timezone)
        facts.append((f"revision {text.revision.number}", seen))
    for match in matches:
        words = ", ".join(dict.fromkeys(safe(hit.text) for hit in match.hits))
        facts.append(("rule", f"{match.rule}: {words}"))
    alerts = AlertStore(db).reading.alerts_about(article.id)
    facts += [("alert", f"{alert.id} {alert.kind.value} ({alert.rule.id})") for alert in alerts]
    for name, value in facts:
        context.console.print(f"{name:<11} {value}", markup=False)
