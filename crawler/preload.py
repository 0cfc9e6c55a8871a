"""What worker processes share: imported once by the process from which they are forked."""

from __future__ import annotations

import contextlib
import gc
import importlib

for name in ("crawler.extract", "crawler.feeds", "crawler.sitemaps", "crawler.sections"):
    with contextlib.suppress(ImportError):
        importlib.import_module(name)
for name in ("feedparser", "lxml.html", "trafilatura"):
    importlib.import_module(name)
# Memory that the collector does not walk is not written to, and so stays shared.
gc.collect()
gc.freeze()
