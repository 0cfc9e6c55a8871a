"""`evidence list`, `export` and `verify`, and what other commands do with evidence."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from commanddesk import Run, command_in
from evidence_desk import EvidenceDesk

from alerts.store import migrations as alerts_migrations
from crawler.evidence import Keeper, KeepPolicy, Kept
from crawler.evidence.day_files import DayFolder, held
from crawler.store import migrations
from monitor.context import Context
from monitor.evidence import keep_evidence

ADDRESS = "https://krant.example/nieuws/1"
DAY = "2026-03-28"


@pytest.fixture
def run(tmp_path: Path) -> Iterator[Run]:
    """The command, over three texts of two articles that were kept."""
    desk = EvidenceDesk(tmp_path, steps=(migrations, alerts_migrations))
    desk.saved(1)
    desk.saved(1, "b")
    desk.saved(2)
    desk.keep()
    desk.writer.close()
    return command_in(tmp_path)


def test_what_was_kept_of_a_story_is_listed_written_out_and_checked(
    run: Run, tmp_path: Path
) -> None:
    shown = run("evidence", "list", ADDRESS).stdout
    assert "art_1  Krant: Brug 1 dicht" in shown
    assert "2026-03-28 line 6    text 2, read" in shown
    [first, second] = json.loads(run("evidence", "list", "art_1", "--json").stdout)
    assert (first["line"], second["line"], second["revision"]) == (3, 6, 2)
    story = json.loads(run("show", "art_1", "--json").stdout)["story"]["id"]
    assert {page["article"] for page in json.loads(run("evidence", "list", story, "--json").stdout)}

    case = str(tmp_path / "case.warc.gz")
    assert "2 pages of 1 articles" in run("evidence", "export", ADDRESS, "-o", case).stdout
    assert (tmp_path / "case.manifest.txt").exists()
    assert "everything is as it was written" in run("evidence", "verify", case).stdout
    assert "everything is as it was written" in run("evidence", "verify").stdout
    assert run("evidence", "verify", str(tmp_path / "evidence")).exit_code == 0
    assert "no story has the id" in run("evidence", "list", "niets", code=1).output


def test_what_was_changed_is_named_with_an_exit_code(run: Run, tmp_path: Path) -> None:
    archive = tmp_path / "evidence" / f"{DAY}.warc.gz"
    data = bytearray(archive.read_bytes())
    data[400] ^= 1
    archive.write_bytes(data)

    assert f"first {DAY} line 3 (record)" in run("evidence", "verify", code=1).stdout
    found = json.loads(run("evidence", "verify", "--json", code=1).stdout)
    assert not found["sound"]
    assert [(one["day"], one["line"]) for one in found["findings"]] == [(DAY, 3)]
    case = str(tmp_path / "case.warc.gz")
    with pytest.raises(Exception, match="line 3 is not what was written"):
        run("evidence", "export", ADDRESS, "-o", case, code=1)


def test_a_forgotten_article_is_erased_from_evidence_at_once(run: Run, tmp_path: Path) -> None:
    run("forget", "art_1", "--reason", "asked", "--yes")

    whole = b"".join(
        gzip.decompress(path.read_bytes()) for path in (tmp_path / "evidence").glob("*.gz")
    )
    assert b"nieuws/1" not in whole
    assert b"nieuws/2" in whole
    assert "of which 6 forgotten" in run("evidence", "verify").stdout
    assert "no story has the id" in run("evidence", "list", "art_1", code=1).output


def test_evidence_has_its_own_time(run: Run, tmp_path: Path) -> None:
    settings = tmp_path / "config" / "nieuwswacht.toml"
    settings.write_text('[store]\nkeep_evidence = "30d"\n[evidence]\nkeep = "all"\n')
    run("prune")  # ends the day

    assert "1 days of evidence would go" in run("prune", "--dry-run").stdout
    assert "1 days of evidence went" in run("prune").stdout
    assert not (tmp_path / "evidence" / f"{DAY}.warc.gz").exists()
    assert "1 days dropped" in run("evidence", "verify").stdout


def test_that_nothing_can_be_kept_is_said_and_stops_nothing_else(run: Run, tmp_path: Path) -> None:
    settings = tmp_path / "config" / "nieuwswacht.toml"
    settings.write_text('[evidence]\nkeep = "all"\n')
    with held(DayFolder(tmp_path / "evidence")):
        assert "another program" in run("prune").output

    problems = json.loads(run("status", "--json", code=1).stdout)["problems"]
    assert any("no evidence is kept since" in problem for problem in problems)
    run("prune")
    problems = json.loads(run("status", "--json", code=1).stdout)["problems"]
    assert not any("evidence" in problem for problem in problems)


class BuggyKeeper(Keeper):
    def catch_up(self) -> Kept:
        return {}["a bug"]


def test_a_bug_in_evidence_is_said_and_ends_nothing(run: Run, tmp_path: Path) -> None:
    (tmp_path / "config" / "nieuwswacht.toml").write_text('[evidence]\nkeep = "all"\n')
    context = Context(config_dir=tmp_path / "config", db=tmp_path / "nieuws.db")
    with context.writer() as writer:
        keeper = BuggyKeeper(
            writer,
            tmp_path / "evidence",
            KeepPolicy(on=True, hold_bytes=1_000_000),
            clock=context.now,
            software="test",
        )

        _, fault = keep_evidence(context, writer, keeper)

    assert "a bug" in fault
    problems = json.loads(run("status", "--json", code=1).stdout)["problems"]
    assert any("no evidence is kept since" in problem for problem in problems)


def test_a_stamp_needs_the_certificate_of_its_authority(run: Run, tmp_path: Path) -> None:
    settings = tmp_path / "config" / "nieuwswacht.toml"
    settings.write_text('[evidence]\ntsa = "https://tsa.example/tsr"\n')

    with pytest.raises(Exception, match=r"nieuwswacht.toml:1: .*write tsa_ca with the file"):
        run("evidence", "verify", code=2)
