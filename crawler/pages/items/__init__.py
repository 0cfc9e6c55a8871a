"""The items of a page: the updates of a live blog, the news of an overview."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
