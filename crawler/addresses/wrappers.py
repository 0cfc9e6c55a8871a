"""Addresses that contain another one: consent walls, counters of clicks, caches, archives."""

from __future__ import annotations

import re
from urllib.parse import SplitResult, parse_qs, unquote, urljoin, urlsplit, urlunsplit

# Consent walls (DPG Media and the like) and logins carry the address of the page in a parameter.
_WALL_HOST = re.compile(r"(?:^|\.)(?:myprivacy|consent|privacygate|cookie-?wall|login)\.")
_WALL_PATH = re.compile(
    r"/(?:privacygate-confirm|privacy-?(?:gate|wall)(?:/accept[\w-]*)?|(?:cookie-?)?consent"
    r"|cookies?|cookie-?(?:wall|muur|melding)|login|inloggen|signin)/?$"
)
_WALL_PARAMETERS = (
    *("callbackUrl", "redirectUri", "redirectUrl", "redirect_uri", "redirect_url", "redirect"),
    *("continue", "returnUrl", "returnTo", "return_url", "return_to", "return", "target", "done"),
    *("next", "destination", "url"),
)
# Paths of programs that send a reader on, to the address in a parameter.
_ONWARD_PATH = re.compile(r"/(?:redirect|redir|away|goto|exit|out|click|l)(?:\.(?:php|aspx?))?/?$")
_ONWARD_PARAMETERS = ("url", "u", "to", "target", "dest", "destination", "q")
_ONWARD = re.compile(
    r"^https?://(?:href\.li|anonym\.to|nullrefer\.com|dereferer\.me)/\?(?P<inner>https?:.+)"
)

# Services through which a link leads: hosts, path, and the parameter with the address.
_COUNTERS = tuple(
    (re.compile(rf"(?:^|\.)(?:{hosts})$"), re.compile(path), names)
    for hosts, path, names in (
        (r"google\.[a-z.]{2,6}", r"/url$", ("q", "url")),
        (r"(?:l|lm)\.facebook\.com|facebook\.com", r"/l\.php$", ("u",)),
        (r"l\.instagram\.com|l\.threads\.(?:com|net)", r"/$", ("u",)),
        (r"t\.umblr\.com", r"/redirect$", ("z",)),
        (r"out\.reddit\.com", r"/", ("url",)),
        (r"(?:www\.)?linkedin\.com", r"/(?:redir/redirect|safety/go)/?$", ("url",)),
        (r"safelinks\.protection\.outlook\.com", r"/", ("url",)),
        (r"duckduckgo\.com", r"/l/?$", ("uddg",)),
        (r"youtube\.com", r"/redirect$", ("q",)),
        (r"vk\.com", r"/away\.php$", ("to",)),
        (r"steamcommunity\.com", r"/linkfilter/?$", ("url", "u")),
        (r"slack-redir\.net", r"/link$", ("url",)),
        (r"translate\.google\.[a-z.]{2,6}", r"/(?:translate|website)$", ("u",)),
        (r"bing\.com", r"/news/apiclick\.aspx$", ("url",)),
        (r"news\.google\.com", r"/news/url$", ("url",)),
        (r"feedproxy\.google\.com", r"/", ("url",)),
        (r"12ft\.io", r"/proxy$", ("q",)),
    )
)
# A cache of AMP pages: the address follows its own path, with "s/" before it if it is https.
_AMP_CACHE = re.compile(
    r"^https?://(?:(?:[^/]+\.)?(?:cdn\.ampproject\.org|bing-amp\.com)/(?:wp|[civ])"
    r"|www\.(?:google\.[a-z.]+|bing\.com)/amp)/"
    r"(?P<tls>s/)?(?P<rest>.+)"
)
_VIDEO = re.compile(
    r"^https?://(?:youtu\.be|(?:www\.|m\.)?youtube(?:-nocookie)?\.com/(?:shorts|live|embed|v))"
    r"/(?P<id>[\w-]{11})(?=[/?#]|$)"
    r"|^https?://(?:www\.|m\.)?youtube\.com/watch\?(?:.+&)?v=(?P<watched>[\w-]{11})(?=&|#)"
    r"|^https?://(?:www\.|m\.)?youtube\.com/watch\?.+&v=(?P<last>[\w-]{11})$"
)
_DEFENSE_3 = re.compile(r"^https?://urldefense\.(?:com|us)/v3/__(?P<inner>https?:.+?)__;")
_DEFENSE_2 = re.compile(r"^https?://urldefense\.proofpoint\.com/v2/url\?")
# Services that show a page without its site: the address follows theirs.
_READER = re.compile(
    r"^https?://(?:www\.)?(?:12ft\.io|1ft\.io|outline\.com|r\.jina\.ai|smry\.ai"
    r"|removepaywalls?\.com)/(?P<inner>https?:/.+)"
)
_TRANSLATED = re.compile(r"^(?P<host>[a-z0-9-]+)\.translate\.goog$", re.IGNORECASE)
_ARCHIVED = re.compile(
    r"^https?://(?:web\.archive\.org/web|archive\.(?:org|ph|is|today|fo|li|md|vn))/"
    r"(?:(?:\d{1,14}(?:[a-z]{2}_|\*)?|\*|\d{4}\.\d\d\.\d\d-\d{6}|latest|newest|oldest)/)?"
    r"(?P<inner>https?:/.+)"
)
# A copy that Google kept; its query names the address, a mark of the copy and words to show in it.
_GOOGLE_CACHE = re.compile(r"^https?://webcache\.googleusercontent\.com/search\?")
_CACHED = re.compile(r"cache:(?:[\w-]{6,}:)?(?P<scheme>https?://)?(?P<rest>[^\s/:]+\.[^\s]+)")


def inner_addresses(address: str) -> list[str]:
    """The addresses that this one contains, as written, the most likely first; mostly none."""
    if cached := _AMP_CACHE.match(address):
        return [("https://" if cached["tls"] else "http://") + cached["rest"]]
    if video := _VIDEO.match(address):
        name = video["id"] or video["watched"] or video["last"]
        return [f"https://www.youtube.com/watch?v={name}"]
    if shown := _DEFENSE_3.match(address) or _READER.match(address) or _ONWARD.match(address):
        return [_with_two_slashes(shown["inner"])]
    parts = urlsplit(address)
    if translated := _TRANSLATED.match(parts.netloc):
        return [_untranslated(parts, translated["host"])]
    if _DEFENSE_2.match(address):
        (written,) = parse_qs(parts.query).get("u", [""])[:1] or [""]
        return [unquote(written.replace("-", "%").replace("_", "/"))]
    names, onward = _parameters(parts), _ONWARD_PATH.search(parts.path)
    given = parse_qs(parts.query) if names or onward else {}
    found = [_joined(address, given[name][0]) for name in names if name in given]
    sent_on = (given[name][0] for name in _ONWARD_PARAMETERS if onward and name in given)
    return [*found, *(one for one in sent_on if one.startswith(("https://", "http://")))]


def archived_address(address: str) -> str:
    """The address of the page of which this is the copy in a web archive; "" if it is no copy."""
    if found := _ARCHIVED.match(address):
        return _with_two_slashes(found["inner"])
    if not _GOOGLE_CACHE.match(address):
        return ""
    asked = _CACHED.match(parse_qs(urlsplit(address).query).get("q", [""])[0])
    return (asked["scheme"] or "http://") + asked["rest"] if asked else ""


def _untranslated(parts: SplitResult, host: str) -> str:
    """The address of a page that Google shows in another language: its host has "-" for "."."""
    plain = host.replace("--", "\n").replace("-", ".").replace("\n", "-")
    kept = "&".join(pair for pair in parts.query.split("&") if not pair.startswith("_x_tr_"))
    return urlunsplit((parts.scheme, plain, parts.path, kept, parts.fragment))


def _parameters(parts: SplitResult) -> tuple[str, ...]:
    if _WALL_HOST.search(parts.netloc) or _WALL_PATH.search(parts.path):
        return _WALL_PARAMETERS
    for host, path, names in _COUNTERS:
        if host.search(parts.netloc) and path.match(parts.path):
            return names
    return ()


def _with_two_slashes(address: str) -> str:
    """The address as it was before a server joined its two slashes."""
    return re.sub(r"^(https?:)/+", r"\1//", address)


def _joined(base: str, reference: str) -> str:
    if "/" not in reference:  # escaped twice
        reference = unquote(reference)
    try:
        return urljoin(base, reference.strip())
    except ValueError:
        return ""
