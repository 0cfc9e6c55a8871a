"""Decides whether something is told, in which message, when, and when it is tried again."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
