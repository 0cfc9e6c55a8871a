"""Text in Atom feeds (RFC 4287)."""

from __future__ import annotations

import re

from lxml import etree

ATOM = "http://www.w3.org/2005/Atom"
# What XML 1.0 has no way to write.
_UNWRITABLE = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def atom_text(parent: etree._Element, name: str, text: str) -> None:
    """Add an element of Atom with this text."""
    etree.SubElement(parent, f"{{{ATOM}}}{name}").text = writable(text)


def writable(text: str) -> str:
    """The text, without what XML cannot write."""
    return _UNWRITABLE.sub("\ufffd", text)
