"""`nieuwswacht` over a small configuration, and a ledger with something in it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from click.testing import CliRunner, Result
from deliverydesk import AMSTERDAM, BAGHUZ, article, open_desk

from alerts.matcher import Matcher
from alerts.policy.placement import ChannelPlan
from alerts.rules.book import RuleBook, rule_of
from crawler.clock import utc_now
from crawler.config.files import FirstRun
from monitor.cli import cli

Run = Callable[..., Result]

SECRET = "whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY="
SOURCES = """
[[source]]
id = "nergens"
outlet = "Nergens"
kind = "feed"
url = "https://nergens.example/rss"
"""
CHANNELS = f"""
[[channel]]
id = "scherm"
kind = "console"

[[channel]]
id = "soc"
kind = "webhook"
url = "http://127.0.0.1:9/geheim"
secret = "{SECRET}"
"""
RULES = """
[[rule]]
id = "kalifaat"
query = "kalifa*"
channels = ["scherm", "soc"]
priority = "high"

[[rule]]
id = "brug"
query = "brug"
channels = ["scherm"]
"""


def command_in(folder: Path) -> Run:
    """The command over a configuration and a database in this folder; it lets no secret out."""
    config = folder / "config"
    config.mkdir()
    (config / "nieuwswacht.toml").write_text('[network]\nallow = ["127.0.0.0/8"]\n')
    (config / "sources.toml").write_text(SOURCES)
    (config / "channels.toml").write_text(CHANNELS)
    (config / "rules.toml").write_text(RULES)

    def run_command(*words: str, code: int = 0) -> Result:
        place = ["--config", str(config), "--db", str(folder / "nieuws.db")]
        result = CliRunner().invoke(cli, [*place, *words], standalone_mode=True)
        if isinstance(result.exception, Exception):
            raise result.exception
        assert result.exit_code == code, result.output
        assert "geheim" not in result.output
        assert SECRET not in result.output
        return result

    return run_command


def told_in(folder: Path) -> str:
    """An article with a match, queued for both channels, and a second text; the first one's id."""
    desk = open_desk(folder / "nieuws.db")
    desk.clock.now = now = utc_now()
    rule = rule_of(id="kalifaat", text="kalifa*", channels=["scherm", "soc"])
    plans = [ChannelPlan(id=name, zone=AMSTERDAM) for name in ("scherm", "soc")]
    saved = desk.save(article(now=now))
    desk.save(article("Kop", BAGHUZ, number=2, now=now))
    matcher = Matcher(desk.writer, RuleBook.build([rule]), plans, first_run=FirstRun.ALERT)
    matcher.run_once(now)
    desk.writer.close()
    return saved.article
