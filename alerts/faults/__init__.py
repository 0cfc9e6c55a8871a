"""What can go wrong with a delivery: kinds with parameters, and their words by language."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
