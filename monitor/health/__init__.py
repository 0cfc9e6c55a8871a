"""How the program does, for other programs: health, metrics, and a dead man's switch."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
