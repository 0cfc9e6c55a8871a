"""What is known of a configuration by its files alone is what its types say."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from crawler.config import load_settings
from monitor.settled import beginning, fingerprint, plain_settings, program_facts


@pytest.mark.parametrize(
    "text",
    [
        'a = "\\u0024{HOME}"',
        'a = "$\\u007bHOME}"',
        'a = """$\\\n{HOME}"""',
        'a = "${HO\\u004dE}"',
    ],
)
def test_a_placeholder_that_is_written_in_another_way_is_never_taken_as_known(
    tmp_path: Path, text: str
) -> None:
    (tmp_path / "channels.toml").write_text(text)

    assert fingerprint(tmp_path, "zout") is None


def test_a_placeholder_behind_one_that_is_not_closed_is_seen(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "channels.toml").write_text('# ${oeps\na = "${NIEUWS_PATH}"\n')
    monkeypatch.setenv("NIEUWS_PATH", "een")
    before = fingerprint(tmp_path, "zout")

    monkeypatch.setenv("NIEUWS_PATH", "twee")

    assert before is not None
    assert fingerprint(tmp_path, "zout") != before


def test_a_program_is_another_one_when_a_file_of_it_is_written(tmp_path: Path) -> None:
    module = tmp_path / "alerts" / "match.py"
    for top in ("crawler", "alerts", "monitor"):
        (tmp_path / top / "__pycache__").mkdir(parents=True)
    module.write_text("SIZE = 1\n")
    before = list(program_facts(tmp_path))
    (tmp_path / "alerts" / "__pycache__" / "match.pyc").write_bytes(b"")
    assert list(program_facts(tmp_path)) == before

    module.write_text("SIZE = 2\n")
    os.utime(module, ns=(0, 0))

    assert list(program_facts(tmp_path)) != before


def test_settings_that_are_read_without_their_types_are_the_same(tmp_path: Path) -> None:
    file, none = tmp_path / "nieuwswacht.toml", tmp_path / "elders"
    file.write_text(
        '[store]\npath = "mijn.db"\nbackup = { to = "kopie" }\n'
        '[schedule]\ntimezone = "Europe/Brussels"\n[daemon]\nexpected = true\n'
        '[log]\nfile = "mijn.log"\n'
    )

    for folder in (tmp_path, none):
        read = load_settings(folder / "nieuwswacht.toml")
        assert beginning(folder, None).settings == plain_settings(read)
    assert beginning(tmp_path, None).database == Path("mijn.db")


def test_settings_in_which_a_word_stands_for_no_are_read_with_their_types(tmp_path: Path) -> None:
    (tmp_path / "nieuwswacht.toml").write_text('[daemon]\nexpected = "no"\n')

    assert not load_settings(tmp_path / "nieuwswacht.toml").daemon.expected
    assert beginning(tmp_path, None).fingerprint is None
