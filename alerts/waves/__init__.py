"""Waves: when a rule finds many more stories than usual, and when that is over."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
