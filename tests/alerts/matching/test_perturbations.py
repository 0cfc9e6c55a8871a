"""Fifteen ways in which a text is spoilt on its way; none changes a hit."""

import re
import unicodedata
from collections.abc import Callable

import pytest
from plain_answers import evaluate

from alerts.document import Document
from alerts.query.normal import normalise
from alerts.query.parser import parse
from alerts.rules.book import RuleBook, rule_of

TEXT = (
    "De val van Baghouz: IS-strijders en IS'ers geven zich over in Syrië, zegt de SDF. "
    "Het kalifaat is voorbij; Da'esh-kinderen uit Raqqa en oud-IS-vrouwen, "
    "twee F-16's en de ‘Islamitische Staat’ bij Köln. IS was er."
)
QUERIES = (
    '=IS OR kalifa* OR da\'esh OR f16 OR "islamitische staat"',
    "syrie NEAR/6 =SDF",
    "baghouz THEN/9 syrië AND koln",
    "*strijder* AND raqqa AND vrouwen",
)
_INSIDE = re.compile(r"(?<=[a-z])(?=[a-z])")


def _nth(text: str, put: str, step: int = 3) -> str:
    places = [match.start() for match in _INSIDE.finditer(text)][::step]
    for place in reversed(places):
        text = text[:place] + put + text[place:]
    return text


PERTURBATIONS: dict[str, Callable[[str], str]] = {
    "decomposed": lambda t: unicodedata.normalize("NFD", t),
    "typographic apostrophes": lambda t: t.replace("'", "’"),
    "straight apostrophes": lambda t: t.replace("‘", "'").replace("’", "'"),
    "other apostrophes": lambda t: (
        t.replace("'", "\u02bc").replace("’", "\u00b4").replace("‘", "`")
    ),
    "soft hyphens": lambda t: _nth(t, "\u00ad"),
    "zero-width spaces": lambda t: _nth(t, "\u200b"),
    "joiners and marks of direction": lambda t: "\ufeff" + _nth(t, "\u200d\u2060\u200e"),
    "no-break hyphens": lambda t: t.replace("-", "\u2011"),
    "dashes for hyphens": lambda t: t.replace("-", "–"),
    "no-break spaces": lambda t: t.replace(" ", "\u00a0"),
    "thin spaces": lambda t: t.replace(" ", "\u202f"),
    "line breaks": lambda t: t.replace(" ", "\r\n\t "),
    "named entities": lambda t: (
        t.replace("ë", "&euml;")
        .replace("ö", "&ouml;")
        .replace("'", "&rsquo;")
        .replace(" ", "&nbsp; ")
    ),
    "numbered entities": lambda t: re.sub(r"[^\w\s]|[ëö]", lambda m: f"&#{ord(m[0])};", t),
    "entities escaped again": lambda t: t.replace("ë", "&amp;euml;").replace("'", "&amp;#39;"),
    "ligatures": lambda t: t.replace("fa", "\ufb00a".replace("\ufb00", "f")).replace(
        "ij", "\u0133"
    ),
}


@pytest.mark.parametrize("query", QUERIES)
@pytest.mark.parametrize("name", PERTURBATIONS)
def test_no_perturbation_changes_a_hit(name: str, query: str) -> None:
    spoilt = PERTURBATIONS[name](TEXT)
    parsed = parse(query)

    before, after = (evaluate(parsed, Document(body=text)) for text in (TEXT, spoilt))
    (indexed,) = RuleBook.build([rule_of(id="r", text=query)]).match(Document(body=spoilt))

    assert before
    assert after == indexed.hits
    assert [_plain(hit.text) for hit in before] == [_plain(hit.text) for hit in after or ()]
    assert all(spoilt[hit.start : hit.end] == hit.text for hit in after or ())


def _plain(text: str) -> str:
    uniform = normalise(text).text.replace("\u0133", "ij")
    return " ".join(re.sub(r"[^\w'-]", " ", uniform).split())
