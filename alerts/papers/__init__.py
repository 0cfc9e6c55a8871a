"""The morning paper: which one goes when, what stands in it, and what an editor changes before."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
