from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest
from sqlite_utils import Database
from story_corpus import START, Piece, as_article

from crawler.store import ArticleStore, Connection, migrations

WHY = (
    "Volgens wethouder Petra Noordhoek was er geen keus. De brug uit 1931 werd in 2009 voor het "
    "laatst versterkt en draagt per dag zo'n 6.200 voertuigen."
)
FERRY = (
    "Fietsers kunnen met een pontje naar de overkant, dat elke twaalf minuten vaart. "
    "Automobilisten moeten 17 kilometer omrijden via Oudeschans."
)
SHOPS = (
    "Winkeliers in het dorp vrezen voor hun omzet en vragen de provincie om 400.000 euro. "
    "Gedeputeerde Koos Tolsma wil daar pas over praten als het herstel is begonnen."
)


@pytest.fixture
def db() -> Connection:
    held = Connection.opened(":memory:")
    migrations.apply(Database(held.raw))
    return held


@pytest.fixture
def archive(db: Connection) -> ArticleStore:
    return ArticleStore(db)


@pytest.fixture
def now() -> datetime:
    return START


@pytest.fixture
def wire() -> Piece:
    """A report of the length that most wires have."""
    return Piece(
        slug="brug",
        title="Brug bij Wijngaarden gaat maanden dicht",
        lead="De brug over de Lange Vliet bij Wijngaarden is vanaf 4 mei gesloten voor al het "
        "verkeer. Inspecteurs vonden scheuren in negen van de veertien pijlers.",
        body=(WHY, FERRY, SHOPS, "Het werk duurt tot half november en kost 3,8 miljoen euro."),
    )


@pytest.fixture
def save(archive: ArticleStore) -> Callable[..., str]:
    """Saves a piece as an article and gives the story it was assigned."""

    def saved(piece: Piece, name: str, at: datetime = START, outlet: str = "De Ochtend") -> str:
        return archive.save(as_article(piece, name, outlet=outlet, at=at), now=at).story

    return saved
