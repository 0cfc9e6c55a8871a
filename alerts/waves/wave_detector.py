"""When a wave begins, doubles and ends."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from alerts.waves.usual_count import by_chance
from alerts.waves.wave import Usual, VolumeSetting, Wave, WavePhase, Window

# How unlikely the stories of a window have to be by chance. Measured on simulated years, see
# docs/waves.md.
CHANCE = 5e-4
_DOUBLE = 2


def after_window(
    wave: Wave | None, window: Window, usual: Usual, setting: VolumeSetting
) -> tuple[Wave | None, WavePhase | None]:
    """The wave after this window, and what is to be told of it."""
    if not _is_high(window, usual, setting):
        return wave, None
    if wave is None:
        if by_chance(window.stories, usual.expected) > CHANCE:
            return None, None
        count = window.stories
        begun = Wave(began=window.at, high=window.at, told=count, peak=count, usual=usual)
        return begun, WavePhase.BEGINS
    higher = replace(wave, high=window.at, peak=max(wave.peak, window.stories))
    if window.stories < _DOUBLE * wave.told:
        return higher, None
    return replace(higher, told=window.stories), WavePhase.DOUBLES


def _is_high(window: Window, usual: Usual, setting: VolumeSetting) -> bool:
    return (
        window.stories >= setting.at_least
        and window.outlets >= setting.outlets
        and window.stories >= setting.times * usual.expected
    )


def ended(wave: Wave, setting: VolumeSetting, now: datetime) -> Wave | None:
    """The wave with its end, if it has not been high for the time `over`; None if it goes on."""
    end = wave.high + setting.over
    return replace(wave, ended=end) if end <= now else None
