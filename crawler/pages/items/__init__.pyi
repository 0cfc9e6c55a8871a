from .marked_up import (
    headings_in as headings_in,
    item_boxes as item_boxes,
    items_in as items_in,
)
from .page_item import (
    ItemisedText as ItemisedText,
    PageItem as PageItem,
    is_named_live as is_named_live,
    is_overview as is_overview,
    under_headings as under_headings,
)
from .united import united as united
