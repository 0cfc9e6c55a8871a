from .feed import parse_feed as parse_feed
from .listing import (
    ChildSitemap as ChildSitemap,
    Listing as Listing,
    kind_of as kind_of,
)
from .newest import newest as newest
from .repair import repaired as repaired
from .section import (
    FoundFeed as FoundFeed,
    feeds_of_home_page as feeds_of_home_page,
    parse_section as parse_section,
)
from .sitemap import (
    MAX_BYTES as MAX_BYTES,
    parse_sitemap as parse_sitemap,
)
from .xml import (
    Element as Element,
    XmlFault as XmlFault,
    root_of as root_of,
)
