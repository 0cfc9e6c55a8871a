from .feed_choice import (
    choice_of as choice_of,
    outlet_name as outlet_name,
)
from .look import (
    Look as Look,
    confidence_today as confidence_today,
    suggestion as suggestion,
    twins as twins,
)
from .probe import Prober as Prober
from .site import candidates as candidates
