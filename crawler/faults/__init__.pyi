from .fault import (
    Fault as Fault,
    FaultKind as FaultKind,
)
from .kinds import (
    CrawlFault as CrawlFault,
    HealthFault as HealthFault,
    said as said,
    together as together,
)
from .notation import (
    fault_in as fault_in,
    noted as noted,
    optional_fault as optional_fault,
)
from .wording import worded as worded
