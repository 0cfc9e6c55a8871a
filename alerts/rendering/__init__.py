"""A message as a reader sees it, before a channel gives it its own form."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
