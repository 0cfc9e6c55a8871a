from .closing import (
    put_in_order as put_in_order,
    rest as rest,
    tidy as tidy,
)
from .migrations import migrations as migrations
