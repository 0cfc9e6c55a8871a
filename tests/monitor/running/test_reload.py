from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, strategies as st

from alerts.document import Document
from alerts.rules.file import WHOLE_FILE, read_rules
from monitor.running.rule_reload import Looks, RuleWatch

RULE = '[[rule]]\nid = "{0}"\nquery = "{1}"\nchannels = ["console"]\n'


FAULTY = {
    "query": ("query", RULE.format("een", "syrie irak")),
    "concept": ("query", RULE.format("een", "@weg")),
    "channel": ("channels", RULE.format("een", "sluis").replace("console", "weg")),
    "outlet": ("outlets", RULE.format("een", "sluis") + 'outlets = ["Weg"]\n'),
    "example": ("must_match", RULE.format("een", "sluis") + 'must_match = ["De brug"]\n'),
}


@pytest.fixture
def rules(tmp_path: Path) -> Path:
    path = tmp_path / "rules.toml"
    path.write_text(RULE.format("een", "kalifaat"), "utf-8")
    return path


def watch_of(path: Path) -> RuleWatch:
    outlets = ["Omroep Kustlicht"]
    book = read_rules(path, channels=["console"], outlets=outlets).sound()
    return RuleWatch(path, book, ["console"], outlets)


def seen(watch: RuleWatch, path: Path, text: str) -> dict[str, str]:
    """The queries in force by rule, in their order, once two looks have seen this text."""
    path.write_text(text, "utf-8")
    assert watch.look() is None
    book = watch.look()
    assert book is not None
    return {rule.id: rule.text for rule in book.rules}


def test_a_new_rule_is_in_force_at_the_second_look(rules: Path) -> None:
    watch = watch_of(rules)
    rules.write_text(rules.read_text("utf-8") + RULE.format("twee", "baghuz"), "utf-8")

    first, second, third = watch.look(), watch.look(), watch.look()

    assert first is None
    assert second is not None
    assert [rule.id for rule in second.rules] == ["een", "twee"]
    assert third is None


def test_a_file_that_is_being_written_is_left_alone(rules: Path) -> None:
    watch = watch_of(rules)
    whole = rules.read_text("utf-8") + RULE.format("twee", "baghuz")
    for length in range(40, len(whole), 7):
        rules.write_text(whole[:length], "utf-8")
        assert watch.look() is None


@pytest.mark.parametrize("kind", FAULTY)
def test_a_rule_with_a_fault_stays_as_it_was_and_the_rest_of_the_file_takes_effect(
    rules: Path, caplog: pytest.LogCaptureFixture, kind: str
) -> None:
    watch, (key, faulty) = watch_of(rules), FAULTY[kind]

    force = seen(watch, rules, RULE.format("nul", "brug") + faulty + RULE.format("twee", "haven"))

    assert force == {"nul": "brug", "een": "kalifaat", "twee": "haven"}
    assert watch.look() is None
    line = 4 + next(n for n, text in enumerate(faulty.splitlines(), 1) if text.startswith(key))
    assert caplog.text.count("rules_refused") == 1
    assert f'rules.toml:{line}: rule "een": ' in caplog.text
    assert [*watch.refused] == ["een"]
    assert f"rules.toml:{line}" in str(watch.refused["een"][0])


def test_a_new_rule_with_a_fault_is_not_in_force_until_it_is_mended(rules: Path) -> None:
    watch, good = watch_of(rules), rules.read_text("utf-8")

    assert [*seen(watch, rules, good + RULE.format("twee", "brug open"))] == ["een"]
    assert [*watch.refused] == ["twee"]

    mended = good + RULE.format("twee", "brug AND open")
    assert seen(watch, rules, mended) == {"een": "kalifaat", "twee": "brug AND open"}
    assert watch.refused == {}


def test_the_last_good_version_is_the_one_that_was_in_force(rules: Path) -> None:
    watch = watch_of(rules)
    faulty = RULE.format("een", "syrie irak")
    for text in (RULE.format("een", "brug"), faulty, faulty + RULE.format("twee", "haven")):
        force = seen(watch, rules, text)

    assert force == {"een": "brug", "twee": "haven"}


def test_a_rule_with_a_fault_keeps_the_concepts_it_was_read_with(rules: Path) -> None:
    text = (
        "[concepts]\nwater = ['{0}']\n" + RULE.format("een", "@water") + "must_match = ['brug']\n"
    )
    rules.write_text(text.format("brug"), "utf-8")
    watch = watch_of(rules)

    # Nothing of the rule has changed: its own example fails with what the concept is now.
    rules.write_text(text.format("sluis") + RULE.format("twee", "@water"), "utf-8")
    watch.look()
    book = watch.look()

    assert book is not None
    found = {
        word: [match.rule for match in book.match(Document(title=word))]
        for word in ("brug", "sluis")
    }
    assert found == {"brug": ["een"], "sluis": ["twee"]}
    assert [*watch.refused] == ["een"]


def test_a_refused_rule_that_is_taken_out_is_gone_and_not_refused_any_more(rules: Path) -> None:
    watch = watch_of(rules)
    other = RULE.format("twee", "brug")
    seen(watch, rules, RULE.format("een", "syrie irak") + other)

    assert [*seen(watch, rules, other)] == ["twee"]
    assert watch.refused == {}
    # And what comes back under its id is a new rule.
    assert [*seen(watch, rules, other + RULE.format("een", "syrie irak"))] == ["twee"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (RULE.format("een", "brug")[:-3], "rules.toml:4"),
        (RULE.format("een", "brug") + "# caf\u00e9", "not UTF-8"),
        (RULE.format("een", "brug") + "kanaal = 1\n", "unknown key"),
        (RULE.format("een", "brug") * 2, 'id "een" is used twice'),
        ("[concepts]\na = ['x y']\n" + RULE.format("een", "brug"), 'in concept "a"'),
        ("", "no rule in it"),
        (RULE.format("nieuw", "syrie irak"), "no operator between"),
    ],
    ids=["toml", "encoding", "structure", "ids", "concept", "empty", "none-that-can-be-read"],
)
def test_a_fault_of_the_whole_file_leaves_all_the_last_good_rules_in_force(
    rules: Path, caplog: pytest.LogCaptureFixture, text: str, said: str
) -> None:
    watch = watch_of(rules)
    rules.write_bytes(text.encode("latin-1"))

    assert (watch.look(), watch.look(), watch.look()) == (None, None, None)
    assert caplog.text.count("rules_refused") == 1
    assert said in caplog.text
    assert [*watch.refused] == [WHOLE_FILE]

    assert seen(watch, rules, RULE.format("een", "syrie irak")) == {"een": "kalifaat"}
    assert [*watch.refused] == ["een"]


class Outlets(list[str]):
    """Outlets with a bug: they cannot be listed."""

    broken = False

    def __iter__(self) -> Iterator[str]:
        if self.broken:
            raise RecursionError("too deep")
        return super().__iter__()


def test_a_file_on_which_our_own_code_raises_is_refused_as_a_whole_and_told_once(
    rules: Path, caplog: pytest.LogCaptureFixture
) -> None:
    outlets = Outlets(["Omroep Kustlicht"])
    book = read_rules(rules, channels=["console"], outlets=outlets).sound()
    watch = RuleWatch(rules, book, ["console"], outlets)
    outlets.broken = True
    rules.write_text(RULE.format("een", "brug"), "utf-8")

    assert [watch.look() for _ in range(4)] == [None] * 4
    ((where, (fault,)),) = watch.refused.items()
    assert where == WHOLE_FILE
    told = "rules.toml: cannot be read: this is a bug, please report it: RecursionError"
    assert told in str(fault)
    assert caplog.text.count("rules_refused") == caplog.text.count("Traceback") == 1

    outlets.broken = False
    assert seen(watch, rules, RULE.format("een", "sluis")) == {"een": "sluis"}
    assert watch.refused == {}


def test_while_a_file_is_refused_its_rules_that_were_refused_before_still_are(rules: Path) -> None:
    watch = watch_of(rules)
    seen(watch, rules, RULE.format("een", "syrie irak"))
    rules.write_text("[[rule", "utf-8")
    watch.look()

    assert watch.look() is None
    assert {*watch.refused} == {"een", WHOLE_FILE}


@given(
    st.lists(
        st.dictionaries(st.sampled_from("abc"), st.sampled_from(["brug", "sluis", "geen query"])),
        max_size=8,
    )
)
def test_whatever_is_edited_each_rule_is_in_force_as_it_could_last_be_read(
    edits: list[dict[str, str]],
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "rules.toml"
        path.write_text(RULE.format("a", "kalifaat"), "utf-8")
        watch, held = watch_of(path), {"a": "kalifaat"}
        for number, edit in enumerate(edits):
            tables = "".join(RULE.format(name, query) for name, query in edit.items())
            path.write_text(f"# {number}\n{tables}", "utf-8")
            watch.look()
            book = watch.look()
            read = {name: held.get(name) if " " in query else query for name, query in edit.items()}
            expected = {name: query for name, query in read.items() if query}
            held = expected or held
            assert (book is None) == (not expected)
            assert book is None or {rule.id: rule.text for rule in book.rules} == held


def test_one_bad_rule_among_many_is_named_with_its_column_and_the_others_stay(
    rules: Path, caplog: pytest.LogCaptureFixture
) -> None:
    many = "".join(RULE.format(f"r{number}", "kalifaat") for number in range(50))

    force = seen(watch_of(rules), rules, many + RULE.format("fout", "syrie irak"))

    assert len(force) == 50
    assert 'rules.toml:203: rule "fout": column 7: no operator' in caplog.text


@given(st.lists(st.sampled_from([b"a", b"b", b"c"])))
def test_a_change_is_taken_up_once_and_only_when_two_looks_agree(digests: list[bytes]) -> None:
    looks, in_force = Looks(b"a", b"a"), b"a"
    before = b"a"
    for digest in digests:
        looks, taken = looks.after(digest)
        assert taken == (digest == before and digest != in_force)
        in_force, before = (digest if taken else in_force), digest
