from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.reload import Looks, RuleWatch

RULE = '[[rule]]\nid = "{0}"\nquery = "{1}"\nchannels = ["console"]\n'


@pytest.fixture
def rules(tmp_path: Path) -> Path:
    path = tmp_path / "rules.toml"
    path.write_text(RULE.format("een", "kalifaat"), "utf-8")
    return path


def test_a_new_rule_is_in_force_at_the_second_look(rules: Path) -> None:
    watch = RuleWatch(rules, ["console"])
    rules.write_text(rules.read_text("utf-8") + RULE.format("twee", "baghuz"), "utf-8")

    first, second, third = watch.look(), watch.look(), watch.look()

    assert first is None
    assert second is not None
    assert [rule.id for rule in second.rules] == ["een", "twee"]
    assert third is None


def test_a_file_that_is_being_written_is_left_alone(rules: Path) -> None:
    watch = RuleWatch(rules, ["console"])
    whole = rules.read_text("utf-8") + RULE.format("twee", "baghuz")
    for length in range(40, len(whole), 7):
        rules.write_text(whole[:length], "utf-8")
        assert watch.look() is None


def test_a_faulty_file_leaves_the_last_good_rules_in_force_and_is_named(
    rules: Path, caplog: pytest.LogCaptureFixture
) -> None:
    watch = RuleWatch(rules, ["console"])
    rules.write_text(RULE.format("een", "syrie irak"), "utf-8")

    assert (watch.look(), watch.look(), watch.look()) == (None, None, None)
    assert caplog.text.count("rules_refused") == 1
    assert "rules.toml:3" in caplog.text
    assert "rules.toml:3" in watch.refused

    rules.write_text(RULE.format("een", "syrie OR irak"), "utf-8")
    watch.look()
    assert watch.look() is not None
    assert watch.refused == ""


def test_a_file_that_was_emptied_leaves_the_last_good_rules_in_force(
    rules: Path, caplog: pytest.LogCaptureFixture
) -> None:
    watch = RuleWatch(rules, ["console"])
    rules.write_text("", "utf-8")

    assert (watch.look(), watch.look(), watch.look()) == (None, None, None)
    assert caplog.text.count("rules_refused") == 1
    assert "no rule" in caplog.text


def test_one_bad_rule_among_many_is_named_and_the_others_stay(
    rules: Path, caplog: pytest.LogCaptureFixture
) -> None:
    many = "".join(RULE.format(f"r{number}", "kalifaat") for number in range(50))
    watch = RuleWatch(rules, ["console"])
    rules.write_text(many + RULE.format("fout", "syrie irak"), "utf-8")

    assert (watch.look(), watch.look()) == (None, None)
    assert 'rules.toml:203: rule "fout": column 7: no operator' in caplog.text

    rules.write_text(many, "utf-8")
    watch.look()
    book = watch.look()
    assert book is not None
    assert len(book) == 50


@given(st.lists(st.sampled_from([b"a", b"b", b"c"])))
def test_a_change_is_taken_up_once_and_only_when_two_looks_agree(digests: list[bytes]) -> None:
    looks, in_force = Looks(b"a", b"a"), b"a"
    before = b"a"
    for digest in digests:
        looks, taken = looks.after(digest)
        assert taken == (digest == before and digest != in_force)
        in_force, before = (digest if taken else in_force), digest
