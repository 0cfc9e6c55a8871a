"""What the ledger of alerts no longer keeps: what has had its time, and what is to be forgotten."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
