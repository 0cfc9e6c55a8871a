"""Rules: standing queries with the channels that hear of their matches."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import field

from alerts.counting import Wording
from alerts.document import Document, merged_hits, moved, parts_of
from alerts.match import Hit, Match, Priority
from alerts.matching.rule_index import RuleIndex, Selected
from alerts.query.parser import Concepts, parse
from alerts.query.tree import Query
from alerts.waves import VolumeSetting
from crawler.frozen import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One standing query. `hash` changes when anything changes on which its matches depend."""

    id: str
    name: str
    text: str
    query: Query
    hash: str
    channels: tuple[str, ...] = ()
    priority: Priority = Priority.NORMAL
    outlets: tuple[str, ...] = ()
    must_match: tuple[str, ...] = ()
    must_not_match: tuple[str, ...] = ()
    section: str = ""
    volume: VolumeSetting | None = None
    concepts: Concepts = field(default_factory=Concepts, compare=False, repr=False)

    @property
    def wording(self) -> Wording:
        """All on which its matches depend."""
        return Wording(
            rule=self.id,
            hash=self.hash,
            query=self.text,
            outlets=tuple(sorted(self.outlets)),
            concepts=self.concepts.behind(self.query.concepts),
        )

    def hears(self, outlet: str) -> bool:
        """Whether the rule is about this outlet; a rule without outlets is about all."""
        return not self.outlets or outlet.casefold() in map(str.casefold, self.outlets)


def rule_of(  # noqa: PLR0913 - one argument per key of a [[rule]] table
    *,
    id: str,  # noqa: A002 - the key in the table
    text: str,
    concepts: Concepts | None = None,
    name: str = "",
    channels: Sequence[str] = (),
    priority: Priority = Priority.NORMAL,
    outlets: Sequence[str] = (),
    must_match: Sequence[str] = (),
    must_not_match: Sequence[str] = (),
    section: str = "",
    volume: VolumeSetting | None = None,
) -> Rule:
    """The rule of these values, with its query parsed.

    Raises:
        QueryError: the query has a fault.
    """
    known = concepts or Concepts()
    query = parse(text, known)
    definition = repr((text, sorted(outlets))).encode("utf-8", "replace")
    digest = hashlib.blake2b(definition + known.digest(query.concepts), digest_size=8)
    return Rule(
        id=id,
        name=name or id,
        text=text,
        query=query,
        hash=digest.hexdigest(),
        channels=tuple(channels),
        priority=priority,
        outlets=tuple(outlets),
        must_match=tuple(must_match),
        must_not_match=tuple(must_not_match),
        section=section,
        volume=volume,
        concepts=known,
    )


# Letters of documents that are matched together. Chosen: a hundred usual articles, so that what the
# search needs comes into the caches once for all of them; with what is found in them, some MB.
_LETTERS = 300_000


class RuleBook:
    """The rules in force, ready for matching; immutable, a change gives another book.

    `disabled` are rules of the file that are switched off, `with_volume` those that have waves.
    """

    __slots__ = ("_index", "_numbers", "_rules", "concepts", "disabled", "with_volume")

    def __init__(
        self,
        rules: Mapping[int, Rule],
        index: RuleIndex,
        concepts: Concepts,
        disabled: tuple[Rule, ...] = (),
    ) -> None:
        """Hold rules under the numbers of an index; use `build`."""
        self._rules, self._index, self.concepts, self.disabled = rules, index, concepts, disabled
        self._numbers = {rule.id: number for number, rule in rules.items()}
        self.with_volume = tuple(rule for rule in rules.values() if rule.volume)

    @classmethod
    def build(
        cls,
        rules: Iterable[Rule],
        concepts: Concepts | None = None,
        disabled: Iterable[Rule] = (),
    ) -> RuleBook:
        """A book of these rules; matches come in this order."""
        numbered = dict(enumerate(rules))
        index = RuleIndex.of({number: rule.query.node for number, rule in numbered.items()})
        return cls(numbered, index, concepts or Concepts(), tuple(disabled))

    @property
    def rules(self) -> tuple[Rule, ...]:
        """All rules, in order."""
        return tuple(self._rules.values())

    def __len__(self) -> int:
        return len(self._rules)

    def __contains__(self, rule_id: object) -> bool:
        return rule_id in self._numbers

    def __getitem__(self, rule_id: str) -> Rule:
        return self._rules[self._numbers[rule_id]]

    def add(self, rule: Rule) -> RuleBook:
        """This book with one more rule at its end."""
        if rule.id in self:
            raise ValueError(f'there is a rule "{rule.id}" already')
        return self._with(max(self._rules, default=-1) + 1, rule)

    def replace(self, rule: Rule) -> RuleBook:
        """This book with the rule of the same id replaced, in its place."""
        return self._with(self._numbers[rule.id], rule)

    def _with(self, number: int, rule: Rule) -> RuleBook:
        index = self._index.with_changes({number: rule.query.node}, [number])
        return RuleBook({**self._rules, number: rule}, index, self.concepts, self.disabled)

    def remove(self, rule_id: str) -> RuleBook:
        """This book without one rule."""
        gone = self._numbers[rule_id]
        rest = {number: rule for number, rule in self._rules.items() if number != gone}
        index = self._index.with_changes({}, [gone])
        return RuleBook(rest, index, self.concepts, self.disabled)

    def match(self, document: Document) -> list[Match]:
        """The matches of all rules that match, in order, with hits in the text as given.

        Where items of the document are known, each is matched by itself.
        """
        return self._matches(document, self._index.select(document))

    def match_many(self, documents: Iterable[Document]) -> Iterator[list[Match] | Exception]:
        """Yield for each document what `match` gives, or the error that it raises.

        With thousands of rules this takes less: they are looked for in many documents together. So
        some documents are taken ahead, as far as their letters are few enough to be held.
        """
        for lot in _lots(documents, _LETTERS if self._index.is_large else 0):
            yield from self._answers(lot)

    def _answers(self, lot: Sequence[Document]) -> Sequence[list[Match] | Exception]:
        try:
            return [*map(self._matches, lot, self._index.select_together(lot))]
        except Exception as error:  # noqa: BLE001 - a bug in one document must not cost the others
            return [error] if len(lot) == 1 else [self._answers([each])[0] for each in lot]

    def _matches(self, document: Document, selected: Selected) -> list[Match]:
        find = self._in_items if document.items else self._hits
        found = find(document, selected)
        rules = ((self._rules[number], hits) for number, hits in found.items())
        return [Match(rule.id, rule.hash, hits) for rule, hits in rules]

    def _in_items(self, document: Document, whole: Selected) -> dict[int, tuple[Hit, ...]]:
        """The hits in all parts of a document, by the number of the rule.

        What no word of the whole calls for, no part can call for: most pages end here.
        """
        found: dict[int, set[Hit]] = {}
        if any(self._hears(number, document) for number in whole.queries):
            for part in parts_of(document):
                selected = self._index.select(part.document)
                for number, hits in self._hits(part.document, selected).items():
                    found.setdefault(number, set()).update(moved(hit, part.start) for hit in hits)
        return {number: merged_hits(found[number], document) for number in sorted(found)}

    def _hits(self, document: Document, selected: Selected) -> dict[int, tuple[Hit, ...]]:
        numbers, reading = selected
        return {
            number: hits
            for number in numbers
            if self._hears(number, document)
            and (hits := self._index.answer(number, reading)) is not None
        }

    def _hears(self, number: int, document: Document) -> bool:
        return self._rules[number].hears(document.outlet)


def _lots(documents: Iterable[Document], most: int) -> Iterator[list[Document]]:
    """Yield documents in lots of so many letters, or a little more."""
    lot, letters = list[Document](), 0
    for document in documents:
        lot.append(document)
        letters += len(document.title) + len(document.lead) + len(document.body)
        if letters >= most:
            yield lot
            lot, letters = [], 0
    if lot:
        yield lot
