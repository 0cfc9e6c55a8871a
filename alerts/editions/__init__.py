"""The editions of morning papers that went, and what an editor changed of the next."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
