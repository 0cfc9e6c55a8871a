"""A backup that is put back, by the real commands."""

from __future__ import annotations

import pytest
from loopback import Site
from newsdesk import Newsdesk

CAMP = "In het kamp bij de grens wonen vrouwen en kinderen uit het kalifaat, meldt het leger."
TRIAL = "De rechtbank veroordeelt een man die in het kalifaat vocht tot zes jaar cel."


@pytest.mark.slow
def test_a_backup_that_is_put_back_tells_old_news_in_one_summary(
    desk: Newsdesk, outlet: Site
) -> None:
    outlet.article("/1", "Rustige dag", "Er gebeurde vandaag weinig.")
    outlet.feed(("/1", "Rustige dag", ""))
    desk.sources(krant=outlet.url + "/rss")
    desk.ok("crawl", "krant")
    copy = str(desk.folder / "kopie.db")
    desk.ok("backup", copy)
    outlet.article("/2", "Vrouwen in het kamp", CAMP)
    outlet.feed(("/1", "Rustige dag", ""), ("/2", "Vrouwen in het kamp", CAMP))
    assert "Vrouwen in het kamp" in desk.ok("crawl", "krant").out

    desk.ok("restore", copy)
    again = desk.ok("crawl", "krant").out
    outlet.article("/3", "Zes jaar cel", TRIAL)
    outlet.feed(("/3", "Zes jaar cel", TRIAL), ("/2", "Vrouwen in het kamp", CAMP))
    later = desk.ok("crawl", "krant").out

    assert "Een reservekopie is teruggezet: 1 verhaal van daarvoor, misschien al gemeld" in again
    assert "Zes jaar cel" in later
    assert "reservekopie" not in later
