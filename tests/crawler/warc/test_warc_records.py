"""What is sound in a web archive is read, and what is not is named with its place."""

from __future__ import annotations

import gzip
import io
import random

import pytest
from hypothesis import given, settings, strategies as st
from webarchives import Capture, article, bomb, packed

from crawler.warc import BEGINNING, Damage, Position, WarcRecord, records_in

PAGES = [article(number) for number in range(4)]
RECORDS = [page.record() for page in PAGES]
MEMBERS = packed(PAGES)
SECOND = len(MEMBERS[0])


def read(data: bytes, start: Position = BEGINNING, *, wanted: bool = True) -> list[str]:
    """The addresses of the records, and the places of damages with their names."""
    return [
        f"{item.place.offset} {item.what.name}"
        if isinstance(item, Damage)
        else item.head.partition(b"WARC-Target-URI: ")[2].partition(b"\r\n")[0].decode("latin-1")
        for item in records_in(io.BytesIO(data), start, lambda _: wanted)
    ]


URLS = [page.url for page in PAGES]
ROTTEN = MEMBERS[1][:60] + b"\xff\x00\xff\x00" + MEMBERS[1][64:]
CASES = {
    "members": (b"".join(MEMBERS), URLS),
    "plain": (b"".join(RECORDS), URLS),
    "all in one member": (gzip.compress(b"".join(RECORDS)), URLS),
    "two members, of two records each": (
        gzip.compress(RECORDS[0] + RECORDS[1]) + gzip.compress(RECORDS[2] + RECORDS[3]),
        URLS,
    ),
    "empty": (b"", ["0 EMPTY"]),
    "no archive": (b"Dit is geen webarchief.\n", ["0 NO_RECORD"]),
    "last member cut": (
        b"".join(MEMBERS)[:-40],
        [*URLS[:3], f"{sum(map(len, MEMBERS[:3]))} CUT"],
    ),
    "last member without its checksum": (
        b"".join(MEMBERS)[:-8],
        [*URLS[:3], f"{sum(map(len, MEMBERS[:3]))} CUT"],
    ),
    "last record cut": (
        b"".join(RECORDS)[:-40],
        [*URLS[:3], f"{sum(map(len, RECORDS[:3]))} CUT"],
    ),
    "a member cut in the middle": (
        MEMBERS[0] + MEMBERS[1][:200] + MEMBERS[2],
        [URLS[0], f"{SECOND} NOT_UNPACKED", URLS[2]],
    ),
    "a rotten member": (
        MEMBERS[0] + ROTTEN + MEMBERS[2],
        [URLS[0], f"{SECOND} NOT_UNPACKED", URLS[2]],
    ),
    "a record cut within its header": (
        RECORDS[0] + RECORDS[1][:90] + RECORDS[2],
        [URLS[0], f"{len(RECORDS[0])} NO_END_OF_HEADER", URLS[2]],
    ),
    "a record cut within its block": (
        RECORDS[0] + RECORDS[1][:-90] + RECORDS[2] + RECORDS[3],
        [URLS[0], f"{len(RECORDS[0])} LONGER", *URLS[2:]],
    ),
    "garbage between members": (
        MEMBERS[0] + b"geen archief" + MEMBERS[1],
        [URLS[0], f"{SECOND} NO_RECORD", URLS[1]],
    ),
    "garbage before members": (b"geen archief" + MEMBERS[0], ["0 NO_RECORD", URLS[0]]),
    "zeros behind the last member": (
        MEMBERS[0] + bytes(512),
        [URLS[0], f"{SECOND} NO_RECORD"],
    ),
    "no length": (
        gzip.compress(RECORDS[0].replace(b"Content-Length", b"Content-Size")) + MEMBERS[1],
        ["0 NO_LENGTH", URLS[1]],
    ),
    "an endless header": (
        gzip.compress(b"WARC/1.0\r\nX: " + b"x" * 100_000) + MEMBERS[1],
        ["0 NO_END_OF_HEADER", URLS[1]],
    ),
}
SIZE = len(RECORDS[0].split(b"\r\n\r\n", 1)[1]) - 4
for name, length, fault in (
    ("shorter than it says", SIZE + 60, "SHORTER"),
    ("longer than it says", SIZE - 60, "LONGER"),
):
    wrong = Capture(url=PAGES[0].url, body=PAGES[0].body, length=length)
    CASES[f"a member {name}"] = (b"".join(packed([wrong, PAGES[1]])), [f"0 {fault}", URLS[1]])


@pytest.mark.parametrize("case", CASES)
def test_each_sound_record_is_read_and_each_damage_named(case: str) -> None:
    data, expected = CASES[case]

    assert read(data) == expected
    assert read(data, wanted=False) == expected


@pytest.mark.parametrize("case", CASES)
def test_reading_goes_on_behind_any_record(case: str) -> None:
    data, expected = CASES[case]
    items = list(records_in(io.BytesIO(data), BEGINNING, lambda _: True))

    for place, item in enumerate(items, 1):
        assert read(data, item.place.next()) == expected[place:]


def test_a_bomb_is_passed_over_and_what_follows_is_read() -> None:
    data = MEMBERS[0] + bomb(1_000_000_000) + MEMBERS[1]

    items = list(records_in(io.BytesIO(data), BEGINNING, lambda _: True))

    assert [isinstance(item, WarcRecord) and item.whole for item in items] == [True, False, True]
    assert max(len(item.block) for item in items if isinstance(item, WarcRecord)) < 9_000_000


def test_a_block_that_is_not_wanted_is_not_kept() -> None:
    items = list(records_in(io.BytesIO(MEMBERS[0]), BEGINNING, lambda _: False))

    assert [isinstance(item, WarcRecord) and item.block for item in items] == [b""]


def test_blank_lines_and_false_beginnings_without_end_cost_little() -> None:
    blank = gzip.compress(b"\r\n" * 10_000_000)
    false = b"\x1f\x8b\x08" * 120_000

    assert read(blank + MEMBERS[0]) == [URLS[0]]
    assert read(false + MEMBERS[0]) == ["0 NOT_UNPACKED"]


@given(seed=st.integers(0, 2**32), plain=st.booleans())
@settings(deadline=None)
def test_no_bytes_make_it_fail_and_untouched_records_at_the_start_stay(
    seed: int, *, plain: bool
) -> None:
    chance = random.Random(seed)
    parts = RECORDS if plain else MEMBERS
    data = bytearray(b"".join(parts))
    first = chance.randrange(len(data))
    for _ in range(chance.randrange(1, 5)):
        at = chance.randrange(first, len(data))
        data[at : at + chance.randrange(9)] = chance.randbytes(chance.randrange(9))
    sound = sum(sum(map(len, parts[: number + 1])) <= first for number in range(len(parts)))

    found = read(bytes(data))

    assert found[:sound] == URLS[:sound]
