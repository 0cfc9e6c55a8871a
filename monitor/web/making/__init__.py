"""What every page is made with: the archive, templates and texts, times, forms."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
