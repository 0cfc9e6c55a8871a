"""What a page says about its article in meta elements, time stamps and links."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import lru_cache
from itertools import chain, islice, takewhile

from lxml.etree import XPath
from lxml.html import HtmlElement

from crawler.frozen import dataclass
from crawler.pages.jsonld import LinkedData
from crawler.pages.texts.names import PageNames, names_in
from crawler.text.dates import parse_date
from crawler.text.plain import one_line, plain_line
from crawler.text.relative_dates import relative_part

_TITLE = ("og:title", "twitter:title", "dcterms.title", "dc.title")
_LEAD = ("og:description", "description", "twitter:description", "dcterms.description")
_AUTHOR = (
    *("author", "article:author", "cxenseparse:author", "parsely-author", "sailthru.author"),
    *("dcterms.creator", "dc.creator", "byl"),
)
_PUBLISHED = (
    *("article:published_time", "og:article:published_time", "datepublished", "cxenseparse:recs"),
    *("publishdate", "pubdate", "publication_date", "parsely-pub-date", "sailthru.date", "date"),
    *("dcterms.issued", "dc.date.issued", "dcterms.available", "dcterms.created", "dc.date"),
    "dcterms.date",
)
_MODIFIED = (
    *("article:modified_time", "og:updated_time", "datemodified", "dcterms.modified"),
    *("last-modified", "lastmod"),
)
_SECTION = ("article:section", "og:article:section", "cxenseparse:section", "parsely-section")
_LANGUAGE = ("og:locale", "content-language", "dcterms.language", "dc.language", "language")
_IMAGE = ("og:image", "og:image:url", "og:image:secure_url", "twitter:image", "twitter:image:src")
_TIERS = {"free": False, "locked": True, "metered": True}
_AUTHOR_MARK = re.compile(r"(?:^|[\s_-])(?:author|auteur)(?:[_-]*names?)?(?:$|\s)", re.IGNORECASE)
_BYLINE_MARK = re.compile(r"(?:^|[\s_-])byline(?:$|[\s_-])", re.IGNORECASE)
_NAME = (
    r"[A-ZÀ-Þ][\w'’.-]*"
    r"(?: (?:(?:van|von|de|der|den|het|'t|ten|ter|la|le|el|al|bin) ){0,2}[A-ZÀ-Þ][\w'’.-]+){0,3}"
)
# "Door Jan Jansen", "Tekst: Ana Bell en Kim de Vries"; behind a colon one word will do ("ANP").
_WRITTEN_BY = re.compile(
    r"(?i:(?:geschreven )?door|tekst|auteurs?|by)(?:: ?| (?=[A-ZÀ-Þ]\S* \S))"
    rf"(?P<names>{_NAME}(?:(?:, | en | & ){_NAME}){{0,4}})"
    r"(?:\W{1,3}(?:(?:op|on|le|am) )?(?:[a-z]{2,9}\.?,? )?\d.{0,40})?"
)
_DATE_MARK = re.compile(r"(?:^|[\s_-])(?:pub_?)?(?:date|datum|published|gepubliceerd)(?:$|[\s_-])")
_BESIDE = re.compile(r"\s[·•|–—-]\s")
_DATED = re.compile(
    r"\d[ /.-][a-z\d]+\.?[ /.-]\d{2,4}|\d\d?[:.]\d\d|geleden|gisteren|vandaag", re.IGNORECASE
)
_MONTH = (
    "(?:jan|jän|feb|f[eé]v|mar|mrt|maart|mär|apr|avr|mei|may|mai|ju[nil]|aug|ao[uû]|sep|o[kc]t|nov"
    "|d[eé][cz])[a-zéû]*\\.?"
)
_CLOCK = r"\d{1,2}(?:[:.uh]| h )\d\d(?: ?[ap]\.?m\.?)?"
_WRITTEN = re.compile(
    rf"(?:{_CLOCK},? (?:op )?)?(?:\d{{1,2}}(?:er|\.)? {_MONTH} \d{{4}}|{_MONTH} \d{{1,2}}, \d{{4}}"
    rf"|\d{{1,2}}[-/.]\d{{1,2}}[-/.]\d{{4}})(?:\W{{1,3}}(?:(?:om|à|um|at) )?{_CLOCK})?",
    re.IGNORECASE,
)
_CHANGED = re.compile(
    r"\b(?:update|updated|bijgewerkt|gewijzigd|aangepast|mis à jour|aktualisiert)\b", re.IGNORECASE
)
_RELATED_MARK = re.compile(
    r"(?:^|[\s_-])(?:related|gerelateerd|teasers?|lees-?(?:ook|meer)|recommended|aanbevolen"
    r"|meest-?gelezen|most-?read|trending|populair|comments?|reacties?)(?:$|[\s_-])"
)
_MOST_LOOKED_AT, _LONGEST_LABEL = 2_000, 30  # chosen: elements; letters beside a date
_HEADING_LEVELS = 4  # chosen: elements around the heading in which its date may stand
_MOST_PASSED = 2  # chosen: paragraphs; a lead may stand between heading and date
_LONGEST_NAME = 100  # characters; chosen: a longer line is no name and no date
_HAS_AUTHOR_LINK = XPath("boolean(descendant-or-self::*/@rel[. = 'author'])")


@dataclass(frozen=True, slots=True, kw_only=True)
class PageMetadata:
    """What a page says outside its text: facts of its article, its address, its JSON-LD scripts."""

    names: PageNames
    facts: LinkedData
    canonical: str | None
    og_url: str | None
    heading: str
    window_title: str
    site: str
    scripts: tuple[str, ...]


def metadata_of(tree: HtmlElement) -> PageMetadata:
    """What the page says outside its text; whether to believe it is decided elsewhere.

    Author and date are those of meta elements: `with_shown` looks for others.
    """
    told, names = _told(tree), names_in(tree)
    headings = [one_line(" ".join(h1.itertext())) for h1 in tree.iter("h1")]
    return PageMetadata(
        names=names,
        facts=_facts(tree, told, names),
        canonical=_canonical(tree),
        og_url=told.get("og:url"),
        heading=next(filter(None, headings), ""),
        window_title=one_line(tree.findtext(".//title") or ""),
        site=_first(told, ("og:site_name", "application-name")),
        scripts=tuple(_scripts(tree)),
    )


def _told(tree: HtmlElement) -> Mapping[str, str]:
    """Each name that a meta element carries, with its first content."""
    told: dict[str, str] = {}
    for meta in tree.iter("meta"):
        content = (meta.get("content") or "").strip()
        for attribute in ("property", "name", "itemprop", "http-equiv"):
            if content and (name := meta.get(attribute)):
                told.setdefault(name.strip().lower(), content)
    return told


def _values(told: Mapping[str, str], names: tuple[str, ...]) -> Iterator[str]:
    return (plain_line(told[name]) for name in names if name in told)


def _first(told: Mapping[str, str], names: tuple[str, ...]) -> str:
    return next(filter(None, _values(told, names)), "")


def _facts(tree: HtmlElement, told: Mapping[str, str], names: PageNames) -> LinkedData:
    return LinkedData(
        title=_first(told, _TITLE),
        lead=_first(told, _LEAD),
        author=next((name for name in _values(told, _AUTHOR) if _is_name(name)), ""),
        published=_first(told, _PUBLISHED),
        modified=_first(told, _MODIFIED),
        section=_first(told, _SECTION) or _marked(tree, "articleSection", names),
        language=(tree.get("lang") or _first(told, _LANGUAGE)).strip(),
        image=_first(told, _IMAGE) or _marked(tree, "image", names),
        paid=_paid(told),
    )


def with_shown(
    head: PageMetadata, tree: HtmlElement, known: LinkedData, now: datetime
) -> LinkedData:
    """The facts of the head, with author and date as the page shows them if nobody else says them.

    What is `known` is not looked for: that takes longer than all else that is read here.
    """
    facts, names = head.facts, head.names
    author, published = facts.author, facts.published
    if not (known.author or author):
        shown = chain(_bylines(tree, names), _written_bylines(tree))
        author = next(filter(_is_name, shown), "")
    if not published and parse_date(known.published, now=now) is None:
        marked = _marked(tree, "datePublished", names)
        published = marked if ":" in marked else _time(tree, names) or marked
    return replace(facts, author=author, published=published)


def _is_name(text: str) -> bool:
    return bool(text) and len(text) < _LONGEST_NAME and not re.search(r"\d|://|@", text)


def _bylines(tree: HtmlElement, names: PageNames) -> Iterator[str]:
    """Yield the texts of elements whose name says author, then of those whose name says byline."""
    if not (names.say(_AUTHOR_MARK) or names.say(_BYLINE_MARK) or _HAS_AUTHOR_LINK(tree)):
        return
    later: list[str] = []
    around = _around_heading(tree)
    for element in tree.iter("a", "span", "p", "div", "address", "strong", "h3", "h4", "h5", "h6"):
        name, itemprop = element.get("class"), element.get("itemprop")
        named, called = _marks_of_writers(name, itemprop) if name or itemprop else (False, False)
        named = named or element.get("rel") == "author"
        if not (named or called) or _is_beside(element, around):
            continue
        if named:
            yield one_line(" ".join(element.itertext()))
        else:
            later.append(one_line(" ".join(element.itertext())))
    yield from later


def _written_bylines(tree: HtmlElement) -> Iterator[str]:
    """Yield the names in lines near the main heading that say who wrote it, and no more."""
    around = _around_heading(tree)
    for scope in around[:_HEADING_LEVELS]:
        if scope.tag == "body":
            return
        for element in islice(scope.iter("p", "div", "span", "li"), _MOST_LOOKED_AT):
            text = one_line("".join(islice(element.itertext(), _LONGEST_NAME)))
            if (found := _WRITTEN_BY.fullmatch(text)) and not _is_beside(element, around):
                yield found["names"]


@lru_cache(maxsize=4096)  # a page has few names and repeats them often
def _marks_of_writers(name: str | None, itemprop: str | None) -> tuple[bool, bool]:
    """Whether a name says author, and whether it says byline."""
    marks = f"{name or ''} {itemprop or ''}"
    return bool(_AUTHOR_MARK.search(marks)), bool(_BYLINE_MARK.search(marks))


def _marked(tree: HtmlElement, name: str, names: PageNames) -> str:
    """The value of the first element with this property (microdata)."""
    if name not in names.properties:
        return ""
    for element in tree.iterfind(f".//*[@itemprop='{name}']"):
        given = element.get("content") or element.get("src") or element.get("href")
        text = given or one_line(" ".join(element.itertext()))
        if text:
            return text
    return ""


def _time(tree: HtmlElement, names: PageNames) -> str:
    """The first `time` element that is marked as publication, else the first outside lists.

    If no `time` element has a `datetime`, it is the first date that is shown near the heading.
    """
    around = _around_heading(tree)
    given = (time for time in tree.iter("time") if time.get("datetime"))
    stamps = [time for time in given if not _is_beside(time, around)]
    marked = [t for t in stamps if t.get("pubdate") is not None or "publi" in _marks(t)]
    outside = [
        t for t in stamps if not any(a.tag in {"aside", "nav", "li"} for a in t.iterancestors())
    ]
    chosen = next(iter(marked or outside), None)
    return _shown_date(tree, names) if chosen is None else one_line(chosen.get("datetime", ""))


def _shown_date(tree: HtmlElement, names: PageNames) -> str:
    """The text of the first element near the main heading whose name says date."""
    marked = names.say(_DATE_MARK) or next(tree.iter("time"), None) is not None
    around = _around_heading(tree)
    for scope in around[:_HEADING_LEVELS]:
        if scope.tag == "body":
            break
        written = changed = ""
        passed = 0  # paragraphs: below them stand the remarks of readers, with their times
        for element in islice(scope.iter("time", "span", "div", "p", "li"), _MOST_LOOKED_AT):
            text = one_line("".join(islice(element.itertext(), _LONGEST_NAME)))
            passed += element.tag == "p" and len(text) > _LONGEST_LABEL
            if len(text) > _LONGEST_NAME:
                continue
            named = marked and (element.tag == "time" or _DATE_MARK.search(_marks(element)))
            relative = (
                relative_part(text, marked=bool(named))
                if named or (passed < _MOST_PASSED and _is_apart(element))
                else ""
            )
            told = named and (_DATED.search(text) or relative)
            alone = _date_alone(text) or relative
            if not (told or alone) or _is_beside(element, around):
                continue
            if _CHANGED.search(text):
                changed = changed or alone
            elif told:
                return text if _WRITTEN.search(text) else relative or text
            else:
                written = written or alone
        if written or changed:
            return written or changed
    return ""


def _date_alone(text: str) -> str:
    """A day with its time in a line that says little more, "" if there is none."""
    found = _WRITTEN.search(text)
    if found is None or text.endswith("."):
        return ""
    before, behind = text[: found.start()], text[found.end() :]
    label = len(_BESIDE.split(before)[-1]) + len(_BESIDE.split(behind)[0])
    return found[0] if label <= _LONGEST_LABEL else ""


def _is_apart(element: HtmlElement) -> bool:
    """Whether an element is in no link and no list: there are other articles, with their times."""
    return element.tag != "li" and all(
        up.tag not in {"a", "li", "td"} for up in islice(element.iterancestors(), _HEADING_LEVELS)
    )


def _around_heading(tree: HtmlElement) -> list[HtmlElement]:
    """The elements around the main heading, the innermost first."""
    heading = next(tree.iter("h1"), None)
    return [] if heading is None else list(heading.iterancestors())


def _is_beside(element: HtmlElement, around: Sequence[HtmlElement]) -> bool:
    """Whether an element stands in a box about other articles, beside the main heading."""
    in_article = any(up.tag == "article" for up in around)
    boxes = takewhile(lambda up: up.tag != "body" and up not in around, element.iterancestors())
    return any(
        up.tag in {"aside", "nav"}
        or (up.tag == "article" and in_article)
        or _RELATED_MARK.search(_marks(up)) is not None
        for up in boxes
    )


def _marks(element: HtmlElement) -> str:
    return f"{element.get('class', '')} {element.get('itemprop', '')}".lower()


def _paid(told: Mapping[str, str]) -> bool | None:
    """Whether the article is for subscribers, as Facebook's or Mediahuis' meta elements say it."""
    tier = _TIERS.get(told.get("article:content_tier", "").lower())
    if tier is not None:
        return tier
    flags = [value.lower() for name, value in told.items() if name.endswith("ispaidcontent")]
    return None if not flags else flags[0] in {"true", "1", "yes"}


def _canonical(tree: HtmlElement) -> str | None:
    links = (link for link in tree.iter("link") if "canonical" in (link.get("rel") or "").lower())
    return next((href for link in links if (href := link.get("href"))), None)


def _scripts(tree: HtmlElement) -> Iterator[str]:
    for script in tree.iter("script"):
        if "ld+json" in (script.get("type") or "").lower() and script.text:
            yield script.text
