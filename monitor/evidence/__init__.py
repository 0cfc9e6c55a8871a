"""Evidence kept while the program runs, and for the commands: where it is, and by which rules."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
