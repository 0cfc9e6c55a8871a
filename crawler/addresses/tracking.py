"""Parameters of an address that say how or when a reader came, not which article is meant."""

from __future__ import annotations

import re
from functools import lru_cache


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# Only ever used for counting. Any other parameter may be the article's id.
_PREFIXES = (
    *("utm_", "mc_", "ns_", "cmp", "referrer", "_ga", "_hs", "at_", "pk_", "mtm_", "matomo_"),
    *("piwik_", "wt_", "oly_", "vero_", "itm_", "gs_", "mkt_", "traffic_", "aspsessionid"),
)
_NAMES = _words(
    "fbclid gclid dclid msclkid gbraid wbraid gclsrc twclid ttclid yclid li_fat_id igshid igsh _gl "
    "referer xtor s_cid sc_cid icid ito ncid smid smtyp taid itid bxid referringsource "
    "unlocked_article_code loggedin"
    # a reader's session
    " phpsessid jsessionid cfid cftoken oscsid zenid sessionid session_id sessid sess_id"
    # the remark below an article that a reader answers, likes or has just made
    " replytocom like_comment unapproved moderation-hash showcomment"
)
# These are tracking only with such a value: "source=rss" is tracking, "source=12345" is an id.
_CARRIER_NAMES = _words("source src from ref via origin medium channel feature partner")
_CARRIERS = _words(
    "rss rssfeed rss-feed rss_feed feed atom twitter x facebook whatsapp telegram linkedin "
    "bluesky instagram newsletter nieuwsbrief mail email e-mail push app share social youtu.be"
)
# A session of some programs has a short name and a long value, in which letters and digits mix.
_SESSION_NAMES = _words("sid s sess session")
_SESSION = re.compile(r"(?=[a-z]*\d)(?=\d*[a-z])[0-9a-z]{26,}|[0-9a-f]{26,}")
# If the path alone names the article, these are tracking too. courlan has the long list.
_BESIDE_A_PATH = _words(
    "nb u ref source channel share emc esrc cndid cookie_check usqp aoh amp_js_v"
    # who shared it, and where
    " s t si gift giftlink gift_token sharetoken sharetype share_id ocid srsltid spm tpcc trk mod"
    " reflink cid ctid ecid mbid intcid rss fromrss __twitter_impression guccounter soc_src soc_trk"
    " hss_channel tblci dicbo sref srnd leadsource recirc sr_share app fromapp linkid reduced gepc"
    # what makes each request another one
    " _ cache nocache rnd rand random ts timestamp"
)


def is_tracking(name: str, value: str) -> bool:
    """Whether a parameter (its name in small letters) is tracking in every address."""
    return (
        name in _NAMES
        or name.startswith(_PREFIXES)
        or (name in _CARRIER_NAMES and value in _CARRIERS)
        or (name in _SESSION_NAMES and _SESSION.fullmatch(value) is not None)
    )


def is_tracking_beside_a_path(name: str) -> bool:
    """Whether a parameter is tracking in an address whose path alone names the article."""
    return name in _BESIDE_A_PATH or _kept_list().search(name) is not None


@lru_cache(maxsize=1)
def _kept_list() -> re.Pattern[str]:
    # Imported late: most addresses have no parameters, and courlan imports much.
    from courlan.clean import TRACKERS_RE

    return TRACKERS_RE
