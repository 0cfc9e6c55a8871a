"""What makes an article's text besides its paragraphs: JSON-LD, posts; and lines that do not."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
