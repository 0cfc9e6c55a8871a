from .feed_choice import (
    choice_of as choice_of,
    outlet_name as outlet_name,
)
from .look import (
    ArticlePage as ArticlePage,
    FailedLook as FailedLook,
    FaultyPage as FaultyPage,
    ListLook as ListLook,
    Look as Look,
    PageLook as PageLook,
    confidence_today as confidence_today,
    suggestion as suggestion,
    twins as twins,
)
from .probe import Prober as Prober
from .site import candidates as candidates
