"""Receivers on this machine: a stand-in for Slack, a mailbox, and the owner of a webhook."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
