"""What worker processes share: imported once by the process from which they are forked."""

from __future__ import annotations

import gc
import importlib

READERS = ("extract", "feedloose", "feeds", "reading", "sections", "sitemaps", "walls")

for name in READERS:
    importlib.import_module(f"crawler.{name}")
for name in ("feedparser", "trafilatura"):  # their users load them when they are needed
    importlib.import_module(name)
# Memory that the collector does not walk is not written to, and so stays shared.
gc.collect()
gc.freeze()
