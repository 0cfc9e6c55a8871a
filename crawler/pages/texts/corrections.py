"""Lines in which an outlet corrects or completes its article, wherever on the page they stand."""

from __future__ import annotations

import re

# Each has one of these, which most paragraphs have not: that is quicker to see.
_SIGNS = (
    *("versi", "rrecti", "ectifi", "rratum", "orrigend", "rechtzetting", "erbetering", "erstel"),
    *("anvulling", "erduidelijking", "aschrift", "noot", "pdate", "aangepast", "gewijzigd"),
    *("aangevuld", "bijgewerkt", "stond", "gemeld"),
)
_LABEL = re.compile(
    r"[\W_]*(?:"
    r"(?:correcties?|rectificaties?|rechtzetting(?:en)?|verbetering(?:en)?|herstel|erratum|errata"
    r"|corrigendum|aanvulling(?:en)?|verduidelijking|naschrift|corrections?|rectification)"
    r"(?: (?:en|van|bij|door) [\w ]{2,30})?"
    r"|(?:noot|opmerking)(?: van)?(?: de)? redactie|update(?= ?[\d:])"
    r")[\s\d().,:/-]{0,25}?(?:(?:jan|feb|maa?r|apr|mei|jun|jul|aug|sep|okt|nov|dec)\w*[\s\d().,:/-]{0,20}?)?"
    r"(?:uur|u)?\)?\s*[:–—]\s",
    re.IGNORECASE,
)
_SAID = re.compile(
    r"\bin (?:een|de) (?:eerdere|oudere|vorige|vroegere|eerste|oorspronkelijke) versie\b"
    r"|\beerdere versies? van (?:dit|deze)\b"
    r"|\b(?:dit|het) (?:artikel|bericht|stuk|verhaal|nieuwsbericht|interview) (?:is|werd)\b"
    r"[^.]{0,60}\b(?:aangepast|gecorrigeerd|gewijzigd|aangevuld|bijgewerkt|verbeterd)\b"
    r"|\b(?:eerder|aanvankelijk|abusievelijk|ten onrechte|foutief) (?:stond|meldden|schreven)\b"
    r"[^.]{0,30}\b(?:hier|wij|we|dit (?:artikel|bericht|stuk)|deze (?:site|krant|pagina))\b"
    r"|\b(?:an earlier|a previous) version of this\b"
    r"|\bversion (?:antérieure|précédente) de (?:cet article|ce texte)\b"
    r"|\bfrüheren version (?:dieses|des) \w+",
    re.IGNORECASE,
)


def is_correction(line: str) -> bool:
    """Whether a line says what its own article had wrong, or lacked: "Correctie: ..."."""
    if not any(sign in line for sign in _SIGNS):
        return False
    return bool(_LABEL.match(line) or _SAID.search(line))
