"""Stamps of an authority on the days of the evidence: only valid ones count."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import pytest
from evidence_desk import DAY, EvidenceDesk
from stamp_authority import Authority, made_authority

from crawler.evidence import StampError, stamp_check, verify_folder
from crawler.store import KeptPages, holder_of
from monitor.context import Context
from monitor.evidence import ask_authority, stamp_evidence

pytestmark = pytest.mark.skipif(not shutil.which("openssl"), reason="openssl is the authority")
ENDED = "2026-03-28"


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Authority]:
    folder = tmp_path_factory.mktemp("authority")
    made_authority(folder / "own")
    made_authority(folder / "foreign")
    made = Authority(folder / "own", folder / "foreign")
    yield made
    made.close()


@pytest.fixture
def desk(tmp_path: Path, authority: Authority) -> Iterator[EvidenceDesk]:
    """A day that has ended, and one that has not."""
    made = EvidenceDesk(tmp_path)
    made.saved(1)
    made.keep()
    made.now += DAY
    made.saved(2)
    made.keep()
    authority.how = ""
    authority.asked.clear()
    yield made
    made.writer.close()


def context_of(desk: EvidenceDesk, authority: Authority) -> Context:
    (desk.directory / "nieuwswacht.toml").write_text(
        f'[network]\nallow = ["127.0.0.0/8"]\n[evidence]\nkeep = "all"\n'
        f'tsa = "{authority.url}"\ntsa_ca = "{authority.folder / "ca.pem"}"\n'
    )
    database = desk.directory / "nieuws.db"
    return Context(config_dir=desk.directory, db=database, clock=lambda: desk.now)


def test_a_day_that_has_ended_is_stamped_once_and_only_a_digest_leaves(
    desk: EvidenceDesk, authority: Authority
) -> None:
    context = context_of(desk, authority)

    assert stamp_evidence(context, desk.writer) == ""
    assert stamp_evidence(context, desk.writer) == ""

    [query] = authority.asked
    head = desk.folder.lines(ENDED)[-1].link
    assert sha256(head.encode()).digest() in query
    assert len(query) < 80
    check = stamp_check(authority.folder / "ca.pem")
    found = verify_folder(desk.folder, {}, check)
    [stamp] = found.stamps
    assert (found.first, stamp.day) == (None, ENDED)
    assert stamp.at is not None
    (desk.directory / "head").write_text(head)
    checked = subprocess.run(  # as docs/evidence.md says
        ["openssl", "ts", "-verify", "-data", desk.directory / "head", "-in",
         desk.folder.stamp(ENDED), "-CAfile", authority.folder / "ca.pem"],
        capture_output=True,
        check=False,
    )  # fmt: skip
    assert checked.returncode == 0, checked.stderr

    stamp_of_then = desk.folder.stamp(ENDED).read_bytes()
    desk.writer.run(  # an older database knows nothing of the stamp
        lambda db: KeptPages(db).note_day(replace(KeptPages(db).days()[ENDED], stamped=False))
    )
    assert stamp_evidence(context, desk.writer) == ""
    assert desk.folder.stamp(ENDED).read_bytes() == stamp_of_then

    foreign = verify_folder(desk.folder, {}, stamp_check(authority.foreign / "ca.pem"))
    assert foreign.first is not None
    assert (foreign.first.day, foreign.first.breach) == (ENDED, "stamp")
    desk.folder.stamp(ENDED).write_bytes(b"no stamp")
    assert verify_folder(desk.folder, {}, check).first is not None


@pytest.mark.parametrize(
    ("how", "said"),
    [
        ("nonce", "Nonce mismatch"),
        ("digest", "Mismatch between messages"),
        ("foreign", "not valid"),
        ("words", "no answer of an authority"),
        ("500", "HTTP 500"),
    ],
)
def test_a_wrong_answer_is_told_and_asked_for_again(
    desk: EvidenceDesk, authority: Authority, how: str, said: str
) -> None:
    context, authority.how = context_of(desk, authority), how

    assert said in stamp_evidence(context, desk.writer)
    assert not desk.folder.stamp(ENDED).exists()
    assert list(holder_of(context.database).evidence) == ["unstamped"]

    authority.how = ""
    assert stamp_evidence(context, desk.writer) == ""
    assert desk.folder.stamp(ENDED).exists()
    assert not holder_of(context.database).evidence


def test_a_silent_authority_is_left_in_time(desk: EvidenceDesk, authority: Authority) -> None:
    context, authority.how = context_of(desk, authority), "silent"

    with pytest.raises(StampError, match="gives no stamp"):
        ask_authority(context, authority.url, b"query", seconds=0.3)
