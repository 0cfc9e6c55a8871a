"""Lines that occur on every page of an outlet: calls to read on, to subscribe, to send a tip."""

from __future__ import annotations

import re
from functools import lru_cache

from crawler.pages.texts.gates import is_closing_line
from crawler.text.comparable import comparable

_SIGNPOST = re.compile(
    r"(?:lees|bekijk|kijk|luister|zie|check)(?: je| u)? (?:ook|verder|meer|hier ook)\b.*"
    r"|meer (?:over (?:dit|deze|het|de)\b.*|nieuws\b.*|lezen\b.*|weten\b.*|uit [^.]{2,40})"
    r"|(?:gerelateerde?|aanbevolen)(?: (?:artikel|bericht|nieuws|onderwerp|item|video|link|verha"
    r"|voor)[^.]{0,60}|:.*|\W*)|verder lezen\b.*|ook interessant\b.*|in dit dossier\b.*"
    r"|lees alles over\b.*"
    r"|dit vind je (?:mogelijk|misschien) ook\b.*|(?:meest|best) gelezen\b.*|net binnen|trending"
    r"|(?:bekijk|beluister|luister|kijk|lees)\b.*:|laatste nieuws|volg (?:ons|het nieuws)\b.*",
    re.IGNORECASE,
)
_BEGINS = frozenset(
    "le be ki lu zi ch me ge ve aa oo in di ne tr la vo".split()  # noqa: SIM905  (two letters each)
)
_LONGEST_SIGNPOST = 240  # characters; chosen: a longer line is prose

_NAME = r"(?:(?:[A-Z]\.)+|[A-Z][\w'’-]+|van|de|der|den|ter|ten|te|het|'t|en)"
_BYLINE = re.compile(
    rf"(?:Door|Tekst|Redactie|Auteur)(?: onze [a-z]+)?:? {_NAME}(?:,? {_NAME}){{0,6}}"
    r"|(?:Door|Van) (?:onze|een) (?:\w+ ){0,2}"
    r"(?:redact|verslaggever|correspondent|medewerker)[^.]{0,60}"
)
_CREDIT = re.compile(
    r"[(\[]?(?:(?:archief)?foto|beeld|video|illustratie|fotografie|bron|camera|montage)(?: van)?"
    r"\s?[:©].{0,80}"
    r"|(?:anp|belga|epa|afp|reuters|novum)(?:\W{1,3}(?:anp|belga|epa|afp|reuters|novum))*"
    r"|(?:©|\(c\)).{0,80}|(?:foto|beeld) (?:anp|epa|afp|reuters|getty|belga)\b.{0,60}",
    re.IGNORECASE,
)
_CALL = re.compile(
    r"advertentie|reclame|reageer|reacties|afspelen|speel (?:de )?video af"
    r"|deel dit (?:artikel|bericht).*|deel (?:(?:artikel|bericht|via|op)\W*|(?:het|deze)\W.{0,30}:)"
    r"|\W*(?:de )?(?:tekst|artikel|bericht) (?:gaat|loopt) (?:verder|door) (?:onder|na)\b.*"
    r"|(?:heb je|heeft u|wil je|wilt u|weet je|zie je|ziet u) [^?]{3,120}\? .*"
    r"\b(?:mail|app|stuur|tip|whatsapp|volg|download|meld)\b.*"
    r"|(?:reageren|vragen|opmerkingen|(?:een |nieuws)?tips?)\b[^.?]{0,60}\? .*"
    r"\b(?:mail|app|stuur|bel)\b.*"
    r"|(?:volg|download|like) (?:ons|de app|onze|(?:\S+ ){1,3}(?:op|via))\b.*"
    r"|(?:ben je |bent u )?al abonnee\?.*|verder lezen\?.*"
    r"|(?:neem|kies|sluit) (?:nu |vandaag |dan )?een (?:\w+ )?abonnement\b.*"
    r"|log in om (?:dit artikel )?(?:verder )?te lezen.*",
    re.IGNORECASE,
)
# Each has one of these words, which most paragraphs have not: that is quicker to see.
_OFFERED = ("abonnee", "nieuwsbrief", "pushbericht", "app")
_OFFER = re.compile(
    r".{0,40}\b(?:meld je aan|schrijf je in|abonneer je|ontvang|mis niets)\b.*"
    r"\b(?:nieuwsbrief|pushbericht|app)\b.*"
    r"|.{0,40}\bword (?:nu )?abonnee\b.*|.{0,60}\bexclusief voor (?:onze )?abonnees\b.*",
    re.IGNORECASE,
)
# A sentence about cookies is a call only if it addresses the reader and is about this page.
_COOKIE_CALL = re.compile(
    r"(?=.*\bcookie)(?=.*\b(?:je|jouw|u|uw)\b)"
    r".*\b(?:deze (?:inhoud|content|video|tweet|post|site|website|pagina)|we|wij|ons|onze|accepteer"
    r"|klik)\b.*",
    re.IGNORECASE,
)
_PICTURE = r"(?:foto|video|afbeelding|beeld|advertentie|tweet|post|kaart|grafiek|infographic|kader)"
_GOES_ON = re.compile(
    r"\W*(?:de |het )?(?:tekst|artikel|bericht) (?:gaat|loopt) (?:verder|door) (?:onder|na) "
    rf"(?:de|het|deze|dit) {_PICTURE}'?s?\W*",
    re.IGNORECASE,
)
_READ_ON = re.compile(
    r"\s*[([](?:de )?(?:tekst|artikel) (?:gaat|loopt) (?:verder|door) [^()]{2,60}[)\]]",
    re.IGNORECASE,
)
# What tells a sentence of the article from a call: calls address the reader and begin with a verb.
_QUOTED = re.compile(r"^[\"“”„‟«»‘']\w")
_LABELLED = re.compile(r"^[^:]{0,40}\b(?:ook|verder|meer|hier)\s*:", re.IGNORECASE)
_ADDRESSES = re.compile(
    r"\b(?:je|jij|jouw|jullie|u|uw|ons|onze|we|wij|hier|klik|gratis|abonne\w+|nieuwsbrie\w+|podcasts?"
    r"|redactie|account|artikel(?:en)?|dossiers?|liveblog|pushberichten?|whatsapp\w*)\b|@",
    re.IGNORECASE,
)
_COMMAND = re.compile(
    r"^\W*(?:lees|bekijk|check|ontvang|meld|schrijf|abonneer|mis|mail|app|stuur|bel|tip|volg|download"
    r"|like|deel|reageer|klik|ga|laat|neem|kies|sluit|log|word|whatsapp|dan)\b",
    re.IGNORECASE,
)
_SAYS = (
    r"(?:, (?:zo )?(?:zegt|zei|zeggen|schrijft|schreef|meldt|meldde|aldus|vertelt|vertelde|vindt"
    r"|stelt|stelde|denkt|vraagt|vroeg|pleit|pleitte|adviseert|adviseerde|waarschuwt|waarschuwde"
    r"|luidt|luidde"
    r"|klinkt|klonk|roept|riep|antwoordt|antwoordde|betoogt|betoogde)\b"
    r"|, [a-z]{3,}(?:te|de)n? (?:de|het|een|zijn|haar|hun|hij|zij|ze|[A-Z]))"
)
_REPORTED = re.compile(rf"{_SAYS}|\bvolgens\b")
_REPORTED_AT_END = re.compile(rf"{_SAYS}[^,:]{{3,60}}[.!]$")
_VERB = re.compile(
    r"\b(?:is|was|zijn|waren|heeft|had|hebben|hadden|wordt|werd|worden|werden|kan|kon|kunnen|konden"
    r"|wil|wilde|willen|wilden|weet|wist|weten|zegt|zei|zeggen|gaat|ging|gaan|komt|kwam|komen|krijgt"
    r"|kreeg|krijgen|moet|moest|moeten|mag|mocht|mogen|zal|zou|zullen|zouden|blijft|bleef|blijven"
    r"|staat|stond|staan|ligt|lag|zit|zat|doet|deed|ziet|zag|geeft|gaf|vindt|vond|maakt|maakte|laat"
    r"|liet|lijkt|leek|bleek|blijkt|noemt|noemde|meldt|meldde|schrijft|schreef|verklaarde)\b"
)
_SENTENCE = re.compile(r"[.!?][\"'”’)\]]*$")
_QUESTION = re.compile(r"^[^?]*\?\s+")
_LABEL = re.compile(r"^(?:(?P<source>bron)|[^:©\w]*[^:©]*)\s?[:©]\s?", re.IGNORECASE)
_SMALL = re.compile(r"\b(?!(?:van|de|der|den|het|een|en|in|op|via|te|ten|ter)\b)[a-z][\w-]+")
_FEWEST_WORDS, _FEWEST_SMALL = 5, 2  # chosen: of a sentence, and of a source's news
_FEWEST_TOLD = 4  # words in small letters; chosen: of a sentence behind "Foto:" or "Video:"
_LONGEST = 330  # characters; chosen: a longer paragraph is prose


def is_signpost(line: str) -> bool:
    """Whether a line leads to other articles: "Lees ook: ...", "Meer over dit onderwerp"."""
    begins = line[:2]
    if begins.isascii() and begins.lower() not in _BEGINS:  # most lines
        return False
    if len(line) > _LONGEST_SIGNPOST or _SIGNPOST.fullmatch(line) is None:
        return False
    return not _is_told(line) or not (_VERB.search(line) or _REPORTED.search(line))


@lru_cache(maxsize=1024)  # each paragraph is looked at in several stages of reading a page
def is_boilerplate(line: str) -> bool:
    """Whether a paragraph is not part of the article, although it stands in the middle of it."""
    if len(line) > _LONGEST:
        return False
    if not comparable(line) or is_signpost(line) or _BYLINE.fullmatch(line):
        return True
    if _GOES_ON.fullmatch(line):
        return True
    if is_credit(line):
        return True
    if is_closing_line(line):
        return not (_QUOTED.match(line) or _REPORTED.search(line))
    return _calls(line) and not _is_told(line)


def _calls(line: str) -> bool:
    if _CALL.fullmatch(line):
        return True
    small = line.lower()
    offers = any(word in small for word in _OFFERED) and _OFFER.fullmatch(line)
    return bool(offers or ("cookie" in small and _COOKIE_CALL.fullmatch(line)))


def is_credit(line: str) -> bool:
    """Whether a line names who made a picture or text; "Bron: commandant gedood" tells news."""
    if _CREDIT.fullmatch(line) is None:
        return False
    label = _LABEL.match(line)
    small = len(_SMALL.findall(line[label.end() :])) if label else 0
    if label and label["source"]:
        return small < _FEWEST_SMALL
    return small < _FEWEST_TOLD or not _SENTENCE.search(line)


def _is_told(line: str) -> bool:
    """Whether a line that sounds like a call is a sentence of the article: quoted, or about others.

    "Kijk ook naar Daraqa, zegt de minister." commands as well, but not the reader.
    """
    if _QUOTED.match(line):
        return True
    if _REPORTED_AT_END.search(line) and not _LABELLED.match(line):
        return True
    rest = _QUESTION.sub("", line)
    if not _SENTENCE.search(rest) or len(line.split()) < _FEWEST_WORDS or _COMMAND.match(rest):
        return False
    return not (_LABELLED.match(line) or _ADDRESSES.search(rest))


def without_calls(line: str) -> str:
    """The paragraph without any "(tekst gaat verder onder de foto)" in it."""
    return _READ_ON.sub("", line).strip() if "(" in line or "[" in line else line
