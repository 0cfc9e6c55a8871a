from .extract import (
    article_from_entry as article_from_entry,
    extract_article as extract_article,
)
from .markup import tree_of as tree_of
from .metadata import metadata_of as metadata_of
from .walls import (
    Page as Page,
    Treatment as Treatment,
    Wall as Wall,
    treatment as treatment,
    wall_of as wall_of,
)
