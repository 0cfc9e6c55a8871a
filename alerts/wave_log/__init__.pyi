from .wave_store import (
    LoggedWave as LoggedWave,
    WaveStore as WaveStore,
    create_waves as create_waves,
    number_waves as number_waves,
)
