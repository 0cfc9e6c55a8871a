"""A channel that gets another name in two files, while the daemon runs."""

from __future__ import annotations

from pathlib import Path

import pytest

from alerts.rules.file import read_rules
from monitor.context import Context
from monitor.running.rule_reload import ConfigurationWatch, RuleWatch

RULES = '[[rule]]\nid = "een"\nquery = "kalifaat"\nchannels = ["{0}"]\n'
SECOND = '[[rule]]\nid = "twee"\nquery = "baghuz"\nchannels = ["{0}"]\n'
CHANNEL = '[[channel]]\nid = "{0}"\nkind = "console"\n'


class Files:
    """The files of a daemon, and its two watches over them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.write("sources.toml", "")
        self.write("channels.toml", CHANNEL.format("oud"))
        self.write("rules.toml", RULES.format("oud"))
        context = Context(config_dir=folder, db=folder / "nieuws.db")
        book = read_rules(folder / "rules.toml", channels=["oud"]).sound()
        self.rules = RuleWatch(folder / "rules.toml", book, ["oud"])
        self.configuration = ConfigurationWatch(context, self.rules)

    def write(self, name: str, text: str) -> None:
        (self.folder / name).write_text(text, "utf-8")

    def look(self) -> Context | None:
        """What three looks at the files give: each needs two that see the same."""
        for _ in range(3):
            if fresh := self.configuration.look():
                return fresh
            self.rules.look()
        return None


@pytest.fixture
def files(tmp_path: Path) -> Files:
    return Files(tmp_path)


@pytest.mark.parametrize("first", ["channels.toml", "rules.toml"])
def test_a_channel_may_be_renamed_in_both_files_whichever_is_saved_first(
    files: Files, first: str
) -> None:
    texts = {"channels.toml": CHANNEL.format("nieuw"), "rules.toml": RULES.format("nieuw")}
    files.write(first, texts.pop(first))
    assert files.look() is None
    [(second, text)] = texts.items()
    files.write(second, text)

    fresh = files.look()

    assert fresh is not None
    assert [channel.id for channel in fresh.channels] == ["nieuw"]
    files.rules.use(["nieuw"], None)
    assert files.rules.look() or files.rules.look()
    assert files.rules.channels_named == {"nieuw"}


def test_a_channel_does_not_end_while_one_rule_still_names_it(
    files: Files, caplog: pytest.LogCaptureFixture
) -> None:
    files.write("rules.toml", RULES.format("oud") + SECOND.format("oud"))
    files.rules.look()
    files.rules.look()
    files.write("rules.toml", RULES.format("nieuw") + SECOND.format("oud"))
    files.write("channels.toml", CHANNEL.format("nieuw"))

    assert files.look() is None
    assert files.configuration.refused
    assert '"oud" is gone, and rules name it' in caplog.text
    assert files.rules.channels_named == {"oud"}


def test_while_a_channel_does_not_end_the_rules_are_read_again_only_if_they_change(
    files: Files,
) -> None:
    first = files.rules.named_with(["nieuw"], None)
    assert files.rules.named_with(["nieuw"], None) is first

    files.write("rules.toml", RULES.format("nieuw"))

    assert files.rules.named_with(["nieuw"], None) == {"nieuw"}
    assert files.rules.named_with(["oud"], None) == {"oud"}


def test_a_channel_and_the_rules_that_name_it_may_go_at_once(files: Files) -> None:
    files.write("rules.toml", RULES.format("oud") + SECOND.format("oud"))
    files.rules.look()
    files.rules.look()
    files.write("channels.toml", CHANNEL.format("nieuw") + CHANNEL.format("ander"))
    files.write("rules.toml", SECOND.format("ander"))

    fresh = files.look()

    assert fresh is not None
    assert [channel.id for channel in fresh.channels] == ["nieuw", "ander"]


def test_a_channel_does_not_end_while_the_rules_cannot_be_read(files: Files) -> None:
    files.write("rules.toml", "[[rule]\n")
    files.write("channels.toml", CHANNEL.format("nieuw"))

    assert files.look() is None
    assert files.rules.channels_named == {"oud"}
