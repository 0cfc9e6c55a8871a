"""What a page says and calls its boxes where the rest of its article is for subscribers alone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

# The patterns are for HTML in lower case; accents may be references.
_TEXT_NL = r"(?:artikel|bericht|verhaal|stuk|inhoud|content|podcast|dossier|pagina|post|tekst)"
_TEXT_EN = r"(?:article|post|story|content|page|newsletter|issue)"
_READ = (
    rf"om (?:(?:dit|deze|het|heel|hele) (?:\w+ ){{0,2}}{_TEXT_NL}(?: verder| door| volledig)?"
    r"|verder|door|volledig) te (?:kunnen )?lezen\b"
)
_DUTCH = (
    rf"(?:dit|deze|de rest van dit|het vervolg van dit) (?:\w+ )?{_TEXT_NL} is (?:\w+ ){{0,2}}"
    r"(?:alleen|exclusief|enkel|uitsluitend|voorbehouden|gereserveerd)(?: \w+){0,2} (?:voor|aan) "
    r"(?:\w+ ){0,3}(?:abonnees|leden|members|subscribers)"
    rf"|(?:log|meld je|registreer|maak|word|neem|abonneer)\b(?: [\w-]+){{0,7}} {_READ}"
    r"|(?:je|u) (?:moet|dient) (?:\w+ ){0,4}(?:lid|abonnee|ingelogd|aangemeld|geregistreerd)"
    rf"(?: te)? (?:zijn|worden) {_READ}"
)
_ENGLISH = (
    r"(?:subscribe|(?:sign|log) ?in|register|join|create (?:\w+ ){0,3}account)(?: [\w-]+){0,4} to "
    rf"(?:continue|keep) reading\b|to (?:continue|keep) reading,? (?:this {_TEXT_EN},? )?"
    rf"(?:please )?(?:subscribe|sign|log|register)|this {_TEXT_EN} is "
    r"(?:only |exclusive(?:ly)? |reserved |restricted |available )*(?:for|to) (?:\w+ ){0,3}"
    r"(?:subscribers|members)"
    r"|you must be (?:an? )?(?:\w+ )?(?:logged in|signed in|registered|member|subscriber) to "
    r"(?:view|read|access)\b"
)
_FRENCH = (
    r"(?:la suite(?: de (?:cet |l\S{1,7})article)?|(?:cet |l\S{1,7})(?:article|contenu)) est "
    r"(?:\w+ )?r\S{1,8}serv\S{1,10} (?:\w+ )?abonn"
    r"|il vous reste \d+(?:[.,]\d+)?\s?% (?:de|\S{1,7}lire)\b"
    r"|(?:abonnez|connectez|inscrivez|identifiez)-vous pour (?:lire la suite|continuer)"
)
_GERMAN = (
    r"(?:dieser|der) (?:\w+ )?(?:artikel|text|beitrag|inhalt) ist (?:nur |exklusiv |\w+lich )?"
    r"(?:f\S{1,7}r|unseren?) (?:\w+ ){0,2}(?:abonnent|mitglied)"
    r"|(?:jetzt )?weiterlesen mit (?:\S+ ){0,3}"
    r"(?:abo\b|plus\b|premium\b|\S+\+)"
    r"|sie (?:m\S{1,7}chten|wollen) (?:diesen artikel )?weiterlesen\?"
)
_CLOSED = f"(?:{_DUTCH}|{_ENGLISH}|{_FRENCH}|{_GERMAN})"
# At the beginning of an element, since news tells of such sentences within its own.
_SAYS_CLOSED = re.compile(rf">[^\w<>\"'„“”«»‘’]{{0,9}}{_CLOSED}")
_LINE = re.compile(rf"[^\w\"'„“«‘’]{{0,9}}{_CLOSED}", re.IGNORECASE)
# One of them stands in each of these sentences: a plain search is quicker.
_WORDS = (
    *(" lezen", "abonn", "leden", "members", "subscribers", "reading", "you must be"),
    *("il vous reste", "ez-vous pour", "weiterlesen", "mitglied"),
)
# Chosen: letters before and behind a word, places of each word, places of sentences.
_AROUND, _MOST_LOOKS, _MOST_PLACES = 200, 40, 40
_HIDDEN = re.compile(
    r"<(?:div|section|aside|p|form|span)\b[^<>]*(?:\shidden(?=[\s>=])|display:\s*none)[^<>]*>"
)
_SILENT = ("template", "style", "textarea", "svg")
_OF_LABEL = re.compile(r"<\w+[^<>]*(?:sr-only|visually-?hidden|screen-?reader)[^<>]*$")
_OF_ARTICLE = re.compile(r"\W*(?:dit|deze|this|cet|l|dieser|der)\b")
_MOST_SAID = 2  # chosen: on narrow screens and on wide ones
_HIDDEN_WITHIN = 300  # letters; chosen: of the box around a sentence

# Names that systems give to a box where they have left out the rest, and nowhere else.
_SHOWN = re.compile(
    r"paywall[-_]+(?:active|visible|shown|enabled|locked)|(?:has|is|show)-paywall(?:ed)?\b|paywalled"
    r"|(?:content|article)-+(?:is-)?locked|locked-(?:content|article)"
    r"|rcp_restricted|pmpro_content_message|memberful-marketing-content|leaky_paywall_message"
    r"|mepr-unauthorized|post-upgrade-cta|wc-memberships-(?:content-)?restrict"
)
_PARTS_OF_NAMES = (
    *("paywall", "locked", "rcp_restricted", "pmpro_content", "memberful-marketing", "mepr-unauth"),
    *("post-upgrade-cta", "wc-memberships"),
)
_IN_NAME = re.compile(r"(?:class|id|data-[a-z-]{2,20})=(?:\"[^\"<>]*|'[^'<>]*)$")
_OF_PICTURE = re.compile(r"[\w-]*(?:icon|badge|label)")
# A teaser of another article that is locked: its headline leads to it.
_TEASER = re.compile(r"[^<>]*>(?:\s*<(?!h1|p)[^<>]*>){0,8}\s*<(?:a|h[2-6])\b[^<>]*>")
_MOST_NAMES, _LONGEST_NAME, _BEFORE, _BEHIND = 60, 40, 160, 1_200  # chosen


def says_closed(text: str) -> bool:
    """Whether HTML in lower case tells its reader that the article goes on for subscribers alone.

    What stands in a script, or in a box that is not shown, is not said; and what is said several
    times is said of other articles, by the teasers that lead to them.
    """
    shown = "".join(_besides_scripts(text))
    places = set(islice(_places(shown), _MOST_PLACES))
    return 0 < sum(_is_shown(shown, at) for at in places) <= _MOST_SAID


def _besides_scripts(text: str) -> Iterator[str]:
    """Yield the parts of a page between its scripts, which are most of many pages."""
    at = 0
    while at >= 0:
        begins = text.find("<script", at)
        yield text[at:] if begins < 0 else text[at:begins]
        at = begins if begins < 0 else text.find("</script", begins)


def _places(text: str) -> Iterator[int]:
    """Yield where such a sentence stands."""
    for word in _WORDS:
        for at in places_of(word, text, most=_MOST_LOOKS):
            found = _SAYS_CLOSED.finditer(text, max(0, at - _AROUND), at + _AROUND)
            yield from (one.start() for one in found)


def is_closing_line(line: str) -> bool:
    """Whether a line begins with such a sentence."""
    return _LINE.match(line) is not None


def is_named_closed(text: str) -> bool:
    """Whether a name in HTML in lower case says that the page leaves out its rest now."""
    for found in _names(text):
        start, end = found.span()
        if not in_name(text, start):
            continue
        told = _OF_PICTURE.match(text, end) or _TEASER.match(text, end, end + _BEHIND)
        if told is None:
            return True
    return False


def _names(text: str) -> Iterator[re.Match[str]]:
    """Yield where such a name stands; the pattern takes milliseconds on a whole page."""
    for part in _PARTS_OF_NAMES:
        for at in places_of(part, text, most=_MOST_NAMES):
            if found := _SHOWN.search(text, max(0, at - _LONGEST_NAME), at + _LONGEST_NAME):
                yield found


def places_of(word: str, text: str, *, most: int) -> Iterator[int]:
    """Yield where a word stands; `most` bounds the work on a page that repeats it."""
    at = -1
    for _ in range(most):
        at = text.find(word, at + 1)
        if at < 0:
            return
        yield at


def in_name(text: str, at: int) -> bool:
    """Whether a place in HTML in lower case stands in the name of an element."""
    return _IN_NAME.search(text, max(0, at - _BEFORE), at) is not None


def _is_shown(text: str, at: int) -> bool:
    if any(_stands_in(tag, text, at) for tag in _SILENT):
        return False
    # In a link or for the blind it is said of the article to which a teaser leads.
    label = _OF_LABEL.search(text, max(0, at - _HIDDEN_WITHIN), at) or _stands_in("a ", text, at)
    if label and _OF_ARTICLE.match(text, at):
        return False
    return _HIDDEN.search(text, max(0, at - _HIDDEN_WITHIN), at + 1) is None


def _stands_in(tag: str, text: str, at: int) -> bool:
    return text.rfind(f"<{tag}", 0, at) > text.rfind(f"</{tag.strip()}", 0, at)
