"""The channels: a package for each kind, with its settings, its form and its transport."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
