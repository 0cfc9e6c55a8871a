"""What a later text changed, in the sentences in which a rule finds something."""

from __future__ import annotations

import pytest

from alerts.match import Hit, Match
from alerts.telling import passages_of, sentences_of
from alerts.telling.edits import edits_between

BODY = "Generaal dr. A. de Vries sprak van winst. In Baghuz viel het kalifaat! Volgt nu vrede?"


def edited(old: str, new: str, *, title: bool = False) -> list[tuple[str, str]]:
    """The edits from one text to another, a lost passage with what stands there now."""
    field = "title" if title else "body"
    texts = [
        sentences_of(text, "", "") if title else sentences_of("Kop", "", text)
        for text in (old, new)
    ]
    passages = [
        passages_of(text, [Match("regel", "", hits(body, field))])
        for text, body in zip(texts, (old, new), strict=True)
    ]
    found = edits_between(*texts, *passages)
    return [(one.old, one.new) for one in (*found.changed.values(), *found.lost)]


def hits(text: str, field: str, word: str = "kalifaat") -> tuple[Hit, ...]:
    places = (at for at in range(len(text)) if text.startswith(word, at))
    return tuple(Hit(field, at, at + len(word), word) for at in places)


def test_a_changed_sentence_with_a_hit_is_held_before_and_after() -> None:
    assert edited(BODY, BODY.replace("viel", "wankelt")) == [
        ("In Baghuz viel het kalifaat!", "In Baghuz wankelt het kalifaat!")
    ]


def test_a_sentence_that_loses_its_hit_is_lost_with_what_stands_there_now() -> None:
    assert edited(BODY, BODY.replace("het kalifaat", "het laatste dorp")) == [
        ("In Baghuz viel het kalifaat!", "In Baghuz viel het laatste dorp!")
    ]


def test_white_space_other_marks_and_other_sentences_are_no_change() -> None:
    said = 'Hij zei: "het kalifaat" - nooit. Dat is onzeker.'

    assert edited(said, "Hij  zei: \u201ehet kalifaat\u201d \u2013 nooit. Dat is zeker.") == []


def test_a_sentence_moved_elsewhere_is_no_change() -> None:
    sentence = "In Baghuz viel het kalifaat! "

    assert edited(BODY, sentence + BODY.replace(sentence, "")) == []


def test_a_sentence_that_still_stands_elsewhere_is_not_gone() -> None:
    once, other = "In Baghuz viel het kalifaat.", "Dat meldt de SDF."

    assert edited(f"{once} {other} {once}", f"{once} {other}") == []


def test_a_sentence_cut_out_of_a_text_is_lost() -> None:
    assert edited(BODY, BODY.replace("In Baghuz viel het kalifaat! ", "")) == [
        ("In Baghuz viel het kalifaat!", "")
    ]


def test_what_drops_off_the_end_of_a_list_that_grows_is_not_lost() -> None:
    items = [
        f"Bericht {n} over het kalifaat in {place}."
        for n, place in enumerate(("Goes", "Tiel", "Hoorn", "Venlo"))
    ]

    assert edited(" ".join(items[:3]), " ".join([items[3], *items[:2]])) == []


def test_a_sentence_pairs_with_none_that_stands_elsewhere_in_the_text() -> None:
    old = "Om 10 uur viel het kalifaat. De zon scheen. De raad zweeg."
    new = "De zon scheen. De raad zweeg. Om 11 uur viel het kalifaat."

    assert edited(old, new) == [("Om 10 uur viel het kalifaat.", "")]


def test_a_headline_pairs_with_the_one_that_it_replaces_and_is_never_lost() -> None:
    assert edited("Val van het kalifaat", "Slag om het kalifaat", title=True) == [
        ("Val van het kalifaat", "Slag om het kalifaat")
    ]
    assert edited("Val van het kalifaat", "Wat nu te doen?", title=True) == []


def test_a_rewritten_article_costs_little() -> None:
    old = " ".join(f"Zin {n} noemt het kalifaat met vele woorden." for n in range(3000))
    new = " ".join(f"Regel {n} over het kalifaat van toen en nu." for n in range(3000))

    assert len(edited(old, new)) <= 200


def test_sentences_of_two_paragraphs_are_no_pair_though_they_stand_in_one_place() -> None:
    old = "De raad kwam om tien uur bijeen. Om 10 uur viel het kalifaat van Tiel."
    new = "De raad kwam om tien uur bijeen.\nOm 11 uur viel het kalifaat van Tiel. Het regent."

    assert edited(f"{old}\nDe zon scheen.", f"{new}\nDe zon scheen.") == [
        ("Om 10 uur viel het kalifaat van Tiel.", "")
    ]


def test_a_paragraph_that_was_replaced_pairs_with_the_one_in_its_place() -> None:
    old, other = "Om 10 uur viel het kalifaat van Tiel.", "Om 10 uur viel het kalifaat van Goes."
    texts = [f"De raad zweeg.\n{one}\n{two}\nDe zon scheen." for one, two in (
        (old, other), (old.replace("10", "11"), other.replace("10", "12"))
    )]  # fmt: skip

    assert edited(*texts) == [
        (old, old.replace("10", "11")),
        (other, other.replace("10", "12")),
    ]


def test_a_sentence_that_was_cut_off_and_is_completed_is_no_change() -> None:
    whole = "In Baghuz viel het kalifaat, zegt een man die er jaren woonde en nu in Tiel verblijft."

    for end in ("...", "…", " [...]", " (…)"):
        for start in ("In Baghuz viel het kalifaat", "In Baghuz viel het kali"):
            assert edited(f"{start}{end}", f"{whole}\nNog een zin.") == []
            assert edited(f"De raad zweeg. {start}{end}", f"Wat nu?\n{whole}\nDe raad zweeg.") == []
    assert edited(whole, "In Baghuz viel het kalifaat...") == []


def test_what_is_cut_off_elsewhere_is_a_change() -> None:
    assert edited("In Baghuz viel het kalifaat...", "In Baghuz wankelt het kalifaat.") == [
        ("In Baghuz viel het kalifaat...", "In Baghuz wankelt het kalifaat.")
    ]


KALIFAAT = "Het kalifaat verzilt volgens de dienst elk jaar meer, vooral in droge zomers."


def test_a_sentence_put_into_other_words_in_its_place_is_one_change() -> None:
    new = "Vooral droge zomers zorgen dat het kalifaat verzilt, stelt de dienst in een rapport."

    for text in ("{}\nDe zon scheen.", "De zon scheen. {}", "De zon scheen. {} De raad zweeg."):
        assert edited(text.format(KALIFAAT), text.format(new)) == [(KALIFAAT, new)]


def test_the_only_sentence_that_went_from_a_paragraph_pairs_with_the_only_one_that_came() -> None:
    new = "Overal aan de kust waar de dienst komt, wordt volgens boeren het kalifaat een moeras."

    for other in ("De zon scheen.", "De zon scheen. De raad zweeg."):
        assert edited(f"{other} {KALIFAAT}", f"{other} {new}") == [(KALIFAAT, new)]
    apart = "De zon scheen.\n{}\nDe raad zweeg."
    assert edited(apart.format(KALIFAAT), apart.format(new)) == [(KALIFAAT, "")]


@pytest.mark.parametrize("between", [" ", "\n"], ids=["a paragraph", "two paragraphs"])
@pytest.mark.parametrize("first", [True, False])
def test_two_sentences_that_were_joined_are_one_change_and_none_is_gone(
    between: str, *, first: bool
) -> None:
    said = ["Het kalifaat van Tiel wordt duurder.", "Ouders noemen het kalifaat duur."]
    one, other = said if first else reversed(said)
    joined = f"{one[:-1]} en {other[0].lower()}{other[1:]}"

    old = f"{one}{between}{other}{between}De zon scheen."
    (change,) = edited(old, f"{joined}{between}De zon scheen.")
    assert change[0] in said
    assert change[1] == joined


@pytest.mark.parametrize(
    ("whole", "parts"),
    [
        (
            "Het kalifaat verloor een dorp en honderden strijders gaven zich over.",
            "Het kalifaat verloor een dorp. Honderden strijders van het kalifaat gaven zich over.",
        ),
        (
            "Het kalifaat viel, de leider vluchtte naar Susa en 12 mannen van het kalifaat bleven.",
            "Het kalifaat viel. De leider vluchtte naar Susa. 12 mannen van het kalifaat bleven.",
        ),
    ],
)
def test_the_parts_of_a_sentence_that_was_split_are_no_change(whole: str, parts: str) -> None:
    assert edited(f"{whole} De zon scheen.", f"{parts} De zon scheen.") == []


@pytest.mark.parametrize(
    ("whole", "parts"),
    [
        (
            "De politie spreekt tegen dat het kalifaat viel en dat honderden strijders vluchtten.",
            "Het kalifaat viel. Honderden strijders van het kalifaat vluchtten.",
        ),
        (
            "Het kalifaat viel niet en honderden strijders vochten door.",
            "Het kalifaat viel. Honderden strijders van het kalifaat vochten door.",
        ),
        (
            "Het kalifaat viel en 12 strijders vochten door.",
            "Het kalifaat viel. 21 strijders van het kalifaat vochten door.",
        ),
    ],
)
def test_parts_that_say_something_else_than_the_sentence_are_told(whole: str, parts: str) -> None:
    assert edited(f"{whole} De zon scheen.", f"{parts} De zon scheen.") != []


def test_a_sentence_whose_number_is_not_in_the_joined_one_is_gone() -> None:
    one = "Het kalifaat van Tiel wordt voor iedereen veel duurder."
    other = "Ouders van 12 kinderen mijden het kalifaat."
    joined = f"{one[:-1]} en ouders van kinderen mijden het kalifaat."

    edits = edited(f"{one} {other} De zon scheen.", f"{joined} De zon scheen.")
    assert edits == [(one, joined), (other, "")]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("De man noemt 'het kalifaat' een ramp.", "De man noemt “het kalifaat” een ramp."),
        ('"Het kalifaat is klaar", zegt hij.', "‘Het kalifaat is klaar’, zegt hij."),
        ("Het kalifaat telt 12 dorpen.", "Het kalifaat telt twaalf dorpen."),
        ("In het kalifaat wonen 1000 mensen.", "In het kalifaat wonen 1.000 mensen."),
        ("Het kalifaat kromp 3,2 procent.", "Het kalifaat kromp 3,2%."),
        ("Het kalifaat kromp 12%.", "Het kalifaat kromp twaalf procent."),
    ],
)
def test_other_marks_of_quotation_and_another_form_of_a_number_are_no_change(
    old: str, new: str
) -> None:
    for one, other in ((old, new), (new, old)):
        assert edited(f"{one} De zon scheen.", f"{other} De zon scheen.") == []


@pytest.mark.parametrize(
    ("old", "new"), [("1.000", "1.001"), ("3,2", "3,3"), ("twaalf", "13"), ("1.50", "150")]
)
def test_another_number_is_a_change_whatever_its_form(old: str, new: str) -> None:
    text = "Het kalifaat telt {} dorpen in het dal."
    assert edited(text.format(old), text.format(new)) == [(text.format(old), text.format(new))]
