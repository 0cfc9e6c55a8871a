"""One spelling for each address, whichever feed, wall or page it came from."""

from __future__ import annotations

import re
from functools import lru_cache
from urllib.parse import SplitResult, parse_qs, urljoin, urlsplit

from crawler.addresses.site_ids import AMP_PATH, bare_host, site_id

# Chosen: far longer than an article's address, so that keys, rows and log lines stay small.
_LONGEST = 4_096
_LONGEST_GIVEN = 65_536  # chosen: a wrapped address may be longer; beyond this nothing is parsed
_LONGEST_HOST = 253  # characters: what the 255 octets of RFC 1035, 2.3.4 leave for the text
_DEEPEST_WRAPPING = 8  # chosen: bounds the work on an address that wraps another, and so on
_DEFAULT_PORTS = {"http": 80, "https": 443}
_HOST = re.compile(r"[a-z0-9_-]+(?:\.[a-z0-9_-]+)*|\[[0-9a-f:.]+\]", re.ASCII)
_ESCAPED_OR_FOREIGN = re.compile(
    r"%(?P<hex>[0-9a-f]{2})|[^a-z0-9._~!$&'()*+,;=:@/?-]", re.ASCII | re.IGNORECASE
)
_UNRESERVED = re.compile(r"[A-Za-z0-9._~-]", re.ASCII)
_AMPERSAND = re.compile(r"^(?:amp;)+")  # the rest of an "&amp;" that nobody decoded
_SESSION = re.compile(r";(?:jsessionid|phpsessid)=[^/;]*", re.ASCII | re.IGNORECASE)


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# Parameters that only say how a reader came here. Any other may be the article's id.
_TRACKING_PREFIXES = (
    *("utm_", "mc_", "ns_", "cmp", "referrer", "_ga", "_hs", "at_", "pk_", "mtm_", "matomo_"),
    *("piwik_", "wt_", "oly_", "vero_"),
)
_TRACKING_NAMES = _words(
    "fbclid gclid dclid msclkid gbraid wbraid gclsrc twclid ttclid yclid li_fat_id igshid igsh _gl "
    "referer xtor mkt_tok s_cid sc_cid icid ito ncid"
)
# These are tracking only with such a value: "source=rss" is tracking, "source=12345" is an id.
_CARRIER_NAMES = _words("source src from ref via origin medium")
_CARRIERS = _words(
    "rss rssfeed rss-feed rss_feed feed atom twitter x facebook whatsapp telegram linkedin "
    "bluesky instagram newsletter nieuwsbrief mail email e-mail push app share social"
)


@lru_cache(maxsize=16)  # the same few addresses are asked for several times during one page
def canonical_address(url: str) -> str:
    """The one spelling of an http or https address; the empty string for anything else.

    Scheme and host are in lower case. Credentials, the default port and the fragment are removed
    (`#!` stays). Escapes have one form (RFC 3986, 6.2.2). Parameters are sorted, without those for
    tracking. An address that a consent wall carries inside its own is used instead. It never
    raises, and the canonical address of a canonical address is itself.
    """
    address = _spelled(url)
    for _ in range(_DEEPEST_WRAPPING):
        if not (inner := _inside(address)):
            return address
        address = inner
    return ""


def _spelled(url: str) -> str:
    parts = _split(url)
    if parts is None or not (authority := _authority(parts)):
        return ""
    path = _without_dots(_SESSION.sub("", _escaped(parts.path))) or "/"
    query = _query(parts.query)
    fragment = _escaped(parts.fragment) if parts.fragment.startswith("!") else ""
    address = f"{parts.scheme}://{authority}{path}"
    address += (f"?{query}" if query else "") + (f"#{fragment}" if fragment else "")
    return address if len(address) <= _LONGEST else ""


def _split(url: str) -> SplitResult | None:
    text = url.strip().replace("\\", "/")  # browsers read a backslash as a slash
    if len(text) > _LONGEST_GIVEN:
        return None
    try:
        parts = urlsplit(text)
    except ValueError:  # brackets or characters that no host can have
        return None
    return parts if parts.scheme in _DEFAULT_PORTS else None


def _authority(parts: SplitResult) -> str:
    host_and_port = parts.netloc.rpartition("@")[2].lower()
    host, colon, port = host_and_port.rpartition(":")
    if not colon or host_and_port.endswith("]"):
        host, port = host_and_port, ""
    host = _ascii_host(host.rstrip("."))
    if (
        len(host) > _LONGEST_HOST
        or not _HOST.fullmatch(host)
        or not re.fullmatch(r"[0-9]{0,5}", port, re.ASCII)
    ):
        return ""
    shown = bool(port) and int(port) != _DEFAULT_PORTS[parts.scheme]
    return f"{host}:{int(port)}" if shown else host


def _ascii_host(host: str) -> str:
    """The host as the network sees it, in punycode: letters that only look Latin show up."""
    if host.isascii() or len(host) > _LONGEST_HOST:
        return host
    try:
        return host.encode("idna").decode("ascii").lower()
    except UnicodeError:
        return ""


def _escaped(text: str) -> str:
    return _ESCAPED_OR_FOREIGN.sub(_escape, text)


def _escape(found: re.Match[str]) -> str:
    if found["hex"] is None:
        return "".join(f"%{byte:02X}" for byte in found[0].encode("utf-8", "replace"))
    char = chr(int(found["hex"], 16))
    return char if _UNRESERVED.fullmatch(char) else found[0].upper()


def _without_dots(path: str) -> str:
    if "/." not in path:
        return path
    kept: list[str] = []
    segments = path.split("/")
    for segment in segments:
        if segment == ".." and len(kept) > 1:
            kept.pop()
        elif segment not in {".", ".."}:
            kept.append(segment)
    return "/".join(kept) + ("/" if segments[-1] in {".", ".."} and kept[-1] else "")


def _query(query: str) -> str:
    """The parameters that can say which article is meant, sorted by name."""
    pairs = [_AMPERSAND.sub("", _escaped(pair)).partition("=") for pair in query.split("&")]
    kept = [pair for pair in pairs if pair[0] and not _tracks(pair[0].lower(), pair[2].lower())]
    return "&".join("".join(pair) for pair in sorted(kept, key=lambda pair: pair[0]))


def _tracks(name: str, value: str) -> bool:
    return (
        name in _TRACKING_NAMES
        or name.startswith(_TRACKING_PREFIXES)
        or (name in _CARRIER_NAMES and value in _CARRIERS)
    )


# Consent walls (DPG Media and the like) carry the address of the page in a parameter.
_WALL_HOST = re.compile(r"(?:^|\.)(?:myprivacy|consent|privacygate)\.")
_WALL_PATHS = ("/privacygate-confirm", "/consent")
_WALL_PARAMETERS = ("callbackUrl", "redirectUri", "redirectUrl", "continue")
_AMP_CACHE = re.compile(
    r"^https://(?:[^/]+\.cdn\.ampproject\.org/[civ]|www\.google\.[a-z.]+/amp)/(?P<tls>s/)?(?P<rest>.+)"
)


def _inside(address: str) -> str:
    """The address that this one wraps, in its one spelling; the empty string if it wraps none."""
    if cached := _AMP_CACHE.match(address):
        return _spelled(("https://" if cached["tls"] else "http://") + cached["rest"])
    parts = urlsplit(address)
    if not (_WALL_HOST.search(parts.netloc) or parts.path.endswith(_WALL_PATHS)):
        return ""
    given = parse_qs(parts.query)
    targets = (given[name][0] for name in _WALL_PARAMETERS if name in given)
    return next(filter(None, (_spelled(_joined(address, target)) for target in targets)), "")


def _joined(base: str, reference: str) -> str:
    try:
        return urljoin(base, reference.strip())
    except ValueError:
        return ""


_AMP_PARAMETERS = frozenset({"amp", "amp=1", "amp=true", "outputType=amp", "view=amp"})
_NUMBER = re.compile(r"\d+", re.ASCII)
_LONE_ID = re.compile(r"\d{5,}", re.ASCII)  # chosen: shorter ones are years, pages and counters
_SLUG = re.compile(r"[^-_]+(?:[-_][^-_]+){2,}|\d{5,}")
_DOCUMENT = re.compile(r"\.(?:html?|xhtml)$")


def agreed_address(url: str, rel_canonical: str | None, og_url: str | None) -> str:
    """The canonical address of a page, as the page itself gives it if that is credible.

    `rel=canonical`, then `og:url`, is followed only to the same article on the same host; a prefix
    `www.`, `amp.`, `m.` or `mobile.` makes no other host. A claim that names a home page, a section
    or another article is ignored. An https page is never moved to http.
    """
    address = canonical_address(url)
    for claim in (rel_canonical, og_url):
        claimed = canonical_address(_joined(address, claim)) if claim and address else ""
        if claimed and _same_article(address, claimed):
            return re.sub("^http:", "https:", claimed) if address[:6] == "https:" else claimed
    return address


def _same_article(address: str, claimed: str) -> bool:
    """Whether both name one article; in doubt no, since one of two under one key would be lost."""
    here, there = urlsplit(address), urlsplit(claimed)
    if bare_host(here.netloc) != bare_host(there.netloc) or there.path == "/":
        return False
    ids = site_id(address), site_id(claimed)
    if any(ids):
        return ids[0] == ids[1]
    path, claimed_path = _plain_path(here.path), _plain_path(there.path)
    if path == claimed_path:
        return _query_agrees(path, _parameters(here.query), _parameters(there.query))
    return _paths_agree(path, claimed_path)


def _plain_path(path: str) -> str:
    return _DOCUMENT.sub("", AMP_PATH.sub("", path).rstrip("/"))


def _parameters(query: str) -> set[str]:
    return set(query.split("&")) - _AMP_PARAMETERS - {""}


def _query_agrees(path: str, given: set[str], claimed: set[str]) -> bool:
    """Whether the claim has the same parameters, or fewer if the path alone names the article."""
    telling = _SLUG.fullmatch(path.rpartition("/")[2]) is not None
    return claimed == given or (telling and "." not in path and claimed < given)


def _paths_agree(path: str, claimed: str) -> bool:
    """Whether one slug stands under two sections, or a short form has the long form's number."""
    last, claimed_last = path.rpartition("/")[2], claimed.rpartition("/")[2]
    numbers, claimed_numbers = set(_NUMBER.findall(path)), set(_NUMBER.findall(claimed))
    if last == claimed_last:
        same_numbers = numbers == claimed_numbers or not (numbers and claimed_numbers)
        return same_numbers and _SLUG.fullmatch(last) is not None
    lone_ids = {text for text in (last, claimed_last) if _LONE_ID.fullmatch(text)}
    return len(lone_ids) == 1 and lone_ids <= numbers & claimed_numbers
