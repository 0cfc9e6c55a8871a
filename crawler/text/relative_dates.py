"""Dates that are written from the present: "zojuist", "vrijdag 10:15", "2 uur geleden".

They say as much as a clock with a day only beside the moment at which somebody read them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta, tzinfo
from functools import cache

_DAYS_AGO = {
    "vandaag": 0,
    "gisteren": 1,
    "gister": 1,
    "eergisteren": 2,
    "eergister": 2,
    "today": 0,
    "yesterday": 1,
    "heute": 0,
    "gestern": 1,
    "vorgestern": 2,
    "aujourd'hui": 0,
    "aujourd’hui": 0,
    "hier": 1,
}
_PARTS_OF_DAYS = {
    **dict.fromkeys(("vannacht", "vanochtend", "vanmorgen", "vanmiddag", "vanavond"), 0),
    "afgelopen nacht": 0,
    **{
        f"{day}{part}": ago
        for ago, days in ((1, ("gister", "gisteren")), (2, ("eergister", "eergisteren")))
        for day in days
        for part in ("nacht", "ochtend", "morgen", "middag", "avond")
    },
}
_WEEKDAYS = {
    name: number
    for number, names in enumerate(
        (
            "maandag ma monday mon lundi lun montag mo",
            "dinsdag di tuesday tue tues mardi mar dienstag",
            "woensdag wo wednesday wed mercredi mer mittwoch mi",
            "donderdag do thursday thu thur thurs jeudi jeu donnerstag",
            "vrijdag vr friday fri vendredi ven freitag fr",
            "zaterdag za saturday sat samedi sam samstag sa",
            "zondag zo sunday sun dimanche dim sonntag so",
        )
    )
    for name in names.split()
}
_UNITS = {
    timedelta(minutes=1): "min minuut minuten minute minutes",
    timedelta(hours=1): "uur uren hour hours hr hrs heure heures stunde stunden",
    timedelta(days=1): "dag dagen day days jour jours tag tage tagen",
    timedelta(weeks=1): "week weken weeks semaine semaines woche wochen",
}
# Units that are read where nothing else is written: elsewhere they are of what a text tells.
_MORE_UNITS = {
    timedelta(): "momenten ogenblikken",
    timedelta(seconds=1): "s sec seconde seconden second seconds secondes sekunde sekunden tellen",
    timedelta(minutes=1): "m mins minuutjes",
    timedelta(minutes=15): "kwartier",
    timedelta(hours=1): "u h std uurtjes",
    timedelta(days=1): "d dgn j dagjes",
    timedelta(weeks=1): "w wk",
    timedelta(days=30): "mnd maand maanden month months mois monat monaten",  # about
    timedelta(days=365): "jaar jaren year years an ans jahr jahren",
}
# What is one where no number stands before it.
_LONE_UNITS = {
    timedelta(): "moment momentje ogenblik ogenblikje",
    timedelta(minutes=1): "minuutje",
    timedelta(minutes=15): "kwartier kwartiertje viertelstunde",
    timedelta(minutes=30): "halfuur halfuurtje demi-heure",
    timedelta(hours=1): "uurtje",
    timedelta(days=1): "dagje",
    timedelta(weeks=1): "weekje",
}


def _lengths(units: dict[timedelta, str]) -> dict[str, timedelta]:
    return {name: length for length, names in units.items() for name in names.split()}


def _any(words: Iterable[str]) -> str:
    return "|".join(sorted(words, key=len, reverse=True))


_LENGTHS = _lengths(_UNITS)
_LONE_LENGTHS = _lengths(_LONE_UNITS)
_ALL_LENGTHS = _LENGTHS | _lengths(_MORE_UNITS) | _LONE_LENGTHS
_ONE = "een één a an un une ein eine einem einer"
_NUMBERS: dict[str, float] = {
    name: number
    for number, names in enumerate(
        (
            *(_ONE, "twee two deux zwei", "drie three trois drei", "vier four quatre"),
            *("vijf five cinq fünf", "zes six sechs", "zeven seven sept sieben"),
            *("acht eight huit", "negen nine neuf neun", "tien ten dix zehn", "elf eleven onze"),
            *("twaalf twelve douze zwölf", "dertien", "veertien", "vijftien", "zestien"),
            *("zeventien", "achttien", "negentien", "twintig twenty vingt zwanzig"),
        ),
        start=1,
    )
    for name in names.split()
}
_NUMBERS |= {
    f"{number} en een half": _NUMBERS[number] + 0.5
    for number in ("een", "twee", "drie", "vier", "vijf")
}
_NUMBERS["geen"] = 1  # "nog geen uur geleden"
_NUMBERS |= {"dertig": 30, "veertig": 40, "vijftig": 50, "drie": 3}
_NUMBERS |= dict.fromkeys(("half", "halve", "een half", "een halve", "half a", "half an"), 0.5)
_NUMBERS |= dict.fromkeys(("une demi", "einer halben", "einem halben"), 0.5)
_NUMBERS |= dict.fromkeys(("anderhalf", "anderhalve", "anderthalb"), 1.5)
_NUMBERS |= dict.fromkeys(("tweeënhalf", "tweeënhalve", "tweeëneenhalf", "tweeëneenhalve"), 2.5)
_FEW = 3  # chosen
_NUMBERS |= dict.fromkeys(
    (
        *("paar", "een paar", "enkele", "enige", "few", "a few", "several", "couple of"),
        *("a couple of", "quelques", "einigen", "wenigen", "ein paar"),
    ),
    _FEW,
)
_DAY_WORD = re.compile(rf"(?<![a-z])({_any(_DAYS_AGO)})(?![a-z])")
_DIGITS = r"\d{1,3}(?:[.,]\d| ?½)?|½"


def _length(count: str, units: Iterable[str], number: int, lone: str) -> str:
    """The pattern of a length: a count and a unit, or one that says how long it is by itself."""
    return (
        rf"(?:(?P<count{number}>{count})(?: ?(?=[a-z])|(?<=demi)-)(?P<unit{number}>{_any(units)})"
        rf"(?![a-zë])\.?|(?:(?:een|une|einer) )?(?P<lone{number}>{lone})(?![a-zë]))"
    )


def _ago(
    count: str,
    units: Iterable[str],
    *,
    around: str = "",
    lone: str = "(?!)",
    end: str = "geleden|ago",
) -> str:
    """The pattern of one or two lengths before now."""
    first, second = (_length(count, units, number, lone) for number in (1, 2))
    return (
        rf"(?:(?<![a-z])(?P<before>il y a|vor) )?{around}(?<![\da-z])(?<!\d[.,]){first}"
        rf"(?:(?:,? (?:en|and|et|und) |, ?| ?){second})?(?(before)| (?:{end}))(?![a-z])"
    )


_ROUGHLY = (
    r"(?:(?:ongeveer|circa|ca\.?|zo['’]n|ruim|bijna|krap|(?:iets )?(?:meer|minder) dan"
    r"|(?:langer|korter) dan|nog|dik|goed|een (?:dikke|kleine|goede|stuk of)|hooguit|hoogstens"
    r"|minstens|about|almost"
    r"|over|nearly|around|(?:more|less) than|environ|plus d[e']|moins d[e']|etwa|rund|ungefähr|fast"
    r"|über|knapp|mehr als|weniger als) ?)?"
)
_ANY_COUNT = rf"{_DIGITS}|{_any(_NUMBERS)}"
_BETWEEN = rf"(?:(?:{_ANY_COUNT})(?: (?:of|à|tot|or|to|ou|oder|bis) ))?"
_ANY_AGO = _ago(
    _ANY_COUNT,
    _ALL_LENGTHS,
    around=_ROUGHLY + _BETWEEN,
    lone=_any(_LONE_LENGTHS),
    end="geleden|terug|ago",
)
# "een uur of drie geleden", "een dag of wat geleden"; and "vorige week", as rough as that.
_OR_SO = (
    rf"(?:een )?(?P<orunit>{_any(_ALL_LENGTHS)}) of (?P<orcount>{_ANY_COUNT}|wat|meer)"
    r" (?:geleden|terug)"
)
_LAST_ONE = (
    r"(?:vorige?|verleden|afgelopen|voorbije|last|letzten?|letztes) "
    r"(?P<lastunit>week|maand|jaar|month|year|woche|monat|jahr)"
)
_AGO = _ago(rf"{_DIGITS}|{_any(('één', *_ONE.split()))}", _LENGTHS)
_CLOCK = (
    r"\d{1,2}(?:(?:[:.uh]| h )\d\d(?! ?[ap]\.?m)(?: ?(?:uur|uhr|h)(?![a-z]))?"
    r"| ?(?:uur|uhr)(?![a-z]))"
)
_AT = r"(?:,? (?:om|à|um|at|op) |[,.]{0,2} |, ?)"
_PARTS = "ochtend|morgen|middag|avond|nacht"
_ALONE = (
    r"(?P<now>(?:zojuist|zo-?even|zonet|zopas|daarnet|net)"
    r" (?:geplaatst|gepubliceerd|verschenen|bijgewerkt|binnen)"
    r"|zojuist|zo-?even|zonet|zopas|daarnet|just now|à l['’]instant|soeben|gerade eben)"
    rf"|(?P<weekday>(?:{_any(_WEEKDAYS)}))(?:(?<=dag)(?:{_PARTS}))?\b(?P<ofweek>{_AT}{_CLOCK})"
    rf"|(?P<part>{_any(_PARTS_OF_DAYS)})(?P<ofpart>{_AT}{_CLOCK})"
    rf"|(?P<word>(?:{_any(_DAYS_AGO)})(?![a-z]))(?:{_AT}{_CLOCK})"
    rf"|(?:vorige|verleden) week (?:op )?(?P<lastweek>{_any(_WEEKDAYS)})\b(?P<ofthat>{_AT}{_CLOCK})"
    rf"|{_ANY_AGO}|{_OR_SO}"
)
# A day without its time. Beside a headline it may be the name of a page or a section.
_FULL_NAMES = [name for name in _WEEKDAYS if len(name) > len("tues")]
_DAY_ALONE = (
    r"(?P<last>(?:afgelopen|vorige|voorbije|laatste|last|letzten) )?(?:op |on |am )?"
    rf"(?P<day>(?:{_any(_FULL_NAMES)})|{_any(_PARTS_OF_DAYS)}|(?:{_any(_DAYS_AGO)})(?![a-z]))"
    rf"(?:(?<=dag)(?:{_PARTS}))?(?P<past> jl\.?| dernier)?"
    rf"|(?:vorige|verleden) week (?:op )?(?P<dayoflastweek>{_any(_FULL_NAMES)})|{_LAST_ONE}"
)
_LABELS = (
    r"(?:(?:geplaatst|gepubliceerd|publicatie|online|datum|published|posted|publié)(?: op)?:? )?"
)
_WHOLE = _LABELS + rf"(?:{_ALONE}|{_DAY_ALONE})"
_BEFORE, _BEHIND = rf"(?:^|[|·•–—,-] ?|(?<=: )){_LABELS}", r"(?= ?(?:$|[|·•–—-]))"
_BESIDE = rf"{_BEFORE}(?P<date>{_ALONE}){_BEHIND}"
_BESIDE_MARKED = rf"{_BEFORE}(?P<date>{_ALONE}|{_DAY_ALONE}){_BEHIND}"


@cache  # when the first date is read: to compile them takes longer than the rest of this module
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)


def relative_part(line: str, *, marked: bool = False) -> str:
    """What in a line beside a headline is such a date, "" if nothing is.

    A day without its time is one where the page says that a date stands there (`marked`).
    """
    found = _compiled(_BESIDE_MARKED if marked else _BESIDE).search(line.lower())
    return found["date"] if found else ""


def is_relative(text: str) -> bool:
    """Whether a text is such a date and nothing else."""
    return _compiled(_WHOLE).fullmatch(" ".join(text.lower().split())) is not None


def moment_ago(text: str, now: datetime) -> datetime | None:
    """The moment that lies as long before `now` as a text in small letters says."""
    found = _compiled(_WHOLE).fullmatch(text)
    if found and found["now"]:
        return now
    if found and (unit := found["orunit"]):
        return now - _number(found["orcount"]) * _ALL_LENGTHS[unit]
    if found and (unit := found["lastunit"]):
        return now - _ALL_LENGTHS[unit]
    if not (found and (found["unit1"] or found["lone1"])):
        found = _compiled(_AGO).search(text)
    return now - _length_of(found, 1) - _length_of(found, 2) if found else None


def _length_of(found: re.Match[str], number: int) -> timedelta:
    """The first or second length that was found, none if there is no second one."""
    if lone := found[f"lone{number}"]:
        return _LONE_LENGTHS[lone]
    if not (unit := found[f"unit{number}"]):
        return timedelta()
    return _number(found[f"count{number}"]) * _ALL_LENGTHS[unit]


def _number(written: str) -> float:
    if written in _NUMBERS:
        return _NUMBERS[written]
    if written in {"wat", "meer"}:
        return _FEW
    whole = written.rstrip("½ ").replace(",", ".")
    return float(whole or 0) + (0.5 if "½" in written else 0)


def named_day(text: str, now: datetime, zone: tzinfo) -> tuple[date, str] | None:
    """The day that a text in small letters names from `now`, and the text behind that name.

    A day of the week, or a part of a day, is the last of which the time that stands there is past.
    """
    today = now.astimezone(zone).date()
    found = _compiled(_WHOLE).fullmatch(text)
    if found and (name := found["lastweek"] or found["dayoflastweek"]):
        monday = today - timedelta(days=today.weekday() + 7)
        return monday + timedelta(days=_WEEKDAYS[name]), found["ofthat"] or ""
    if found and (found["weekday"] or found["part"]):
        rest = found["ofweek"] or _of_part(found["part"], found["ofpart"])
        day = today - timedelta(days=_days_ago(found["weekday"] or found["part"], today))
        if datetime.combine(day, _clock(rest), tzinfo=zone) > now:
            day -= timedelta(days=7 if found["weekday"] else 1)
        return day, rest
    if found and found["day"]:
        days = _days_ago(found["day"], today)
        return today - timedelta(days=days or (7 if found["last"] or found["past"] else 0)), ""
    if word := _DAY_WORD.search(text):
        return today - timedelta(days=_DAYS_AGO[word[1]]), text[word.end() :]
    return None


def _days_ago(name: str, today: date) -> int:
    """How long ago the last day of this name was."""
    if name in _WEEKDAYS:
        return (today.weekday() - _WEEKDAYS[name]) % 7
    return _PARTS_OF_DAYS.get(name, _DAYS_AGO.get(name, 0))


def _clock(text: str) -> time:
    """The time in this text.

    Raises:
        ValueError: there is no such time.
    """
    hour, minute, *_ = [*map(int, re.findall(r"\d+", text)), 0]
    return time(hour, minute)


def _of_part(part: str, clock: str) -> str:
    """The time in this part of a day: that of "gisteravond om 9 uur" is 21:00."""
    time_of_day = _clock(clock)
    later = (part.endswith("avond") and 4 < time_of_day.hour < 12) or (  # noqa: PLR2004 (hours)
        part.endswith("middag") and 0 < time_of_day.hour < 7  # noqa: PLR2004 (hours)
    )
    return f" {time_of_day.hour + 12 * later}:{time_of_day.minute:02}"
