"""E-mail: the form of a mail, and one mail for each recipient."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
