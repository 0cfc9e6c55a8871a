"""Who gets in: a key for this machine, a password, a proxy that knows its users, tokens."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
