"""One article out of the pages over which its outlet spreads it, and which is the next one."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import chain
from typing import cast
from urllib.parse import urlsplit

from lxml.etree import XPath
from lxml.html import HtmlElement

from crawler.addresses.links import web_address
from crawler.addresses.site_ids import bare_host
from crawler.frozen import dataclass
from crawler.model import Article
from crawler.pages.title import same_title
from crawler.text.comparable import comparable
from crawler.text.plain import one_line

MOST_PAGES = 10  # of one article; chosen: pagers of news have two to five
_NUMBER = re.compile(
    r"\W*\b(?:pagina|page|deel|part|pag\.?)\s*\d{1,2}(?:\s*(?:van|of|/)\s*\d+)?\W*$", re.IGNORECASE
)
_REPEATED = 40  # letters; chosen: a paragraph this long is said once, a shorter one may be a label
_PAGE_LINK = re.compile(
    r"(?:ga naar |naar |volgende |next |vers? |lees verder op )?(?:de )?(?:volgende )?"
    r"(?:pagina|page|seite|deel|part)(?: \d{1,2}(?: ?(?:van|of|von|sur|/) ?\d{1,2})?)?\W*$"
    r"|(?:lees |ga )?(?:volgende|next|verder|door)\W*$|verder lezen\W*$|[\u203a»>→]+$"
    r"|(?:lees |ga )?(?:verder )?(?:naar |met )?(?:het |de )?"
    r"(?:tweede|derde|vierde|vijfde|volgende) (?:deel|pagina)\W*$"
    r"|(?:continue|weiter|(?:la )?suite|(?:page )?suivante?)(?: \w+)?\W*$",
    re.IGNORECASE,
)
_REMARKS_MARK = re.compile(r"(?:^|[\s_-])(?:comments?|reacties?|disqus)(?:$|[\s_-])")
_PAGE_IN_QUERY = re.compile(r"(?:^|&)(?:page|pagina|paged?|p|pg|pag|deel|seite)=(\d{1,2})(?=&|$)")
_PAGE_IN_PATH = re.compile(
    r"(?:/(?:page|pagina|deel|p|blz)?[-/]?|[-_](?:(?:page|pagina|deel|p)[-_]?)?|,)(\d)(?:\.html?)?$"
)
# An address whose path is what stands there.
_AS_WRITTEN = re.compile(r"(?:https?://[A-Za-z0-9.-]+)?/(?![/.])[!#-;=?-Z_a-z~\[\]@%]*")
_LINKED = XPath("descendant::a/@href", smart_strings=False)
_LINKED_BY_HEAD = XPath("descendant::link/@href", smart_strings=False)


@dataclass(frozen=True, slots=True)
class ArticlePart:
    """What one page gives of an article, and the address of the next one, "" if it is the last.

    `article.partial` says that text of this page is missing. `refrains` are the paragraphs that are
    no part of it if other articles of the outlet have them too.
    """

    article: Article
    next_page: str = ""
    refrains: tuple[str, ...] = ()


def joined_pages(pages: Sequence[ArticlePart]) -> Article:
    """The article of the first page with the text of the others, in their order.

    What each page repeats (the lead, the beginning) stands once. The article is partial if text of
    a page is missing, or if a next page is, as is that of a page that has another headline.
    """
    first, blocks = pages[0].article, list(filter(None, pages[0].article.body.split("\n\n")))
    labels = {block for block in blocks if len(block) < _REPEATED}
    known = comparable(f"{first.title}\n{first.lead}\n{first.body}")
    partial, mild, more = first.partial, first.mild, pages[0].next_page
    for page in pages[1:]:
        other = page.article
        if not same_title(_NUMBER.sub("", other.title), _NUMBER.sub("", first.title)):
            return replace(first, body="\n\n".join(blocks), partial=True, mild=mild)
        for block in (*other.lead.split("\n\n"), *other.body.split("\n\n")):
            words = comparable(block)
            told = words in known if len(words) >= _REPEATED else block in labels
            if words and not told:
                blocks.append(block)
                known = f"{known}\n{words}"
        partial, mild = partial or other.partial, mild or other.mild
        more = page.next_page
    return replace(first, body="\n\n".join(blocks), partial=partial or bool(more), mild=mild)


def only_repeats(page: ArticlePart, earlier: Iterable[ArticlePart]) -> bool:
    """Whether a page has a text, and says nothing that none of the earlier ones says.

    Its pager leads through a list beside the article then: the server gives this anew each time.
    """
    known = {block for one in earlier for block in one.article.body.split("\n\n")}
    return bool(page.article.body) and known.issuperset(page.article.body.split("\n\n"))


def next_page_of(tree: HtmlElement, url: str) -> str:
    """The address of the article's next page, "" if this is the last or only one.

    A link to another article may be called "next" as well: only the page's own address with a
    number behind it is a page of the same article.
    """
    own, number = _page_number(url)
    # Some count from nought: behind the page without a number comes "?page=1".
    wanted = (2, 1) if number is None else (number + 1,)
    path = own.removeprefix(bare_host(urlsplit(url).netloc))
    # Quick, as a page may have thousands of links: only few have the number and the path in them.
    hrefs = {*cast("list[str]", _LINKED(tree)), *cast("list[str]", _LINKED_BY_HEAD(tree))}
    numbered = {href for number in map(str, wanted) for href in hrefs if number in href}
    following: dict[str, tuple[str, int]] = {}
    for href in (one for one in numbered if path in one or not _is_as_written(one)):
        address = web_address(href, url) or ""
        base, at = _page_number(address)
        if base == own and at in wanted and at is not None:
            following[href] = address, at
    for link in chain(tree.iter("link"), tree.iter("a")) if following else ():
        address, at = following.get(link.get("href") or "", ("", 0))
        if address and _leads_on(link, at):
            return address
    return ""


def _leads_on(link: HtmlElement, following: int) -> bool:
    """Whether a link says that it leads to the next page, which has this number."""
    if "next" in (link.get("rel") or "").lower().split():
        return True
    called = one_line(" ".join(link.itertext())) if link.tag == "a" else ""
    called = called or link.get("title") or link.get("aria-label") or ""
    if not _PAGE_LINK.match(called) and called != str(following):
        return False
    return (following != 1 or "1" not in called) and not _is_of_remarks(link)  # no "Pagina 1"


def _is_as_written(href: str) -> bool:
    """Whether the path of an address is what stands there."""
    return "/." not in href and "&amp;" not in href and _AS_WRITTEN.fullmatch(href) is not None


def _is_of_remarks(link: HtmlElement) -> bool:
    """Whether a link leads through what readers say."""
    return any(
        _REMARKS_MARK.search(f"{up.get('class', '')} {up.get('id', '')}".lower())
        for up in link.iterancestors()
    )


def _page_number(url: str) -> tuple[str, int | None]:
    """An address without the number of a page in it, and that number, None without one."""
    parts = urlsplit(url)
    found = _PAGE_IN_QUERY.search(parts.query)
    path = parts.path.rstrip("/")
    if found is None:
        found = _PAGE_IN_PATH.search(path)
        path = path if found is None else path[: found.start()]
    base = re.sub(r"\.html?$", "", path)
    return f"{bare_host(parts.netloc)}{base}", int(found[1]) if found else None
