"""`rules.toml` is replaced whole, by whom it belonged to, and never over somebody's change."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from alerts.rules.rules_file import RulesVersion, StoredRules
from crawler.errors import ConfigError, FileChangedError, HandEditError

OLD, NEW = RulesVersion(b"# oud\n"), RulesVersion(b"# nieuw\n")


def rules_in(folder: Path, version: RulesVersion = OLD) -> StoredRules:
    path = folder / "rules.toml"
    path.write_bytes(version.raw)
    return StoredRules(path)


def test_a_new_version_stands_alone_in_the_folder(tmp_path: Path) -> None:
    file = rules_in(tmp_path)

    file.put(NEW, over=OLD)

    assert file.version() == NEW
    assert list(tmp_path.iterdir()) == [file.path]


def test_a_file_that_somebody_changed_is_left_as_it_is(tmp_path: Path) -> None:
    file = rules_in(tmp_path, RulesVersion(b"# van een ander\n"))

    with pytest.raises(FileChangedError):
        file.put(NEW, over=OLD)

    assert file.version() == RulesVersion(b"# van een ander\n")


def test_a_link_stays_a_link_and_mode_and_owner_stay(tmp_path: Path) -> None:
    home = tmp_path / "elders"
    home.mkdir()
    real = rules_in(home).path
    real.chmod(0o640)
    if os.geteuid() == 0:
        os.chown(real, 1234, 4321)
    before = real.stat()
    link = tmp_path / "rules.toml"
    link.symlink_to("elders/rules.toml")

    StoredRules(link).put(NEW, over=OLD)

    after = real.stat()
    assert link.is_symlink()
    assert real.read_bytes() == NEW.raw
    assert (after.st_mode, after.st_uid, after.st_gid) == (
        before.st_mode,
        before.st_uid,
        before.st_gid,
    )


def test_a_file_that_nobody_may_write_is_left_alone(tmp_path: Path) -> None:
    file = rules_in(tmp_path)
    file.path.chmod(0o444)

    with pytest.raises(HandEditError, match="cannot be written"):
        file.put(NEW, over=OLD)

    assert file.version() == OLD
    assert list(tmp_path.iterdir()) == [file.path]


def test_what_is_no_file_or_no_text_is_said(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="cannot be read"):
        StoredRules(tmp_path / "rules.toml").version()
    with pytest.raises(ConfigError, match="UTF-8"):
        _ = RulesVersion(b"\xff").text


def test_line_ends_and_the_byte_order_mark_stay() -> None:
    old = RulesVersion("\ufeff# é\r\nx = 1\r\n".encode())

    assert old.text == "# é\nx = 1\n"
    assert old.with_text("# é\nx = 2\n").raw == "\ufeff# é\r\nx = 2\r\n".encode()
    assert old.with_text(old.text) == old
    assert old.digest != old.with_text("# e\n").digest
