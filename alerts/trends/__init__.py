"""How many articles and stories each rule found on each day, kept as it is found."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
