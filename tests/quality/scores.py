"""How well hits agree with marks, and what is wrong where they do not, in lines for people."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from labelled import Labelled, Mark

from alerts.match import Hit

_AROUND = 40


@dataclass
class Score:
    """What was found rightly, what was missed and what should not have been found."""

    name: str
    right: int = 0
    missed: list[str] = field(default_factory=list)
    false: list[str] = field(default_factory=list)

    @property
    def precision(self) -> float:
        found = self.right + len(self.false)
        return self.right / found if found else 1.0

    @property
    def recall(self) -> float:
        wanted = self.right + len(self.missed)
        return self.right / wanted if wanted else 1.0

    def __str__(self) -> str:
        counts = f"{self.right} right, {len(self.missed)} missed, {len(self.false)} false"
        rates = f"precision {self.precision:.4f}, recall {self.recall:.4f}"
        lines = [f"{self.name}: {rates} ({counts})"]
        lines += [f"  missed {line}" for line in self.missed]
        lines += [f"  false  {line}" for line in self.false]
        return "\n".join(lines)

    def count(self, text: Labelled, marks: Sequence[Mark], hits: Sequence[Hit]) -> None:
        """Count one text: a mark is found when a hit overlaps it, a hit is right likewise."""
        for mark in marks:
            if any(hit.start < mark.end and mark.start < hit.end for hit in hits):
                self.right += 1
            else:
                self.missed.append(shown(text, mark.start, mark.end))
        for hit in hits:
            if not any(hit.start < mark.end and mark.start < hit.end for mark in marks):
                self.false.append(shown(text, hit.start, hit.end))

    def count_rule(self, text: Labelled, *, called: bool) -> None:
        """Count whether one text calls the rule of this score."""
        wanted = text.rules or frozenset()
        if called and self.name in wanted:
            self.right += 1
        elif called and self.name not in text.open_rules:
            self.false.append(f"{text.place}  {text.text}")
        elif not called and self.name in wanted:
            self.missed.append(f"{text.place}  {text.text}")


def shown(text: Labelled, start: int, end: int) -> str:
    before = text.text[max(start - _AROUND, 0) : start]
    after = text.text[end : end + _AROUND]
    return f"{text.place}  {before}[[{text.text[start:end]}]]{after}".replace("\n", " ")


def report(scores: Iterable[Score]) -> str:
    return "\n" + "\n".join(map(str, scores))
