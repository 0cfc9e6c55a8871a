"""A rule's own examples: texts that it must find, and texts that it must not find."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from itertools import islice
from typing import NamedTuple

from alerts.document import Document
from alerts.matching.evaluate import FullDocument, answer
from alerts.matching.rule_index import RuleIndex
from alerts.query.tree import (
    And,
    AtLeast,
    Concept,
    Except,
    Field,
    Metadata,
    Near,
    Node,
    Or,
    Phrase,
    Word,
)
from alerts.rules.book import Rule
from alerts.rules.explanation import Part, explain, explained_languages, said_in

_SHOWN = 4  # parts or stretches named for one example; chosen: the reason stays one line


class FailedExample(NamedTuple):
    """An example that a rule fails: its list, its place there, its text; and why, by language."""

    kind: str
    number: int
    text: str
    whys: Mapping[str, str]

    @property
    def why(self) -> str:
        """The reason, in English."""
        return self.whys["en"]


def failed_examples(rules: Iterable[Rule]) -> list[tuple[FailedExample, ...]]:
    """For each of the rules, those of its own examples that it fails.

    An example is tried as the title of an article and as its body. In `must_match`, one of the two
    has to match; in `must_not_match`, neither may. Outlets and metadata are ignored, since an
    example has none.
    """
    listed = list(rules)
    plain = [without_metadata(rule.query.node) for rule in listed]
    index = RuleIndex.of({number: node for number, node in enumerate(plain) if node})
    return [
        tuple(_failed(rule, node, index, number)) if node else ()
        for number, (rule, node) in enumerate(zip(listed, plain, strict=True))
    ]


def _failed(rule: Rule, node: Node, index: RuleIndex, place: int) -> Iterator[FailedExample]:
    for kind in ("must_match", "must_not_match"):
        for number, text in enumerate(getattr(rule, kind)):
            if _matches(index, text, place) != (kind == "must_match"):
                tried = replace(rule, outlets=(), query=replace(rule.query, node=node))
                whys = {each: _why(tried, text, each) for each in explained_languages()}
                yield FailedExample(kind, number, text, whys)


def example_finder(node: Node) -> Callable[[str], bool]:
    """What tells of a text whether a query finds it as an example, whatever it says of metadata.

    Make it once for many texts: to file a long query takes as long as trying hundreds of them.
    """
    plain = without_metadata(node)
    index = RuleIndex.of({0: plain} if plain else {})
    return lambda text: plain is not None and _matches(index, text, 0)


def _matches(index: RuleIndex, text: str, number: int) -> bool:
    for document in _documents(text):
        candidates, reading = index.select(document)
        if number in candidates and index.answer(number, reading) is not None:
            return True
    return False


def _documents(text: str) -> tuple[Document, Document]:
    return Document(title=text), Document(body=text)


def _why(rule: Rule, text: str, language: str) -> str:
    """Why an example fails: what was found in it, or which parts of the rule found nothing."""
    for document in _documents(text):
        hits = answer(rule.query.node, FullDocument(document))
        if hits is not None:
            found = dict.fromkeys(f'"{" ".join(hit.text.split())}"' for hit in hits)
            said = said_in(language)
            return said("found-this", hits=_listed(found, language)) if found else said("unfound")
    parts = (explain(rule, document, language) for document in _documents(text))
    failing = sorted((list(_failing(part)) for part in parts), key=len)
    return _listed(dict.fromkeys(failing[0]), language)


def _listed(words: Iterable[str], language: str) -> str:
    first = list(islice(words, _SHOWN + 1))
    listed = ", ".join(first[:_SHOWN])
    return said_in(language)("more", words=listed) if len(first) > _SHOWN else listed


def _failing(part: Part) -> Iterator[str]:
    """Yield the innermost failing parts, in words."""
    below = [each for each in part.parts if not each.fits]
    if not below and not part.fits:
        yield part.words
    for each in below:
        yield from _failing(each)


def without_metadata(node: Node) -> Node | None:
    """The query without conditions on metadata, or None if nothing is left.

    What has none of them stays the same object, so that a concept is one for all rules.
    """
    kept = _without_metadata(node)
    return node if kept == node else kept


def _without_metadata(node: Node) -> Node | None:
    match node:
        case Metadata():
            return None
        case And():
            nodes, without = _kept(node.nodes), _kept(node.without)
            return And(nodes, without) if nodes else None
        case Or():
            nodes = _kept(node.nodes)
            return Or(nodes) if nodes else None
        case Near():
            left, right = without_metadata(node.left), without_metadata(node.right)
            return replace(node, left=left, right=right) if left and right else None
        case Except() | AtLeast() | Field() | Concept():
            inner = without_metadata(node.node)
            return replace(node, node=inner) if inner else None
        case Word() | Phrase():
            return node


def _kept(nodes: tuple[Node, ...]) -> tuple[Node, ...]:
    return tuple(kept for kept in map(without_metadata, nodes) if kept is not None)
