"""The file knows which day it is where its reader lives, as the time zone database says."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given, settings, strategies as st

from alerts.counting.data_views import _PUBLISHED
from alerts.counting.local_time import create_local_time, keep_local_time
from crawler.store import Connection, as_text

ZONES = ("Europe/Amsterdam", "America/St_Johns", "Asia/Kathmandu", "UTC")
MOMENTS = st.datetimes(datetime(1970, 1, 1), datetime(2069, 12, 1))


@pytest.fixture(scope="module")
def db() -> Connection:
    db = Connection.opened(":memory:")
    create_local_time(db)
    db.execute("CREATE TABLE articles (published TEXT)")
    return db


def day_in_file(db: Connection, moment: datetime) -> str:
    db.execute("DELETE FROM articles")
    db.execute("INSERT INTO articles VALUES (?)", [as_text(moment)])
    return str(db.execute(f"SELECT {_PUBLISHED} FROM articles").fetchone()[0])


@pytest.mark.parametrize("zone", ZONES)
@settings(max_examples=30)
@given(moment=MOMENTS)
@example(moment=datetime(2026, 3, 28, 23, 0))
@example(moment=datetime(2026, 3, 29, 21, 59, 59))
@example(moment=datetime(2026, 3, 29, 22, 0))
@example(moment=datetime(2026, 10, 25, 22, 59, 59))
@example(moment=datetime(2026, 10, 25, 23, 0))
def test_each_moment_has_its_local_day(db: Connection, zone: str, moment: datetime) -> None:
    aware = moment.replace(tzinfo=UTC)
    keep_local_time(db, zone)

    assert day_in_file(db, aware) == str(aware.astimezone(ZoneInfo(zone)).date())


def test_a_clock_changes_on_the_second(db: Connection) -> None:
    keep_local_time(db, "Europe/Amsterdam")
    change = datetime(2026, 3, 29, 1, tzinfo=UTC)

    shifts = dict(db.execute("SELECT since, shift FROM local_time").fetchall())

    assert shifts[as_text(change)] == "+7200 seconds"
    assert as_text(change - timedelta(seconds=1)) not in shifts


def test_the_same_zone_is_written_once(db: Connection) -> None:
    keep_local_time(db, "Europe/Brussels")
    written = db.raw.total_changes

    keep_local_time(db, "Europe/Brussels")

    assert db.raw.total_changes == written
