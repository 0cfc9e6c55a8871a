"""Paragraphs that may stand on every page of an outlet: calls, credits and signposts of its own.

Their form alone does not tell: only if several articles of the outlet have one is it no part of an
article. What tells news, as background that an outlet repeats, is none in any number.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterator

from crawler.model import POST_MARK

# All chosen. Letters, words, and of how many other articles a line is known as a refrain.
_LONGEST, _LONGEST_LABEL, _MOST_CREDITED = 240, 60, 12
SEVERAL = 3

_BIDS = re.compile(
    r"\W*(?:lees|bekijk|kijk|luister|beluister|ontvang|abonneer|volg|download|klik|check)\b"
    r"|\W*(?:meld|schrijf) je\b|\W*(?:mail|app|tip|stuur|like|bel) (?:ons|de redactie|je|uw|naar)\b"
    r"|\W*(?:meer|alles) (?:over|uit|van|weten|lezen|nieuws)\b|\W*(?:terug|ga) naar\b"
    r"|\W*(?:mis niets|mis geen|log in|word (?:nu )?(?:abonnee|lid)|steun (?:ons|onze))\b",
    re.IGNORECASE,
)
_ADDRESSES = re.compile(
    r"\b(?:je|jij|jou|jouw|jullie|uw)\b|(?<!\d )\bu\b(?![-'’.])|\S@\S|\bhttps?://|\bwww\."
    r"|\bdit (?:artikel|verhaal|dossier|stuk)\b"
    r"|\bdeze (?:pagina|website|site|nieuwsbrief|podcast|rubriek|serie|aflevering|liveblog)\b"
    r"|\bonze (?:redactie|nieuwsbrie\w+|app|podcasts?|site|website|lezers|verslaggever\w*"
    r"|correspondent\w*|journalisten|abonnees)\b",
    re.IGNORECASE,
)
_CREDITS = re.compile(
    r"(?:door|tekst|beeld|foto(?:'s|’s|grafie)?|video|bron|redactie|camera|montage|vertaling"
    r"|illustraties?|eindredactie|met medewerking van|correspondent \w+|(?:©|\(c\)))\b:?\s*",
    re.IGNORECASE,
)
_SMALL = re.compile(r"(?<![\w'’-])(?!(?:van|de|der|den|het|een|en|in|op|te|ten|ter)\b)[a-z][\w-]*")
_QUOTED = re.compile(r"[\"“”„‟«»‘']")
_REPORTED = re.compile(
    r"\b(?:zegt|zei|zeggen|zeiden|schrijft|schreef|meldt|meldde|aldus|volgens|verklaart|verklaarde)\b"
)
_ENDED = re.compile(r"[.!?…:][\"'”’)\]]*$")


def refrains_in(
    body: str, links: Container[str] = (), headings: Container[str] = ()
) -> Iterator[str]:
    """Yield the paragraphs that would be no part of the article if other articles had them too.

    `links` are those that are a link as a whole, `headings` those above running text.
    """
    blocks = body.split("\n\n") if body else []
    for place, block in enumerate(blocks):
        ends = place in {0, len(blocks) - 1}
        if block not in headings and _may_be(block, ends=ends, link=block in links):
            yield block


def _may_be(line: str, *, ends: bool, link: bool) -> bool:
    if len(line) > _LONGEST or line.startswith(POST_MARK):
        return False
    if _QUOTED.match(line) or _REPORTED.search(line):
        return False
    if link or _BIDS.match(line) or _ADDRESSES.search(line) or _is_credit(line):
        return True
    return ends and len(line) <= _LONGEST_LABEL and not _ENDED.search(line)


def _is_credit(line: str) -> bool:
    """Whether a line holds names alone behind a word for who made something."""
    label = _CREDITS.match(line)
    if label is None or len(line.split()) > _MOST_CREDITED:
        return False
    return _SMALL.search(line, label.end()) is None


def without(body: str, lines: Container[str]) -> str:
    """The text without these paragraphs."""
    return "\n\n".join(block for block in body.split("\n\n") if block not in lines)
