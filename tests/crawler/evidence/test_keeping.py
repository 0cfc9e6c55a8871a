"""What is kept of pages, once and in order, whatever happens in the middle of it."""

from __future__ import annotations

import gzip
import resource
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from evidence_desk import DAY, EvidenceDesk, exchange
from fastwarc.warc import ArchiveIterator, WarcRecordType

from crawler.errors import StoreError
from crawler.evidence.day_files import ChainWriter, NewLine, held
from crawler.store.evidence import HeldPages


class Killed(Exception):  # noqa: N818 - what a kill would be
    pass


class DyingJobs:
    """The writer of a process that is killed at its n-th job."""

    def __init__(self, writer: Any, jobs: int) -> None:
        self._writer, self._left = writer, jobs

    def run(self, job: Any) -> Any:
        self._left -= 1
        if not self._left:
            raise Killed
        return self._writer.run(job)


@contextmanager
def full_disk(room: int) -> Iterator[None]:
    """No file can become longer than this."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (room, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_first_sight_and_each_revision_are_kept_as_they_were_received(desk: EvidenceDesk) -> None:
    desk.saved(1)
    desk.saved(1, "b")
    desk.saved(1, "b", body=b"other bytes, same text")

    done = desk.keep()

    assert done.pages == 2
    assert desk.pages() == ["1 a", "1 b"]
    kinds = [kind for kind, _, _ in desk.records()]
    assert kinds == ["warcinfo", *["response", "request", "metadata"] * 2]
    metadata = desk.records()[-1][2].decode()
    assert metadata == "article: art_1\r\nrevision: 2\r\noutlet: Krant\r\nkey: krant:1\r\n"
    assert desk.verified().first is None


def test_a_second_reader_reads_the_same_from_a_member_for_each_record(desk: EvidenceDesk) -> None:
    packed = gzip.compress(b"<p>ingepakt</p>")
    saved = desk.saved(1, body=b"")
    page = exchange(
        "https://krant.example/nieuws/1?van=feed",
        packed,
        desk.now,
        headers=(("Content-Encoding", "gzip"), ("Content-Type", "text/html")),
        hops=("https://krant.example/kort/1",),
        left_out=("Set-Cookie",),
        cut=True,
    )
    desk.writer.run(
        lambda db: HeldPages(db).hold(saved, [page], desk.now, all_wanted=True, room=True)
    )

    desk.keep()

    with desk.folder.archive("2026-03-28").open("rb") as file:
        records = [
            (record.record_type, dict(record.headers), record.reader.read())
            for record in ArchiveIterator(file, parse_http=False)
        ]
    kind, names, block = records[4]
    assert kind is WarcRecordType.response
    assert block.endswith(b"\r\n\r\n" + packed)
    assert block.startswith(b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n")
    assert (names["WARC-Truncated"], names["WARC-IP-Address"]) == ("disconnect", "192.0.2.7")
    assert records[5][2].startswith(b"GET /nieuws/1?van=feed HTTP/1.1\r\nHost: krant.example\r\n")
    assert b"redirected-from: https://krant.example/kort/1\r\n" in records[6][2]
    assert b"header-left-out: Set-Cookie\r\n" in records[6][2]


def test_a_keeper_goes_on_from_where_it_was_unless_another_has_written_since(
    desk: EvidenceDesk,
) -> None:
    keeper = desk.keeper()
    for number in (1, 2):
        desk.saved(number)
        keeper.catch_up()
    desk.saved(3)
    desk.keep()  # by another
    desk.saved(4)
    keeper.catch_up()
    desk.now += DAY
    desk.saved(5)
    keeper.catch_up()

    assert [*desk.pages(), *desk.pages("2026-03-29")] == ["1 a", "2 a", "3 a", "4 a", "5 a"]
    assert desk.verified().first is None


def test_the_same_bytes_are_kept_once_and_referred_to(desk: EvidenceDesk) -> None:
    for number in (1, 2):
        desk.saved(number, body=b"<p>hetzelfde</p>")
    desk.keep()
    desk.saved(3, body=b"<p>hetzelfde</p>")
    desk.keep()

    kinds = [kind for kind, _, _ in desk.records()]
    assert kinds.count("response") == 1
    assert kinds.count("revisit") == 2
    assert desk.verified().first is None


def test_what_the_rules_find_is_kept_with_its_earlier_texts_and_nothing_else(
    desk: EvidenceDesk,
) -> None:
    desk.every = False
    desk.saved(1)
    desk.saved(2)
    desk.saved(3)
    desk.matched = {"art_2"}
    desk.keep()
    assert desk.pages() == ["2 a"]

    desk.saved(1, "b")
    desk.matched = {"art_1", "art_2"}
    desk.keep()

    assert desk.pages() == ["2 a", "1 a", "1 b"]

    desk.saved(4)
    desk.every = True  # from now on
    desk.keep()

    assert desk.pages() == ["2 a", "1 a", "1 b", "4 a"]


def test_what_nobody_wanted_is_held_for_a_while_and_within_bounds(desk: EvidenceDesk) -> None:
    def waiting() -> int:
        return desk.writer.run(lambda db: HeldPages(db).bytes())

    desk.every = False
    for number in range(20):
        desk.saved(number)
    desk.keep()
    assert waiting() > 6_000

    desk.hold_bytes = waiting() // 2
    desk.keep()
    assert 0 < waiting() <= desk.hold_bytes

    desk.now += 15 * DAY
    desk.keep()
    assert waiting() == 0


def test_nothing_is_kept_or_held_without_the_setting(desk: EvidenceDesk) -> None:
    desk.on = desk.every = False
    desk.saved(1)

    desk.keep()

    assert not desk.folder.path.exists()
    assert desk.writer.run(lambda db: HeldPages(db).bytes()) == 0


@pytest.mark.parametrize("jobs", range(1, 10))
def test_a_process_killed_at_any_job_keeps_nothing_twice_and_loses_nothing(
    desk: EvidenceDesk, jobs: int
) -> None:
    desk.saved(1)
    desk.keep()
    desk.saved(2)
    desk.now += DAY
    desk.saved(3)
    try:
        desk.keeper(DyingJobs(desk.writer, jobs)).catch_up()
    except Killed:
        desk.keep()

    assert sorted([*desk.pages(), *desk.pages("2026-03-29")]) == ["1 a", "2 a", "3 a"]
    assert desk.verified().first is None


@pytest.mark.parametrize("part", ["archive", "chain"])
def test_a_batch_that_broke_off_anywhere_is_cut_off_and_written_again(
    desk: EvidenceDesk, part: str, tmp_path: Path
) -> None:
    def files(of: EvidenceDesk) -> list[Path]:
        return [getattr(of.folder, name)("2026-03-28") for name in ("archive", "chain")]

    desk.saved(1)
    desk.keep()
    whole = [path.read_bytes() for path in files(desk)]
    desk.saved(2)
    with pytest.raises(Killed):
        desk.keeper(DyingJobs(desk.writer, 4)).catch_up()
    written = [path.read_bytes() for path in files(desk)]
    desk.writer.close()

    torn = ["archive", "chain"].index(part)
    for size in range(len(whole[torn]), len(written[torn]), 97):
        copy = shutil.copytree(desk.directory, tmp_path.with_name(f"{part}-{size}"))
        again = EvidenceDesk(copy)
        files(again)[1].write_bytes(whole[1])  # the chain is written last
        files(again)[torn].write_bytes(written[torn][:size])

        again.keep()

        assert again.pages() == ["1 a", "2 a"], size
        assert again.verified().first is None
        again.writer.close()


def test_a_full_disk_keeps_nothing_by_halves_and_what_waits_is_kept_when_there_is_room(
    desk: EvidenceDesk,
) -> None:
    desk.saved(1)
    desk.keep()
    size = desk.folder.archive("2026-03-28").stat().st_size
    desk.saved(2)
    chain = ChainWriter(desk.folder, "test")
    with full_disk(size + 200), pytest.raises(OSError, match="File too large"):
        chain.append([NewLine({"kind": "response"}, b"x" * 1000)], desk.now)

    assert desk.folder.archive("2026-03-28").stat().st_size == size
    assert desk.verified().first is None
    desk.keep()
    assert desk.pages() == ["1 a", "2 a"]
    assert desk.verified().first is None


def test_pages_for_which_there_was_no_room_are_named_in_the_chain(desk: EvidenceDesk) -> None:
    desk.saved(1, room=False)
    desk.saved(2)
    desk.hold_bytes = 10
    with held(desk.folder), pytest.raises(StoreError, match="another program"):
        desk.keep()
    desk.hold_bytes = 10_000_000

    done = desk.keep()

    assert (done.pages, done.gaps) == (0, 2)
    assert desk.verified().gaps == 2
    assert desk.verified().first is None


def test_days_follow_each_other_also_after_the_clock_was_set_back(desk: EvidenceDesk) -> None:
    desk.saved(1)
    desk.keep()
    desk.now += DAY
    desk.keep()  # ends the day, with nothing new
    desk.now -= DAY
    desk.saved(2)
    desk.keep()
    desk.now += 5 * DAY
    desk.saved(3)
    desk.keep()

    assert desk.folder.days() == ["2026-03-28", "2026-03-29", "2026-04-02"]
    assert [desk.pages(day) for day in desk.folder.days()] == [["1 a"], ["2 a"], ["3 a"]]
    assert desk.verified().first is None
    assert desk.verified(alone=True).first is None
