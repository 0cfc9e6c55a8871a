"""Proof of what was read: the bytes of pages in web archives, their digests in a chain."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
