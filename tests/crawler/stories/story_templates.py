"""Items that a desk or a computer fills in every day: one mould, other values, other stories."""

from __future__ import annotations

import re
from random import Random

from story_corpus import Piece, records

VALUES = records("values.txt")
DAYS = ("maandag", "dinsdag", "woensdag", "donderdag", "vrijdag", "zaterdag", "zondag")

# {place} is drawn once for an item, {place2} is another place; {high:13-31} is a number that may
# come again as {high}, {way:hoger|lager} one of two words; without a name it is drawn each time.
_SLOT = re.compile(r"\{(\w*)(?::([^}]*))?\}")


class Mould:
    """Fills in one kind of item."""

    def __init__(self, name: str, lines: list[str]) -> None:
        self.name = name
        self._lines = lines

    def __call__(self, rng: Random, number: int) -> Piece:
        """An item; the rest of its number by seven is the day of the week."""
        drawn = _drawn(rng, number)

        def value(slot: re.Match[str]) -> str:
            name, spec = slot.groups()
            if spec is None:
                return drawn[name]
            found = _one_of(spec, rng)
            if name:
                drawn[name] = found
            return found

        title, lead, *body = (_SLOT.sub(value, line) for line in self._lines)
        return Piece(slug=f"{self.name}/{number}", title=title, lead=lead, body=tuple(body))


def _drawn(rng: Random, number: int) -> dict[str, str]:
    day = number % 7
    drawn = {"day": DAYS[day], "workday": DAYS[day % 5]}
    drawn["tomorrow"] = DAYS[(day + 1) % 7].capitalize()
    for name in ("place", "street", "wind", "club", "person", "share"):
        first, second, third = rng.sample(VALUES[name], 3)
        drawn |= {name: first, f"{name}2": second, f"{name}3": third}
    names = drawn["person"].split()
    return drawn | {"first": names[0], "surname": names[-1]}


def _one_of(spec: str, rng: Random) -> str:
    span = re.fullmatch(r"(\d+)-(\d+)", spec)
    return str(rng.randint(int(span[1]), int(span[2]))) if span else rng.choice(spec.split("|"))


def moulds(name: str) -> list[Mould]:
    return [Mould(kind, lines) for kind, lines in records(name).items()]


# The guard was tuned on these,
LEARNT = moulds("moulds-learnt.txt")
# and is measured on these, which were written afterwards.
UNSEEN = moulds("moulds-unseen.txt")
