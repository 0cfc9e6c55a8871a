"""Sitemaps that are plain text: an address a line (https://www.sitemaps.org/protocol.html#otherformats)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import islice
from urllib.parse import urlsplit

from crawler.addresses.links import web_address
from crawler.text.invisible import LINE_ENDS

_LINE = re.compile(f"[^{LINE_ENDS}]+")
_LISTED = re.compile(r"[\"']?https?://\S+(?: ?[,;])?", re.IGNORECASE)
_LOOKED_AT = 50  # lines that show what a document is; chosen, as is the next
_FEWEST = 0.8  # of these are addresses
_SITEMAP_PATH = re.compile(r"\.xml(?:\.gz)?$", re.IGNORECASE)


def is_address_list(text: str, *, whole: bool = True) -> bool:
    """Whether a document, or with `whole=False` the start of one, lists addresses line by line."""
    lines = list(islice(_lines(text), _LOOKED_AT))
    if not whole and 1 < len(lines) < _LOOKED_AT:
        lines.pop()  # it may go on
    listed = list(map(_is_listed, lines))
    return listed[:1] == [True] and sum(listed) >= _FEWEST * len(lines)


def listed_lines(text: str, *, whole: bool) -> list[str]:
    """The lines that say something, without a last one that breaks off."""
    lines = list(_lines(text))
    if not whole and text[-1:] not in LINE_ENDS:
        lines.pop()
    return lines


def addresses_in(lines: Iterable[str]) -> list[str]:
    """The address in each of these lines; "" for one that is none."""
    return [web_address(line) if _is_listed(line) else "" for line in lines]


def name_sitemaps(addresses: list[str]) -> bool:
    """Whether a list of addresses is an index: all of them are those of XML documents."""
    return all(_SITEMAP_PATH.search(urlsplit(address).path) for address in addresses if address)


def _is_listed(line: str) -> bool:
    return _LISTED.fullmatch(line) is not None and bool(web_address(line))


def _lines(text: str) -> Iterator[str]:
    """Yield each line that says something; some programs write comments."""
    found = (line[0].strip() for line in _LINE.finditer(text))
    return (line for line in found if line and not line.startswith("#"))
