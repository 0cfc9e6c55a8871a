"""What is a copy and what is not, on pairs of texts."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import datetime, timedelta
from random import Random

import pytest
from hypothesis import given, settings, strategies as st
from story_corpus import START, Piece, pieces, statements, wires
from story_edits import EDITS
from story_pairs import HELD_OUT, every, pairs_of, score
from story_templates import LEARNT, UNSEEN, Mould

from crawler.stories.comparison import Comparison, CopyReason, compare
from crawler.stories.near_duplicates import LOOK_BACK, Telling, story_of
from crawler.stories.story_text import StoryText
from crawler.stories.templates import agreement, slots

HOUR = timedelta(hours=1)


def none(runs: frozenset[int], most: int) -> frozenset[int]:  # noqa: ARG001 - the shape asked for
    """As if every run of words were common."""
    return runs & frozenset()


def reading(piece: Piece) -> StoryText:
    return StoryText(piece.title, piece.lead, "\n\n".join(piece.body))


def against(one: Piece, other: Piece, apart: timedelta = HOUR) -> Comparison:
    return compare(reading(one), reading(other), every, apart=apart)


@pytest.mark.parametrize("name", EDITS)
def test_an_edited_copy_is_a_copy(wire: Piece, name: str) -> None:
    for seed in range(5):
        assert against(wire, EDITS[name](wire, Random(seed))).reason is CopyReason.COPY


@pytest.mark.parametrize("mould", [*LEARNT, *UNSEEN], ids=lambda mould: mould.name)
def test_two_items_of_one_mould_are_two_stories(mould: Mould) -> None:
    """Nearly all, even when nobody has seen an item of that mould before."""
    rng = Random(mould.name)
    items = [mould(rng, number) for number in range(30)]
    judged = [against(one, other) for n, one in enumerate(items) for other in items[:n]]
    assert sum(comparison.copy for comparison in judged) <= len(judged) / 15


WARNED = (
    "Code geel voor {} in Drenthe",
    "Het KNMI waarschuwt voor {} in Drenthe.",
    "De code geel geldt tot 11 uur. Weggebruikers wordt aangeraden hun snelheid aan te passen.",
    "De waarschuwing wordt ingetrokken zodra het gevaar is geweken.",
)


def warned_of(what: str) -> StoryText:
    return reading_of(*(part.format(what) for part in WARNED))


def test_items_whose_slot_holds_a_word_are_two_stories() -> None:
    fog, ice = warned_of("dichte mist"), warned_of("gladheid")
    assert compare(fog, ice, every, apart=HOUR).reason is CopyReason.MOULD


def test_another_headline_over_the_first_paragraph_of_a_brief_item_makes_no_mould() -> None:
    fog = warned_of("dichte mist")
    again = replace(fog, title="Automobilisten opgepast: gevaar op de weg")
    assert compare(fog, again, every, apart=HOUR).copy


@pytest.mark.parametrize("pair", statements(), ids=lambda pair: pair[0].slug)
def test_two_outlets_that_quote_one_statement_tell_two_stories(pair: tuple[Piece, Piece]) -> None:
    assert not against(*pair).copy


def test_a_long_quotation_in_two_short_reports_is_named_as_the_reason() -> None:
    said = (
        '"Wij betreuren de storing ten zeerste en begrijpen dat klanten zich in de steek gelaten '
        'voelden op een moment dat zij ons het hardst nodig hadden"'
    )
    one = StoryText("Bank biedt excuses aan", "De bank zegt het zo:", f"{said}. Dat was alles.")
    two = StoryText(
        "Pinnen lukte nergens", "Klanten waren woedend.", f"{said}, las men op de site."
    )
    assert compare(one, two, every, apart=HOUR).reason is CopyReason.QUOTE


@pytest.mark.parametrize("name", ["other-words.txt", "next-day.txt"])
def test_the_same_event_in_other_words_is_another_story(name: str) -> None:
    told = {wire.slug: wire for wire in wires()}
    for piece in pieces(name):
        assert not against(piece, told[piece.slug]).copy


def test_yesterdays_paragraphs_under_todays_news_are_background(wire: Piece) -> None:
    today = Piece(
        slug="brug-2",
        title="Noodbrug bij Wijngaarden ligt er eerder",
        lead="Het leger legt komende week een noodbrug aan bij Wijngaarden, meldt de provincie.",
        body=(*wire.body[:2], "Genietroepen uit Wezep beginnen maandag om zeven uur met het werk."),
    )
    assert against(wire, today, timedelta(hours=2)).reason is CopyReason.BACKGROUND
    assert against(wire, today, timedelta(hours=24)).reason is CopyReason.BACKGROUND


def test_a_late_copy_must_be_nearly_the_whole_text(wire: Piece) -> None:
    late = timedelta(days=5)
    assert against(wire, wire, late).copy
    shortened = EDITS["headline_and_lead"](wire, Random(1))
    assert against(wire, shortened, late).reason is CopyReason.LATE


def test_common_words_alone_make_no_copy(wire: Piece) -> None:
    some = wire.with_body(*wire.body[:2])
    other = wire.with_body(*wire.body[1:])
    judged = compare(reading(some), reading(other), none, apart=HOUR)
    assert judged.reason in (CopyReason.FILLED_ALIKE, CopyReason.COMMON)
    bare = StoryText("Over deze site", "Wij gebruiken koekjes om u beter te dienen.", "")
    longer = StoryText("Privacy", "Wij gebruiken koekjes om u beter te dienen.", "Lees ons beleid.")
    assert not compare(bare, longer, none, apart=HOUR).copy


def test_common_words_with_all_the_same_values_are_one_item() -> None:
    item = LEARNT[0](Random(1), 3)
    retold = EDITS["byline_and_footer"](item, Random(1))
    assert (
        compare(reading(item), reading(retold), none, apart=HOUR).reason is CopyReason.FILLED_ALIKE
    )


def test_a_short_text_under_a_long_common_notice_is_found(wire: Piece) -> None:
    notice = tuple(f"Regel {n} van de voorwaarden die onder elk bericht staan." for n in range(40))
    under = wire.with_body(*notice)
    common = reading(wire.with_body(*notice)).runs - reading(wire).runs

    def rare(runs: frozenset[int], most: int) -> frozenset[int]:  # noqa: ARG001 - the shape asked for
        return runs - common

    alone = wire.with_body("Meer volgt.")
    assert compare(reading(under), reading(alone), rare, apart=HOUR).copy


@pytest.mark.parametrize("half", ["dev", "test"])
def test_pairs_that_were_written_before_the_code_are_told_apart(half: str) -> None:
    pairs = list(pairs_of(HELD_OUT / f"{half}.jsonl"))
    assert score(pairs).f1 >= 0.985
    assert score([pair for pair in pairs if pair.within_outlet]).f1 >= 0.98

    wrong = Counter(pair.family for pair in pairs if pair.same != pair.joined)
    swallowed = {pair.family for pair in pairs if pair.joined and not pair.same}
    assert swallowed <= {"moulds"}
    assert max(wrong.values(), default=0) <= 1


def test_items_of_a_mould_that_differ_in_several_values_are_told_apart() -> None:
    pairs = [pair for pair in pairs_of(HELD_OUT / "moulds.jsonl") if "several" in pair.family]
    assert sum(pair.joined for pair in pairs) <= 0.01 * len(pairs)


def reading_of(title: str, *body: str) -> StoryText:
    return StoryText(title, "", "\n\n".join(body))


REST = (
    "De directie wil niet zeggen hoe lang het heeft geduurd.",
    "Betrokkenen krijgen deze week een brief waarin staat wat zij kunnen doen.",
    "Het is de derde keer in een jaar dat het misgaat bij een instelling in de regio.",
    "Een hoogleraar noemt de beveiliging van gegevens een zwakke plek.",
)


@pytest.mark.parametrize(
    "stub",
    [
        "Een datalek bij het ziekenhuis in Zeist treft 8000 patiënten.",
        "De burgemeester van Sneek is aangehouden voor fraude. Zijn huis is doorzocht.",
        "Bij een aanslag in Homs zijn twaalf doden gevallen. IS eist de aanslag op.",
    ],
)
def test_a_stub_and_another_outlets_report_that_begins_with_it_are_one(stub: str) -> None:
    short, whole = reading_of("Grote zorgen", stub), reading_of("Vragen blijven", stub, *REST)
    later = reading_of("Vragen blijven", *REST, stub)

    assert compare(short, whole, every, apart=3 * HOUR).copy
    assert not compare(short, later, every, apart=3 * HOUR).copy
    assert not compare(short, whole, every, apart=3 * HOUR, same_outlet=True).copy


def test_a_line_without_a_name_that_stands_under_two_headlines_makes_no_copy() -> None:
    line = "Lees hier alles over de oorlog, met kaarten, verhalen en het laatste nieuws."

    short, whole = reading_of("Grote zorgen", line), reading_of("Vragen blijven", line, *REST)

    assert not compare(short, whole, every).copy


def live_blog(*reports: str) -> StoryText:
    items = [f"{9 + number}.15 uur - {report}" for number, report in enumerate(reports)]
    return reading_of("Liveblog: het laatste nieuws", *items)


def test_a_report_that_stands_in_a_live_blog_is_no_copy_of_it() -> None:
    told = [" ".join((one.lead, *one.body[:1])) for one in wires()[:6]]
    blog, report = live_blog(*told), reading_of(wires()[3].title, told[3])
    assert compare(blog, report, every, apart=HOUR).reason is CopyReason.ITEM


def test_a_live_blog_and_its_first_paragraphs_are_one() -> None:
    told = [" ".join((one.lead, *one.body[:1])) for one in wires()[:6]]
    assert compare(live_blog(*told), live_blog(*told[:2]), every, apart=HOUR).copy


@pytest.mark.parametrize("outlets", [False, True])
def test_a_desk_may_write_a_lead_of_its_own_above_a_report(wire: Piece, *, outlets: bool) -> None:
    own = replace(
        wire,
        title="Forenzen zijn woedend, maar de wethouder ziet geen uitweg",
        lead="Wie er elke ochtend overheen reed, staat nu vroeger op. Niemand weet hoe lang.",
    )
    assert compare(reading(wire), reading(own), every, apart=HOUR, same_outlet=not outlets).copy


@pytest.mark.parametrize(
    ("one", "other", "differing"),
    [("Raqqa", "Rakka", 0), ("al-Hasakah", "Hasaka", 0), ("Karim Visser", "Karim Bakker", 1)],
)
def test_two_spellings_of_a_name_are_one_value(one: str, other: str, differing: int) -> None:
    said = "Volgens {} zijn er in de nacht van maandag 12 mensen opgepakt, onder wie een Duitser."
    found = agreement(slots(said.format(one)), slots(said.format(other)))
    assert found.differing == differing


CORPUS = wires()


@settings(max_examples=60, deadline=None)
@given(
    st.sampled_from(CORPUS),
    st.sampled_from(CORPUS),
    st.sampled_from(list(EDITS.values())),
    st.integers(0, 100),
    st.randoms(use_true_random=False),
)
def test_it_does_not_matter_which_of_two_comes_first(one, other, edit, hours, rng) -> None:
    edited = edit(one, rng)
    apart = timedelta(hours=hours)
    for first, second in ((one, edited), (edited, other)):
        assert against(first, second, apart) == against(second, first, apart)


def telling(name: str, piece: Piece, story: str, seen: datetime = START) -> Telling:
    return Telling(
        article=name, story=story, outlet=name, at=seen, seen=seen, reading=reading(piece)
    )


def test_the_story_with_which_most_is_in_common_is_joined(wire: Piece) -> None:
    cut = EDITS["cut_to_25_percent"](wire, Random(1))
    candidates = [telling("a", cut, "sty_cut")]
    candidates += [telling(f"b{n}", wire, "sty_whole") for n in range(3)]
    for given_in in (candidates, candidates[::-1]):
        copy_of = story_of(telling("own", wire, ""), given_in, every, START).copy_of
        assert copy_of is not None
        original, _ = copy_of
        assert (original.story, original.article) == ("sty_whole", "b0")


def test_a_copy_is_compared_with_one_of_a_story_that_it_repeats(wire: Piece) -> None:
    told = [telling(f"a{n}", wire, "sty_a", START + n * HOUR) for n in range(4)]
    for given_in in (told, told[::-1]):
        decision = story_of(telling("own", wire, ""), given_in, every, START)
        assert decision.copy_of == decision.compared[0]
        assert [other for other, _ in decision.compared] == told[:1]


def test_a_story_looks_back_a_fortnight(wire: Piece) -> None:
    old = telling("a", wire, "sty_a", START - LOOK_BACK - HOUR)
    recent = telling("b", wire, "sty_b", START - LOOK_BACK + HOUR)
    own = telling("own", wire, "")
    assert story_of(own, [old], every, START).copy_of is None
    copy_of = story_of(own, [old, recent], every, START).copy_of
    assert copy_of is not None
    assert copy_of[0] == recent
