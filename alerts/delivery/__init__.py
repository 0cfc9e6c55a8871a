"""The way from an alert to a sent message: queue, claim, send, record."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
