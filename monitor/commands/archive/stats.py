"""`nieuwswacht stats`: how much was found, of how much, and what may be missing."""

from __future__ import annotations

import csv
import sys
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import click

from monitor.commands.options import MomentType, also_option, cluster_option, part_map_of
from monitor.context import Context

if TYPE_CHECKING:
    from alerts.stats import Stats, StatsQuestion

_BY = ("outlet", "section", "day", "week", "month")
_MORE = 120  # seconds; chosen: how long an archive may take besides the articles that it reads
_NUMBERS = ("count", "stored", "failed_polls", "gaps", "missed_pages", "partial")


class ByType(click.ParamType[tuple[str, ...]]):
    """Names from a list, with commas between them."""

    name = "by"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[str, ...]:
        """The names, each once."""
        names = tuple(dict.fromkeys(part.strip() for part in str(value).split(",") if part.strip()))
        for name in names:
            if name not in _BY:
                self.fail(f"{name!r} is none of {', '.join(_BY)}", param, ctx)
        return names


@click.command()
@click.option("--rule", "rule_id", metavar="ID", help="What a rule has found.")
@click.option("--query", metavar="QUERY", help="What a query finds in the archive as it is now.")
@click.option(
    "--by",
    type=ByType(),
    default="day",
    show_default=True,
    metavar="NAME,...",
    help=f"Any of {', '.join(_BY)}.",
)
@click.option(
    "--of",
    "unit",
    type=click.Choice(["articles", "stories", "passages"]),
    default="articles",
    show_default=True,
)
@click.option(
    "--date",
    "dating",
    type=click.Choice(["stored", "published"]),
    default="stored",
    show_default=True,
    help="The date of an article.",
)
@click.option("--since", type=MomentType(), help="From then on: 2026-03-01, or 30d.")
@click.option("--until", type=MomentType(), help="Up to then: 2026-04-01 for March.")
@click.option("--as-of", type=MomentType(), help="Without what was stored or found from then on.")
@click.option("--tz", "timezone", metavar="ZONE", help="Whose days; else [schedule] timezone.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["table", "csv", "json"]),
    default="table",
    show_default=True,
)
@click.option(
    "--seconds",
    type=click.IntRange(1, 86_400),
    default=600,
    show_default=True,
    help="Stop reading for --query then.",
)
@also_option
@cluster_option
@click.pass_obj
def stats(context: Context, /, *, form: str, seconds: int, **options: Any) -> None:
    """Count what a rule has found or a query finds, beside the articles stored.

    An article counts once, however often it was changed, and a story on the day of its first
    article; passages are headlines and sentences with a hit, each once in a story. Beside each
    number stand the articles stored of that cell, and what may be missing: polls that failed, gaps,
    pages missed, and articles of which only a part could be read.
    """
    found = _answer(context, options, seconds)
    if form == "json":
        context.emit(_as_json(found, options))
    elif form == "csv":
        _write_csv(found)
    else:
        _print(context, found)
    if found.unread:
        told = (
            f"stopped after {seconds} seconds, the numbers are too low: --seconds gives more time"
        )
        context.progress.print(told, markup=False)


def _answer(context: Context, options: dict[str, Any], seconds: int) -> Stats:
    from alerts.rules import rule_of
    from alerts.stats import QueryPart, stats_among, stats_of_query, stats_of_rule

    rule_id, query, cluster = (options[name] for name in ("rule_id", "query", "cluster"))
    if (rule_id is None) == (query is None):
        raise click.UsageError("give --rule or --query")
    if cluster and rule_id is not None:
        raise click.UsageError("--cluster is for --query: what a rule found is counted already")
    question = _question(context, options)
    archives = context.archives(options["also"])
    if rule_id is not None:
        return stats_of_rule(archives[0], context.rule(rule_id), question, also=archives[1:])
    draft = rule_of(id="query", text=query, concepts=context.concepts)
    files = [context.database, *options["also"]]
    end = context.now() + timedelta(seconds=seconds)
    among = part_map_of(cluster, files, silence=seconds + _MORE)
    if among is None:
        return stats_of_query(
            *(archives[0], draft, question, context.concepts),
            lambda: context.now() < end,
            also=archives[1:],
        )
    asked = QueryPart(rule=draft, question=question, concepts=context.concepts, until=end)
    return stats_among(asked, dict(zip(files, archives, strict=True)), among)


def _question(context: Context, options: dict[str, Any]) -> StatsQuestion:
    from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

    from alerts.stats import Dating, Dimension, StatsQuestion, Unit

    timezone = options["timezone"] or context.plain.timezone
    try:
        ZoneInfo(timezone)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise click.UsageError(f"{timezone!r} is no time zone: write Europe/Amsterdam") from error
    times: dict[str, datetime | None] = {
        name: options[name] for name in ("since", "until", "as_of")
    }
    return StatsQuestion(
        by=tuple(map(Dimension, options["by"])),
        unit=Unit(options["unit"]),
        dating=Dating(options["dating"]),
        timezone=timezone,
        **times,
    )


def _rows(found: Stats) -> list[dict[str, Any]]:
    names = [each.value for each in found.question.by]
    return [
        dict(zip(names, row.cell, strict=True)) | {name: getattr(row, name) for name in _NUMBERS}
        for row in found.rows
    ]


def _as_json(found: Stats, options: dict[str, Any]) -> dict[str, Any]:
    asked = found.question
    return {
        "rule": options["rule_id"],
        "query": options["query"],
        "wording": found.wording,
        "of": asked.unit.value,
        "by": [each.value for each in asked.by],
        "date": asked.dating.value,
        "timezone": asked.timezone,
        "since": asked.since,
        "until": asked.until,
        "as_of": asked.as_of,
        "counted_from": found.counted_from,
        "archive": found.archive | {"fingerprint": found.fingerprint},
        "unread": found.unread,
        "total": found.total,
        "rows": _rows(found),
    }


def _write_csv(found: Stats) -> None:
    from monitor.views import inert

    names = [*(each.value for each in found.question.by), *_NUMBERS]
    out = csv.writer(sys.stdout)
    out.writerow([*names, "wording", "archive"])
    for row in _rows(found):
        values = [inert(row[name]) for name in names]
        out.writerow([*values, found.wording, found.fingerprint])


def _print(context: Context, found: Stats) -> None:
    from rich.table import Table
    from rich.text import Text

    from monitor.views.articles_view import safe

    names = [*(each.value for each in found.question.by), *_NUMBERS]
    table = Table(box=None, pad_edge=False)
    for name in names:
        table.add_column(name.replace("_", " "), justify="right" if name in _NUMBERS else "left")
    for row in _rows(found):
        table.add_row(*(Text(safe(str(row[name]))) for name in names))
    context.console.print(table)
    held = ", ".join(f"{count:,} {name}" for name, count in found.archive.items())
    context.console.print(
        f"\n{found.total:,} {found.question.unit} in all; wording {found.wording}, "
        f"archive {found.fingerprint} ({held})",
        markup=False,
        soft_wrap=True,
    )
