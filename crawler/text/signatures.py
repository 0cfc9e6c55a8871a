"""The line that programs and desks add below a text: "Dit artikel verscheen eerst op De Bode"."""

from __future__ import annotations

import re
from collections.abc import Iterable

from crawler.text.comparable import comparable

_LONGEST = 700  # characters; chosen: two names and an address
_OTHERS = (
    r"(?:[Pp]ost|article|story|piece|interview|bericht|artikel|stuk|verhaal|opiniestuk|essay|column"
    r"|reportage|recensie|texte|billet|entretien|Beitrag|Artikel|Text|Interview)"
)
_THIS = rf"(?:(?:This|Dit|Deze|Cet|Ce|Dieser|Dieses) {_OTHERS})"
_THE = (
    r"(?:(?:The )?(?:[Pp]ost|article)|Het (?:bericht|artikel)|L['’]article|Le (?:billet|post)"
    r"|Der (?:Beitrag|Artikel)|La entrada)"
)
# What WordPress writes, by the language of the site; what desks write; and what says little alone.
_FIRST = (
    r"(?:appeared first on|first appeared on|verscheen eerst op|is (?:als )?eerste? verschenen op"
    r"|est apparu en premier sur|erschien zuerst auf|se publicó primero en)"
)
_EARLIER = (
    r"(?:verscheen (?:eerst|eerder|oorspronkelijk|voor het eerst) (?:op|in|bij)"
    r"|(?:is|werd) (?:eerst|als eerste|eerder|oorspronkelijk) (?:verschenen|gepubliceerd)"
    r" (?:op|in|bij|door)"
    r"|(?:was )?(?:first|originally) (?:published|appeared) (?:on|in|at|by)"
    r"|est (?:d['’]abord |initialement )?(?:paru|apparu)(?: en premier| d['’]abord)? (?:sur|dans)"
    r"|a (?:d['’]abord|initialement) été publié (?:sur|dans|par)"
    r"|(?:erschien|ist) zuerst (?:erschienen )?(?:auf|in|im|bei))"
)
_PLAINLY = (
    r"(?:verscheen (?:op|in|bij)|is (?:verschenen|geplaatst|gepubliceerd) op|appeared on"
    r"|est apparu sur|erschien auf)"
)
_WHERE = r" (?:(?![.!?] +\w|\n).){1,120}"
_SENTENCE = re.compile(
    rf"(?:^|(?<=[.!?…\]\n]))\s*(?:{_THIS}(?: (?P<this>[^\n]{{1,400}}?))?"
    rf"|{_THE} (?P<name>[^\n]{{1,400}}?)) {_FIRST}"
    rf"(?P<where>{_WHERE})\Z"
)
_LINE = re.compile(rf"(?:^|(?<=\n))[*(\[]?{_THIS} (?:{_FIRST}|{_EARLIER})(?P<where>{_WHERE})\Z")
_TITLED = re.compile(
    rf"(?:^|(?<=\n))(?:(?:{_THIS}|{_THE}) )?(?P<name>[^\n]{{1,400}}?)"
    rf" (?:{_FIRST}|{_EARLIER}|{_PLAINLY}){_WHERE}\Z"
)
_VERB = re.compile(r"ersch|appeared|publi|paru|geplaatst")  # quick: most texts end with none
# A report on what others wrote, and a correction, stay.
_TOLD = re.compile(
    r"\b(?:telegram|twitter|x|facebook|instagram|tiktok|whatsapp|kanaal|kanalen|channel|account"
    r"|versie|version|fassung|fout\w*|onjuist\w*|verkeerd\w*|erreur|fehler\w*|correct\w*|rectif\w*)\b",
    re.IGNORECASE,
)


def without_signature(text: str, titles: Iterable[str] = ()) -> str:
    """The text without such a line at its end; `titles` are those of the article.

    A line that names another text than the article goes only if a program writes it like that.
    """
    end = max(0, len(text) - _LONGEST)
    last = text[end:]
    if _VERB.search(last) is None:
        return text
    for pattern in (_SENTENCE, _LINE):
        found = pattern.search(last)
        if found and not _TOLD.search(found["where"]) and not _is_small(found):
            return text[: end + found.start()].rstrip()
    if found := _TITLED.search(last):
        name = comparable(found["name"].strip("\"'“”„‘’«» "))
        if name and name in map(comparable, titles):
            return text[: end + found.start()].rstrip()
    return text


def _is_small(found: re.Match[str]) -> bool:
    """Whether what stands for the name of a text is no name: "Het bericht van IS"."""
    names = found.groupdict()
    return (names.get("name") or names.get("this") or "")[:1].islower()
