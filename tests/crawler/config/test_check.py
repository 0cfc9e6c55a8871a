"""`check`: what it says of rules that can never alert."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from monitor.cli import cli

RULE = """
[[rule]]
id = "wolf"
query = 'wolf'
channels = ["scherm"]
"""
SOURCE = """
[[source]]
id = "bolle"
outlet = "De Bolle Krant"
kind = "feed"
url = "https://bolle.example/rss"
"""


@pytest.fixture
def config(tmp_path: Path) -> Path:
    (tmp_path / "rules.toml").write_text(RULE, "utf-8")
    (tmp_path / "sources.toml").write_text(SOURCE, "utf-8")
    (tmp_path / "channels.toml").write_text('[[channel]]\nid = "scherm"\nkind = "console"\n')
    return tmp_path


def _run(config: Path, *words: str) -> Result:
    return CliRunner().invoke(cli, ["--config", str(config), *words])


def test_a_misspelt_outlet_is_a_fault(config: Path) -> None:
    with (config / "rules.toml").open("a") as file:
        file.write('outlets = ["De Bollekrant"]\n')

    result = _run(config, "check")

    assert result.exit_code == 2
    assert 'rules.toml:6: rule "wolf": no source has the outlet "De Bollekrant"' in result.stderr


def test_a_catalogue_that_is_missing_or_broken_keeps_nobody_from_trying_a_rule(
    config: Path,
) -> None:
    with (config / "rules.toml").open("a") as file:
        file.write('outlets = ["De Bollekrant"]\n')

    (config / "sources.toml").write_text("[[source]]\n")
    assert "wolf" in _run(config, "rules", "list").stdout
    (config / "sources.toml").unlink()
    assert "wolf" in _run(config, "rules", "list").stdout


def test_a_file_without_a_rule_is_noted(config: Path) -> None:
    (config / "nieuwswacht.toml").write_text('[crawl]\nuser_agent = "wacht (mij@krant.example)"\n')
    assert "note" not in _run(config, "check").stdout

    (config / "rules.toml").write_text("")

    result = _run(config, "check")
    assert result.exit_code == 0
    assert "holds no rule, so there will be no alert" in result.stdout
    (note,) = json.loads(_run(config, "check", "--json").stdout)["notes"]
    assert "no rule" in note


def test_an_address_that_is_nobodys_is_noted(config: Path) -> None:
    (config / "nieuwswacht.toml").unlink(missing_ok=True)

    result = _run(config, "check")

    assert result.exit_code == 0
    assert "note: [crawl] user_agent still names example.org" in result.stdout
