"""Full stops in Dutch that do not end a sentence: of abbreviations, initials and numerals."""

from __future__ import annotations

import re

# Characters on each side. Chosen: enough for the longest abbreviation and the word before it.
LOOKED_AT = 40


def _table(text: str) -> frozenset[str]:
    return frozenset(text.split())


# A name or a number always follows these, so their full stop never ends a sentence.
_TITLES = _table(
    """
    dr drs mr ir ing prof jhr jkvr jkh ds dhr mw mevr mej mgr mrs st fam fa wed hr gen kol lt sgt
    kap maj burg past sen wnd plv adj kand bc ca bijv bv resp vs zg zgn nl vgl cf gem prov afd geb
    gest
    """
)
# The full stop of these ends a sentence only if the next word cannot be anything but a beginning.
_SELDOM_LAST = _table(
    """
    min max incl excl tel sec ong ongev plm art lid nr nrs blz pag fig afb tab hfdst par vol ed fl
    """
)
# Abbreviations with a full stop after each letter: these never end a sentence, the next ones may.
_NEVER_LAST = _table(
    """
    o.a o.m d.w.z m.n i.v.m n.a.v t.a.v t.o.v m.b.t i.p.v o.l.v z.g i.s.m o.b.v m.u.v t.g.v t.n.v
    w.o w.v i.t.t i.h.k.v m.i.v m.a.w c.q t.w t.b.v v.d
    """
)
_OFTEN_LAST = _table(
    """
    e.a e.d e.o e.v c.s a.s s.v.p a.u.b m.m p.m a.m
    B.V N.V C.V V.O.F V.S V.K V.N U.S.A E.U D.C K.O A.D M.A
    """
)
_LONG_INITIALS = _table("Th Chr Ph Ch IJ Joh Jac Fr Tj Sj Wm")
_ARTICLES = _table("de het een")
# A letter after these is the name of a thing: "vitamine C."
_LETTERED = _table(
    """
    vitamine plan groep hepatitis klasse type categorie poule lijn gebouw zaal vak optie variant
    bijlage route terminal pier deel letter niveau team serie versie model scenario hal blok perron
    punt fase
    """
)
_MONTHS = _table("jan feb febr mrt apr jun jul aug sep sept okt nov dec")
_DAYS = _table("ma di wo do vr za zo")
_DAYS_AND_WORDS = _table("ma zo")
_DAY_AND_MONTH = re.compile(
    rf"\d\d?\s+(?:{'|'.join(sorted(_MONTHS))}|januari|februari|maart|april|mei|juni|juli|augustus"
    r"|september|oktober|november|december)\b"
)
# Words that begin a sentence and are no surnames.
_OPENERS = _table(
    """
    hij zij ze ik we wij u jij je jullie hun zijn haar dat dit die deze dan er daar daarna daarom
    daarmee daarvoor daarbij hier hiermee hierna en of maar want dus ook toch nog nu toen zo al als
    wie wat waar waarom wanneer hoe welke in op bij met voor na om uit aan door onder tegen tijdens
    sinds tot volgens zonder tussen omdat hoewel terwijl nadat voordat zodra indien niet geen
    niemand iedereen iemand niets alles alle vandaag gisteren morgen inmiddels later eerder vorig
    vorige vervolgens sommige veel justitie politie 's 't 'n ’s ’t ’n
    """
)

_INNER = re.compile(r"[-/\"'“‘’„«»\u2039\u201a(\[–—]")
_LAST = re.compile(r"(?:(?P<previous>\S+)\s+)?(?P<last>\S+)\Z")
_FIRST = re.compile(r"(?P<word>['’]?\w+)(?:\s+(?P<next>\S))?")
_LETTERS = re.compile(r"[^\W\d_](?:\.[^\W\d_])+")  # "d.w.z"
_SPACED_LETTER = re.compile(r"[a-z]\.")
_LONGEST_NUMERAL = 3  # digits; four make a year, which may end a sentence


def stop_is_of_word(before: str, after: str) -> bool:
    """Whether a full stop between these two belongs to the word before it and ends no sentence.

    `before` starts at the beginning of its sentence, or holds the last `LOOKED_AT` characters.
    `after` starts with a word that is written like the first word of a sentence.
    """
    found = _LAST.search(before)
    if found is None:
        return False
    previous = found["previous"] or ""
    last = _INNER.split(found["last"])[-1]  # "oud-min.", "J.-P."
    if _is_numeral(last, previous) or (after[:1].isdigit() and _is_before_number(last, after)):
        return True
    if "." in last:
        return _is_dotted(last, previous, after)
    if len(last) == 1 and last.islower():
        return last in "vn" or _SPACED_LETTER.fullmatch(previous) is not None  # "v. Chr.", "o. a."
    if (len(last) == 1 and last.isupper()) or last in _LONG_INITIALS:
        return previous.lower() not in _LETTERED and not _is_opener(after)
    return _is_listed(last, after)


def _is_listed(last: str, after: str) -> bool:
    if last.isupper():  # "ING", "MR"
        return False
    return last.lower() in _TITLES or (last in _SELDOM_LAST and not _is_opener(after))


def _is_numeral(last: str, previous: str) -> bool:
    """Whether this numbers what follows: "1. Ajax, 2. PSV", or "a." at the beginning."""
    if previous and previous[-1] not in ",;:":
        return False
    return (last.isdigit() and len(last) <= _LONGEST_NUMERAL) or (
        not previous and len(last) == 1 and last.islower()
    )


def _is_before_number(last: str, after: str) -> bool:
    if last in _DAYS_AND_WORDS:
        return _DAY_AND_MONTH.match(after) is not None
    one_letter = len(last) == 1 and last.islower() and last != "u"  # "p. 12", "c. 1650"
    return one_letter or last in _DAYS | _MONTHS or last.lower() in _SELDOM_LAST


def _is_dotted(last: str, previous: str, after: str) -> bool:
    if last in _OFTEN_LAST and (last.isupper() or previous.lower() not in _ARTICLES):
        return False
    if not _LETTERS.fullmatch(last):
        return False
    return last.lower() in _NEVER_LAST or not _is_opener(after)


def _is_opener(after: str) -> bool:
    """Whether the next sentence begins here: "De rechter", and not "De Vries"."""
    first = _FIRST.match(after)
    if first is None:
        return False
    word, following = first["word"].lower(), first["next"] or ""
    return word in _OPENERS or (word in _ARTICLES and not following.isupper())
