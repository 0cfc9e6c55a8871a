"""A rules file that is read without its types says the same as with them."""

from pathlib import Path

import pytest

from alerts.rules import listed_rules, load_concepts, plain_concepts, read_rules

SHIPPED = Path(__file__).parents[3] / "config" / "rules.toml"
RULES = """
[defaults]
channels = ["a"]
[defaults.sections]
verkeer = ["b", "c"]
[concepts]
water = ["sloot", "rivier*"]
[[rule]]
id = "brug"
query = "brug OR @water"
section = "verkeer"
[[rule]]
id = "dijk"
name = "Dijken"
query = "dijk*"
enabled = false
priority = "high"
channels = ["c"]
[[rule]]
id = "polder"
query = '''
polder
'''
section = "elders"
"""


def test_rules_and_concepts_are_those_that_are_read_with_their_types(tmp_path: Path) -> None:
    own = tmp_path / "rules.toml"
    own.write_bytes(b"\xef\xbb\xbf" + RULES.replace("\n", "\r\n").encode())

    for path, channels in ((own, ["a", "b", "c"]), (SHIPPED, ["console"])):
        book = read_rules(path, channels=channels, proven=True).sound()
        listed, concepts = listed_rules(path), plain_concepts(path)
        assert listed is not None
        assert concepts is not None
        assert [each for each in listed if each.enabled] == [
            (rule.id, rule.name, rule.priority.value, rule.channels, rule.text, True)
            for rule in book.rules
        ]
        assert [each.id for each in listed if not each.enabled] == [
            each.id for each in book.disabled
        ]
        assert concepts.definitions == load_concepts(path).definitions


@pytest.mark.parametrize(
    "text",
    [
        "[concepts",
        '[concepts]\nwater = ["${WATER}"]\n[[rule]]\nid = "a"\nquery = "${VRAAG}"',
        '[concepts]\nwater = [1]\n[[rule]]\nid = 1\nquery = "a"',
        'concepts = 1\nrule = "a"',
        'concepts = 1\n[[rule]]\nid = "a"\nquery = "b"\nchannels = []\nenabled = "no"',
    ],
)
def test_a_file_of_which_anything_is_in_doubt_is_read_with_its_types(
    tmp_path: Path, text: str
) -> None:
    (tmp_path / "rules.toml").write_text(text)

    assert plain_concepts(tmp_path / "rules.toml") is None
    assert listed_rules(tmp_path / "rules.toml") is None
    assert plain_concepts(tmp_path / "elders.toml") is None
