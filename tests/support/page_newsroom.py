"""A small desk with news, as a page shows it."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path

from deliverydesk import BAGHUZ, Desk, open_desk
from served_page import AtWork, Visitor, served

from crawler.clock import utc_now
from monitor.context import Context
from monitor.health import Vitals

PAGES = (
    *("/", "/untold", "/rules", "/sources", "/trends", "/deliveries", "/silences", "/search"),
    *("/reviews", "/status"),
)
HOSTILE = '<script>alert(1)</script>"><img src=x onerror=alert(1)>\u202eomgekeerd'
RULES = """
[[rule]]
id = "kalifaat"
name = "Val van het kalifaat"
query = "kalifa* OR baghuz"
channels = ["scherm"]
priority = "high"
"""
CHANNELS = '[[channel]]\nid = "scherm"\nkind = "console"\n'


def context_in(folder: Path, *, rules: str = RULES, web: str = "") -> Context:
    for name, text in (
        ("nieuwswacht.toml", f"[web]\n{web}\n"),
        ("rules.toml", rules),
        ("channels.toml", CHANNELS),
        ("sources.toml", ""),
    ):
        (folder / name).write_text(text, "utf-8")
    return Context(config_dir=folder, db=folder / "nieuws.db")


def desk_in(folder: Path) -> Desk:
    desk = open_desk(folder / "nieuws.db")
    desk.clock.now = utc_now()
    desk.add_channel("scherm")
    desk.rules(kalifaat="kalifa* OR baghuz", priority="high")
    return desk


@contextlib.contextmanager
def desk_at_work(
    folder: Path, *, web: str = "", entered: bool = True
) -> Iterator[tuple[Visitor, Desk]]:
    """A visitor with the key of a page whose daemon runs, and the desk behind it; one story."""
    desk = desk_in(folder)
    desk.publish("Laatste bolwerk gevallen", number=1)
    desk.match()
    context = context_in(folder, web=web)
    daemon = AtWork(desk.writer, [channel.plan for channel in desk.channels])
    with served(context, Vitals(desk.writer, desk.clock), daemon) as visitor:
        yield visitor.enter(context) if entered else visitor, desk
    desk.writer.close()


@contextlib.contextmanager
def newsroom_in(folder: Path) -> Iterator[Visitor]:
    """A desk with a story at two outlets, changed once and told, and one with a hostile title."""
    desk = desk_in(folder)
    desk.publish("Laatste bolwerk gevallen", number=1)
    desk.publish("Laatste bolwerk gevallen", number=2, outlet="Peilpunt")
    desk.match()
    desk.clock.forward(minutes=5)
    desk.send()
    changed = BAGHUZ.replace("Duizenden vrouwen", "Tienduizenden vrouwen")
    desk.publish("Laatste bolwerk gevallen", changed, number=1)
    desk.publish(HOSTILE, f"Het kalifaat {HOSTILE} in een ander dorp.", number=3, outlet=HOSTILE)
    desk.match()
    desk.clock.forward(minutes=5)
    desk.send()
    desk.writer.close()
    with served(context_in(folder)) as visitor:
        yield visitor
