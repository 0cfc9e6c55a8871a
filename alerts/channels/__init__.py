"""Ways to people: a package for each kind, which holds its settings, its form and its way there."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
