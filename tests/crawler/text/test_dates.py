"""Written dates: Dutch, RFC 822 and ISO 8601, with their zones, and those that cannot be."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given, strategies as st

from crawler.text.dates import AMSTERDAM, EARLIEST, parse_date

NOW = datetime(2026, 3, 15, 12, tzinfo=UTC)


def at(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)


DUTCH = {
    "12 mrt 2026 14:05": at(2026, 3, 12, 13, 5),
    "12 mrt. 2026, 14.05 uur": at(2026, 3, 12, 13, 5),
    "maandag 3 februari 2026, 9.15 uur": at(2026, 2, 3, 8, 15),
    "do 12 maart 2026 om 9 uur": at(2026, 3, 12, 8),
    "12 mei 2025 14u05": at(2025, 5, 12, 12, 5),
    "1 okt 2025 08:30": at(2025, 10, 1, 6, 30),
    "12-03-2026 14:05": at(2026, 3, 12, 13, 5),
    "12/03/2026": at(2026, 3, 11, 23),
    "12.03.2026": at(2026, 3, 11, 23),
    "12.03.2026, 9.15 uur": at(2026, 3, 12, 8, 15),
    "2026/03/12 14:05": at(2026, 3, 12, 13, 5),
    "3 augustus 2025 - 23:59": at(2025, 8, 3, 21, 59),
    "Gepubliceerd op vrijdag 13 maart 2026 om 07:30": at(2026, 3, 13, 6, 30),
    "Bijgewerkt: 14:05, 3 februari 2026": at(2026, 2, 3, 13, 5),
    "12 maart, 14:05": at(2026, 3, 12, 13, 5),
    "12 december": at(2025, 12, 11, 23),
    "vandaag, 9.15 uur": at(2026, 3, 15, 8, 15),
    "gisteren 23:10": at(2026, 3, 14, 22, 10),
    "3 uur geleden": at(2026, 3, 15, 9),
    "10 min. geleden": at(2026, 3, 15, 11, 50),
    "een uur geleden": at(2026, 3, 15, 11),
    "3 dagen geleden": at(2026, 3, 12, 12),
    "2 weken geleden": at(2026, 3, 1, 12),
    "12 maart 2026, laatste update 13 maart 2026, 9.15 uur": at(2026, 3, 11, 23),
    "12 maart 2026 14:05 120 reacties": at(2026, 3, 12, 13, 5),
    "12 maart 2026 14:05 ANP": at(2026, 3, 12, 13, 5),
    "12 MAART 2026 OM 14:05 UUR": at(2026, 3, 12, 13, 5),
    "DONDERDAG 12 MAART 2026": at(2026, 3, 11, 23),
    "14:05 SAT 7 MAR 2026": at(2026, 3, 7, 13, 5),
    "12 MRT 2026 14:05:30 UUR": at(2026, 3, 12, 13, 5, 30),
}
RELATIVE = {  # NOW is a Sunday, 13:00 in Amsterdam
    "zojuist": NOW,
    "Gepubliceerd: zojuist": NOW,
    "vrijdag 10:15": at(2026, 3, 13, 9, 15),
    "Vrijdag om 10.15 uur": at(2026, 3, 13, 9, 15),
    "vr. 10:15": at(2026, 3, 13, 9, 15),
    "zondag 12:59": at(2026, 3, 15, 11, 59),
    "zondag 13:01": at(2026, 3, 8, 12, 1),
    "vanmorgen 7.30 uur": at(2026, 3, 15, 6, 30),
    "vannacht 23:40": at(2026, 3, 14, 22, 40),
    "gisteravond, 21:40": at(2026, 3, 14, 20, 40),
    "twee uur geleden": at(2026, 3, 15, 10),
    "2u geleden": at(2026, 3, 15, 10),
    "anderhalf uur geleden": at(2026, 3, 15, 10, 30),
    "een half uur geleden": at(2026, 3, 15, 11, 30),
    "een kwartier geleden": at(2026, 3, 15, 11, 45),
    "30 seconden geleden": at(2026, 3, 15, 11, 59, 30),
    "just now": NOW,
    "Friday, 10:15": at(2026, 3, 13, 9, 15),
    "vendredi à 10h15": at(2026, 3, 13, 9, 15),
    "Freitag, 10:15 Uhr": at(2026, 3, 13, 9, 15),
    "een paar minuten geleden": at(2026, 3, 15, 11, 57),
    "Gepubliceerd: enkele uren geleden": at(2026, 3, 15, 9),
    "een paar dagen geleden": at(2026, 3, 12, 12),
    "een uurtje geleden": at(2026, 3, 15, 11),
    "minuutje geleden": at(2026, 3, 15, 11, 59),
    "halfuur geleden": at(2026, 3, 15, 11, 30),
    "een half uurtje geleden": at(2026, 3, 15, 11, 30),
    "kwartiertje geleden": at(2026, 3, 15, 11, 45),
    "een moment geleden": NOW,
    "twaalf uur geleden": at(2026, 3, 15, 0),
    "120 minuten geleden": at(2026, 3, 15, 10),
    "2,5 uur geleden": at(2026, 3, 15, 9, 30),
    "1½ uur geleden": at(2026, 3, 15, 10, 30),
    "tweeënhalf uur geleden": at(2026, 3, 15, 9, 30),
    "1 uur en 20 minuten geleden": at(2026, 3, 15, 10, 40),
    "Geplaatst 1 uur, 20 min. geleden door Jan": at(2026, 3, 15, 10, 40),
    "2u 15m geleden": at(2026, 3, 15, 9, 45),
    "ruim een uur geleden": at(2026, 3, 15, 11),
    "vrijdag": at(2026, 3, 12, 23),
    "Geplaatst op vrijdag": at(2026, 3, 12, 23),
    "zondag": at(2026, 3, 14, 23),
    "afgelopen zondag": at(2026, 3, 7, 23),
    "maandag jl.": at(2026, 3, 8, 23),
    "vrijdagavond": at(2026, 3, 12, 23),
    "vrijdagmiddag 15.00 uur": at(2026, 3, 13, 14),
    "gisteravond": at(2026, 3, 13, 23),
    "vanochtend": at(2026, 3, 14, 23),
    "12 / 03 / 2026": at(2026, 3, 11, 23),
    "12 - 3 - 2026, 14.05 uur": at(2026, 3, 12, 13, 5),
    "12. 3. 26 14:05": at(2026, 3, 12, 13, 5),
    "2026 / 03 / 12 14:05": at(2026, 3, 12, 13, 5),
    "een uur of drie geleden": at(2026, 3, 15, 9),
    "minuut of tien geleden": at(2026, 3, 15, 11, 50),
    "een dag of wat geleden": at(2026, 3, 12, 12),
    "twee of drie uur geleden": at(2026, 3, 15, 9),
    "twee en een half uur geleden": at(2026, 3, 15, 9, 30),
    "nog geen uur geleden": at(2026, 3, 15, 11),
    "een stuk of vier dagen geleden": at(2026, 3, 11, 12),
    "langer dan een jaar geleden": at(2025, 3, 15, 12),
    "enkele ogenblikken geleden": NOW,
    "zojuist bijgewerkt": NOW,
    "net binnen": NOW,
    "drie weken terug": at(2026, 2, 22, 12),
    "vorige week": at(2026, 3, 8, 12),
    "Geplaatst: vorige maand": at(2026, 2, 13, 12),
    "afgelopen jaar": at(2025, 3, 15, 12),
    "vorige week dinsdag": at(2026, 3, 2, 23),
    "vorige week vrijdag om 14.05 uur": at(2026, 3, 6, 13, 5),
    "gisteren om 14.05 uur": at(2026, 3, 14, 13, 5),
    "gister om 14 uur": at(2026, 3, 14, 13),
    "gisterenavond": at(2026, 3, 13, 23),
    "gisteravond om 9 uur": at(2026, 3, 14, 20),
    "gistermiddag 3 uur": at(2026, 3, 14, 14),
    "vanochtend om 8 uur": at(2026, 3, 15, 7),
    "afgelopen nacht om 3 uur": at(2026, 3, 15, 2),
    "vr.": None,
    "mar.": None,
    "vorige week in Sluisdam": None,
    "een uur of drie gelden": None,
    "drie dagen terug in Nederland": None,
    "12 - 14 / 2026": None,
    "minuten geleden": None,
    "vrijdag de dertiende": None,
    "Zaterdag in Sluisdam": None,
    "een man die een kwartiertje geleden vertrok": None,
    "vrijdag 25:15": None,
    "Vrijdag om 10:15 viel het dorp": None,
    "zojuist bevrijd": None,
    "een jongen die 3 maanden geleden vertrok": None,
}
OF_SCRIPTS = {
    "/Date(1551171600000)/": at(2019, 2, 26, 9),
    "/Date(1551171600000+0100)/": at(2019, 2, 26, 9),
    r"\/Date(1551171600000-0500)\/": at(2019, 2, 26, 9),
    "new Date(1551171600000)": at(2019, 2, 26, 9),
    "/Date(1551171600)/": None,  # in 1970
    "/Date(-62135596800000)/": None,  # no date, as .NET writes it
    "/Date(9551171600000)/": None,
}
OTHER_LANGUAGES = {
    "12. März 2026, 14:05 Uhr": at(2026, 3, 12, 13, 5),
    "Donnerstag, 12. Februar 2026 14.05 Uhr": at(2026, 2, 12, 13, 5),
    "Dezember 3, 2025 10:00": at(2025, 12, 3, 9),
    "gestern, 10:15 Uhr": at(2026, 3, 14, 9, 15),
    "vor 3 Stunden": at(2026, 3, 15, 9),
    "1er mars 2026 à 14h05": at(2026, 3, 1, 13, 5),
    "le jeudi 12 mars 2026 à 14 h 05": at(2026, 3, 12, 13, 5),
    "jeudi 12 mars, 14h": at(2026, 3, 12, 13),
    "14 août 2025 09:00": at(2025, 8, 14, 7),
    "hier à 10h15": at(2026, 3, 14, 9, 15),
    "il y a 3 heures": at(2026, 3, 15, 9),
    "March 12th, 2026 at 2:05 pm": at(2026, 3, 12, 13, 5),
    "12th of March 2026, 14:05": at(2026, 3, 12, 13, 5),
    "3 hours ago": at(2026, 3, 15, 9),
    "a day ago": at(2026, 3, 14, 12),
    "il y a une heure": at(2026, 3, 15, 11),
    "il y a quelques minutes": at(2026, 3, 15, 11, 57),
    "il y a une demi-heure": at(2026, 3, 15, 11, 30),
    "il y a 1 heure et 20 minutes": at(2026, 3, 15, 10, 40),
    "vor einigen Minuten": at(2026, 3, 15, 11, 57),
    "vor einer halben Stunde": at(2026, 3, 15, 11, 30),
    "a few minutes ago": at(2026, 3, 15, 11, 57),
    "half an hour ago": at(2026, 3, 15, 11, 30),
    "about an hour ago": at(2026, 3, 15, 11),
    "Friday": at(2026, 3, 12, 23),
    "vendredi dernier": at(2026, 3, 12, 23),
    "letzten Freitag": at(2026, 3, 12, 23),
    "vor einem Tag": at(2026, 3, 14, 12),
    "Do, 12 Mrz 2026 14:05:00 +0100": at(2026, 3, 12, 13, 5),
    "mer. 13 aoû 2025 14:05": at(2025, 8, 13, 12, 5),
}
ZONES = {
    "2026-03-12 14:05 Europe/Brussels": at(2026, 3, 12, 13, 5),
    "Tue, 12 Aug 2025 14:05:00 America/New_York": at(2025, 8, 12, 18, 5),
    "Thu, 12 Mar 2026 14:05:00 GMT +0300": at(2026, 3, 12, 11, 5),
    "Thu, 12 Mar 2026 14:05:00 UTC+3": at(2026, 3, 12, 11, 5),
    "Thu, 12 Mar 2026 14:05:00 GMT-05:30": at(2026, 3, 12, 19, 35),
    "Thu, 12 Mar 2026 14:05:00 \u22120500": at(2026, 3, 12, 19, 5),
    "2026-03-12T14:05:00+15:00": at(2026, 3, 11, 23, 5),
    "Thu Mar 12 2026 14:05:00 GMT+0100 (Central European Standard Time)": at(2026, 3, 12, 13, 5),
    "Thu, 12 Mar 2026 14:05:00 +0530 (IST)": at(2026, 3, 12, 8, 35),
    "2026-03-12 14:05:00+01:00 XYZT": at(2026, 3, 12, 13, 5),
    "3 mei 2025 om 14:05 (CEST)": at(2025, 5, 3, 12, 5),
    "Thu, 12 Mar 2026 14:05:00 ACST": at(2026, 3, 12, 4, 35),
    "Thu, 12 Mar 2026 14:05:00 IRST": at(2026, 3, 12, 10, 35),
    "Thu, 12 Mar 2026 14:05:00 ET": at(2026, 3, 12, 18, 5),
    "Sept. 3, 2025 5 p.m. PT": at(2025, 9, 4),
    "Thu, 12 Mar 2026 14:05:00 Etc/GMT-3": at(2026, 3, 12, 11, 5),
    "Thu Mar 12 14:05:00 2026": at(2026, 3, 12, 13, 5),
    "2026-03-12T14Z": at(2026, 3, 12, 14),
    "Bijgewerkt 12 maart 2026 14:05 door ANP": at(2026, 3, 12, 13, 5),
}
UNKNOWN_ZONES = ["IST", "BST", "AST", "GST", "XYZT", "XYZ", "A", "Mars/Phobos"]
UNKNOWN_ZONES += ["+24:00", "+01:75", "Eastern Standard Time"]
RFC_822 = {
    "Thu, 12 Mar 2026 14:05:00 GMT": at(2026, 3, 12, 14, 5),
    "Thu, 12 Mar 2026 14:05:00 +0100": at(2026, 3, 12, 13, 5),
    "Thu, 12 Mar 2026 14:05:00 -0000": at(2026, 3, 12, 14, 5),
    "Thu, 12 Mar 2026 14:05:00 CET": at(2026, 3, 12, 13, 5),
    "Tue, 12 Aug 2025 14:05:00 CEST": at(2025, 8, 12, 12, 5),
    "Thu, 12 Mar 2026 14:05:00 MET": at(2026, 3, 12, 13, 5),
    "Thu, 12 Mar 2026 14:05:00 MEZ": at(2026, 3, 12, 13, 5),
    "Tue, 12 Aug 2025 14:05:00 MESZ": at(2025, 8, 12, 12, 5),
    "Thu, 12 Mar 2026 14:05:00 EST": at(2026, 3, 12, 19, 5),
    "Thu, 12 Mar 26 14:05 GMT": at(2026, 3, 12, 14, 5),
    "do, 12 mrt 2026 14:05:00 +0100": at(2026, 3, 12, 13, 5),
    "12-Mar-2026 14:05:00 GMT": at(2026, 3, 12, 14, 5),
    "Sun Jan  4 16:29:06 PST 2004": at(2004, 1, 5, 0, 29, 6),
    "Mar 12, 2026 2:05 PM": at(2026, 3, 12, 13, 5),
    "2/14/2026 2:05:00 PM": at(2026, 2, 14, 13, 5),
    "12\u201103\u20112026 14:05": at(2026, 3, 12, 13, 5),
}
ISO_8601 = {
    "2026-03-12T14:05:00Z": at(2026, 3, 12, 14, 5),
    "2026-03-12T14:05:00+01:00": at(2026, 3, 12, 13, 5),
    "2026-03-12T14:05:00.123456+0100": at(2026, 3, 12, 13, 5),
    "2026-03-12T14:05+01": at(2026, 3, 12, 13, 5),
    "2026-03-12 14:05:00": at(2026, 3, 12, 13, 5),
    "2026-07-01T14:05:00": None,  # more than a day ahead
    "2025-07-01T14:05:00": at(2025, 7, 1, 12, 5),
    "2026-03-12": at(2026, 3, 11, 23),
    "20260312T140500Z": at(2026, 3, 12, 14, 5),
    "20260312140500": at(2026, 3, 12, 13, 5),
    "2026-03-11T24:00:00Z": at(2026, 3, 12),
    "2016-12-31T23:59:60Z": at(2016, 12, 31, 23, 59, 59),
    "1773320700": at(2026, 3, 12, 13, 5),
    "1773320700000": at(2026, 3, 12, 13, 5),
}
IMPOSSIBLE = [  # case 32
    "",
    "-",
    "25:61:61",
    "Thu, 12 Mar 2026 25:61:61 GMT",
    "2026-03-12T25:61:61Z",
    "31 februari 2026",
    "2/30/2026",
    "13/13/2025",
    "2026-13-01",
    "-0001-03-12T00:00:00Z",
    "-2026-03-12T00:00:00Z",
    "0000-00-00T00:00:00",
    "9999-12-31T23:59:59Z",
    "Sun, 31 Dec 9999 23:59:59 -9999",
    "Thu, 01 Jan 1970 00:00:00 GMT",
    "Thu, 12 Mar 2026 14:05:00 +2500",
    "Thu, 12 Mar 2026 14:05:00 +0175",
    "2026-03-17",
    "13:00 PM, 12 maart 2026",
    "2003",  # a year is no moment, and none is invented
    "2003-12",
    "99999999999999999999",
    "morgen",
    "12 mrt 2026 " + "x" * 500,
]


@pytest.mark.parametrize(
    ("text", "moment"),
    (DUTCH | RELATIVE | OF_SCRIPTS | OTHER_LANGUAGES | RFC_822 | ZONES | ISO_8601).items(),
)
def test_a_written_date_is_read_with_its_zone(text: str, moment: datetime | None) -> None:
    assert parse_date(text, now=NOW) == moment


@pytest.mark.parametrize("text", IMPOSSIBLE)
def test_a_date_that_cannot_be_is_none(text: str) -> None:
    assert parse_date(text, now=NOW) is None


@pytest.mark.parametrize("month", ["jan", "feb", "mrt", "apr", "mei", "jun", "jul", "aug", "sep"])
def test_dutch_short_months_are_known_with_and_without_a_full_stop(month: str) -> None:
    assert parse_date(f"5 {month} 2025", now=NOW) == parse_date(f"5 {month}. 2025", now=NOW)


def test_a_date_a_little_ahead_becomes_now() -> None:
    assert parse_date("2026-03-15T15:00:00Z", now=NOW) == NOW


def test_a_naive_time_takes_the_zone_that_is_given() -> None:
    assert parse_date("2026-03-12T14:05:00", now=NOW, zone=UTC) == at(2026, 3, 12, 14, 5)


def test_an_hour_that_summer_time_skips_is_still_a_moment() -> None:
    assert parse_date("29 mrt 2025 02:30", now=NOW) == at(2025, 3, 29, 1, 30)
    assert parse_date("30 mrt 2025 02:30", now=NOW) == at(2025, 3, 30, 1, 30)


@given(st.text(max_size=220) | st.from_regex(r"[0-9a-z:+./ -]{4,40}", fullmatch=True))
def test_any_text_gives_a_moment_in_range_or_none(text: str) -> None:
    moment = parse_date(text, now=NOW)

    assert moment is None or (EARLIEST <= moment <= NOW and moment.tzinfo is UTC)


@given(
    st.datetimes(min_value=datetime(1990, 1, 2), max_value=datetime(2026, 3, 14)),
    st.sampled_from(["%Y-%m-%dT%H:%M:%S%z", "%a, %d %b %Y %H:%M:%S %z", "%Y%m%dT%H%M%S%z"]),
    st.integers(-12 * 60, 14 * 60),
)
def test_what_was_written_is_what_is_read(naive: datetime, form: str, offset: int) -> None:
    moment = naive.replace(microsecond=0, tzinfo=UTC)
    local = moment.astimezone(timezone(timedelta(minutes=offset)))

    assert parse_date(local.strftime(form), now=NOW) == moment


@given(st.datetimes(min_value=datetime(2000, 1, 2), max_value=datetime(2026, 3, 14)))
def test_a_dutch_date_is_read_on_amsterdam_time(naive: datetime) -> None:
    months = ["jan", "feb", "mrt", "apr", "mei", "jun", "jul", "aug", "sep", "okt", "nov", "dec"]
    written = (
        f"{naive.day} {months[naive.month - 1]} {naive.year}, {naive.hour}.{naive.minute:02d} uur"
    )

    read = parse_date(written, now=NOW)

    assert read == naive.replace(second=0, microsecond=0, tzinfo=AMSTERDAM).astimezone(UTC)


@pytest.mark.parametrize("zone", UNKNOWN_ZONES)
def test_a_time_in_a_zone_that_cannot_be_told_is_not_read(zone: str) -> None:
    assert parse_date(f"Thu, 12 Mar 2026 14:05:00 {zone}", now=NOW) is None


@pytest.mark.parametrize(
    ("language", "zone", "hour"),
    [
        *(("he", "IST", 12), ("he-IL", "IST", 12), ("en-IL", "IST", 12), ("en_IE", "IST", 13)),
        *(("ar", "AST", 11), ("en", "BST", 13), ("en-GB", "BST", 13), ("ga", "IST", 13)),
    ],
)
def test_a_zone_that_several_countries_have_is_that_of_the_sources_own(
    language: str, zone: str, hour: int
) -> None:
    written = f"Thu, 12 Mar 2026 14:05:00 {zone}"

    assert parse_date(written, now=NOW, language=language) == at(2026, 3, 12, hour, 5)


@pytest.mark.parametrize("language", ["hi", "hi-IN", "mr", "ta", "en-IN", "bn-IN"])
def test_a_paper_of_india_has_the_time_of_india(language: str) -> None:
    read = parse_date("Thu, 12 Mar 2026 14:05:00 IST", now=NOW, language=language)

    assert read == at(2026, 3, 12, 8, 35)


@pytest.mark.parametrize("language", ["en", "en-US", "en-AU", "nl"])
def test_a_zone_that_is_not_of_the_sources_country_is_not_read(language: str) -> None:
    zone = "IST" if language == "en" else "BST"

    assert parse_date(f"Thu, 12 Mar 2026 14:05:00 {zone}", now=NOW, language=language) is None


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("2026-W11-4T14:05:00Z", at(2026, 3, 12, 14, 5)),
        ("2026-W11-4", at(2026, 3, 11, 23, 0)),
        ("2026W114T140500+0100", at(2026, 3, 12, 13, 5)),
        ("2020-W53-5T08:00:00Z", at(2021, 1, 1, 8, 0)),
        ("2026-071T14:05:00Z", at(2026, 3, 12, 14, 5)),
        ("2026-W54-1T08:00:00Z", None),
        ("2026-W11", None),
        ("2025-366", None),
        ("2026-000", None),
    ],
)
def test_a_day_may_be_written_by_its_week_or_by_its_number(
    written: str, read: datetime | None
) -> None:
    assert parse_date(written, now=NOW) == read
