"""A page with a morning paper that goes tomorrow, behind which a daemon works."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path

from deliverydesk import Desk
from page_newsroom import context_in, desk_in
from served_page import AtWork, Visitor, served

from alerts.papers import issue_due
from monitor.context import Context
from monitor.health import Vitals

REVIEWS = """
[[review]]
id = "ochtend"
name = "Ochtendkrant"
at = "07:00"
channels = ["scherm"]
sections = [{ title = "Syrië", rules = ["kalifaat"] }]
"""


@contextlib.contextmanager
def paper_page(folder: Path) -> Iterator[tuple[Visitor, Desk, Context]]:
    """A visitor who may change something, the desk, and the page's context; three stories."""
    desk = desk_in(folder)
    context_in(folder)
    context = Context(config_dir=folder, db=folder / "nieuws.db", clock=desk.clock)
    (folder / "reviews.toml").write_text(REVIEWS, "utf-8")
    go(desk, context)
    for number, title in enumerate(("Eerste kalifaat", "Tweede kalifaat", "Derde kalifaat")):
        body = f"Het {number}e stuk over {title.lower()} en wat er op straat gebeurde."
        desk.publish(title, body, number=number + 1, lead="")
        desk.match()
        desk.clock.forward(minutes=1)
    daemon = AtWork(desk.writer, [channel.plan for channel in desk.channels])
    with served(context, Vitals(desk.writer, desk.clock), daemon) as visitor:
        yield visitor.enter(context), desk, context
    desk.writer.close()


def go(desk: Desk, context: Context) -> int:
    """Let the papers that are due go."""
    room = context.press_room(desk.rulebook, [channel.plan for channel in desk.channels])
    papers = context.papers
    return len(desk.writer.run(lambda db: issue_due(db, papers, room, desk.clock())))


def tomorrow(desk: Desk, context: Context) -> int:
    """Let a day pass, and the paper of it go."""
    desk.clock.forward(days=1)
    return go(desk, context)
