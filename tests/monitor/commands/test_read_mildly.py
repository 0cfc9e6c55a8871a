"""`show` of an article of whose page more was kept than usual."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner
from krant import NOW, bridge_article

from alerts.store import migrations as alerts_migrations
from crawler.store import ArticleStore, Writer, migrations
from monitor.cli import cli

SAID = "little was left of its page"


@pytest.mark.parametrize("mild", [True, False])
def test_show_says_that_an_article_was_read_mildly(tmp_path: Path, *, mild: bool) -> None:
    article = replace(bridge_article("https://krant.example/a", "De brug is dicht."), mild=mild)
    with Writer(tmp_path / "nieuws.db", migrations=[migrations, alerts_migrations]) as writer:
        writer.run(lambda db: ArticleStore(db).save(article, now=NOW))
    (tmp_path / "rules.toml").write_text("", "utf-8")

    def shown(*words: str) -> str:
        place = ["--config", str(tmp_path), "--db", str(tmp_path / "nieuws.db")]
        result = CliRunner().invoke(cli, [*place, "show", article.id, *words])
        assert result.exit_code == 0, result.output
        return result.stdout

    assert (SAID in shown()) is mild
    assert json.loads(shown("--json"))["mild"] is mild
