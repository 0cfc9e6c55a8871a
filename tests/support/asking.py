"""Queries drawn at random, each beside its meaning: the second reading of the language.

A query and its meaning are built together, so that nothing here reads a query. A meaning gives the
occurrences in some fields, each as the stretches that would be highlighted, or None for no match.
"""

import random
from collections.abc import Callable, Sequence
from fnmatch import fnmatchcase
from typing import NamedTuple, TypeAlias

from plainly import FIELDS, Page, Span, folded

Occurrence: TypeAlias = frozenset[Span]
Found: TypeAlias = set[Occurrence]
Fields: TypeAlias = frozenset[int]
Meaning: TypeAlias = Callable[[Page, Fields], Found | None]
EVERYWHERE = frozenset({0, 1, 2, 3})
OWN = frozenset({0, 1, 2})  # of the body, 2 is what is no post, and 3 the posts in it

WORDS = (
    "is", "kalifaat", "kalifa*", "*kalifa*", "*kinderen", "kal*at", "strijder?", "is-strijders",
    "syrie", "syri*", "syriza", "da'esh", "daesh", "daesh-strijders", "f16", "f-16", "f?16",
    "??6", "zon", "de", "bagho?z", "baghoez", "16", "vn", "*iza", "ist*", "isk*", "straße",
    "*rasse", "oeuvre", "*vre", "漢字", "?字", "сирия", "diyarbakir", "ijs", "walesa", "anti-is",
    "iscoalitie", "wat", "er", "a", "b", "abababab", "abababa", "babababa", "ababababa",
    "a*b*a*b", "kali*", "k*alifa", "d66", "di?arba*", "kalifaa*", "kalifaat*", "syr*", "kam?",
    "ka?ifa*",
)  # fmt: skip  # rows of words read better
NAMES = (
    "IS", "Is", "is", "Syrië", "Syriërs", "SYRIË", "Kal*", "*iza", "Da'esh", "Daesh", "VN",
    "Wałęsa", "F-16", "F?6", "IS-strijders", "WAT", "漢字", "Straße", "œuvre", "*IS*oeuvre",
    "K*en", "DE", "isis", "IS*s", "ISIE", "B*EZ", "Stra?e", "?uvre",
)  # fmt: skip  # rows of words read better
PHRASES = (
    "is strijders", "de kalifa*", "kalifaat is", "syrie syrie", "is is", "is is is", "wat is er",
    "DE IS", "IS", "f-16 is", "zo'n kalifaat", "zo'n", "VN IS", "a b a", "da'esh *strijders",
    "WAT IS", "is?", "a-b a",
)  # fmt: skip  # rows of words read better
METADATA = (
    ("outlet:NOS", "outlet", "nos"), ("outlet:n*", "outlet", "n*"), ("lang:nl", "lang", "nl"),
    ("url:*nos.nl*", "url", "*nos.nl*"), ("author:andre*", "author", "andre*"),
    ("source:?d", "source", "?d"), ('author:"a b"', "author", "a b"),
    ("section:Buiten*land", "section", "buiten*land"),
)  # fmt: skip  # rows of values read better
CONCEPTS = {
    "is": ("=IS", "da'esh", '"kalifaat is"'),
    "syrie": ("syri* EXCEPT syriza*",),
    "both": ("@is AND @syrie", "title:kalifaat"),
    "huis": ("nos", "n?", '"a b"'),
}


class Asked(NamedTuple):
    """A query, what it means, and whether it is about words, as most operators need it."""

    text: str
    meaning: Meaning
    worded: bool = True
    simple: bool = False

    def __str__(self) -> str:
        return self.text if self.simple else f"({self.text})"


def answer(asked: Asked, page: Page) -> list[tuple[str, int, int]] | None:
    """The hits by field and place in the text as given; what overlaps is one hit."""
    found = asked.meaning(page, EVERYWHERE)
    if found is None:
        return None
    merged = list[Span]()
    for first, last in sorted({stretch for one in found for stretch in one}):
        if merged and first <= merged[-1][1]:
            merged[-1] = merged[-1][0], max(merged[-1][1], last)
        else:
            merged.append((first, last))
    parts = page.parts
    return [(FIELDS[parts[a].field], parts[a].start, parts[b].end) for a, b in merged]


def word(text: str, sign: str = "") -> Asked:
    """A word or, where the language splits it, the phrase that it is."""
    return phrase(text, sign, quote="")


def phrase(text: str, sign: str = "", quote: str = '"') -> Asked:
    """Words in a row; with a sign exactly so, with one `=` also by the company they keep."""
    patterns = [
        piece.replace("-", "").replace("'", "")
        for piece in text.replace("zo'n", "zo n").split()
    ]  # fmt: skip

    def meaning(page: Page, fields: Fields) -> Found | None:
        rows = [_stands(page, pattern, sign) for pattern in patterns]
        found = rows[0]
        for row in rows[1:]:
            found = {(a, d) for a, b in found for c, d in row if c == b + 1}
        kept = {span for span in found if page.standing(span[0]) in fields}
        if sign == "=":
            kept = {span for span in kept if not page.among_capitals(span)}
        return {frozenset({span}) for span in kept} or None

    return Asked(f"{sign}{quote}{text}{quote}", meaning, simple=True)


def _stands(page: Page, pattern: str, sign: str) -> set[Span]:
    return page.places(pattern if sign else folded(pattern), exact=bool(sign))


def metadata(text: str, field: str, pattern: str) -> Asked:
    """A value of the article, matched whole."""

    def meaning(page: Page, _fields: Fields) -> Found | None:
        value = " ".join(folded(getattr(page.document, field)).split())
        return set() if fnmatchcase(value, pattern) else None

    return Asked(text, meaning, worded=False, simple=True)


def both(text: str, wanted: Sequence[Asked], unwanted: Sequence[Asked] = ()) -> Asked:
    """All of these, and none of those."""

    def meaning(page: Page, fields: Fields) -> Found | None:
        parts = [part.meaning(page, fields) for part in wanted]
        if any(part.meaning(page, fields) is not None for part in unwanted):
            return None
        return None if None in parts else {one for part in parts for one in part or ()}

    return Asked(text, meaning, worded=any(part.worded for part in wanted))


def either(text: str, parts: Sequence[Asked], *, simple: bool = False) -> Asked:
    """At least one of these."""

    def meaning(page: Page, fields: Fields) -> Found | None:
        found = [part.meaning(page, fields) for part in parts]
        matching = [each for each in found if each is not None]
        return {one for each in matching for one in each} if matching else None

    return Asked(text, meaning, worded=any(part.worded for part in parts), simple=simple)


def within(name: str, part: Asked) -> Asked:
    """The part in one field, in all of them, or in all but the posts."""
    known = {"text": EVERYWHERE, "own": OWN, "body": frozenset({2, 3})}
    places = known[name] if name in known else frozenset({FIELDS.index(name)})

    def meaning(page: Page, fields: Fields) -> Found | None:
        return part.meaning(page, fields & places)

    return Asked(f"{name}:{part}", meaning, worded=part.worded, simple=True)


def near(text: str, one: Asked, other: Asked, distance: int, *, ordered: bool) -> Asked:
    """Two that stand near each other and have no word in common."""

    def close(a: Occurrence, b: Occurrence) -> bool:
        (a1, a2), (b1, b2) = _span(a), _span(b)
        if _places(a) & _places(b) or (ordered and a2 >= b1):
            return False
        return max(a1, b1) - min(a2, b2) - 1 <= distance

    def meaning(page: Page, fields: Fields) -> Found | None:
        found = [part.meaning(page, fields) or set() for part in (one, other)]
        return {a | b for a in found[0] for b in found[1] if close(a, b)} or None

    return Asked(text, meaning)


def minus(text: str, part: Asked, unwanted: Asked) -> Asked:
    """The occurrences that lie apart from all of those unwanted."""

    def meaning(page: Page, fields: Fields) -> Found | None:
        taken = list(map(_span, unwanted.meaning(page, fields) or ()))
        return {
            one
            for one in part.meaning(page, fields) or ()
            if all(_span(one)[1] < first or last < _span(one)[0] for first, last in taken)
        } or None

    return Asked(text, meaning)


def repeated(count: int, part: Asked) -> Asked:
    """So many occurrences, or more, that do not overlap."""

    def meaning(page: Page, fields: Fields) -> Found | None:
        found = part.meaning(page, fields) or set()
        longest = dict[Span, int]()
        for first, last in sorted(map(_span, found)):
            before = [longest[span] for span in longest if span[1] < first]
            longest[first, last] = max(before, default=0) + 1
        return found if max(longest.values(), default=0) >= count else None

    return Asked(f"ATLEAST/{count} {part}", meaning, simple=True)


def _span(one: Occurrence) -> Span:
    return min(first for first, _ in one), max(last for _, last in one)


def _places(one: Occurrence) -> set[int]:
    return {place for first, last in one for place in range(first, last + 1)}


def _concepts() -> dict[str, Asked]:
    syrie = minus("", word("syri*"), word("syriza*"))
    isis = either("@is", (word("IS", "="), word("da'esh"), phrase("kalifaat is")), simple=True)
    country = either("@syrie", (syrie,), simple=True)
    two = (both("", (isis, country)), within("title", word("kalifaat")))
    house = [metadata("", "outlet", pattern) for pattern in ("nos", "n?", "a b")]
    return {
        "is": isis,
        "syrie": country,
        "both": either("@both", two, simple=True),
        "outlet": either("outlet:@huis", house, simple=True),
        "huis": either("@huis", (word("nos"), word("n?"), phrase("a b")), simple=True),
    }


NAMED = _concepts()


def term(rng: random.Random) -> Asked:
    """A query without operators."""
    match rng.randrange(12):
        case 0 | 1 | 2 | 3:
            return word(rng.choice(WORDS))
        case 4 | 5 | 6:
            return word(rng.choice(NAMES), rng.choice(("=", "==")))
        case 7:
            return phrase(rng.choice(PHRASES))
        case 8:
            return phrase(rng.choice(PHRASES), rng.choice(("=", "==")))
        case 9 | 10:
            return NAMED[rng.choice(("is", "syrie", "both", "huis"))]
    return rng.choice((metadata(*rng.choice(METADATA)), NAMED["outlet"]))


def query(rng: random.Random, depth: int = 3, fields: tuple[str, ...] = FIELDS) -> Asked:
    """A query of any form that the language has, in these fields."""
    if depth == 0 or rng.random() < 0.2:
        return term(rng)
    if rng.random() < 0.1:
        name = rng.choice((*fields, "text", "own"))
        return within(name, query(rng, depth - 1, (name,) if name in FIELDS else fields))
    a, b, c = (query(rng, depth - 1, fields) for _ in range(3))
    if rng.random() < 0.6:
        return _about_words(rng, *map(_worded, (a, b, c)))
    return rng.choice(
        (
            both(f"{a} AND {b}", (a, b)),
            both(f"{a} NOT {b} AND {c}", (a, c), (b,)),
            both(f"{a} AND NOT {b} NOT {c}", (a,), (b, c)),
            either(f"{a} OR {b} OR {c}", (a, b, c)),
        )
    )


def _worded(asked: Asked) -> Asked:
    return asked if asked.worded else word("kalifa*")


def _about_words(rng: random.Random, a: Asked, b: Asked, c: Asked) -> Asked:
    """Also without parentheses, where the language says what belongs together."""
    n, m, count = rng.randrange(4), rng.randrange(4), rng.randrange(1, 4)
    a_near_b, a_then_b = near("", a, b, n, ordered=False), near("", a, b, n, ordered=True)
    b_near_c, b_without_c = near("", b, c, n, ordered=False), minus("", b, c)
    often = repeated(count, a)
    return rng.choice(
        (
            a_near_b._replace(text=f"{a} NEAR/{n} {b}"),
            a_then_b._replace(text=f"{a} THEN/{n} {b}"),
            near(f"{a} THEN/{n} {b} NEAR/{m} {c}", a_then_b, c, m, ordered=False),
            both(f"{a} NEAR/{n} {b} AND {c}", (a_near_b, c)),
            both(f"{a} NOT {b} NEAR/{n} {c}", (a,), (b_near_c,)),
            near(f"{a} NEAR/{n} {b} EXCEPT {c}", a, b_without_c, n, ordered=False),
            minus(f"{a} EXCEPT {b}", a, b),
            minus(f"{a} EXCEPT ({b} OR {c})", a, either("", (b, c))),
            often,
            minus(f"{often.text} EXCEPT {b}", often, b),
        )
    )
