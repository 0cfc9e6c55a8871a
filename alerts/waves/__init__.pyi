from .story_times import (
    StoryTimes as StoryTimes,
    WaveStep as WaveStep,
)
from .usual_count import (
    all_hours as all_hours,
    by_chance as by_chance,
    is_timed as is_timed,
    same_hours as same_hours,
    usual_of as usual_of,
)
from .wave import (
    CountedSpan as CountedSpan,
    Usual as Usual,
    VolumeSetting as VolumeSetting,
    Wave as Wave,
    WavePhase as WavePhase,
    Window as Window,
)
from .wave_detector import (
    after_window as after_window,
    ended as ended,
)
