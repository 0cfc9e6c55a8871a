from .delivery_fault import (
    DeliveryFault as DeliveryFault,
    delivery_fault_in as delivery_fault_in,
    delivery_note as delivery_note,
)
from .query_fault import QueryFault as QueryFault
from .setting_fault import (
    SettingFault as SettingFault,
    config_fault_in as config_fault_in,
    config_note as config_note,
)
