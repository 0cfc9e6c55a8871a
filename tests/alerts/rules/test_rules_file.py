"""`rules.toml`: every fault with its line, and examples that are read as an article."""

from datetime import timedelta
from pathlib import Path

import pytest

from alerts.query.parser import Concepts, parse
from alerts.rules.book import RuleBook
from alerts.rules.file import WHOLE_FILE, RulesRead, read_rules
from alerts.waves import VolumeSetting
from crawler.errors import ConfigFaults, QueryError

RULE = """
[[rule]]
id = "{id}"
query = '{query}'
channels = ["console"]
must_match = ["{example}"]
"""


def _loaded(tmp_path: Path, text: str) -> RuleBook:
    path = tmp_path / "rules.toml"
    path.write_text(text, "utf-8")
    return read_rules(path, channels=["console"]).sound()


def _faults(tmp_path: Path, text: str) -> list[str]:
    with pytest.raises(ConfigFaults) as caught:
        _loaded(tmp_path, text)
    return [str(fault).partition("rules.toml:")[2] for fault in caught.value.faults]


@pytest.mark.parametrize(
    "query",
    ["title:baghouz", "body:baghouz", "baghouz AND outlet:NOS", "baghouz NOT section:sport"],
)
def test_a_rule_about_a_field_or_an_outlet_may_have_examples(tmp_path: Path, query: str) -> None:
    rule = RULE.format(id="val", query=query, example="Baghouz is gevallen")

    assert len(_loaded(tmp_path, rule)) == 1
    assert "does not match" in _faults(tmp_path, rule.replace("Baghouz is", "Rakka is"))[0]


def test_every_faulty_concept_is_named_with_its_line(tmp_path: Path) -> None:
    text = "[concepts]\na = ['raqqa']\nb = [\n  'raqqa',\n  'rakka OR',\n]\nc = ['@a irak']\n"

    first, second = _faults(tmp_path, text)

    assert first.startswith('3: [concepts]: column 7: in concept "b": nothing stands after `OR`')
    assert second.startswith('7: [concepts]: column 4: in concept "c": no operator between')


def test_every_fault_of_one_list_is_told_once(tmp_path: Path) -> None:
    text = "[concepts]\na = ['raqqa', 'rakka OR', 'x irak', '@b']\nb = ['@a', 'y irak']\n"

    shown = [fault.partition(': in concept "')[2] for fault in _faults(tmp_path, text)]

    assert [fault[: len('a": no operator between `x`')] for fault in shown] == [
        'a": nothing stands after `O',
        'a": no operator between `x`',
        'b": concept "a" uses itself',
        'b": no operator between `y`',
    ]


def test_a_failing_example_says_what_was_found(tmp_path: Path) -> None:
    rule = RULE.format(id="val", query="baghouz AND raqqa", example="Baghouz is gevallen")

    assert '"Baghouz is gevallen" (raqqa: not found)' in _faults(tmp_path, rule)[0]


def test_a_bad_rule_is_named_with_its_line_and_column(tmp_path: Path) -> None:
    good = RULE.format(id="goed", query="baghouz", example="Baghouz is gevallen")
    bad = RULE.format(id="fout", query="baghouz raqqa", example="Baghouz")

    (fault,) = _faults(tmp_path, good + bad + good.replace("goed", "beter"))

    assert fault.startswith('10: rule "fout": column 9: no operator between `baghouz` and `raqqa`')


def test_every_fault_is_named_also_beside_an_id_that_is_used_twice(tmp_path: Path) -> None:
    bad = RULE.format(id="val", query="baghouz raqqa", example="Baghouz")
    worse = bad.replace("console", "weg")

    assert [fault.partition(": ")[2][:30] for fault in _faults(tmp_path, bad + worse)] == [
        'rule "val": id "val" is used t',
        'rule "val": column 9: no opera',
        'rule "val": channel "weg" is n',
        'rule "val": column 9: no opera',
    ]


def test_every_concept_with_a_fault_is_named_once() -> None:
    concepts = {"a": ("x irak",), "b": ("@a",), "c": ("y",), "d": ("kop:z",)}

    assert [fault.concept for fault in Concepts(concepts).faults()] == ["a", "d"]


@pytest.mark.parametrize(
    ("query", "where"),
    [
        ("kalifaat irak", "column 10: "),
        ("kalifaat\nAND raqqa irak", "line 2, column 11: "),
        ("(kalifaat\n", "column 1: "),
        ("kalifaat\r\nAND\n\n  raqqa irak\n", "line 4, column 9: "),
        ("kalifaat irak\nAND raqqa", "line 1, column 10: "),
    ],
)
def test_a_fault_in_a_query_of_several_lines_is_placed_in_its_line(query: str, where: str) -> None:
    with pytest.raises(QueryError) as caught:
        parse(query)

    assert str(caught.value).startswith(where)


def test_an_outlet_that_no_source_has_is_a_fault_with_the_one_that_is_meant(
    tmp_path: Path,
) -> None:
    path = tmp_path / "rules.toml"
    rule = RULE.format(id="val", query="baghouz", example="Baghouz is gevallen")
    path.write_text(rule + 'outlets = ["de bolle krant", "De Bollekrant", "Xyz"]\n', "utf-8")

    with pytest.raises(ConfigFaults) as caught:
        read_rules(
            path, channels=["console"], outlets=["De Bolle Krant", "Omroep Kustlicht"]
        ).sound()

    slip, unknown = (str(fault).partition("rules.toml:")[2] for fault in caught.value.faults)
    assert slip.startswith('7: rule "val": no source has the outlet "De Bollekrant"')
    assert slip.endswith('did you mean "De Bolle Krant"?')
    assert unknown.endswith("see sources.toml")


def test_outlets_are_not_looked_at_where_the_catalogue_is_not_known(tmp_path: Path) -> None:
    rule = RULE.format(id="val", query="baghouz", example="Baghouz is gevallen")

    assert len(_loaded(tmp_path, rule + 'outlets = ["De Bollekrant"]\n')) == 1


DEFAULTS = """
[defaults]
channels = ["console"]

[defaults.sections]
rechtbank = ["mail", "slack"]
"""
BARE = "[[rule]]\nid = '{id}'\nquery = '{query}'\n{more}\n"
CHANNELS = ["console", "mail", "slack"]


def _read(tmp_path: Path, text: str, before: RuleBook | None = None) -> RulesRead:
    path = tmp_path / "rules.toml"
    path.write_text(text, "utf-8")
    return read_rules(path, channels=CHANNELS, before=before or RuleBook.build([]))


def test_a_rule_without_channels_goes_where_its_section_or_all_rules_go(tmp_path: Path) -> None:
    more = {
        "kaal": "",
        "zitting": "section = 'rechtbank'",
        "elders": "section = 'sport'",
        "eigen": "section = 'rechtbank'\nchannels = ['slack']",
        "stil": "channels = []",
    }
    rules = "".join(BARE.format(id=name, query="raqqa", more=each) for name, each in more.items())

    read = _read(tmp_path, DEFAULTS + rules)

    assert not read.faults
    assert {rule.id: rule.channels for rule in read.book.rules} == {
        "kaal": ("console",),
        "zitting": ("mail", "slack"),
        "elders": ("console",),
        "eigen": ("slack",),
        "stil": (),
    }


def test_a_rule_that_goes_nowhere_is_a_fault_with_its_remedy(tmp_path: Path) -> None:
    rule = BARE.format(id="kaal", query="raqqa", more="")

    (fault,) = _faults(tmp_path, rule)
    (of_section,) = _faults(tmp_path, "[defaults.sections]\na = ['console']\n" + rule)

    assert 'rule "kaal": no channels are named' in fault
    assert "[defaults] channels" in fault
    assert "no channels are named" in of_section


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("[defaults]\nchannels = ['fax']\n", 2),
        ("[defaults]\nchannels = ['console']\n[defaults.sections]\nrechtbank = ['fax']\n", 4),
    ],
)
def test_a_channel_of_the_defaults_that_does_not_exist_is_a_fault_of_the_file(
    tmp_path: Path, text: str, line: int
) -> None:
    read = _read(tmp_path, text + BARE.format(id="kaal", query="raqqa", more=""))

    ((where, (fault,)),) = read.faults.items()
    assert where == WHOLE_FILE
    assert fault.line == line
    assert 'channel "fax" is not defined' in str(fault)


def test_a_rule_that_is_switched_off_matches_nothing_and_is_still_checked(tmp_path: Path) -> None:
    on = BARE.format(id="val", query="raqqa", more="channels = ['console']")
    before = _read(tmp_path, on).book

    off = _read(tmp_path, on + "enabled = false\n", before)
    faulty = _read(tmp_path, on.replace("raqqa", "raqqa OR") + "enabled = false\n", before)

    assert [rule.id for rule in before.rules] == ["val"]
    assert ([*off.book.rules], [rule.id for rule in off.book.disabled]) == ([], ["val"])
    assert "val" not in faulty.book
    assert "val" in faulty.faults


VOLUME = RULE.format(id="wolf", query="wolf", example="Een wolf") + "[rule.volume]\n"


def test_a_rule_may_have_a_volume_and_says_only_what_is_unusual(tmp_path: Path) -> None:
    book = _loaded(tmp_path, VOLUME + 'over = "2h"\ntimes = 4\n')

    assert book["wolf"].volume == VolumeSetting(over=timedelta(hours=2), times=4)
    plain = _loaded(tmp_path, VOLUME.replace("[rule.volume]", ""))
    assert plain["wolf"].volume is None
    assert plain["wolf"].hash == book["wolf"].hash


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ('over = "5m"', '8: rule "wolf": over: that is too short: write at least "10m"'),
        ('over = "2d"', '8: rule "wolf": over: that is too long: write at most "24h"'),
        ("at_least = 1", '8: rule "wolf": at_least: '),
        ("outlets = 0", '8: rule "wolf": outlets: '),
        ("times = 1", '8: rule "wolf": times: '),
        ('instead = "ja"', '8: rule "wolf": instead: '),
        ("atleast = 5", '8: rule "wolf": '),
    ],
)
def test_a_volume_that_cannot_be_is_named_with_line_and_remedy(
    tmp_path: Path, line: str, said: str
) -> None:
    [fault] = _faults(tmp_path, VOLUME + line + "\n")

    assert fault.startswith(said), fault
