from .marked_up import (
    FEWEST_ITEMS as FEWEST_ITEMS,
    headings_in as headings_in,
    item_boxes as item_boxes,
    items_in as items_in,
    told_by_text as told_by_text,
)
from .page_item import (
    ItemisedText as ItemisedText,
    PageItem as PageItem,
    is_named_live as is_named_live,
    is_overview as is_overview,
    under_headings as under_headings,
)
from .remarks import remarks_in as remarks_in
from .sign_ups import drop_sign_ups as drop_sign_ups
from .united import united as united
