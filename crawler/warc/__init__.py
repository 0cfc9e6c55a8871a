"""Records of web archives (WARC, ISO 28500), read under caps, with each fault at its place."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
