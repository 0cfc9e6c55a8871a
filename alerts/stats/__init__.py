"""Numbers that can be defended: what was found, of how much, and what may be missing in it."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
