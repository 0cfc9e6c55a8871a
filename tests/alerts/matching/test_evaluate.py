"""What queries find: each row a query, a text, and the stretches that are hits."""

import pytest
from plain_answers import evaluate

from alerts.document import Document
from alerts.match import Hit
from alerts.query.parser import parse

ROWS = [
    # words
    ("kalifaat", "Het Kalifaat en KALIFAAT; kalifaten", ["Kalifaat", "KALIFAAT"]),
    ("kalifaat", "IS-kalifaat kalifaatkinderen", ["kalifaat"]),
    ("syrie", "Syrië, Syrie\u0308 en Syrie", ["Syrië", "Syrie\u0308", "Syrie"]),
    ("Syrië", "in Syrie", ["Syrie"]),
    ("daesh", "Daesh, Da'esh, Da’esh-strijders", ["Daesh", "Da'esh", "Da’esh"]),
    ("da'esh", "Daesh en Da’esh", ["Daesh", "Da’esh"]),
    ("F-16", "F16, F-16, F 16 en F-16-piloot", ["F16", "F-16", "F-16"]),
    ("f16", "een F\u201116", ["F\u201116"]),
    ("zon", "zo'n dag zonder zon", ["zon"]),
    ("zo'n", "zo’n dag met zon", ["zo’n"]),
    ("nu.nl", "bij NU.nl en nu nl", ["NU.nl", "nu nl"]),
    ("kalifaat", "kali\u00adfaat kali\u200bfaat &#107;alifaat", 3),
    # wildcards
    ("kalifa*", "kalifaten kalifaatkinderen cyberkalifaat", ["kalifaten", "kalifaatkinderen"]),
    ("*kalifa*", "cyberkalifaat", ["cyberkalifaat"]),
    ("bagho?z", "Baghouz Bagho7z Baghoz Baghoouz", ["Baghouz", "Bagho7z"]),
    ("*kalifaat", "IS-kalifaat en cyberkalifaat", ["kalifaat", "cyberkalifaat"]),
    ("kal*at", "kalifaat kalat kala kalifaten", ["kalifaat", "kalat"]),
    # exact
    ("=IS", "wat is er met Is of IS", ["IS"]),
    ("=IS", "IS-strijders, IS'er, IS’ers, anti-IS-coalitie, oud-IS-strijder", ["IS"] * 5),
    ("=IS", "IS' geheime dienst en IS strijders, ex-IS'ers, IS-ers", ["IS"] * 4),
    ("=IS", "IBIS-hotel, FIS-punten, FRIS-feest, ISIS", None),
    ("=IS", "WAT IS ER GEBEURD", None),
    ("==IS", "WAT IS ER GEBEURD", ["IS"]),
    ("=IS", "IS", ["IS"]),
    ("=Syrië", "Syrië Syrie SYRIË syrië", ["Syrië"]),
    ("=Val*", "Val vallen Valse", ["Val", "Valse"]),
    (
        '="Islamitische Staat"',
        "de islamitische staat, de Islamitische Staat",
        ["Islamitische Staat"],
    ),
    ('="IS"', "WAT IS ER", None),
    # phrases
    ('"islamitische staat"', "Islamitische\nStaat", ["Islamitische\nStaat"]),
    ('"islamitische staat"', "islamitische, staat", ["islamitische, staat"]),
    ('"islamitische staat"', "islamitische republiek staat", None),
    ('"IS strijders"', "IS-strijders en IS strijders", ["IS-strijders", "IS strijders"]),
    ('"de IS"', "de 'IS' en de -- IS", ["de 'IS", "de -- IS"]),
    (
        '"da\'esh strijder*"',
        "Daesh strijders Da'esh-strijder",
        ["Daesh strijders", "Da'esh-strijder"],
    ),
    ('"a b a"', "a b a b a", ["a b a b a"]),
    # nearness
    ("a NEAR/1 b", "a x b", ["a", "b"]),
    ("a NEAR/1 b", "a x x b", None),
    ("a NEAR/0 b", "b a", ["b", "a"]),
    ("a THEN/0 b", "b a", None),
    ("a THEN/2 b", "b a x b", ["a", "b"]),
    ("a NEAR/2 a", "a x x x a", None),
    ("a NEAR/2 a", "a x a", ["a", "a"]),
    ("kalifa* NEAR/3 kalifaat", "kalifaat", None),
    ("a NEAR/1 b", "a x-y b", None),
    ("a NEAR/2 b", "a x-y b", ["a", "b"]),
    ("a NEAR/5 b NEAR/0 c", "c a x b", ["c", "a", "b"]),
    ("a NEAR/5 b THEN/0 c", "c a x b", None),
    ("a NEAR/3 b NEAR/3 c", "a c b", ["a", "c", "b"]),
    ("(a OR b) NEAR/0 c", "a x c b", ["c", "b"]),
    ("(a AND b) NEAR/0 c", "a x c b", ["c", "b"]),
    ("(a AND d) NEAR/0 c", "a c b", None),
    ('"a b" NEAR/0 c', "c x a b c", ["a b", "c"]),
    ('(a EXCEPT "a x") NEAR/0 b', "b a x", None),
    # except, atleast
    ("syri* EXCEPT syriza*", "Syrië en Syriza", ["Syrië"]),
    ("syri* EXCEPT syriza*", "Syriza", None),
    ('kalifaat EXCEPT "kalifaat van cordoba"', "Het kalifaat van Cordoba", None),
    ('kalifaat EXCEPT "kalifaat van cordoba"', "kalifaat van Cordoba, kalifaat", ["kalifaat"]),
    ("c EXCEPT ((a NEAR/3 d) OR b)", "a b c d c", ["c"]),
    ("is EXCEPT is-ie", "waar is-ie, hij is", ["is"]),
    ("ATLEAST/3 kalifa*", "kalifaat kalifaten", None),
    (
        "ATLEAST/3 kalifa*",
        "kalifaat kalifaten kalief kalifaat",
        ["kalifaat", "kalifaten", "kalifaat"],
    ),
    ('ATLEAST/2 (kalifa* OR kalifaat OR "het kalifaat")', "het kalifaat", None),
    # joined
    ("a AND b", "a c", None),
    ("a AND b", "b a", ["b", "a"]),
    ("a OR b", "x b", ["b"]),
    ("a NOT b", "a c", ["a"]),
    ("a NOT b", "a b", None),
    ("a AND NOT (b AND c)", "a b", ["a"]),
    ("a AND NOT (b OR c)", "a c", None),
    # overlapping hits are one
    ('kalifaat OR "val van het kalifaat"', "de val van het kalifaat", ["val van het kalifaat"]),
    ('"a b" OR "b c"', "a b c d", ["a b c"]),
    ("a OR b", "a b", ["a", "b"]),
]


@pytest.mark.parametrize(("query", "text", "hits"), ROWS)
def test_a_query_finds_what_it_says(query: str, text: str, hits: list[str] | int | None) -> None:
    found = evaluate(parse(query), Document(body=text))

    if isinstance(hits, int):
        assert found is not None
        assert len(found) == hits
    else:
        assert (None if found is None else [hit.text for hit in found]) == hits


ARTICLE = Document(
    title="Val van Baghouz",
    lead="Het kalifaat is gevallen.",
    body="Strijders van IS geven zich over in Baghouz.",
    outlet="NOS",
    source="nos-buitenland",
    section="Buitenland",
    author="André de Vries",
    url="https://nos.nl/artikel/1234-val-van-baghouz.html",
    lang="nl",
)


@pytest.mark.parametrize(
    ("query", "fields"),
    [
        ("baghouz", ["title", "body"]),
        ("text:baghouz", ["title", "body"]),
        ("title:baghouz", ["title"]),
        ("body:(=IS AND baghouz)", ["body", "body"]),
        ("title:(=IS AND baghouz)", None),
        ("title:baghouz AND lead:kalifaat", ["title", "lead"]),
        ("kalifaat NEAR/9 baghouz", None),
        ("lead:baghouz", None),
        ("lead:kalifaat NOT title:kalifaat", ["lead"]),
        ("kalifaat NOT body:baghouz", None),
        ("ATLEAST/2 baghouz", ["title", "body"]),
        ("title:@val", ["title"]),
        ("outlet:nos", []),
        ("outlet:nos AND kalifaat", ["lead"]),
        ("outlet:no", None),
        ("source:nos*", []),
        ("url:*nos.nl*", []),
        ("url:nos.nl", None),
        ("author:andre*", []),
        ('author:"andre de vries"', []),
        ("section:(binnenland OR buitenland)", []),
        ("lang:n? AND kalifaat", ["lead"]),
        ("kalifaat NOT outlet:NOS", None),
        ("kalifaat NOT outlet:(AD OR Trouw)", ["lead"]),
        ("@val OR outlet:NOS", ["title"]),
    ],
)
def test_fields_and_metadata_bound_a_query(query: str, fields: list[str] | None) -> None:
    found = evaluate(parse(query, {"val": ["val"]}), ARTICLE)

    assert (None if found is None else [hit.field for hit in found]) == fields


def test_hits_are_offsets_in_the_text_as_given() -> None:
    document = Document(title="De val", body="In Syri&euml; viel het kali\u00adfaat.")

    found = evaluate(parse("syrië AND kalifaat"), document)

    assert found == (
        Hit("body", 3, 13, "Syri&euml;"),
        Hit("body", 23, 32, "kali\u00adfaat"),
    )


def test_a_text_of_one_word_repeated_is_answered() -> None:
    document = Document(body="a " * 50_000)

    found = evaluate(parse('"a a" NEAR/250 a AND ATLEAST/1000 a AND (a EXCEPT b)'), document)

    assert found is not None
