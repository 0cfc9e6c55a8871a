from .fault import (
    Fault as Fault,
    FaultKind as FaultKind,
    Value as Value,
)
from .file_fault import FileFault as FileFault
from .kinds import (
    AddressReason as AddressReason,
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
from .wording import (
    advice as advice,
    advised as advised,
    in_languages as in_languages,
    worded as worded,
)
