"""The morning paper on the page: each edition, as it prints, and its editing before it goes."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
