"""What a part of some work is, and what works on parts."""

from __future__ import annotations

from collections.abc import Generator, Iterator, Sequence
from typing import Protocol, Self, TypeVar

from crawler.errors import NieuwswachtError

B = TypeVar("B")


class WorkPart(Protocol[B]):
    """A part of some work, which can be sent to another process: it says all that is needed there.

    `batches` depends on the part and its file alone. It stores nothing and logs nothing, and its
    batches are small, so that a few of them may wait.
    """

    def batches(self) -> Iterator[B]:
        """The results of this part, a few at a time, in their order."""

    def again(self, last: B | None, deaths: int) -> Self | None:
        """What is left of this part behind its `last` batch, None if it is given up.

        `last` is None as long as there is none. `deaths` is how often its worker has ended by
        itself at this place: 0 if the part only goes on elsewhere.
        """


class PartMap(Protocol):
    """Works on parts, in this process or in many."""

    def over(self, parts: Sequence[WorkPart[B]]) -> Generator[tuple[int, B], None, None]:
        """Each batch with the place of its part, in the order of parts and of batches in them.

        Only a few batches wait at any time. Closing the generator ends all work.

        Raises:
            LostPartError: a part was given up.
        """


class LostPartError(NieuwswachtError):
    """The worker of this part has died again and again; `part` is its place."""

    def __init__(self, part: int, why: str) -> None:
        super().__init__(f"part {part + 1} was given up: {why}")
        self.part, self.why = part, why
