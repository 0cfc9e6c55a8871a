from .conditional import (
    is_conditional as is_conditional,
    make_conditional as make_conditional,
)
from .download import CUT as CUT, LATE as LATE
from .exchange import (
    Exchange as Exchange,
    Headers as Headers,
    exchange_from_bytes as exchange_from_bytes,
    exchange_to_bytes as exchange_to_bytes,
)
from .faults import (
    fault_of as fault_of,
    lasting as lasting,
    wait_of as wait_of,
)
from .guard import (
    Network as Network,
    Resolve as Resolve,
    addresses_of as addresses_of,
    forbidden_address as forbidden_address,
    goes_by_proxy as goes_by_proxy,
    literal_address as literal_address,
    vetted_addresses as vetted_addresses,
)
from .politeness import (
    RobotsCache as RobotsCache,
    retry_after as retry_after,
)
from .proxied import VIA as VIA
from .received import (
    WANTED as WANTED,
    exchanges_of as exchanges_of,
)
