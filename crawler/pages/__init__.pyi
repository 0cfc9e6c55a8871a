from .extract import (
    article_from_entry as article_from_entry,
    extract_article as extract_article,
    extract_page as extract_page,
)
from .markup import tree_of as tree_of
from .metadata import metadata_of as metadata_of
from .several_pages import (
    MOST_PAGES as MOST_PAGES,
    ArticlePart as ArticlePart,
    joined_pages as joined_pages,
    only_repeats as only_repeats,
)
from .walls import (
    Page as Page,
    Treatment as Treatment,
    Wall as Wall,
    treatment as treatment,
    wall_of as wall_of,
)
