"""The ledger of alerts, in the same SQLite file as the archive."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
