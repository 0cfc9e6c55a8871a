from .article_key import (
    article_id as article_id,
    article_key as article_key,
    outlet_slug as outlet_slug,
)
from .canonical import (
    address_key as address_key,
    agreed_address as agreed_address,
    canonical_address as canonical_address,
)
from .links import (
    is_web_address as is_web_address,
    web_address as web_address,
)
from .proxy import (
    DIRECT as DIRECT,
    Proxy as Proxy,
    proxy_of as proxy_of,
)
