"""The spider's tasks, and their answers read in worker processes with a deadline."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
