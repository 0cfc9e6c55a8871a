"""The labelled texts of this folder, read from their files.

A file holds one text a line; `#` begins a remark. Of the remarks three are settings:

    # headlines                   the texts are titles; otherwise they are leads
    # marked: is syrie            every occurrence of these concepts is marked
    # rules: labelled             before `|` stand the rules that a text should call, or `-`;
                                  a rule with `?` may be called or not

`[[IS]]` marks the organisation, `{syrie:Syrische}` an occurrence of a concept; marks may nest.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from alerts.document import Document

TEXTS = Path(__file__).parent / "texts"
_mark = re.compile(r"\[\[|\]\]|\{([a-z-]+):|\}")


@dataclass(frozen=True, slots=True)
class Mark:
    concept: str
    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Labelled:
    """One text; `rules` is None where nobody said which rules it should call."""

    place: str
    text: str
    headline: bool
    marked: frozenset[str]
    marks: tuple[Mark, ...]
    rules: frozenset[str] | None = None
    open_rules: frozenset[str] = frozenset()

    def document(self, text: str | None = None) -> Document:
        shown = self.text if text is None else text
        return Document(title=shown) if self.headline else Document(lead=shown)

    def of(self, concept: str) -> list[Mark]:
        """The marks of a concept; what is marked as the SDF is a Kurdish force too."""
        named = {concept, "sdf"} if concept == "koerden" else {concept}
        return [mark for mark in self.marks if mark.concept in named]


def labelled_texts() -> list[Labelled]:
    return [text for path in sorted(TEXTS.glob("*.txt")) for text in _read(path)]


def _read(path: Path) -> Iterator[Labelled]:
    lines = path.read_text("utf-8").splitlines()
    remarks = [line.removeprefix("#").strip() for line in lines if line.startswith("#")]
    marked = next(r.removeprefix("marked:").split() for r in remarks if r.startswith("marked:"))
    with_rules = "rules: labelled" in remarks
    for number, line in enumerate(lines, 1):
        if not line or line.startswith("#"):
            continue
        labels, text = line.split(" | ", 1) if with_rules else ("-", line)
        plain, marks = _unmarked(text.replace(r"\n", "\n"))
        named = set() if labels == "-" else set(labels.split())
        yield Labelled(
            place=f"{path.name}:{number}",
            text=plain,
            headline="headlines" in remarks,
            marked=frozenset(marked),
            marks=marks,
            rules=frozenset(r for r in named if not r.endswith("?")) if with_rules else None,
            open_rules=frozenset(r[:-1] for r in named if r.endswith("?")),
        )


def _unmarked(text: str) -> tuple[str, tuple[Mark, ...]]:
    plain, marks, opened, done = "", [], [], 0
    for match in _mark.finditer(text):
        plain += text[done : match.start()]
        done = match.end()
        if match[0] == "[[":
            opened.append(("is", len(plain)))
        elif match[1]:
            opened.append((match[1], len(plain)))
        else:
            concept, start = opened.pop()
            marks.append(Mark(concept, start, len(plain)))
    if opened:
        raise ValueError(f"a mark is not closed in: {text}")
    return plain + text[done:], tuple(sorted(marks, key=lambda mark: (mark.start, mark.end)))
