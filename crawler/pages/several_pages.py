"""One article out of the several pages over which its outlet spreads it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from crawler.frozen import dataclass
from crawler.model import Article
from crawler.pages.title import same_title
from crawler.text.comparable import comparable

MOST_PAGES = 10  # of one article; chosen: pagers of news have two to five
_NUMBER = re.compile(
    r"\W*\b(?:pagina|page|deel|part|pag\.?)\s*\d{1,2}(?:\s*(?:van|of|/)\s*\d+)?\W*$", re.IGNORECASE
)
_REPEATED = 40  # letters; chosen: a paragraph this long is said once, a shorter one may be a label


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
