"""What is known of the sitemaps that an index names, so that each is asked for conditionally."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

from crawler.model import Validators
from crawler.store.connection import Connection


class SitemapStore:
    """The validators of sitemaps, by source and address; `keep` belongs in a writer's job."""

    def __init__(self, db: Connection) -> None:
        self._db = db

    def of(self, sources: Sequence[str]) -> dict[str, dict[str, Validators]]:
        """The validators of the sitemaps of these sources: by source, then by address."""
        known: dict[str, dict[str, Validators]] = {}
        for row in self._db.rows(
            "SELECT * FROM sitemaps WHERE source IN (SELECT value FROM json_each(?))",
            [json.dumps(sources)],
        ):
            found = known.setdefault(row["source"], {})
            found[row["url"]] = Validators(row["etag"], row["last_modified"])
        return known

    def keep(self, source: str, sitemaps: Mapping[str, Validators]) -> None:
        """Store these sitemaps of the source, and forget its others."""
        self._db.execute("DELETE FROM sitemaps WHERE source = ?", [source])
        for url, validators in sitemaps.items():
            self._db.execute(
                "INSERT INTO sitemaps (source, url, etag, last_modified) VALUES (?, ?, ?, ?)",
                [source, url, validators.etag, validators.last_modified],
            )
