"""Lines that occur on every page of an outlet: calls to read on, to subscribe, to send a tip."""

from __future__ import annotations

import re

from crawler.text.comparable import comparable

_SIGNPOST = re.compile(
    r"(?:lees|bekijk|kijk|luister|zie|check)(?: je| u)? (?:ook|verder|meer|hier ook)\b.*"
    r"|meer (?:over (?:dit|deze|het|de)\b.*|nieuws\b.*|lezen\b.*|weten\b.*|uit [^.]{2,40})"
    r"|gerelateerde?\b.*|verder lezen\b.*|aanbevolen\b.*|ook interessant\b.*|in dit dossier\b.*"
    r"|dit vind je (?:mogelijk|misschien) ook\b.*|(?:meest|best) gelezen\b.*|net binnen|trending"
    r"|(?:bekijk|beluister|luister|kijk|lees)\b.*:|laatste nieuws|volg (?:ons|het nieuws)\b.*",
    re.IGNORECASE,
)
_LONGEST_SIGNPOST = 240  # characters; chosen: a longer line is prose

_NAME = r"(?:(?:[A-Z]\.)+|[A-Z][\w'’-]+|van|de|der|den|ter|ten|te|het|'t|en)"
_BYLINE = re.compile(
    rf"(?:Door|Tekst|Redactie|Auteur)(?: onze [a-z]+)?:? {_NAME}(?:,? {_NAME}){{0,6}}"
    r"|(?:Door|Van) (?:onze|een) (?:\w+ ){0,2}"
    r"(?:redact|verslaggever|correspondent|medewerker)[^.]{0,60}"
)
_CREDIT = re.compile(
    r"(?:(?:archief)?foto|beeld|video|illustratie|fotografie|bron|camera|montage)(?: van)?\s?:"
    r".{0,80}"
    r"|(?:anp|belga|epa|afp|reuters|novum)(?:\W{1,3}(?:anp|belga|epa|afp|reuters|novum))*"
    r"|(?:©|\(c\)).{0,80}|(?:foto|beeld) (?:anp|epa|afp|reuters|getty|belga)\b.{0,60}",
    re.IGNORECASE,
)
_CALL = re.compile(
    r"advertentie|reclame|reageer|reacties|afspelen|speel (?:de )?video af"
    r"|deel dit (?:artikel|bericht).*"
    r"|\W*(?:de )?(?:tekst|artikel|bericht) (?:gaat|loopt) (?:verder|door) (?:onder|na)\b.*"
    r"|.{0,40}\b(?:meld je aan|schrijf je in|abonneer je|ontvang|mis niets)\b.*"
    r"\b(?:nieuwsbrief|pushbericht|app)\b.*"
    r"|(?:heb je|heeft u|wil je|wilt u|weet je|zie je|ziet u) [^?]{3,120}\? .*"
    r"\b(?:mail|app|stuur|tip|whatsapp|volg|download|meld)\b.*"
    r"|(?:reageren|vragen|opmerkingen|(?:een |nieuws)?tips?)\b[^.?]{0,60}\? .*"
    r"\b(?:mail|app|stuur|bel)\b.*"
    r"|(?:volg|download|like) (?:ons|de app|onze|(?:\S+ ){1,3}(?:op|via))\b.*"
    r"|(?:ben je |bent u )?al abonnee\?.*|verder lezen\?.*|.{0,40}\bword (?:nu )?abonnee\b.*"
    r"|(?:neem|kies|sluit) (?:nu |vandaag |dan )?een (?:\w+ )?abonnement\b.*"
    r"|log in om (?:dit artikel )?(?:verder )?te lezen.*"
    r"|.{0,60}\bexclusief voor (?:onze )?abonnees\b.*",
    re.IGNORECASE,
)
# A sentence about cookies is a call only if it addresses the reader and is about this page.
_COOKIE_CALL = re.compile(
    r"(?=.*\bcookie)(?=.*\b(?:je|jouw|u|uw)\b)"
    r".*\b(?:deze (?:inhoud|content|video|tweet|post|site|website|pagina)|we|wij|ons|onze|accepteer"
    r"|klik)\b.*",
    re.IGNORECASE,
)
_READ_ON = re.compile(
    r"\s*[([](?:de )?(?:tekst|artikel) (?:gaat|loopt) (?:verder|door) [^()]{2,60}[)\]]",
    re.IGNORECASE,
)
_LONGEST = 330  # characters; chosen: a longer paragraph is prose


def is_signpost(line: str) -> bool:
    """Whether a line leads to other articles: "Lees ook: ...", "Meer over dit onderwerp"."""
    return len(line) <= _LONGEST_SIGNPOST and _SIGNPOST.fullmatch(line) is not None


def is_boilerplate(line: str) -> bool:
    """Whether a paragraph is not part of the article, although it stands in the middle of it."""
    if len(line) > _LONGEST:
        return False
    patterns = (_BYLINE, _CREDIT, _CALL, _COOKIE_CALL)
    return not comparable(line) or is_signpost(line) or any(p.fullmatch(line) for p in patterns)


def without_calls(line: str) -> str:
    """The paragraph without any "(tekst gaat verder onder de foto)" in it."""
    return _READ_ON.sub("", line).strip() if "(" in line or "[" in line else line
