"""What the pages work with."""

from __future__ import annotations

import threading
from dataclasses import field

from crawler.frozen import dataclass
from monitor.context import Context
from monitor.health import Vitals
from monitor.web.making.changes import Changes, RunningDaemon
from monitor.web.making.paper import Paper
from monitor.web.making.reading_room import ReadingRoom


@dataclass(slots=True)
class PageParts:
    """The configuration, the archive, and the daemon with its vitals if one runs here.

    `closing` is set when the page is served no more.
    """

    context: Context
    vitals: Vitals | None = None
    daemon: RunningDaemon | None = None
    closing: threading.Event = field(default_factory=threading.Event)
    room: ReadingRoom = field(init=False)
    paper: Paper = field(init=False)
    changes: Changes = field(init=False)

    def __post_init__(self) -> None:
        self.room = ReadingRoom(self.context.reader)
        self.paper = Paper(self.context.settings.web.language)
        self.changes = Changes(self.context, self.paper, self.daemon)
