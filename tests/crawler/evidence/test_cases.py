"""A case holds what was kept of some articles, and can be checked by whoever has nothing else."""

from __future__ import annotations

import contextlib
import io
import json
from pathlib import Path

import pytest
from evidence_desk import DAY, EvidenceDesk
from warcio.archiveiterator import ArchiveIterator

from crawler.errors import StoreError
from crawler.evidence import CaseOrder, verify_case, write_case
from crawler.store import ArticleStore, Connection, KeptPages


@pytest.fixture
def case(desk: EvidenceDesk) -> Path:
    """Both texts of an article, of which one has the bytes of another article."""
    desk.saved(1, body=b"<p>hetzelfde</p>")
    desk.keep()
    desk.saved(2, body=b"<p>hetzelfde</p>")
    desk.saved(3)
    desk.keep()
    desk.now += DAY
    desk.saved(2, "b")
    desk.saved(4)
    desk.keep()
    return exported(desk, "art_2")


def exported(desk: EvidenceDesk, *names: str) -> Path:
    target = desk.directory / "case.warc.gz"

    def job(db: Connection) -> None:
        store, kept = ArticleStore(db), KeptPages(db)
        articles = [one for name in names if (one := store.article(name))]
        order = CaseOrder(
            asked="art_2",
            articles=articles,
            pages=kept.of_articles(names),
            original=kept.with_bytes,
        )
        write_case(desk.folder, order, target, desk.now, "test")

    desk.writer.run(job)
    return target


def test_a_case_has_the_records_the_bytes_they_refer_to_and_a_manifest(case: Path) -> None:
    records = [
        (record.rec_type, record.rec_headers.get_header("WARC-Target-URI") or "")
        for record in ArchiveIterator(io.BytesIO(case.read_bytes()))
    ]
    article = "https://krant.example/nieuws/2"
    assert records == [
        ("warcinfo", ""),
        ("resource", "urn:nieuwswacht:manifest.txt"),
        ("resource", "urn:nieuwswacht:manifest.json"),
        ("response", "https://krant.example/nieuws/1"),
        *((kind, article) for kind in ("revisit", "request", "metadata")),
        *((kind, article) for kind in ("response", "request", "metadata")),
    ]
    text = (case.parent / "case.manifest.txt").read_text("utf-8")
    assert "ARTICLE 1: Brug 2 dicht" in text
    assert "chain    2026-03-29 line 3" in text
    assert "art_3" not in text  # nothing of other articles
    assert b"art_3" not in (case.parent / "case.manifest.json").read_bytes()


def test_a_case_is_sound_by_itself_and_each_change_of_it_is_found(case: Path) -> None:
    whole = case.read_bytes()
    found = verify_case(case, None)
    assert (found.first, found.records, found.days) == (None, 7, 2)

    for place in range(40, len(whole), 61):
        data = bytearray(whole)
        data[place] ^= 1
        case.write_bytes(data)
        with contextlib.suppress(StoreError):  # its manifest can no longer be read
            assert verify_case(case, None).first is not None or place < 2_000, place
    case.write_bytes(whole[:-20])
    assert verify_case(case, None).first is not None
    case.write_bytes(whole + whole[-200:])
    assert verify_case(case, None).first is not None


def test_a_record_that_was_changed_is_not_exported(desk: EvidenceDesk) -> None:
    desk.saved(2)
    desk.keep()
    archive = desk.folder.archive("2026-03-28")
    data = bytearray(archive.read_bytes())
    data[400] ^= 1
    archive.write_bytes(data)

    with pytest.raises(StoreError, match="2026-03-28 line 3 is not what was written"):
        exported(desk, "art_2")
    assert not (desk.directory / "case.warc.gz").exists()


def test_what_is_no_case_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "other.warc.gz"
    path.write_bytes(json.dumps({"format": "x"}).encode())

    with pytest.raises(StoreError, match="this is no case"):
        verify_case(path, None)
