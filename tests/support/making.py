"""Queries and texts drawn at random, from few words so that they often meet."""

from __future__ import annotations

import random

from hypothesis import strategies as st

from alerts.document import Document

WORDS = (
    "IS", "is", "Is", "kalifaat", "Kalifaten", "kalifaatkinderen", "cyberkalifaat", "IS-kalifaat",
    "IS-strijders", "strijders", "IS'ers", "anti-IS-coalitie", "Syrië", "Syrie\u0308", "syrie",
    "Syriza", "SYRIË", "Da'esh", "daesh", "Daesh-strijders", "F-16", "F16", "16", "de", "DE", "WAT",
    "ER", "zo'n", "zon", "Baghouz", "Bagho\u00adez", "Syri&euml;", "a", "VN", "'IS'", "-", "漢字",
    "Straße", "œuvre", "a\u037ais", "zo \ufe76is", "½", "\ufdfa", "\u0301",
)  # fmt: skip  # rows of words read better
SPACES = (" ", " ", " ", ", ", "\n", "\u00a0", ". ", "&nbsp;", " – ", "/", "\u200b")
TERMS = (
    "is", "=IS", "==IS", "=Is", "=is", "kalifaat", "kalifa*", "*kalifa*", "*kinderen", "kal*at",
    "strijder?", "is-strijders", "syrie", "=Syrië", "==SYRIË", "syri*", "syriza", "da'esh", "daesh",
    "f16", "f-16", "f?16", "zon", "zo'n", "de", "bagho?z", "baghoez", "=Kal*", "=*iza", "16", "vn",
    "strasse", "=Stra?e", "==?uvre", "½", "12", "\ufdfa",
    '"is strijders"', '="IS"', '"de kalifa*"', '"kalifaat is"', '"syrie syrie"', '"is is"',
    "@is", "@syrie", "@both",
)  # fmt: skip  # rows of words read better
METADATA = ("outlet:NOS", "outlet:n*", "lang:nl", "url:*nos.nl*", 'author:"a b"')
CONCEPTS = {
    "is": ("=IS", "da'esh", '"islamitische staat"'),
    "syrie": ("syri* EXCEPT syriza*",),
    "both": ("@is AND @syrie", "title:kalifaat"),
}


def text(rng: random.Random) -> str:
    """A row of up to a dozen words."""
    pieces = []
    for _ in range(rng.choice((0, 1, 3, 6, 12))):
        pieces += (rng.choice(WORDS), rng.choice(SPACES))
    return "".join(pieces)


def document(rng: random.Random) -> Document:
    """An article of such rows."""
    return Document(
        title=text(rng),
        lead=text(rng),
        body=text(rng),
        outlet=rng.choice(("NOS", "nu", "")),
        url=rng.choice(("https://nos.nl/1", "")),
        lang=rng.choice(("nl", "en")),
        author=rng.choice(("A B", "")),
    )


def query(rng: random.Random, depth: int = 3) -> str:
    """A query of any form that the grammar has."""
    if depth == 0 or rng.random() < 0.2:
        return rng.choice(TERMS if rng.random() < 0.93 else METADATA)
    one, other = (f"({query(rng, depth - 1)})" for _ in range(2))
    words, more = (f"({_words(rng, depth - 1)})" for _ in range(2))
    return rng.choice(
        (
            f"{one} AND {other}",
            f"{one} OR {other}",
            f"{one} NOT {other}",
            f"{one} OR {other} OR {rng.choice(TERMS)}",
            f"{rng.choice(('title', 'lead', 'body', 'text', 'own'))}:{rng.choice(TERMS)} AND {one}",
            f"{words} EXCEPT {more}",
            f"{words} NEAR/{rng.randrange(4)} {more}",
            f"{words} THEN/{rng.randrange(4)} {more} NEAR/1 {rng.choice(TERMS)}",
            f"ATLEAST/{rng.randrange(1, 4)} {words}",
        )
    )


def _words(rng: random.Random, depth: int) -> str:
    """A query without metadata, as the operators about words need it."""
    text = query(rng, depth)
    return "kalifa*" if any(name in text for name in METADATA) else text


SEEDS = st.integers(0, 2**32).map(random.Random)
