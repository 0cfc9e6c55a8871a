"""`nieuwswacht search`: the archive, in the rule language."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import click

from crawler.errors import ConfigError
from monitor.commands.options import MomentType, also_option
from monitor.context import Context, json_option

if TYPE_CHECKING:
    from alerts.query import Concepts
    from alerts.search import Period, SearchOfAll, SearchResult
    from crawler.store import Connection

_OPERATORS = {"AND", "OR", "NOT", "EXCEPT"}
_LINES = 3  # lines shown of one article; chosen: `show` has all of them


@click.command()
@click.argument("words", metavar="QUERY", nargs=-1, required=True)
@click.option("--since", type=MomentType(), help="Published since then: 2026-03-01, or 3d.")
@click.option("--until", type=MomentType(), help="Published before then: 2026-04-01 for March.")
@click.option("--limit", type=click.IntRange(1, 100_000), default=20, show_default=True)
@click.option("--count", is_flag=True, help="Only say how many articles there are, of how many.")
@click.option(
    "--seconds",
    type=click.IntRange(1, 86_400),
    default=30,
    show_default=True,
    help="Stop then, and say which articles were not read.",
)
@also_option
@json_option
@click.pass_context
def search(  # noqa: PLR0913 - an argument for each option
    ctx: click.Context,
    *,
    words: tuple[str, ...],
    since: datetime | None,
    until: datetime | None,
    limit: int,
    count: bool,
    seconds: int,
    also: tuple[Path, ...],
) -> None:
    """Search the archive with QUERY, newest first; exit with 1 when nothing is found.

    An article is found by an earlier text too, if a sentence with a hit is gone from it since.

    QUERY is one word of the shell: put it in single quotes, as in 'wolf AND schaap'.
    """
    from alerts.search import Period, SearchOfAll

    context: Context = ctx.obj
    query, archives, period = _query_of(words), context.archives(also), Period(since, until)
    concepts, end = concepts_for(context, query), context.now() + timedelta(seconds=seconds)
    found = SearchOfAll(
        *(archives, query),
        concepts=concepts,
        period=period,
        there_is_time=lambda: context.now() < end,
    )
    if count:
        shown = _count(context, found, archives, period)
    else:
        shown = _show(context, found, limit, archives, also)
    if found.unread:
        _tell_unread(context, found.unread, seconds)
    elif not shown and not count:
        context.progress.print(f"nothing in {_searched(context, archives, period)}", markup=False)
    ctx.exit(0 if shown else 1)


def _tell_unread(context: Context, newest: datetime, seconds: int) -> None:
    from monitor.views.articles_view import local

    first = local(newest, context.plain.timezone)
    unread = f"not all articles up to {first} were read; --seconds gives more time"
    told = f"stopped after {seconds} seconds: {unread}"
    context.progress.print(told, markup=False, soft_wrap=True)


def _show(
    context: Context,
    found: SearchOfAll,
    limit: int,
    archives: Sequence[Connection],
    also: Sequence[Path],
) -> int:
    """Show the newest articles; returns how many there are, at most one more than the limit."""
    files = [context.database, *also]
    results = list(islice(found, limit + 1))
    for place, result in results[:limit]:
        if context.json:
            named = {"archive": str(files[place])} if also else {}
            context.emit(_as_json(archives[place], result) | named)
        else:
            _print(context, result, files[place] if place else None)
    if len(results) > limit:
        context.progress.print(f"the newest {limit}; there are more: raise --limit", markup=False)
    return len(results)


def _count(
    context: Context, found: SearchOfAll, archives: Sequence[Connection], period: Period
) -> int:
    """Say how many articles match; returns the number."""
    from alerts.search import size_of_all

    count = sum(1 for _ in found)
    if context.json:
        number = {"articles": count, "searched": size_of_all(archives, period)}
        times = {"unread": found.unread, "since": period.since, "until": period.until}
        context.emit(number | times)
    else:
        least = "at least " if found.unread else ""
        whole = _searched(context, archives, period)
        context.console.print(f"{least}{count:,} of {whole}", markup=False, soft_wrap=True)
    return count


def _searched(context: Context, archives: Sequence[Connection], period: Period) -> str:
    """How many articles were published in this period, which is named."""
    from alerts.search import oldest_of_all, size_of_all
    from monitor.views.articles_view import local

    zone, since = context.plain.timezone, period.since or oldest_of_all(archives)
    begin = f" since {local(since, zone)}" if since else ""
    end = f", before {local(period.until, zone)}" if period.until else ""
    return f"{size_of_all(archives, period):,} articles{begin}{end}"


def _query_of(words: tuple[str, ...]) -> str:
    """The query. It has to be one word of the shell, or its quotation marks would be lost."""
    if len(words) == 1:
        return words[0]
    joined = " ".join(words) if _OPERATORS.intersection(words) else " AND ".join(words)
    raise click.UsageError(
        "put the query in single quotes, and an operator between words: "
        f"search {shlex.quote(joined)}"
    )


def concepts_for(context: Context, query: str) -> Concepts:
    """The concepts of the configuration; none, with a warning, if they cannot be read.

    If the query names a concept, the fault is raised instead.
    """
    from alerts.query import Concepts

    if "@" not in query and context.beginning.is_settled:
        return Concepts()  # all are known to be good, and none is named
    from alerts.query import source_of, tokens_of

    try:
        return context.concepts
    except ConfigError as faults:
        if any(token.kind == "concept" for token in tokens_of(source_of(query))):
            raise
        from rich.text import Text

        context.progress.print(Text(f"{faults}\nsearching without concepts"), soft_wrap=True)
        return Concepts()


def _as_json(db: Connection, result: SearchResult) -> dict[str, Any]:
    """The article as `show --json` gives it, with the hits of the query added to those of rules."""
    from alerts.store import AlertStore
    from crawler.store import ArticleStore
    from monitor.views.articles_view import article_as_json, hits_as_json

    store, name = ArticleStore(db), result.found.document.id
    article = store.article(name)
    assert article is not None
    shown = article_as_json(
        article,
        story=store.story(name),
        revisions=store.revisions(name),
        matches=AlertStore(db).matches_of(name),
    )
    return shown | {"hits": hits_as_json(result.hits), "earlier": _earlier_as_json(result)}


def _earlier_as_json(result: SearchResult) -> dict[str, Any] | None:
    """The earlier text in which the hits stand; None if they stand in the present one."""
    earlier, document = result.earlier, result.found.document
    if earlier is None:
        return None
    return {
        "revision": earlier.revision,
        "seen": earlier.seen,
        "until": earlier.until,
        "whole": earlier.whole,
        "title": document.title,
        "lead": document.lead,
        "body": document.body,
    }


def _print(context: Context, result: SearchResult, other: Path | None) -> None:
    """Show an article, and in which other archive it stands, if it does."""
    from rich.text import Text

    from monitor.views.articles_view import local, safe
    from monitor.views.quotes_view import marked, quoted_lines

    document, out = result.found.document, context.console
    published = local(result.found.published, context.plain.timezone)
    title = document.title
    spans = [(hit.start, hit.end) for hit in result.hits if hit.field == "title"]
    out.print(marked(title, spans, (0, len(title)), marks=out.plain), style="bold")
    out.print(Text(f"{safe(document.outlet)}, {published}  {document.id}", style="dim"))
    out.print(Text(safe(document.url), style="dim"), soft_wrap=True)
    if other:
        out.print(Text(f"in {safe(str(other))}", style="dim"), soft_wrap=True)
    if result.earlier:
        timezone = context.plain.timezone
        seen = result.earlier.seen.astimezone(ZoneInfo(timezone)).isoformat(" ")
        out.print(
            f"stood until {local(result.earlier.until, timezone)}, in revision "
            f"{result.earlier.revision}: show {document.id} --at '{seen}'",
            markup=False,
            soft_wrap=True,
        )
    rest = [hit for hit in result.hits if hit.field != "title"]
    for line in islice(quoted_lines(document, rest, marks=out.plain), _LINES):
        out.print(Text("  ") + line, soft_wrap=True)
    out.print()
