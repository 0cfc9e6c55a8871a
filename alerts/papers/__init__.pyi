from .making_up import (
    PressRoom as PressRoom,
    edition_of as edition_of,
    issue_due as issue_due,
)
from .paper_plan import (
    MorningPaper as MorningPaper,
    Turn as Turn,
    turn_to_come as turn_to_come,
    turns_of as turns_of,
)
from .papers_file import load_papers as load_papers
from .selection import moved as moved
