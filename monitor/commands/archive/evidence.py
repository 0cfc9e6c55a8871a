"""`nieuwswacht evidence`: what pages said, as it was read, in a form that can be checked."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from monitor.context import Context, json_option

if TYPE_CHECKING:
    from crawler.evidence import StampCheck, Verification
    from crawler.model import Article
    from crawler.store import Connection, KeptPage


@click.group()
def evidence() -> None:
    """The bytes of pages as they were read, kept with `[evidence] keep`."""


@evidence.command("list")
@click.argument("story", metavar="STORY")
@json_option
@click.pass_obj
def listed(context: Context, story: str) -> None:
    """List the pages that were kept of a story, or of one article (its id or address)."""
    from crawler.store import as_time
    from monitor.views.articles_view import local, safe

    db = context.reader()
    articles, pages = _asked(db, story)
    titles = {article.id: article for article in articles}
    if context.json:
        context.emit([page_as_json(page, titles[page.article]) for page in pages])
        return
    for article in articles:
        click.echo(f"{article.id}  {safe(article.outlet)}: {safe(article.title)}")
        own = [page for page in pages if page.article == article.id]
        for page in own:
            seen = local(as_time(page.seen), context.plain.timezone)
            place = f"{page.day} line {page.n}"
            click.echo(f"  {place:<20} text {page.revision}, read {seen}: {safe(page.url)}")
        if not own:
            click.echo("  nothing of it was kept")


@evidence.command("export")
@click.argument("story", metavar="STORY")
@click.option(
    "-o",
    "--output",
    "target",
    metavar="FILE",
    required=True,
    type=click.Path(path_type=Path, dir_okay=False),
    help="The web archive to write, such as case.warc.gz.",
)
@json_option
@click.pass_obj
def exported(context: Context, story: str, *, target: Path) -> None:
    """Write the pages that were kept of a story, or of one article, to one web archive.

    It holds the proof that they stand in the chain, the stamps, and a manifest, which is written
    beside it as well: FILE.manifest.txt for people, FILE.manifest.json for programs.
    """
    from crawler.evidence import CaseOrder, DayFolder, write_case
    from crawler.store import KeptPages
    from monitor.evidence import evidence_folder, software

    db = context.reader()
    articles, pages = _asked(db, story)
    if not pages:
        raise click.ClickException(f"nothing of {story} was kept as evidence")
    order = CaseOrder(
        asked=story, articles=articles, pages=pages, original=KeptPages(db).with_bytes
    )
    folder = DayFolder(evidence_folder(context))
    manifest = write_case(folder, order, target, context.now(), software())
    days = [day["day"] for day in manifest["days"]]
    stamped = [day["day"] for day in manifest["days"] if day["stamp"]]
    if context.json:
        told = {"path": str(target), "articles": len(articles), "pages": len(pages)}
        context.emit(told | {"days": days, "stamped": stamped})
        return
    click.echo(f"{len(pages)} pages of {len(articles)} articles are in {target}")
    click.echo(f"days {', '.join(days)}; stamped: {', '.join(stamped) or 'none of them'}")


def _asked(db: Connection, words: str) -> tuple[list[Article], list[KeptPage]]:
    """The articles that are meant, and their pages that were kept."""
    from crawler.store import ArticleStore, KeptPages
    from monitor.commands.archive.show import article_named

    store = ArticleStore(db)
    articles = store.of_story(words)
    if not articles and (found := article_named(store, words)):
        articles = [found]
    if not articles:
        raise click.ClickException(f"no story has the id {words!r}, and no article id or address")
    return articles, KeptPages(db).of_articles({article.id for article in articles})


def page_as_json(page: KeptPage, article: Article) -> dict[str, Any]:
    """One page as `evidence list --json` shows it."""
    return {
        "article": page.article,
        "outlet": article.outlet,
        "title": article.title,
        "revision": page.revision,
        "seen": page.seen,
        "url": page.url,
        "day": page.day,
        "line": page.n,
        "record": page.record,
        "body_sha256": page.payload,
    }


@evidence.command()
@click.argument(
    "file", metavar="[FILE]", required=False, type=click.Path(path_type=Path, exists=True)
)
@click.option(
    "--ca",
    metavar="PEM",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="The certificate of the authority whose stamps are checked; by default [evidence] tsa_ca.",
)
@json_option
@click.pass_context
def verify(ctx: click.Context, file: Path | None, *, ca: Path | None) -> None:
    """Check every record, line and day of the evidence; exit with 1 if one is not what it was.

    FILE is what `evidence export` wrote, or a folder of evidence. Without it the folder of the
    configuration is checked, together with what the database knows of it.
    """
    context: Context = ctx.obj
    found = _verified(context, file, _stamp_check(context, ca))
    if context.json:
        context.emit(verification_as_json(found))
    else:
        _print(found)
    ctx.exit(1 if found.findings else 0)


def _stamp_check(context: Context, ca: Path | None) -> StampCheck | None:
    from crawler.evidence import stamp_check

    path = ca or context.settings.evidence.tsa_ca
    return stamp_check(path) if path else None


def _verified(context: Context, file: Path | None, check: StampCheck | None) -> Verification:
    from crawler.evidence import DayFolder, verify_case, verify_folder
    from crawler.store import KeptPages
    from monitor.evidence import evidence_folder

    if file is not None:
        if file.is_dir():
            return verify_folder(DayFolder(file), {}, check)
        return verify_case(file, check)
    db = context.reader()
    try:
        kept = KeptPages(db)
        folder = DayFolder(evidence_folder(context))
        return verify_folder(folder, kept.days(), check, kept.has)
    finally:
        db.close()


def verification_as_json(found: Verification) -> dict[str, Any]:
    """What `evidence verify --json` says."""
    counted = asdict(found)
    findings, stamps = counted.pop("findings"), counted.pop("stamps")
    return {"sound": not findings, "findings": findings, "stamps": stamps, **counted}


def _print(found: Verification) -> None:
    for each in found.findings:
        place = f"{each.day} line {each.line}" if each.line else each.day or "the case"
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
        place = f"{first.day} line {first.line}" if first.day else "the case"
        click.echo(f"NOT as it was written, first {place} ({first.breach})")
