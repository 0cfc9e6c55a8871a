from .article_key import (
    article_id as article_id,
    article_key as article_key,
    outlet_slug as outlet_slug,
)
from .bare_reference import bare_reference as bare_reference
from .canonical import (
    address_key as address_key,
    agreed_address as agreed_address,
    canonical_address as canonical_address,
    names_article as names_article,
)
from .links import (
    MAX_CHARS as MAX_CHARS,
    is_home as is_home,
    is_web_address as is_web_address,
    web_address as web_address,
    without_login as without_login,
)
from .mended_reference import mended_reference as mended_reference
from .proxy import (
    DIRECT as DIRECT,
    Proxy as Proxy,
    proxy_of as proxy_of,
)
from .site_ids import bare_host as bare_host
