"""The archive for other programs: the objects of `--json`, page by page, and their description."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
