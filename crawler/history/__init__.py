"""An archive of its own, filled from web archives or exports, with their dates as its clock."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
