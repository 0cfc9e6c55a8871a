from .delivery_fault import (
    DeliveryFault as DeliveryFault,
    delivery_fault_in as delivery_fault_in,
    delivery_note as delivery_note,
)
