"""The stories by which waves are counted, and the waves that there were; tables of their own."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
