"""`nieuwswacht alerts`: the ledger, with a reason for every "no"."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import click

from monitor.commands.options import MomentType
from monitor.context import Context, json_option
from monitor.program import as_started

if TYPE_CHECKING:
    from alerts.delivery import Request
    from alerts.message import Delivery
    from alerts.store import AlertStore


@click.group()
def alerts() -> None:
    """See what was told, what waits, what was not told and why."""


@alerts.command()
@click.option("--limit", default=50, show_default=True, type=click.IntRange(1), help="How many.")
@click.option(
    "--since", type=MomentType(), help="Only those queued since: 2026-03-01 09:00, or 3d."
)
@json_option
@click.pass_obj
def log(context: Context, limit: int, since: datetime | None) -> None:
    """The newest deliveries with their attempts, newest first."""
    store = _store(context)
    _show(context, store, store.reading.log(limit, since), nothing="nothing has been queued")


@alerts.command()
@json_option
@click.pass_obj
def pending(context: Context) -> None:
    """What is still to be delivered, oldest first, and what it waits for."""
    store = _store(context)
    _show(context, store, store.reading.pending(), waiting=True, nothing="nothing is pending")


@alerts.command()
@click.option("--limit", default=50, show_default=True, type=click.IntRange(1), help="How many.")
@json_option
@click.pass_obj
def dead(context: Context, limit: int) -> None:
    """What was given up, newest first, and why."""
    store = _store(context)
    _show(context, store, store.reading.undelivered(limit), nothing="nothing was given up")


@alerts.command()
@click.option("--limit", default=50, show_default=True, type=click.IntRange(1), help="How many.")
@click.option(
    "--since",
    type=MomentType(),
    default="7d",
    show_default=True,
    help="Only what it was decided not to tell since: 2026-03-01 09:00, or 3d.",
)
@json_option
@click.pass_obj
def untold(context: Context, limit: int, since: datetime) -> None:
    """What matched and was not told, newest first, and why; with what would send it."""
    from monitor.views.untold_view import untold_as_json, untold_lines

    store = _store(context)
    found = store.passages.untold(since, limit)
    if context.json:
        context.emit_lines(untold_as_json(one) for one in found)
        return
    began = store.passages.kept_since()
    if began and since < began:
        click.echo("this is kept since the upgrade; what came before is not in it", err=True)
    if not found:
        click.echo("all that matched was told, or will be", err=True)
    zone = context.plain.timezone
    _say(context, (line for one in found for line in untold_lines(one, zone)))


@alerts.command()
@click.argument("article", metavar="ARTICLE")
@click.option("--rule", "rule_id", metavar="ID", help="Explain this rule alone; else all.")
@json_option
@click.pass_context
def why(ctx: click.Context, article: str, rule_id: str | None) -> None:
    """Why an article (its id or address) was told, or was not.

    For each rule it says which part of it was found in the article and which was not.
    """
    from crawler.store import ArticleStore
    from monitor.views.articles_view import safe

    context: Context = ctx.obj
    store = _store(context)
    found = ArticleStore(store.db).find(article)
    if found is None:
        click.echo(f"no article has the id or address {safe(article)!r}", err=True)
        ctx.exit(1)
    from monitor.views.why_view import account_of, lines_of

    account = account_of(store, found, context.rules_read, rule_id)
    for fault in account["rules_faults"]:
        click.echo(f"cannot be explained now: {safe(fault)}", err=True)
    if context.json:
        context.emit(account)
    else:
        _say(context, lines_of(account, context.plain.timezone))


@alerts.command()
@click.argument("identifier", metavar="ID")
@json_option
@click.pass_context
def replay(ctx: click.Context, identifier: str) -> None:
    """Send a delivery, or all deliveries of an alert, once more under the same id.

    The message is the one that was made then: no article is read again.
    """
    from alerts.delivery import Replay

    context: Context = ctx.obj
    done = _ask(context, Replay(identifier))
    if done == []:
        why_not = _silenced_now(context, identifier)
        nothing = "nothing with this id was delivered, silenced or given up"
        click.echo(as_started(why_not or nothing), err=True)
        ctx.exit(1)
    if done and not context.json:
        hint = "goes with the next `nieuwswacht deliver`, or when `nieuwswacht run` starts"
        click.echo(as_started(hint), err=True)


def _silenced_now(context: Context, identifier: str) -> str:
    from alerts.delivery import silence_of

    store = _store(context)
    one = store.outbox.delivery(identifier)
    for delivery in [one] if one else store.reading.deliveries_of(identifier):
        if found := silence_of(store, delivery, context.now()):
            return f"a silence covers it: `nieuwswacht alerts silence --end {found.id}` first"
    return ""


@alerts.command()
@click.argument("channel", metavar="CHANNEL")
@json_option
@click.pass_context
def test(ctx: click.Context, channel: str) -> None:
    """Send a test message over one channel, now."""
    from alerts.delivery import Scope, SendTest, carry_out, deliver_due, end_tests, leave
    from crawler.errors import StoreBusyError

    context: Context = ctx.obj
    chosen = [one for one in context.senders() if one.plan.id == channel]
    if not chosen:
        names = ", ".join(config.id for config in context.channels)
        raise click.UsageError(f"there is no channel {channel!r}; there are: {names}")
    try:
        with context.writer() as writer:
            now, plans = context.now(), [one.plan for one in chosen]
            ids = writer.run(lambda db: carry_out(db, SendTest(channel), plans, now))
            deliver_due(writer, chosen, scope=Scope(flush=True, only=tuple(ids)))
            writer.run(lambda db: end_tests(db, ids, context.now()))
    except StoreBusyError:
        leave(context.database, SendTest(channel), context.now())
        _handed_over(context)
        return
    store = _store(context)
    sent = [found for name in ids if (found := store.outbox.delivery(name))]
    _show(context, store, sent)
    ctx.exit(0 if sent and all(one.state == "delivered" for one in sent) else 1)


@alerts.command()
@click.option("--rule", default="", help="Only this rule.")
@click.option("--channel", default="", help="Only this channel.")
@click.option("--for", "span", metavar="SPAN", help="How long: 30m, 2h, 1d.")
@click.option(
    "--until", type=MomentType(ahead=True), help="Until: 2026-03-01 09:00, or 3d from now."
)
@click.option("--reason", default="", help="Why; shown with everything that is silenced.")
@click.option("--end", metavar="ID", help="End this silence now.")
@click.option("--list", "listed", is_flag=True, help="Show the silences in force.")
@json_option
@click.pass_context
def silence(ctx: click.Context, /, **options: Any) -> None:
    """Tell nothing for a while: for a rule, a channel, or everything."""
    from alerts.delivery import EndSilence

    context: Context = ctx.obj
    if options["listed"]:
        _list_silences(context)
    elif options["end"]:
        if _ask(context, EndSilence(options["end"])) == []:
            click.echo("no silence with this id is in force", err=True)
            ctx.exit(1)
    else:
        _begin_silence(context, options)


def _begin_silence(context: Context, options: dict[str, Any]) -> None:
    from alerts.delivery import BeginSilence
    from alerts.policy import Silence

    now = context.now()
    ends = _end_of(options, now)
    if ends <= now:
        raise click.UsageError("the end of the silence lies in the past")
    for name, known in (
        ("rule", [rule.id for rule in context.rulebook.rules]),
        ("channel", [config.id for config in context.channels]),
    ):
        if options[name] and options[name] not in known:
            raise click.UsageError(
                f"there is no {name} {options[name]!r}; there are: {', '.join(known)}"
            )
    if not options["reason"]:
        raise click.UsageError("a silence needs a reason: add --reason")
    begun = Silence(
        id=f"sil_{secrets.token_hex(6)}",
        rule=options["rule"],
        channel=options["channel"],
        starts=now,
        ends=ends,
        reason=options["reason"],
    )
    _ask(context, BeginSilence(begun))


def _end_of(options: dict[str, Any], now: datetime) -> datetime:
    if (options["span"] is None) == (options["until"] is None):
        raise click.UsageError("a silence needs an end: add --for 2h or --until")
    if options["until"]:
        until: datetime = options["until"]
        return until
    from pydantic import TypeAdapter, ValidationError

    from crawler.config import Duration

    try:
        span: timedelta = TypeAdapter(Duration).validate_python(options["span"])
    except ValidationError:
        raise click.UsageError('--for wants a span such as "30m", "2h" or "1d"') from None
    return now + span


def _list_silences(context: Context) -> None:
    from monitor.views.articles_view import local
    from monitor.views.ledger_view import silence_as_json

    found = _store(context).ledger.silences(context.now())
    if context.json:
        context.emit_lines(silence_as_json(one) for one in found)
        return
    if not found:
        click.echo("no silence is in force", err=True)
    zone = context.plain.timezone
    _say(
        context,
        (
            f"{one.id}  until {local(one.ends, zone)}  rule: {one.rule or 'all'}  "
            f"channel: {one.channel or 'all'}  {one.reason}"
            for one in found
        ),
    )


def _ask(context: Context, request: Request) -> list[str] | None:
    """Carry out a request and return what it touched, or None if it went to the daemon."""
    from alerts.delivery import carry_out, leave
    from crawler.errors import StoreBusyError

    now, plans = context.now(), [channel.plan for channel in context.senders()]
    try:
        with context.writer() as writer:
            done = writer.run(lambda db: carry_out(db, request, plans, now))
    except StoreBusyError:
        leave(context.database, request, now)
        _handed_over(context)
        return None
    if context.json:
        context.emit({"done": done})
    else:
        _say(context, done)
    return done


def _handed_over(context: Context) -> None:
    if context.json:
        context.emit({"handed_over": True})
    else:
        click.echo("handed to the running instance")


def _show(
    context: Context,
    store: AlertStore,
    deliveries: Sequence[Delivery],
    *,
    waiting: bool = False,
    nothing: str = "",
) -> None:
    from monitor.views.deliveries_view import as_json, as_lines, circumstances_of

    around = circumstances_of(context, store)
    if context.json:
        context.emit_lines(as_json(one, store, around if waiting else None) for one in deliveries)
        return
    if not deliveries and nothing:
        click.echo(nothing, err=True)
    for delivery in deliveries:
        _say(context, as_lines(delivery, store, around, waiting=waiting))


def _say(context: Context, lines: Iterable[str]) -> None:
    from monitor.views.articles_view import safe

    for line in lines:
        context.console.print(safe(line), markup=False, soft_wrap=True)


def _store(context: Context) -> AlertStore:
    from alerts.store import AlertStore

    return AlertStore(context.reader())
