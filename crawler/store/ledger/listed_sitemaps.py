"""What is known of the sitemaps that an index names, so that each is asked for conditionally."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

from crawler.model import KnownSitemap, Validators
from crawler.store.connection import Connection
from crawler.store.records import as_text, as_time, optional_text, optional_time


class SitemapStore:
    """What is known of sitemaps, by source and address; `keep` belongs in a writer's job."""

    def __init__(self, db: Connection) -> None:
        self._db = db

    def of(self, sources: Sequence[str]) -> dict[str, dict[str, KnownSitemap]]:
        """What is known of the sitemaps of these sources: by source, then by address."""
        known: dict[str, dict[str, KnownSitemap]] = {}
        for row in self._db.rows(
            "SELECT * FROM sitemaps WHERE source IN (SELECT value FROM json_each(?))",
            [json.dumps(sources)],
        ):
            found = known.setdefault(row["source"], {})
            found[row["url"]] = KnownSitemap(
                validators=Validators(row["etag"], row["last_modified"]),
                asked=as_time(row["asked"]),
                changed=optional_time(row["changed"]),
                digest=row["digest"],
            )
        return known

    def keep(self, source: str, sitemaps: Mapping[str, KnownSitemap]) -> None:
        """Store these sitemaps of the source, and forget its others."""
        self._db.execute("DELETE FROM sitemaps WHERE source = ?", [source])
        for url, known in sitemaps.items():
            self._db.execute(
                """
                INSERT INTO sitemaps (source, url, etag, last_modified, asked, changed, digest)
                VALUES (?, ?, ?, ?, ?, ?, ?)
                """,
                [
                    *(source, url, known.validators.etag, known.validators.last_modified),
                    *(as_text(known.asked), optional_text(known.changed), known.digest),
                ],
            )
