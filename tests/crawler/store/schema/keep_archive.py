"""Writes a small archive of the schema as it is now; run it before a step is added.

    python3 run --dev-python tests/crawler/store/schema/keep_archive.py

The file goes into `tests/crawler/store/archives/schemas`, where `test_upgrades.py` finds it. Its
name has the number of steps, and those that no other archive there is named after.
"""

from __future__ import annotations

import lzma
import sqlite3
import sys
import tempfile
from contextlib import closing
from pathlib import Path

from sqlite_utils import Database

TESTS = Path(__file__).parents[3]
sys.path[:0] = [str(TESTS.parent), str(TESTS / "acceptance")]

from loopback import TEXT, Site  # noqa: E402 - found by the path above
from newsdesk import Newsdesk  # noqa: E402 - found by the path above

from alerts.store import migrations as alerts_migrations  # noqa: E402 - found by the path above
from crawler.store import migrations  # noqa: E402 - found by the path above

PLACE = TESTS / "crawler" / "store" / "archives" / "schemas"
CALIPHATE = "In het Syrische dorp Baghuz is het kalifaat gevallen, meldt de coalitie."
DEBATE = "De Kamer debatteert over het kalifaat en de kampen. De minister wil nog niets zeggen."
MORE = " Het kalifaat telde ooit miljoenen inwoners, aldus de coalitie."


def main() -> None:
    """Crawl two feeds twice, of which one changes a text in between, and keep the archive."""
    with tempfile.TemporaryDirectory() as folder, closing(Site()) as site:
        desk = Newsdesk(Path(folder))
        site.article("/nieuws/1", "Laatste bolwerk van het kalifaat gevallen", CALIPHATE)
        site.article("/nieuws/2", "Brug over de Linge dicht", TEXT)
        site.feed(
            ("/nieuws/1", "Laatste bolwerk van het kalifaat gevallen", CALIPHATE),
            ("/nieuws/2", "Brug over de Linge dicht", TEXT),
        )
        sources = {"krant": ("/rss", "page"), "dienst": ("/dienst", "entry")}
        desk.write(
            "sources.toml",
            "".join(
                f'[[source]]\nid = "{name}"\noutlet = "{name.title()}"\nkind = "feed"\n'
                f'url = "{site.url}{path}"\nfetch = "{fetch}"\n'
                for name, (path, fetch) in sources.items()
            ),
        )
        for text in (DEBATE, DEBATE + MORE):
            site.feed(("/bericht/3", "Kamer debatteert over kalifaat", text), path="/dienst")
            desk.ok("crawl", *sources)
        written = PLACE / f"{_name()}.db.xz"
        written.write_bytes(_packed(desk.folder / "nieuws.db"))
    sys.stdout.write(f"{written}: {written.stat().st_size} bytes\n")


def _name() -> str:
    steps = [
        step.name
        for each in (migrations, alerts_migrations)
        for step in each.pending(Database(memory=True))
    ]
    named = {name for path in PLACE.iterdir() for name in path.name[3:-6].split("-")}
    new = set(steps) - named - {"m001_articles", "m002_stories"}
    return f"{len(steps):02d}-{'-'.join(sorted(new))}"


def _packed(path: Path) -> bytes:
    """The file as small as it gets, without counts that are made anew."""
    with closing(sqlite3.connect(path)) as db:
        db.execute("DELETE FROM story_sketches")
        db.commit()
        db.execute("PRAGMA journal_mode = DELETE")
        db.execute("VACUUM")
    return lzma.compress(path.read_bytes(), preset=9 | lzma.PRESET_EXTREME)


if __name__ == "__main__":
    main()
