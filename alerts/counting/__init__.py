"""The file as others count with it: views over the archive and the ledger, with local days."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
