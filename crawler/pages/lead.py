"""The lead of an article, and its body without what title and lead already say.

Some leads stand under a picture, where captions stand.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import islice, takewhile

from lxml.html import HtmlElement

from crawler.pages.texts.boilerplate import is_credit
from crawler.text.comparable import comparable
from crawler.text.plain import paragraphs
from crawler.text.signatures import without_signature

_CUT = re.compile(
    r"(?:\s*(?:[\[(]?(?:(?<!\.)\.{3,}+|…)[\])]?"
    r"|[\[(]?(?:lees (?:meer|verder)|read more)[\])]?(?: ?[»>→])?))+\s*$",
    re.IGNORECASE,
)
# What such an end ends with: to look for this first takes a tenth.
_CUT_ENDS = ("...", "…", "]", ")", "»", ">", "→", "r", "R", "e", "E")
_LONGEST_CUT = 100  # characters; chosen: dots and "lees verder" at the end
_LONGEST_PLACE, _LEAST_BEHIND = 40, 30  # letters; chosen: "DARAQA (ANP) - ", and what tells a text
_LONGEST = 5_000
_LONGEST_LABEL = 50
_FIRST, _LITTLE_MORE = 3, 2.5  # paragraphs in which a lead is looked for; times its length
_NOTHING, _LONG = 0.05, 600  # of the lead; characters that no lead has
_LONGEST_LEAD, _MOST_TOLD = 2, 8  # paragraphs of a lead, and of a description that breaks off
_MOSTLY = 0.5  # of the text
# A paragraph, and its words as `comparable` gives them.
_Block = tuple[str, str]
_SENTENCE_END = re.compile(r"[.!?…][\"'”’)]*$")


def lead_and_body(
    told: Iterable[str], *, title: str, body: str, headings: Iterable[str] = ()
) -> tuple[str, str]:
    """The lead and the body without title and lead, and without other titles of the article.

    The lead is the first in `told` that is not cut short. If all are cut short, it is the longest,
    completed from the paragraphs that begin with it. So is one that breaks off without dots.
    """
    names = dict.fromkeys((title, *headings))
    body = without_signature(body, names)
    blocks = [(block, comparable(block)) for block in body.split("\n\n") if block.strip()]
    for name in names:
        blocks = _without_title(blocks, _letters(name))
    leads = [paragraphs(lead)[:_LONGEST] for lead in told]
    leads = [lead for lead in leads if lead and comparable(lead) != comparable(title)]
    whole = [lead for lead in leads if not _is_cut(lead)]
    lead = (whole or sorted(leads, key=len, reverse=True) or [""])[0]
    return _taken_apart(lead, blocks)


def _without_title(blocks: list[_Block], title: str) -> list[_Block]:
    """The blocks without the title, and without the labels above it (section, series, date)."""
    kept: list[_Block] = []
    for block in blocks:
        if not title or _letters(block[0]) != title:
            kept.append(block)
            continue
        while kept and _is_label(kept[-1][0]):
            kept.pop()
    return kept


def _letters(text: str) -> str:
    return "".join(comparable(text).split())  # a label may be glued to it: "UpdateLeger ..."


def _is_label(text: str) -> bool:
    return len(text) < _LONGEST_LABEL and not _SENTENCE_END.search(text)


def _taken_apart(lead: str, blocks: list[_Block]) -> tuple[str, str]:
    """The lead (complete, if the body has all of it) and the paragraphs that say more than it."""
    start = comparable(_uncut(lead))
    if start and (_is_cut(lead) or not _SENTENCE_END.search(lead)):
        lead = _completed(start, blocks) or lead
    else:
        lead = _held_by(lead, blocks[:_FIRST]) or lead
    said = comparable(lead)
    more = [text for text, words in blocks if len(text) < _LONGEST_LABEL or words not in said]
    if _is_beginning(lead, len(blocks) - len(more), "".join(more), blocks):
        whole = "\n\n".join(text for text, _ in blocks)
        return _first_apart(blocks) if blocks[0][1] in said else ("", whole)
    if len(blocks) > 1 and len("".join(more)) < _NOTHING * len(lead):  # it says all of them
        return blocks[0][0], "\n\n".join(text for text, _ in blocks[1:])
    if not more and len(lead) > _LONG and blocks:  # the only paragraph is the whole text
        return "", blocks[0][0]
    return lead, "\n\n".join(more or (text for text, _ in blocks))


def _first_apart(blocks: list[_Block]) -> tuple[str, str]:
    first, said = blocks[0]
    return first, "\n\n".join(text for text, words in blocks[1:] if words not in said)


def _is_beginning(lead: str, told: int, more: str, blocks: list[_Block]) -> bool:
    """Whether a lead is the beginning of the text, by how many paragraphs and how much it says."""
    whole = sum(len(text) for text, _ in blocks)
    if len(lead) > _LONG and told > 1:
        return True
    begins = len(blocks) > 1 and lead != blocks[0][0] and blocks[0][1] in comparable(lead)
    return begins and len(lead) > _LONG / 2 and len(more) < _MOSTLY * whole


def _held_by(lead: str, first: Iterable[_Block]) -> str:
    """The paragraph that says the lead and little more: a place before it, a sentence after it."""
    said = comparable(lead)
    longest = max(_LONGEST_LABEL, _LITTLE_MORE * len(lead))
    held = (text for text, words in first if said in words and len(text) <= longest)
    return next(held, "") if len(said) >= _LONGEST_LABEL else ""


def _completed(start: str, blocks: list[_Block]) -> str:
    """The one or two paragraphs that begin with these words, "" if there are none.

    Of a description that goes on for longer, the first is the lead.
    Spaces do not count: between two paragraphs a description may have none.
    """
    rest = _glued(start)
    for at, (text, words) in enumerate(blocks):
        if _begins(words, rest):
            return text
        if words and rest.startswith(_glued(words)):
            return _continued(rest, blocks[at : at + _MOST_TOLD])
    return ""


def _continued(rest: str, blocks: list[_Block]) -> str:
    """The paragraphs with these words; "" if they go on in another way."""
    for place, (_, words) in enumerate(blocks):
        if _glued(words).startswith(rest):
            whole = [text for text, _ in blocks[: place + 1]]
            return "\n\n".join(whole if len(whole) <= _LONGEST_LEAD else whole[:1])
        if not rest.startswith(_glued(words)):
            return ""
        rest = rest.removeprefix(_glued(words))
    return ""


def _is_cut(lead: str) -> bool:
    return _end(lead) is not None


def _uncut(lead: str) -> str:
    """The lead without the dots and words that stand for the rest of it."""
    found = _end(lead)
    return lead if found is None else lead[: found.start()]


def _end(lead: str) -> re.Match[str] | None:
    if not lead.rstrip().endswith(_CUT_ENDS):
        return None
    return _CUT.search(lead, max(0, len(lead) - _LONGEST_CUT))


def _begins(words: str, rest: str) -> bool:
    """Whether words begin with others, perhaps behind a place."""
    at = _glued(words).find(rest)
    return at == 0 or (0 < at <= _LONGEST_PLACE and len(rest) >= _LEAST_BEHIND)


def _glued(words: str) -> str:
    return words.replace(" ", "")


# Leads under a picture, where captions stand. All limits are chosen.
_MOST_CAPTIONS = 50  # captions that are looked at
_LEAST_SAID = 40  # letters of a description that a lead begins with
# Letters of a lead of which nothing is said; captions are shorter.
_SHORTEST_CAPTION, _LONGEST_CAPTION = 140, 1_500
_LEAST_RUNNING = 80  # letters of a paragraph: above the first one stands the lead
_DOTS = re.compile(r"(?:\.{3,}|…)\W*$")
_SENTENCE_ENDS = re.compile(r"[.!?]['\"”’)]*(?=\s+[A-ZÀ-Þ'\"“‘]|\s*$)")
_FEWEST_SENTENCES = 2
_OF_PICTURE = re.compile(
    r"©|\b(?:foto|beeld|afp|anp|reuters|getty|epa|belga|ap|archief\w*|links|rechts|midden)\b",
    re.IGNORECASE,
)
_ELSEWHERE = ("aside", "nav", "li", "footer")


def open_lead_under_picture(tree: HtmlElement, told: Iterable[str]) -> None:
    """Make a paragraph of the caption that is the lead, so that it does not go with its picture.

    It begins as a description of the article does, in `told`. Where there is no description, it is
    the only caption, above the text, and longer and other than captions are.
    """
    captions = list(islice(_captions(tree), _MOST_CAPTIONS))
    if not captions:
        return
    begins = [_begin_of(one) for one in told if one]
    for caption in captions:
        words = _caption_words(caption)
        if any(len(one) >= _LEAST_SAID and words.startswith(one) for one in begins):
            _open(caption)
            return
    if not begins and len(captions) == 1 and _is_lead_alone(captions[0], tree):
        _open(captions[0])


def _captions(tree: HtmlElement) -> Iterator[HtmlElement]:
    for caption in tree.iter("figcaption"):
        if next(caption.iterancestors("figure"), None) is None:
            continue
        if next(caption.iterancestors(*_ELSEWHERE), None) is None:
            yield caption


def _begin_of(description: str) -> str:
    return comparable(_DOTS.sub("", description)).rstrip()


def _caption_words(caption: HtmlElement) -> str:
    return comparable("".join(caption.itertext()))


def _is_lead_alone(caption: HtmlElement, tree: HtmlElement) -> bool:
    """Whether a caption of which nothing is said reads as the lead of the article."""
    text = " ".join("".join(caption.itertext()).split())
    if not _SHORTEST_CAPTION <= len(text) <= _LONGEST_CAPTION or _OF_PICTURE.search(text):
        return False
    if len(_SENTENCE_ENDS.findall(text)) < _FEWEST_SENTENCES:
        return False
    elements = takewhile(lambda one: one is not caption, tree.iter("h1", "p", "figcaption"))
    above = list(elements)
    return any(one.tag == "h1" for one in above) and not any(
        one.tag == "p" and len("".join(one.itertext())) >= _LEAST_RUNNING for one in above
    )


def _open(caption: HtmlElement) -> None:
    for part in list(caption):
        if is_credit(" ".join("".join(part.itertext()).split())):
            part.drop_tree()
    whole = caption.find(".//p") is None
    for around in (caption, *caption.iterancestors("figure")):
        around.attrib.clear()  # names say that it is a caption
        around.tag = "div"
    if whole:
        caption.tag = "p"
