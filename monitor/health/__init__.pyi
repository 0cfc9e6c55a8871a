from .asking import (
    archive_fault as archive_fault,
    facts_of as facts_of,
    free_bytes as free_bytes,
)
from .metrics import (
    METRICS_TYPE as METRICS_TYPE,
    Metrics as Metrics,
)
from .ping import Switch as Switch
from .readiness import (
    HealthFacts as HealthFacts,
    unready as unready,
    unwell as unwell,
)
from .vitals import Vitals as Vitals
