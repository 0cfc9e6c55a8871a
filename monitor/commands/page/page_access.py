"""`nieuwswacht web`: the password of the page, and tokens for programs."""

from __future__ import annotations

import click

from monitor.context import Context, json_option


@click.group()
def web() -> None:
    """Say who may see the page from elsewhere."""


@web.command()
def password() -> None:
    """Ask for a password, and print its hash for [web] password_hash."""
    from monitor.web.entry import hash_of

    given: str = click.prompt("Password", hide_input=True, confirmation_prompt=True, err=True)
    if len(given) < 10:  # noqa: PLR2004 - chosen: shorter ones are guessed
        raise click.UsageError("a password needs ten characters")
    click.echo(f'password_hash = "{hash_of(given)}"')


@web.group()
def token() -> None:
    """Tokens with which programs may read feeds, API and numbers."""


@token.command()
@click.argument("name")
@json_option
@click.pass_obj
def add(context: Context, name: str) -> None:
    """Make a token, in place of one with the same NAME, and print it: this once."""
    from monitor.web.entry import TokenFile

    made = TokenFile(context.database).add(name, context.now())
    if context.json:
        context.emit({"name": name, "token": made})
    else:
        click.echo(made)


@token.command()
@click.argument("name")
@click.pass_context
def remove(ctx: click.Context, name: str) -> None:
    """Withdraw a token; exit with 1 if there is none with this NAME."""
    from monitor.web.entry import TokenFile

    context: Context = ctx.obj
    if not TokenFile(context.database).remove(name):
        click.echo(f"there is no token {name!r}", err=True)
        ctx.exit(1)


@token.command("list")
@json_option
@click.pass_obj
def list_tokens(context: Context) -> None:
    """The names of the tokens, and when each was made."""
    from monitor.web.entry import TokenFile

    held = TokenFile(context.database).tokens()
    for name, facts in sorted(held.items()):
        if context.json:
            context.emit({"name": name, "made": facts["made"]})
        else:
            click.echo(f"{name}  {facts['made']}")
