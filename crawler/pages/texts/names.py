"""The names of the elements of a page: found once, for all who look for some of them."""

from __future__ import annotations

import re
from typing import cast

from lxml.etree import XPath
from lxml.html import HtmlElement

from crawler.frozen import dataclass

# Finding all costs a tenth of asking each element for its own.
_CLASSES = XPath("descendant-or-self::*/@class", smart_strings=False)
_IDS = XPath("descendant-or-self::*/@id", smart_strings=False)
_PROPERTIES = XPath("descendant-or-self::*/@itemprop", smart_strings=False)


@dataclass(frozen=True, slots=True)
class PageNames:
    """The classes and the ids of all elements of a page, and their properties (microdata).

    What is not among them stands nowhere on the page. Classes and ids are a line each.
    """

    classes: str
    ids: str
    properties: frozenset[str]

    def say(self, mark: re.Pattern[str]) -> bool:
        """Whether some class or property matches, as it is or in small letters."""
        names = "\n".join((self.classes, *self.properties))
        return bool(mark.search(names) or mark.search(names.lower()))

    def hold(self, *words: str) -> bool:
        """Whether one of these words stands in some class or id."""
        return any(word in self.classes or word in self.ids for word in words)


def names_in(tree: HtmlElement) -> PageNames:
    """The names of the elements of a page."""
    return PageNames(
        "\n".join(set(cast("list[str]", _CLASSES(tree)))),
        "\n".join(set(cast("list[str]", _IDS(tree)))),
        frozenset(cast("list[str]", _PROPERTIES(tree))),
    )
