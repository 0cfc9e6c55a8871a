"""The texts of which an article's is made: lines that are none of it, what JSON-LD says besides."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
