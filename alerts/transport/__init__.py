"""Guarded connections to addresses that people configure: HTTP and SMTP."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
