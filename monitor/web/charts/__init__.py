"""Charts drawn on the server: they work in print, in mail and without script."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
