"""The title of a page's article among the several that a page gives."""

from __future__ import annotations

import re
from collections.abc import Iterable

from crawler.text.comparable import comparable

_SEPARATOR = re.compile(r"\s+[|–\u2014·•»:-]+\s+")
_CUT = re.compile(r"\s*(?:\.\.\.|…)\s*$")
_TELLING = 20  # letters from which the beginning of a title is the title
_NO_ARTICLE = re.compile(
    r"(?:error |fout )?40[34](?:\W*(?:error|fout|niet|not|pagina|page|verboden|forbidden)\b.*)?"
    r"|(?:deze )?pagina (?:is )?(?:niet|bestaat niet)\b.*|(?:page )?not found.*|niet gevonden"
    r"|(?:helaas|oeps|sorry)\W+(?:er (?:is|ging) iets|(?:deze |de )?pagina|we kunnen)\b.*|oeps\W*"
    r"|access denied.*|just a moment.*|inloggen|log in|cookies?(?:[ -]?wall)?",
    re.IGNORECASE,
)


def title_of(told: Iterable[str], *, heading: str, window: str, names: Iterable[str]) -> str:
    """The title: as told (JSON-LD first), else the main heading, else that of the window.

    The outlet's `names` behind it go, and a title that was cut short is completed by the heading.
    """
    site = {comparable(name).lower() for name in names if name}
    first = next(filter(None, (_without_site(title, site) for title in told)), "")
    own = _without_site(heading, site)
    if own and first:
        return own if _is_cut(first, own) or _begins(first, own) else first
    return first or own or _without_site(window, site)


def _without_site(title: str, site: set[str]) -> str:
    *words, last = _SEPARATOR.split(title)
    if words and comparable(last).lower() in site:
        return title[: title.rindex(last)].rstrip(" |–\u2014·•»:-")
    return "" if comparable(title).lower() in site else title


def _is_cut(title: str, heading: str) -> bool:
    start = _CUT.sub("", title)
    return start != title and heading.startswith(start)


def _begins(title: str, heading: str) -> bool:
    """The title is the heading with something of the site behind it."""
    rest = title.removeprefix(heading)
    return rest != title and _SEPARATOR.match(rest) is not None


def same_title(one: str, other: str) -> bool:
    """Whether two titles are one, but for typography, a cut, and what a site puts behind."""
    first, second = sorted(
        (_CUT.sub("", comparable(text)).lower() for text in (one, other)), key=len
    )
    if len(first) < _TELLING:
        return bool(first) and first == second
    return second.startswith(first)


def is_no_article(title: str) -> bool:
    """Whether a page of this title says that it has no article."""
    return _NO_ARTICLE.fullmatch(title) is not None
