from .closing import put_in_order as put_in_order
from .migrations import migrations as migrations
