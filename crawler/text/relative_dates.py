"""Dates that are written from the present: "zojuist", "vrijdag 10:15", "2 uur geleden".

They say as much as a clock with a day only beside the moment at which somebody read them.
"""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta, tzinfo

_DAYS_AGO = {
    "vandaag": 0,
    "gisteren": 1,
    "eergisteren": 2,
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
    **dict.fromkeys(("gisternacht", "gisterochtend", "gistermorgen"), 1),
    **dict.fromkeys(("gistermiddag", "gisteravond"), 1),
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
    timedelta(seconds=1): "s sec seconde seconden second seconds secondes sekunde sekunden",
    timedelta(minutes=1): "m mins minuutjes",
    timedelta(hours=1): "u h std",
    timedelta(days=1): "d dgn j",
    timedelta(days=30): "maand maanden month months mois monat monaten",  # about
    timedelta(days=365): "jaar jaren year years an ans jahr jahren",
}


def _lengths(units: dict[timedelta, str]) -> dict[str, timedelta]:
    return {name: length for length, names in units.items() for name in names.split()}


def _any(words: dict[str, timedelta] | dict[str, int]) -> str:
    return "|".join(sorted(words, key=len, reverse=True))


_LENGTHS = _lengths(_UNITS)
_ALL_LENGTHS = _LENGTHS | _lengths(_MORE_UNITS)
_NUMBERS = {
    name: number
    for number, names in enumerate(
        (
            *("een één a an un une ein eine einem einer", "twee two deux zwei", "drie three drei"),
            *(
                "vier four quatre",
                "vijf five cinq fünf",
                "zes six sechs",
                "zeven seven sept sieben",
            ),
            *("acht eight huit", "negen nine neuf neun", "tien ten dix zehn"),
        ),
        start=1,
    )
    for name in names.split()
}
_HALVES = {"half": 30, "halfuur": 30, "anderhalf": 90, "kwartier": 15, "drie kwartier": 45}
_DAY_WORD = re.compile(rf"(?<![a-z])({_any(_DAYS_AGO)})(?![a-z])")
_AGO = re.compile(
    r"(?:(?<![a-z])(?P<before>il y a|vor) )?(?<![\da-z])"
    r"(?P<count>\d{1,2}|een|één|an?|une?|eine[mr]?) ?"
    rf"(?P<unit>{_any(_LENGTHS)})\.?(?(before)| (?:geleden|ago))(?![a-z])"
)
_CLOCK = r"\d{1,2}(?:[:.uh]| h )\d\d(?! ?[ap]\.?m)(?: ?(?:uur|uhr|h)(?![a-z]))?"
_AT = r"(?:,? (?:om|à|um|at|op) |[,.]{0,2} |, ?)"
_ALONE = (
    r"(?P<now>zojuist|zo-?even|zonet|zopas|daarnet|just now|à l['’]instant|soeben|gerade eben)"
    rf"|(?P<weekday>(?:{_any(_WEEKDAYS)})\b)(?P<ofweek>{_AT}{_CLOCK})"
    rf"|(?P<part>{_any(_PARTS_OF_DAYS)})(?P<ofpart>{_AT}{_CLOCK})"
    rf"|(?P<word>(?:{_any(_DAYS_AGO)})(?![a-z]))(?:{_AT}{_CLOCK})"
    r"|(?:een )?(?P<halves>half|halfuur|anderhalf|(?:drie )?kwartier)(?: uur)? geleden"
    rf"|(?:(?P<before>il y a|vor) )?(?P<count>\d{{1,2}}|{_any(_NUMBERS)}) ?"
    rf"(?P<unit>{_any(_ALL_LENGTHS)})\.?(?(before)| (?:geleden|ago))(?![a-z])"
)
_LABELS = (
    r"(?:(?:geplaatst|gepubliceerd|publicatie|online|datum|published|posted|publié)(?: op)?:? )?"
)
_WHOLE = re.compile(_LABELS + rf"(?:{_ALONE})")
_BESIDE = re.compile(rf"(?:^|[|·•–—,-] ?|(?<=: )){_LABELS}(?P<date>{_ALONE})(?= ?(?:$|[|·•–—-]))")


def relative_part(line: str) -> str:
    """What in a line beside a headline is such a date, "" if nothing is."""
    found = _BESIDE.search(line.lower())
    return found["date"] if found else ""


def is_relative(text: str) -> bool:
    """Whether a text is such a date and nothing else."""
    return _WHOLE.fullmatch(" ".join(text.lower().split())) is not None


def moment_ago(text: str, now: datetime) -> datetime | None:
    """The moment that lies as long before `now` as a text in small letters says."""
    if found := _AGO.search(text):
        count = int(found["count"]) if found["count"].isdigit() else 1
        return now - count * _LENGTHS[found["unit"]]
    found = _WHOLE.fullmatch(text)
    if found is None:
        return None
    if found["now"]:
        return now
    if found["halves"]:
        return now - timedelta(minutes=_HALVES[found["halves"]])
    if not found["unit"]:
        return None
    count = _NUMBERS.get(found["count"]) or int(found["count"])
    return now - count * _ALL_LENGTHS[found["unit"]]


def named_day(text: str, now: datetime, zone: tzinfo) -> tuple[date, str] | None:
    """The day that a text in small letters names from `now`, and the text behind that name.

    A day of the week, or a part of a day, is the last of which the time that stands there is past.
    """
    today = now.astimezone(zone).date()
    found = _WHOLE.fullmatch(text)
    if found and (found["weekday"] or found["part"]):
        rest = found["ofweek"] or found["ofpart"]
        days = _PARTS_OF_DAYS.get(found["part"] or "", 0)
        if found["weekday"]:
            days = (today.weekday() - _WEEKDAYS[found["weekday"]]) % 7
        day = today - timedelta(days=days)
        if datetime.combine(day, _clock(rest), tzinfo=zone) > now:
            day -= timedelta(days=7 if found["weekday"] else 1)
        return day, rest
    if word := _DAY_WORD.search(text):
        return today - timedelta(days=_DAYS_AGO[word[1]]), text[word.end() :]
    return None


def _clock(text: str) -> time:
    """The time in this text.

    Raises:
        ValueError: there is no such time.
    """
    hour, minute, *_ = map(int, re.findall(r"\d+", text))
    return time(hour, minute)
