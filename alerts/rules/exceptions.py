"""An exception to a rule, proposed from a passage that it should not have found."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import islice, pairwise

from alerts.document import Document
from alerts.match import Hit
from alerts.matching.evaluate import FullDocument, answer
from alerts.query.lexer import Token, source_of, tokens_of
from alerts.query.parser import Concepts, parse
from alerts.query.tree import And, Concept, Field, Node, Phrase, Word, has_words
from alerts.rules.book import Rule
from alerts.rules.examples import example_finder, without_metadata
from crawler.errors import QueryError
from crawler.frozen import dataclass

# Words that are tried; chosen: each way is tried on the examples of the rule.
_MOST_WORDS = 12
# Words between two others, at least; the same thing is often said with one word more.
_SLACK = 2
_WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")
_SHORT = 4  # letters; shorter words say little about a subject
_ABBREVIATION = 5  # letters; longer words in capitals are shouted
# Words of four letters and more that say nothing about a subject.
_SAYING_NOTHING = """
aldus alle alleen alles andere anders begin daar daarna deze door echter eens eerder eerste even
gaan gaat geen geweest haar hebben heeft heel hier hoewel iets immers jaar kunnen later maar maken
meer mensen moet moeten naar nadat niet niets nieuwe omdat onder onze over sinds staat steeds tegen
terwijl toch toen tussen twee vaak vanaf veel volgens voor waar waarin waren weer welke werd werden
wordt worden zegt zeggen zich zijn zoals zonder zouden zullen
about after also been before could from have into more other said some than that their them then
there these they this were what when which while will with would
"""
_COMMON = frozenset(_SAYING_NOTHING.split())


@dataclass(frozen=True, slots=True)
class RuleException:
    """What is taken away, and the query with it."""

    without: str
    query: str


@dataclass(frozen=True, slots=True)
class _Part:
    """A part of a query that has to be there: where it stands, and its meaning."""

    start: int
    end: int
    node: Node
    is_simple: bool


@dataclass(frozen=True, slots=True)
class _PassageWord:
    """A word of a passage, or what a rule found there; `number` counts words."""

    text: str
    number: int
    last: int


def proposed_exceptions(
    rule: Rule, concepts: Concepts, passage: str, most: int = 4
) -> list[RuleException]:
    """Ways to write the rule so that it leaves this passage alone, the most telling first.

    With each of them the passage holds as an example of `must_not_match`, and so do all examples
    that held before: an exception only takes away. Empty if none was found.
    """
    kept = [*filter(example_finder(rule.query.node), rule.must_match)]

    def holds(way: RuleException) -> bool:
        node = _node(way.query, concepts)
        if node is None:
            return False
        finds = example_finder(node)
        return not finds(passage) and all(map(finds, kept))

    return list(islice(filter(holds, _proposed(rule, passage)), most))


def _node(query: str, concepts: Concepts) -> Node | None:
    try:
        return parse(query, concepts).node
    except QueryError:
        return None


def _proposed(rule: Rule, passage: str) -> Iterator[RuleException]:
    """Yield exceptions that may do, for each part of the query that found something."""
    words = _words(passage)
    parts = [*_parts(rule), _whole(rule)]
    found = [(part, hits) for part in parts if (hits := _found(part.node, passage, words))]
    for part, hits in found:
        for without in _withouts(hits, words):
            yield RuleException(without, _with_exception(rule.text, part, without))


def _with_exception(text: str, part: _Part, without: str) -> str:
    kept = text[part.start : part.end]
    kept = kept if part.is_simple else f"({kept})"
    return f"{text[: part.start]}{kept} EXCEPT ({without}){text[part.end :]}"


def _whole(rule: Rule) -> _Part:
    stripped = rule.text.strip()
    start = rule.text.index(stripped)
    simple = isinstance(rule.query.node, Word | Phrase | Concept | Field)
    return _Part(start, start + len(stripped), rule.query.node, simple)


def _parts(rule: Rule) -> Iterator[_Part]:
    """Yield the parts that AND joins at the top of the query, if there are any."""
    node = rule.query.node
    if not isinstance(node, And):
        return
    source = source_of(rule.text)
    cuts = list(_cut(tokens_of(source)))
    wanted = [cut for cut in cuts if not cut[0]]
    if len(wanted) != len(node.nodes):
        return  # the whole stands in parentheses, or behind a field
    for (_, first, behind, simple), meaning in zip(wanted, node.nodes, strict=True):
        start = source.plain.original(first.at, first.at + 1)[0]
        end = min(source.plain.original(behind.at, behind.at + 1)[0], len(rule.text))
        end = start + len(rule.text[start:end].rstrip())
        if has_words(meaning):
            yield _Part(start, end, meaning, simple)


def _cut(tokens: Sequence[Token]) -> Iterator[tuple[bool, Token, Token, bool]]:
    """Yield what AND and NOT join: whether it follows NOT, its bounds, if it is simple."""
    depth, first, unwanted, simple = 0, tokens[0], False, True
    for token, following in zip(tokens, [*tokens[1:], tokens[-1]], strict=True):
        depth += (token.kind == "open") - (token.kind == "close")
        if depth:
            continue
        if token.kind in ("near", "then", "except", "or"):
            simple = False
        if token.kind in ("and", "not", "end"):
            if token is not first:
                yield unwanted, first, token, simple
            first, simple = following, True
            unwanted = token.kind == "not"


def _words(passage: str) -> list[tuple[int, int, str]]:
    return [(each.start(), each.end(), each[0]) for each in _WORD.finditer(passage)]


def _found(node: Node, passage: str, words: list[tuple[int, int, str]]) -> list[_PassageWord]:
    """What this part of a query finds in the passage, in order; empty if it does not match."""
    plain = without_metadata(node)
    hits: set[Hit] = set()
    for document in (Document(title=passage), Document(body=passage)):
        hits.update((plain and answer(plain, FullDocument(document))) or ())
    places = sorted({(hit.start, hit.end) for hit in hits})
    return [
        _PassageWord(passage[start:end], numbers[0], numbers[-1])
        for start, end in places
        if (numbers := [n for n, (a, b, _) in enumerate(words) if a < end and b > start])
    ]


def _withouts(hits: Sequence[_PassageWord], words: list[tuple[int, int, str]]) -> Iterator[str]:
    """Yield expressions that stand where all these hits stand: near another word of the passage."""
    taken = {n for hit in hits for n in range(hit.number, hit.last + 1)}
    bounds = list(dict.fromkeys((hits[0], hits[-1])))
    others = [
        _PassageWord(text, number, number)
        for number, (_, _, text) in enumerate(words)
        if number not in taken and len(text) >= _SHORT and text.casefold() not in _COMMON
    ]
    near = sorted(others, key=lambda word: (-_telling(word), _distance(word, bounds)))
    for word in near[:_MOST_WORDS]:
        yield _near(sorted([*bounds, word], key=lambda each: each.number))
    yield _near(bounds) if len(bounds) > 1 else _phrase(bounds[0], words)


def _telling(word: _PassageWord) -> bool:
    """Whether a word says what a text is about: a name, or a long word."""
    return (word.number > 0 and word.text[0].isupper()) or len(word.text) >= 2 * _SHORT


def _distance(word: _PassageWord, bounds: Sequence[_PassageWord]) -> int:
    return min(abs(word.number - each.number) for each in bounds)


def _near(row: Sequence[_PassageWord]) -> str:
    """These words, each near the next one."""
    said = _term(row[0].text)
    for before, word in pairwise(row):
        between = max(word.number - before.last - 1, 0)
        joined = f"({said})" if " NEAR/" in said else said
        said = f"{joined} NEAR/{min(max(between, _SLACK), 250)} {_term(word.text)}"
    return said


def _phrase(hit: _PassageWord, words: list[tuple[int, int, str]]) -> str:
    """The hit with the words beside it."""
    row = words[max(hit.number - 1, 0) : hit.last + 2]
    return f'"{" ".join(text for _, _, text in row)}"'


def _term(text: str) -> str:
    plain = " ".join(each[0] for each in _WORD.finditer(text))
    if plain.isupper() and plain.isalnum() and 1 < len(plain) <= _ABBREVIATION:
        return f"=={plain}"  # as `is` it would be the verb, too
    return plain.casefold() if plain.isalnum() else f'"{plain.casefold()}"'
