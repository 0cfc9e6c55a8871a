"""The waves of the past: what a setting would have found in stories whose times are known."""

from __future__ import annotations

from bisect import bisect_right, insort
from collections import defaultdict
from datetime import datetime, tzinfo

from alerts.waves.usual_count import all_hours, same_hours, usual_of
from alerts.waves.wave import CountedSpan, Usual, VolumeSetting, Wave, WavePhase, Window
from alerts.waves.wave_detector import after_window, ended
from crawler.frozen import dataclass


@dataclass(frozen=True, slots=True)
class WaveStep:
    """What was told of a wave of the past, when, and in which window."""

    phase: WavePhase
    at: datetime
    stories: int
    outlets: int
    wave: Wave


class StoryTimes:
    """The stories of one rule, taken in order of time; `steps` are the waves among them."""

    def __init__(self, setting: VolumeSetting, zone: tzinfo, known: datetime) -> None:
        """Begin without stories; `known` is from when on they are known."""
        self._setting, self._zone, self._known = setting, zone, known
        self._times: list[datetime] = []
        self._stories: list[str] = []
        self._outlets: defaultdict[str, set[str]] = defaultdict(set)
        self._wave: Wave | None = None
        self.steps: list[WaveStep] = []

    def add(self, at: datetime, story: str, outlet: str) -> None:
        """Take the next article of a story."""
        self.end(at)
        if story not in self._outlets:
            insort(self._times, at)
            self._stories.append(story)
        self._outlets[story].add(outlet)
        window = self._window(at)
        if window.stories < self._setting.at_least or window.outlets < self._setting.outlets:
            return
        usual = self._usual(at)
        if usual is None:
            return
        self._wave, phase = after_window(self._wave, window, usual, self._setting)
        if phase and self._wave:
            step = WaveStep(phase, at, window.stories, window.outlets, self._wave)
            self.steps.append(step)

    def end(self, now: datetime) -> None:
        """End the wave that runs, if it is over by now."""
        over = ended(self._wave, self._setting, now) if self._wave else None
        if over and over.ended:
            window = self._window(over.high)
            step = WaveStep(WavePhase.ENDS, over.ended, window.stories, window.outlets, over)
            self.steps.append(step)
            self._wave = None

    def count(self, span: CountedSpan) -> int:
        """How many stories came first in this span."""
        return bisect_right(self._times, span.end) - bisect_right(self._times, span.start)

    def _window(self, at: datetime) -> Window:
        first = bisect_right(self._times, at - self._setting.over)
        stories = self._stories[first:]
        outlets = {outlet for story in stories for outlet in self._outlets[story]}
        return Window(at, len(stories), len(outlets))

    def _usual(self, at: datetime) -> Usual | None:
        over = self._setting.over
        whole = all_hours(at, over, self._known)
        if whole is None:
            return None
        weekly = same_hours(at, over, self._zone, self._known)
        counted = [(span, self.count(span)) for span in weekly]
        return usual_of(over, counted, (whole, self.count(whole)))
