"""Why a query matches a document or does not, part by part and in words."""

from __future__ import annotations

import tomllib
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import cache
from importlib.resources import files

from alerts.document import Document, parts_of
from alerts.matching.evaluate import ALL, Fields, FullDocument, Occurrences, occurrences
from alerts.matching.opened import OpenDocument
from alerts.query.spelling import spelling
from alerts.query.tree import (
    And,
    AtLeast,
    Case,
    Concept,
    Except,
    Field,
    Metadata,
    Near,
    Node,
    Or,
    Phrase,
    Word,
    narrowed,
    needed,
)
from alerts.rules.book import Rule
from crawler.frozen import dataclass

_SHOWN = 4  # different stretches named for one word; chosen: a part stays one line


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a query: whether it does what it should, why, and the parts inside it.

    `absent` means that it only says that a word was not found.
    """

    fits: bool
    words: str
    parts: tuple[Part, ...] = ()
    absent: bool = False


def explain(rule: Rule, document: Document, language: str = "en") -> Part:
    """Why a rule matches a document or does not, in this language."""
    said = said_in(language)
    if not rule.hears(document.outlet):
        outlets = ", ".join(rule.outlets)
        return Part(fits=False, words=said("only-for", outlets=outlets, outlet=document.outlet))
    if not document.items:
        return _Reading(FullDocument(document), said).part(rule.query.node, ALL)
    return _of_items(rule.query.node, document, said)


@dataclass(frozen=True, slots=True)
class ExplanationWords:
    """What an explanation says in a language, by the name of each text; and names of fields."""

    texts: Mapping[str, str]
    fields: Mapping[str, str]

    def __call__(self, name: str, /, **values: object) -> str:
        """The text with this name, and what stands in it."""
        return self.texts[name].format(**values)

    def field(self, name: str) -> str:
        """The name of a field of an article."""
        return self.fields.get(name, name)


@cache
def explained_languages() -> tuple[str, ...]:
    """The languages with a data file."""
    names = sorted(file.name for file in files(__package__).iterdir())
    return tuple(name.removesuffix(".toml") for name in names if name.endswith(".toml"))


@cache
def said_in(language: str) -> ExplanationWords:
    """The words of this language, from its data file."""
    held = tomllib.loads(files(__package__).joinpath(f"{language}.toml").read_text("utf-8"))
    return ExplanationWords(held["explanation"], held["fields"])


def _of_items(node: Node, document: Document, said: ExplanationWords) -> Part:
    """Why the item that matches does so, or else the one that comes nearest to it."""
    parts = list(parts_of(document))
    nearest: Part | None = None
    for number, each in enumerate(parts, 1):
        part = _Reading(FullDocument(each.document), said).part(node, ALL)
        words = said("in-item", number=number, all=len(parts), words=part.words)
        part = replace(part, words=words)
        if part.fits:
            return part
        if nearest is None or _fitting(part) > _fitting(nearest):
            nearest = part
    assert nearest is not None
    return nearest


def _fitting(part: Part) -> int:
    return sum(each.fits for each in part.parts)


@dataclass(frozen=True, slots=True)
class _Reading:
    """A document as it is explained, part by part, in the words of a language."""

    document: OpenDocument
    said: ExplanationWords

    def part(self, node: Node, fields: Fields) -> Part:
        """Why these fields have what a node asks for, or do not."""
        found = occurrences(node, self.document, fields)
        match node:
            case Word() | Phrase():
                return self._term(node, found, fields)
            case Metadata():
                return self._metadata(node, found)
            case And() | Or():
                return self._joined(node, found, fields)
            case Field():
                part = self.part(node.node, narrowed(node.places, fields))
                name = self.said.field(node.name)
                return replace(part, words=self.said("in-field", field=name, words=part.words))
            case Concept():
                return self._concept(node, found, fields)
            case Near() | Except() | AtLeast():
                return self._bound(node, found, fields)

    def _metadata(self, node: Metadata, found: Occurrences | None) -> Part:
        value = getattr(self.document.document, node.field)
        said = "metadata-is" if value else "metadata-unknown"
        field = self.said.field(node.field)
        words = self.said(said, term=spelling(node), field=field, value=value)
        return Part(found is not None, words)

    def _term(self, node: Word | Phrase, found: Occurrences | None, fields: Fields) -> Part:
        if found:
            return Part(fits=True, words=f"{node.text}: {self._named(found)}")
        guarded = node.case is Case.GUARDED
        if guarded and occurrences(_unguarded(node), self.document, fields):
            why = self.said("capitals")
        elif fields != ALL and (elsewhere := occurrences(node, self.document, ALL)):
            why = self.said("elsewhere", hits=self._named(elsewhere))
        else:
            return self._absent(node.text)
        return Part(fits=False, words=f"{node.text}: {why}")

    def _absent(self, term: str) -> Part:
        return Part(fits=False, words=f"{term}: {self.said('not-found')}", absent=True)

    def _named(self, found: Occurrences) -> str:
        """The stretches found, in words: each once, with its field and how often it occurs."""
        atoms = sorted({atom for one in found for atom in one.atoms})
        hits = [self.document.hit(start, end) for start, end in atoms]
        counted = Counter((" ".join(hit.text.split()), hit.field) for hit in hits)
        names = [
            self.said(
                "hit-times" if count > 1 else "hit",
                text=text,
                field=self.said.field(field),
                n=count,
            )
            for (text, field), count in counted.most_common(_SHOWN)
        ]
        more, listed = len(counted) - _SHOWN, ", ".join(names)
        return self.said("and-more", hits=listed, n=more) if more > 0 else listed

    def _joined(self, node: And | Or, found: Occurrences | None, fields: Fields) -> Part:
        parts = [self.part(each, fields) for each in node.nodes]
        if isinstance(node, Or):
            words = self.said("one-is-enough" if found is not None else "none-is-found")
            absent = all(part.absent for part in parts)
            return Part(found is not None, words, tuple(self._gathered(node, parts)), absent)
        parts += [self._unwanted(each, fields) for each in node.without]
        missing = sum(not part.fits for part in parts)
        name = "all-but-one" if missing == 1 else "all-but-some" if missing else "all"
        absent = all(part.absent for part in parts)
        return Part(found is not None, self.said(name, n=missing), tuple(parts), absent)

    def _unwanted(self, node: Node, fields: Fields) -> Part:
        part = self.part(node, fields)
        words = part.words
        if isinstance(node, And | Or | Near | Except | AtLeast):
            words = f"({spelling(node)}): {self.said('found' if part.fits else 'not-found')}"
        return Part(not part.fits, f"NOT {words}", part.parts)

    def _gathered(self, node: Or, parts: list[Part]) -> Iterator[Part]:
        """Yield the parts; words that were not found share one line at the end."""
        missing = list[str]()
        for each, part in zip(node.nodes, parts, strict=True):
            if part.absent and isinstance(each, Word | Phrase | Concept):
                missing.append(spelling(each))
            else:
                yield part
        if missing:
            yield self._absent(", ".join(missing))

    def _concept(self, node: Concept, found: Occurrences | None, fields: Fields) -> Part:
        """A concept; of its list only what was found is named, whether it counts or not."""
        name, inner = f"@{node.name}", self.part(node.node, fields)
        if found is None and inner.absent:
            return self._absent(name)
        if found is None:
            parts = inner.parts if isinstance(node.node, Or) else (inner,)
            there = tuple(part for part in parts if not part.absent)
            words = f"{name}: {self.said('does-not-count')}"
            return Part(fits=False, words=words, parts=there)
        if found and not isinstance(node.node, And):
            return Part(fits=True, words=f"{name}: {self._named(found)}")
        return Part(fits=True, words=name, parts=(inner,))

    def _bound(
        self, node: Near | Except | AtLeast, found: Occurrences | None, fields: Fields
    ) -> Part:
        """An operator on words: what was found, and which condition does not hold."""
        parts = tuple(self.part(side, fields) for side in needed(node))
        there = all(part.fits for part in parts)
        match node:
            case Near():
                what = self._distance(node)
                why = self.said("not-so-near" if there else "not-both")
            case Except():
                what = self.said("not-as-part", term=spelling(node.without))
                why = self.said("not-at-all")
                if there and (taken := occurrences(node.without, self.document, fields)):
                    why = self.said("only-as-part", hits=self._named(taken))
            case AtLeast():
                what = self.said("at-least", n=node.count)
                why = self.said("too-few" if there else "not-at-all")
        if found is not None:
            return Part(fits=True, words=f"{what}: {self._named(found)}", parts=parts)
        absent = all(part.absent for part in parts)
        return Part(fits=False, words=f"{what}: {why}", parts=parts, absent=absent)

    def _distance(self, node: Near) -> str:
        most = node.distance
        name = "side-by-side" if not most else "one-between" if most == 1 else "some-between"
        distance = self.said(name, n=most)
        return self.said("in-order", distance=distance) if node.ordered else distance


def _unguarded(node: Word | Phrase) -> Node:
    if isinstance(node, Word):
        return Word(node.text, node.key, Case.EXACT)
    return Phrase(node.text, node.words, Case.EXACT)
