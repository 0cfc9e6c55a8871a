"""The dates that feeds, sitemaps and Dutch pages write, as moments in UTC.

Three promises. The result is aware and in UTC. A date that does not exist (25:61:61, 31 February,
the year 9999) gives None, never a neighbouring date. A date less than `GRACE` in the future becomes
`now`, since a clock or a zone is probably wrong; one further in the future gives None.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from functools import lru_cache
from zoneinfo import ZoneInfo, available_timezones

from crawler.text.relative_dates import moment_ago, named_day

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)  # chosen: before the web; 1970 means an unset clock
# Chosen: a wrong zone is off by at most 14 hours, an embargo by an evening.
GRACE = timedelta(hours=24)
MAX_CHARS = 200  # chosen: a date with some words around it; anything longer is prose

_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "jan january januari januar jänner janvier janv",
            "feb febr february februari februar février fevrier févr fevr fév",
            "mar march mrt maart maa märz maerz mär mrz mars",
            "apr april avril avr",
            "may mei mai",
            "jun june juni juin",
            "jul july juli juillet juil",
            "aug august augustus août aout aoû",
            "sep sept september septembre",
            "oct october okt oktober octobre",
            "nov november novembre",
            "dec december dez dezember décembre decembre déc",
        ),
        start=1,
    )
    for name in names.split()
}
_MONTH = "(?P<month>" + "|".join(sorted(_MONTHS, key=len, reverse=True)) + r")(?![a-z])\.?"

# Hours east of UTC. Those of North America are defined by RFC 822, 5.1; no other zone is meant by
# one of these in more than one part of the world.
_HOURS: dict[str, float] = {
    **dict.fromkeys(("z", "ut", "utc", "gmt", "wet", "zulu"), 0),
    **dict.fromkeys(("west", "cet", "met", "mez", "wat"), 1),
    **dict.fromkeys(("cest", "mest", "mesz", "eet", "cat", "sast"), 2),
    **dict.fromkeys(("eest", "msk", "eat", "trt"), 3),
    "irst": 3.5,
    **dict.fromkeys(("irdt", "aft"), 4.5),
    **dict.fromkeys(("pkt", "uzt"), 5),
    "npt": 5.75,
    "ict": 7,
    "awst": 8,
    "hkt": 8,
    "sgt": 8,
    "jst": 9,
    "kst": 9,
    "acst": 9.5,
    "aest": 10,
    "acdt": 10.5,
    "aedt": 11,
    "nzst": 12,
    "nzdt": 13,
    "nst": -3.5,
    "ndt": -2.5,
    "est": -5,
    "edt": -4,
    "cst": -6,
    "cdt": -5,
    "mst": -7,
    "mdt": -6,
    "pst": -8,
    "pdt": -7,
    "akst": -9,
    "akdt": -8,
    "hst": -10,
}
# Clocks of North America that are named without saying whether it is summer.
_PLACES_OF_CLOCKS = {
    "et": "America/New_York",
    "ct": "America/Chicago",
    "mt": "America/Denver",
    "pt": "America/Los_Angeles",
}
_OF_INDIA = "hi mr ta te kn gu pa ml or as en-in bn-in ur-in".split()  # noqa: SIM905  (a table of words)
# These mean several zones. That of the language's own country is taken, by the region that it is
# written with or by itself; in any other language such a date is not read.
_OWN_HOURS: dict[str, dict[str, float | None]] = {
    "ast": {"en": -4, "ar": 3},
    "adt": {"en": -3, "ar": 4},
    "bst": {"en": 1, "bn": 6, **dict.fromkeys(("en-us", "en-au", "en-in"))},
    "gst": {"ar": 4},
    "ist": {"he": 2, "en-il": 2, **dict.fromkeys(_OF_INDIA, 5.5), "ga": 1, "en-ie": 1},
    "idt": {"he": 3},
    "amt": {"pt": -4, "hy": 4},
    "wib": {"id": 7},
    "sst": {},
    "lmt": {},
}

_ISO = re.compile(
    r"(?<![\d-])(?P<year>\d{4})(?:([-/.])(?P<month>\d{1,2})\2(?P<day>\d{1,2})|(?P<md>\d{4}))"
    r"(?=$|[t_ ,;z]|\d{6})[t_]?",
)
# A day by its week, or by its number in the year (ISO 8601, 5.2.2 and 5.2.3).
_ISO_WEEK = re.compile(
    r"(?<![\d-])(?P<year>\d{4})(?:-w(?P<week>\d\d)-|w(?P<compact>\d\d))(?P<weekday>[1-7])"
    r"(?=$|[t ,;z])t?"
)
_ISO_DAY = re.compile(r"(?<![\d-])(?P<year>\d{4})-(?P<number>[0-3]\d\d)(?=$|[t ,;z])t?")
_DATES = (
    _ISO,
    re.compile(
        rf"(?<!\d)(?P<day>\d{{1,2}})(?:e|er|ste|de|st|nd|rd|th)?(?: of)?[ ./-]{{1,2}}{_MONTH}"
        r"[ ./,'-]{1,3}(?P<year>\d{4}|\d{2})(?![\d:.]| ?(?:h|u|uur|uhr)(?![a-z]))"
    ),
    re.compile(
        rf"(?<![a-z]){_MONTH} {{1,2}}(?P<day>\d{{1,2}})(?:st|nd|rd|th)?(?:,| at)? {{1,2}}"
        r"(?P<year>\d{4})(?![\d:])"
    ),
    re.compile(  # asctime: the time and zone stand between day and year
        rf"(?<![a-z]){_MONTH} {{1,2}}(?P<day>\d{{1,2}}) (?=\d{{1,2}}:\d\d).{{4,18}}"
        r" (?P<year>\d{4})$"
    ),
    re.compile(
        r"(?<![\d:.])(?P<day>\d{1,2})([-/.])(?P<month>\d{1,2})\2(?P<year>\d{4}|\d{2})(?![\d:.])"
    ),
    re.compile(rf"(?<!\d)(?P<day>\d{{1,2}})[ -]{_MONTH}(?![ ,]*\d{{4}})(?P<year>)"),
)
_USUAL = re.compile(
    r"(?:[a-z]{2,3}, )?(?P<day>\d{1,2}) (?P<month>[a-z]{3}) (?P<year>\d{4}) "
    r"(?P<hour>[01]\d|2[0-3]):(?P<minute>\d\d)(?::(?P<second>[0-5]\d))? (?P<zone>[+-]\d{4}|gmt)"
)
_TIME = re.compile(
    r"(?<![\d:.+-])(?P<hour>\d{1,2})(?:(?:[:.uh]| h )(?P<minute>\d\d)(?:[:.](?P<second>\d\d)"
    r"(?:[.,]\d{1,9})?)?(?![\d:])| uur(?![a-z])| uhr(?![a-z])| ?h(?![a-z])| ?(?=[ap]\.?m))"
    r"(?: ?(?P<half>[ap])\.?m\b\.?)?"
)
_COMPACT_TIME = re.compile(
    r"(?P<hour>\d\d)(?:(?P<minute>\d\d)(?P<second>\d\d)?(?:[.,]\d{1,9})?(?!\d)|(?=z|[+-]\d))"
)
_ZONE = re.compile(
    r" ?(?:(?:uur|uhr) )?\(?(?:(?:(?:gmt|utc|ut|z) ?)?"
    r"(?P<sign>[+\u2212-])(?P<hours>\d{1,2})(?::?(?P<minutes>\d\d))?(?!\d)"
    r"|(?P<place>[a-z_]+/[a-z0-9_/+-]+)"
    r"|(?P<name>[a-z]{1,5})(?![a-z]))"
)
# What stands after a time in capitals is a zone, even if nobody knows which, if it ends in T or is
# the last after seconds. So is what calls itself a time: "Eastern Standard Time".
_ABBREVIATION = re.compile(
    r"(?:\d|\b[ap]\.?m\.?) ?\(?(?:(?!MRT|MAART|SEPT|O[CK]T|AOUT|SAT)([A-Z]{1,4}T|WIB)\b"
    r"|(?:[A-Z][a-z]+ )+Time\b|(?<=:\d\d:\d\d )(?!UUR|UHR|AM|PM)([A-Z]{1,5})$)"
)
_AFTER_OFFSET = re.compile(r":\d\d ?(?:gmt|utc|ut|z)? ?[+-]\d\d:?\d\d", re.IGNORECASE)
# "12 / 03 / 2026"
_SPACED = re.compile(
    r"(?<![\d.:/-])(\d{4}|\d{1,2}) ?([-/.]) ?(\d{1,2}) ?\2 ?(\d{4}|\d{1,2})(?![\d.:/-])"
)
_HYPHENS = str.maketrans("\u2010\u2011", "--")  # as programs that set texts put them
_INTERNET = re.compile(
    r"\d{4}-\d\d-\d\d[t ](?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:z|[+-](?:[01]\d|2[0-3]):[0-5]\d)",
    re.ASCII,
)
_EPOCH = re.compile(r"\d{10}(?:\d{3})?")
# Milliseconds, as ASP.NET and scripts write them; an offset says where they were written.
_OF_SCRIPTS = re.compile(r"\\?/?(?:new )?date\((?P<thousandths>\d{12,13})(?:[+-]\d{4})?\)\\?/?")


def parse_date(
    text: str, *, now: datetime, zone: tzinfo = AMSTERDAM, language: str = "nl"
) -> datetime | None:
    """The moment that is written here, in UTC; None if there is none or it does not exist.

    It may be written in Dutch, French, German or English. A time without a zone is in `zone`; in a
    zone that is not known, it is not read. An abbreviation of several zones is that of the
    country of `language`. `now` (aware) limits the future, and is the reference for "gisteren", "10
    min. geleden" and a date without a year.
    """
    if not 4 <= len(text) <= MAX_CHARS:  # noqa: PLR2004  (a date has a digit or word for each part)
        return None
    plain = " ".join(text.translate(_HYPHENS).lower().split())
    if " / " in plain or " - " in plain or ". " in plain:
        plain = _SPACED.sub(r"\1\2\3\2\4", plain)
    try:
        quick = _usual(plain) or _internet(plain)
        if quick is None and (found := _abbreviation(text.strip())):
            name = (found[1] or found[2] or "").lower()
            before, _, behind = plain.rpartition(name)
            plain = before + _own_offset(name, language) + behind
        moment = quick or moment_ago(plain, now) or _epoch(plain) or _written(plain, now, zone)
        return None if moment is None else _in_range(moment.astimezone(UTC), now)
    except (ValueError, OverflowError, KeyError):
        return None


def _abbreviation(text: str) -> re.Match[str] | None:
    """Where a zone is named, unless its offset stands before it: "+0100 (Indian Standard Time)"."""
    found = _ABBREVIATION.search(text)
    return None if found and _AFTER_OFFSET.search(text[: found.start() + 1]) else found


def _own_offset(name: str, language: str) -> str:
    """The abbreviation of a zone as it can be read: itself, or its offset where it means several.

    Raises:
        ValueError: it cannot be told which zone is meant.
    """
    if name in _HOURS:
        return name
    if name in _PLACES_OF_CLOCKS:
        return _PLACES_OF_CLOCKS[name].lower()
    own, tag = _OWN_HOURS.get(name, {}), language.replace("_", "-").lower()
    hours = own.get(tag, own.get(tag.partition("-")[0]))
    if hours is None:
        raise ValueError(name)
    return f"{'-' if hours < 0 else '+'}{int(abs(hours)):02}{int(abs(hours) % 1 * 60):02}"


def _in_range(moment: datetime, now: datetime) -> datetime | None:
    if not EARLIEST <= moment <= now + GRACE:
        return None
    return min(moment, now.astimezone(UTC))


def _usual(text: str) -> datetime | None:
    """A date in the form most RSS feeds use (RFC 822), by a faster way; None for any other form."""
    if (found := _USUAL.fullmatch(text)) is None or found["month"] not in _MONTHS:
        return None
    day, year, hour, minute = map(int, found.group("day", "year", "hour", "minute"))
    return datetime(
        year,
        _MONTHS[found["month"]],
        day,
        hour,
        minute,
        int(found["second"] or 0),
        tzinfo=_zone_after(found["zone"], UTC),
    )


def _internet(text: str) -> datetime | None:
    """A date as Atom and sitemaps write it (RFC 3339), by the fastest way; None for any other."""
    return datetime.fromisoformat(text.upper()) if _INTERNET.fullmatch(text) else None


def _epoch(text: str) -> datetime | None:
    if found := _OF_SCRIPTS.fullmatch(text):
        return datetime.fromtimestamp(int(found["thousandths"]) // 1000, tz=UTC)
    if not text.isdigit() or not _EPOCH.fullmatch(text):
        return None
    return datetime.fromtimestamp(int(text[:10]), tz=UTC)


def _written(text: str, now: datetime, zone: tzinfo) -> datetime | None:
    if found := _ISO_WEEK.search(text):
        year, week, weekday = found["year"], found["week"] or found["compact"], found["weekday"]
        day = date.fromisocalendar(int(year), int(week), int(weekday))
        return _moment(day, text[found.end() :], zone, compact=True)
    if found := _ISO_DAY.search(text):
        day = _numbered(int(found["year"]), int(found["number"]))
        return _moment(day, text[found.end() :], zone, compact=True)
    for pattern in _DATES:
        if found := pattern.search(text):
            day = _day_of(found, now, zone)
            if pattern is _ISO:
                return _moment(day, text[found.end() :], zone, compact=True)
            rest = text[found.end() :]
            if another := pattern.search(rest):  # "12 maart, gewijzigd 13 maart, 9.15 uur"
                rest = rest[: another.start()]
            if not _TIME.search(rest):  # the digits of the day are no time: 21.11.2026
                rest = found[0] if ":" in found[0] else text[: found.start()]
            return _moment(day, rest, zone)
    named = named_day(text, now, zone)
    return None if named is None else _moment(named[0], named[1], zone)


def _numbered(year: int, number: int) -> date:
    """The day of this number in the year.

    Raises:
        ValueError: the year has no such day.
    """
    day = date(year, 1, 1) + timedelta(days=number - 1)
    if day.year != year:
        raise ValueError(number)
    return day


def _day_of(found: re.Match[str], now: datetime, zone: tzinfo) -> date:
    parts = found.groupdict()
    if parts.get("md"):
        return date(int(parts["year"]), int(parts["md"][:2]), int(parts["md"][2:]))
    month = _MONTHS.get(parts["month"]) or int(parts["month"])
    if not parts["year"]:
        return _latest(int(parts["day"]), month, now.astimezone(zone).date())
    day, year = int(parts["day"]), int(parts["year"])
    if "md" not in parts and day <= 12 < month:  # noqa: PLR2004  (months: as Americans write)
        day, month = month, day
    if len(parts["year"]) == 2:  # noqa: PLR2004  (RFC 2822, 4.3: two digits)
        year += 2000 if year < 50 else 1900  # noqa: PLR2004  (the same rule)
    return date(year, month, day)


def _latest(day: int, month: int, today: date) -> date:
    """The last such day up to tomorrow: that is what a page means if it leaves out the year."""
    this_year = date(today.year, month, day)
    return this_year if this_year <= today + timedelta(days=1) else date(today.year - 1, month, day)


def _moment(day: date, rest: str, zone: tzinfo, *, compact: bool = False) -> datetime:
    found = (_COMPACT_TIME.match(rest) if compact else None) or _TIME.search(rest)
    if found is None:
        return datetime.combine(day, time(), tzinfo=zone)
    parts = found.groupdict()
    hour, minute = int(parts["hour"]), int(parts["minute"] or 0)
    second = int(parts["second"] or 0)
    if parts.get("half"):
        hour = _from_twelve(hour, afternoon=parts["half"] == "p")
    if second == 60:  # noqa: PLR2004  (a leap second, RFC 3339, 5.6)
        second = 59
    if (hour, minute, second) == (24, 0, 0):  # the end of the day, ISO 8601
        day, hour = day + timedelta(days=1), 0
    clock = time(hour, minute, second)
    return datetime.combine(day, clock, tzinfo=_zone_after(rest[found.end() :], zone))


def _from_twelve(hour: int, *, afternoon: bool) -> int:
    if not 1 <= hour <= 12:  # noqa: PLR2004  (a clock face)
        raise ValueError(hour)
    return hour % 12 + (12 if afternoon else 0)


def _zone_after(rest: str, zone: tzinfo) -> tzinfo:
    found = _ZONE.match(rest)
    if found is None:
        return zone
    if found["sign"]:
        minutes = 60 * int(found["hours"]) + int(found["minutes"] or 0)
        if int(found["minutes"] or 0) > 59 or minutes >= 24 * 60:  # noqa: PLR2004  (RFC 3339, 5.6)
            raise ValueError(rest)
        return timezone(timedelta(minutes=minutes if found["sign"] == "+" else -minutes))
    if found["place"]:
        return ZoneInfo(_places()[found["place"].rstrip("/_-")])
    hours = _HOURS.get(found["name"])
    return zone if hours is None else timezone(timedelta(hours=hours))


@lru_cache(maxsize=1)
def _places() -> dict[str, str]:
    """The names of the zones in the IANA database, by their form in small letters."""
    return {name.lower(): name for name in available_timezones()}
