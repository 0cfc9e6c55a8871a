from .dask_map import DaskMap as DaskMap
from .local_map import (
    SILENCE as SILENCE,
    LocalMap as LocalMap,
)
from .part_map import (
    LostPartError as LostPartError,
    PartMap as PartMap,
    WorkPart as WorkPart,
)
