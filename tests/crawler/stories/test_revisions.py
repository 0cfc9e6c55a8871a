"""What is a new text of an article, and what is the old one in other clothes."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, strategies as st

from crawler.model import Article, DateOrigin, Revision, Verdict
from crawler.stories.revisions import (
    changed_fields,
    judge,
    text_hash,
)

NOW = datetime(2026, 11, 22, 14, 0, tzinfo=UTC)
BODY = (
    "Het leger heeft dinsdag de laatste wijk van de stad ingenomen.\n\n"
    "Volgens een woordvoerder zijn twaalf strijders opgepakt. „Het is voorbij”, zei hij."
)
ARTICLE = Article(
    id="art_0",
    key="krant:1",
    url="https://krant.example/1",
    outlet="Krant",
    source="krant-buitenland",
    title="Leger neemt laatste wijk in",
    lead="Na weken van gevechten is de stad in handen van het leger.",
    body=BODY,
    first_seen=NOW,
    published=NOW,
    published_from=DateOrigin.PAGE,
)


def held(article: Article) -> Revision:
    return Revision(
        article=article.id,
        number=1,
        seq=1,
        seen=NOW,
        title=article.title,
        lead=article.lead,
        body=article.body,
        text_hash=text_hash(article.title, article.lead, article.body),
    )


def test_an_article_nobody_holds_is_new() -> None:
    assert judge(ARTICLE, None) is Verdict.NEW


def test_the_same_text_is_known() -> None:
    assert judge(ARTICLE, held(ARTICLE)) is Verdict.KNOWN


@pytest.mark.parametrize(
    "edit",
    [
        {"title": "Leger verliest laatste wijk"},
        {"lead": "Na weken van gevechten is de stad in handen van de rebellen."},
        {"body": BODY.replace("twaalf", "eenentwintig")},
        {"body": BODY + "\n\nDe gouverneur spreekt van een keerpunt."},
        {"title": "Leger neemt laatste wijk van is in"},
    ],
)
def test_other_words_are_a_revision(edit: dict[str, Any]) -> None:
    assert judge(replace(ARTICLE, **edit), held(ARTICLE)) is Verdict.REVISED


def test_capitals_make_another_word() -> None:
    is_verb, is_group = replace(ARTICLE, title="Wat is er"), replace(ARTICLE, title="Wat IS er")
    assert judge(is_group, held(is_verb)) is Verdict.REVISED


@pytest.mark.parametrize(
    "body",
    [
        BODY.replace("\n\n", " "),
        BODY.replace(" ", "\u00a0"),
        BODY.replace("„", '"').replace("”", '"'),
        BODY.replace("laatste", "laat\u00adste"),
        "Gepubliceerd op zondag 22 november 2026 om 14.30 uur\n\n" + BODY,
        "Bijgewerkt: 22 nov. 2026, 16:05\n\n" + BODY,
        "Vandaag, 14:33\n" + BODY,
        BODY + "\n\n128 reacties",
        BODY + "\n\n1.204 keer gelezen · leestijd 3 min.",
        BODY + "\n\n3 uur geleden",
    ],
)
def test_white_space_marks_counters_and_date_lines_are_no_revision(body: str) -> None:
    assert judge(replace(ARTICLE, body=body), held(ARTICLE)) is Verdict.KNOWN


def test_a_title_that_is_a_date_is_still_a_title() -> None:
    assert text_hash("11 september 2001", "", "") != text_hash("12 september 2001", "", "")


def test_a_wall_that_went_up_is_no_revision() -> None:
    # given an article that was read whole
    # when later only its lead and the beginning of its body are given
    cut = replace(ARTICLE, body="Het leger heeft dinsdag de laatste wijk…", partial=True)
    # then nothing was revised
    assert judge(cut, held(ARTICLE)) is Verdict.KNOWN


def test_a_text_that_only_its_flag_calls_a_part_is_revised() -> None:
    # given a text whose page says now that it is for subscribers, while all of it is there
    body = BODY[: int(0.9 * len(BODY))]
    corrected = replace(ARTICLE, body=body, partial=True)
    # then a sentence less is a correction, not a wall
    assert judge(corrected, held(ARTICLE)) is Verdict.REVISED


def test_new_words_before_a_wall_are_a_revision() -> None:
    cut = replace(ARTICLE, title="Leger trekt zich terug", body="", partial=True)
    assert judge(cut, held(ARTICLE)) is Verdict.REVISED


def test_a_whole_text_counts_however_short_it_became() -> None:
    short = replace(ARTICLE, body="Het leger heeft dinsdag de laatste wijk van de stad ingenomen.")
    assert judge(short, held(ARTICLE)) is Verdict.REVISED


def test_changed_fields_names_what_says_something_else() -> None:
    old = ("Kop", "Intro", "Tekst.\n\n12 reacties")
    assert changed_fields(old, ("Kop", "Intro", "Tekst.\n\n13 reacties")) == ()
    assert changed_fields(old, ("Kop twee", "Intro", "Andere tekst.")) == ("title", "body")


@given(st.text(), st.text(), st.text())
def test_any_text_has_a_hash_that_white_space_leaves_alone(
    title: str, lead: str, body: str
) -> None:
    spaced = "  ".join(("", *body.split(" "), ""))
    assert text_hash(title, lead, body) == text_hash(title, lead, spaced)
