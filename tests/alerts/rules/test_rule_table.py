"""One rule of `rules.toml` changes; every other byte stays as somebody wrote it."""

from __future__ import annotations

import tomllib
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, strategies as st

from alerts.rules.rule_table import (
    RuleDraft,
    draft_in,
    rule_text,
    table_in,
    with_line_ends,
    with_rule,
)
from crawler.errors import HandEditError

FILE = """\
# Ons onderwerp, niet aankomen.
[concepts]
syrie = ['syri*']   # een lijst

[[rule]]    # de eerste
id = "kalifaat"
query = '''
kalifa*
OR baghuz
'''   # samen met Jan gemaakt
channels = ["scherm", 'mail']  # allebei
must_match = [
  "Het kalifaat is gevallen",   # van de redactie
  # een opmerking
  "Baghuz: het einde",
]

# Over de tweede regel.
[[rule]]
id = "sdf"
query = '=SDF'
channels = ["scherm"]
"""
PACK = Path(__file__).parents[3] / "config" / "rules.toml"


def kalifaat() -> RuleDraft:
    draft = draft_in(FILE, "kalifaat")
    assert draft is not None
    return draft


def test_a_rule_that_does_not_change_changes_no_letter() -> None:
    assert with_rule(FILE, kalifaat()) == FILE


def test_a_changed_rule_keeps_the_comments_and_all_other_tables() -> None:
    draft = replace(
        kalifaat(),
        query="kalifa* NOT cordoba",
        must_match=("Baghuz: het einde", "Kalifaat weg"),
        priority="high",
    )

    text = with_rule(FILE, draft)

    assert draft_in(text, "kalifaat") == draft
    assert "query = 'kalifa* NOT cordoba'   # samen met Jan gemaakt\n" in text
    assert "  # een opmerking\n" in text
    assert "# allebei\n" in text
    assert text.endswith(FILE[FILE.index("# Over de tweede") :])
    assert text.startswith(FILE[: FILE.index("query")])
    assert text.index('priority = "high"') < text.index("# Over de tweede")


def test_a_new_rule_stands_at_the_end() -> None:
    draft = RuleDraft(id="nieuw", query='"da\'esh" OR x', channels=("scherm",), name="Nieuw 'n'")

    for before in (FILE, FILE.rstrip(), ""):
        text = with_rule(before, draft)

        assert text.startswith(before)
        assert draft_in(text, "nieuw") == draft


def test_what_is_left_out_again_leaves_the_table() -> None:
    text = with_rule(FILE, replace(kalifaat(), must_match=(), channels=()))

    assert draft_in(text, "kalifaat") == replace(kalifaat(), must_match=(), channels=())


def test_every_rule_of_the_shipped_pack_can_be_changed_by_itself() -> None:
    pack = PACK.read_text("utf-8")
    for table in tomllib.loads(pack)["rule"]:
        draft = draft_in(pack, table["id"])
        assert draft is not None

        text = with_rule(
            pack, replace(draft, must_not_match=(*draft.must_not_match, "Iets anders"))
        )

        before, after = pack.splitlines(), text.splitlines()
        added = [line for line in after if line not in before]
        assert len(added) <= 2, table["id"]
        assert [line for line in before if line not in after] == added[:-1] or len(added) == 1


@pytest.mark.parametrize(
    "text",
    [
        "rule = [{id = 'a', query = 'b', channels = []}]\n",
        "[[rule]]\nid = 'a'\nquery = '${GEHEIM}'\nchannels = []\n",
        "[[rule]]\nid = 'a'\nquery = 'b'\nchannels = []\nmore = 1\n",
        "[[rule]]\nid = 'a'\nquery = 7\nchannels = []\n",
        "[[rule]]\nid = 'a'\nquery = 'b'\nchannels = [3]\n",
    ],
)
def test_a_table_that_is_no_plain_one_is_left_to_people(text: str) -> None:
    with pytest.raises(HandEditError):
        with_rule(text, draft_in(text, "a") or RuleDraft(id="a"))


def test_a_comment_that_looks_like_the_end_of_a_text_is_kept() -> None:
    first = "[[rule]]\nid = 'a'\nchannels = []\nquery = '''\nx\n# y'''\n"
    text = first + "\n# '''\n[[rule]]\nid = 'b'\nquery = 'c'\nchannels = []\n"
    draft = draft_in(text, "a")
    assert draft is not None

    assert with_rule(text, draft) == text
    assert "# '''\n[[rule]]" in with_rule(text, replace(draft, query="z"))


def test_line_ends_stay_as_each_line_has_them() -> None:
    old = "a\r\nb\nc\r\nd\r\n"

    assert with_line_ends(old, "a\nb\nX\nY\nd\n") == "a\r\nb\nX\r\nY\r\nd\r\n"
    assert with_line_ends(old, "a\nb\nc\nd\n") == old


# What a file has in `${...}` comes from elsewhere, so that no form changes it.
TEXTS = st.text(
    st.characters(exclude_categories=["Cs", "Cc"]) | st.sampled_from("'\"\\\n#[]="), max_size=12
).filter(lambda text: "${" not in text)
LISTS = st.lists(TEXTS, max_size=3).map(tuple)
DRAFTS = st.builds(
    RuleDraft,
    id=st.sampled_from(["kalifaat", "sdf", "nieuw"]),
    name=TEXTS,
    query=TEXTS,
    channels=LISTS,
    priority=st.sampled_from(["low", "normal", "high"]),
    outlets=LISTS,
    must_match=LISTS,
    must_not_match=LISTS,
)


@given(first=DRAFTS, second=DRAFTS)
def test_whatever_a_rule_says_is_read_back_and_nothing_else_changes(
    first: RuleDraft, second: RuleDraft
) -> None:
    text = with_rule(with_rule(FILE, first), second)

    assert draft_in(text, second.id) == second
    if first.id != second.id:
        assert draft_in(text, first.id) == first
    assert tomllib.loads(text)["concepts"] == {"syrie": ["syri*"]}
    assert "# Ons onderwerp" in text
    assert "# Over de tweede regel." in text


@given(DRAFTS)
def test_a_table_by_itself_is_that_rule(draft: RuleDraft) -> None:
    assert draft_in(rule_text(draft), draft.id) == draft
    assert table_in(rule_text(draft), draft.id) == rule_text(draft)


def test_a_rule_that_names_no_channels_is_changed_and_still_names_none() -> None:
    text = "[[rule]]\nid = 'val'\nenabled = false\nsection = 'rechtbank'\nquery = 'raqqa'\n"
    draft = draft_in(text, "val")
    assert draft is not None

    changed = with_rule(text, replace(draft, query="rakka", enabled=True))
    named = with_rule(text, replace(draft, channels=("console",)))
    silent = with_rule(text, replace(draft, channels=()))

    assert changed == "[[rule]]\nid = 'val'\nsection = 'rechtbank'\nquery = 'rakka'\n"
    assert named == f'{text}channels = ["console"]\n'
    assert silent == f"{text}channels = []\n"
    assert draft_in(silent, "val") == replace(draft, channels=())


VOLUME = '[rule.volume]   # golven\nover = "2h"\nat_least = 8 # acht\n'


def test_the_volume_of_a_rule_stays_as_it_is_written_when_its_query_changes() -> None:
    draft = draft_in(FILE + VOLUME, "sdf")
    assert draft is not None
    assert draft.volume == {"over": "2h", "at_least": 8}

    changed = with_rule(FILE + VOLUME, replace(draft, query="==SDF"))

    assert changed == (FILE + VOLUME).replace("'=SDF'", "'==SDF'")


def test_a_new_rule_may_have_a_volume() -> None:
    draft = RuleDraft(id="wolf", query="wolf", volume={"over": "2h", "times": 3.5, "instead": True})

    assert draft_in(rule_text(draft), "wolf") == draft
