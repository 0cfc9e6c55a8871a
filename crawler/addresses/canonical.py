"""One spelling for each address, whichever feed, wall or page it came from."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from urllib.parse import SplitResult, unquote, urljoin, urlsplit

from crawler.addresses.site_ids import AMP_PATH, bare_host, site_id
from crawler.addresses.tracking import is_tracking, is_tracking_beside_a_path
from crawler.addresses.wrappers import archived_address, inner_addresses

# Chosen: far longer than an article's address, so that keys, rows and log lines stay small.
_LONGEST = 4_096
_LONGEST_GIVEN = 65_536  # chosen: a wrapped address may be longer; beyond this nothing is parsed
_LONGEST_HOST = 253  # characters: what the 255 octets of RFC 1035, 2.3.4 leave for the text
_DEEPEST_WRAPPING = 8  # chosen: bounds the work on an address that wraps another, and so on
# What is skipped before an address. Most ids in feeds are none, which the first letter shows.
_CONTROLS = "".join(map(chr, range(33)))
_DEFAULT_PORTS = {"http": 80, "https": 443}
_HOST = re.compile(r"[a-z0-9_-]+(?:\.[a-z0-9_-]+)*|\[[0-9a-f:.]+\]", re.ASCII)
_ESCAPED_OR_FOREIGN = re.compile(
    r"%(?P<hex>[0-9a-f]{2})|[^a-z0-9._~!$&'()*+,;=:@/?-]", re.ASCII | re.IGNORECASE
)
_UNRESERVED = re.compile(r"[A-Za-z0-9._~-]", re.ASCII)
_AMPERSAND = re.compile(r"^(?:amp;)+")  # the rest of an "&amp;" that nobody decoded
_SESSION = re.compile(
    r";(?:jsessionid|phpsessid)=[^/;]*|;(?:sid|s|sess|session)=[0-9a-z]{20,}|/\(S\([a-z0-9]{10,40}\)\)",
    re.ASCII | re.IGNORECASE,
)
_ROUTES = ("!", "/")  # what a fragment begins with that names a page


@lru_cache(maxsize=512)  # those of a list or a page are asked for several times
def canonical_address(url: str) -> str:
    """The one spelling of an http or https address; the empty string for anything else.

    Scheme and host are in lower case. Credentials, the default port and the fragment are removed
    (`#!` and `#/` stay: there a site that is one program names its pages). Escapes have one form
    (RFC 3986, 6.2.2). Parameters are sorted, without those for tracking. An address that a consent
    wall or a counter of clicks carries inside its own is used instead. It never raises, and the
    canonical address of a canonical address is itself.
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
    route = parts.fragment.partition(":~:")[0]  # what follows is a place in the text
    fragment = _escaped(route) if route.startswith(_ROUTES) else ""
    address = f"{parts.scheme}://{authority}{path}"
    address += (f"?{query}" if query else "") + (f"#{fragment}" if fragment else "")
    return address if len(address) <= _LONGEST else ""


def _split(url: str) -> SplitResult | None:
    text = url.strip().replace("\\", "/")  # browsers read a backslash as a slash
    if len(text) > _LONGEST_GIVEN or not text.lstrip(_CONTROLS).startswith(("h", "H")):
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
    kept = [pair for pair in pairs if pair[0] and not is_tracking(pair[0].lower(), pair[2].lower())]
    return "&".join("".join(pair) for pair in sorted(kept, key=lambda pair: pair[0]))


def _inside(address: str) -> str:
    """The address that this one wraps, in its one spelling; the empty string if it wraps none."""
    return next(filter(None, map(_spelled, inner_addresses(address))), "")


def _joined(base: str, reference: str) -> str:
    try:
        return urljoin(base, reference.strip())
    except ValueError:
        return ""


_AMP_PARAMETER = re.compile(
    r"_?amp(?:=(?:1|true|yes)?)?"
    r"|(?:output(?:type)?|view|mode|m|type|format|layout|display)=amp(?:-type|html)?",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"\d+", re.ASCII)
_LONE_ID = re.compile(r"\d{5,}", re.ASCII)  # chosen: shorter ones are years, pages and counters
_SLUG = re.compile(r"[^-_]+(?:[-_][^-_]+){2,}|\d{5,}")
_DOCUMENT = re.compile(r"\.(?:html?|xhtml)$")


def agreed_address(url: str, rel_canonical: str | None, og_url: str | None) -> str:
    """The canonical address of a page, as the page itself gives it if that is credible.

    `rel=canonical`, then `og:url`, is followed only to the same article on the same site: a prefix
    `www.`, `amp.`, `m.` or `mobile.` makes no other one, nor does another country of one name
    (`bbc.com`, `bbc.co.uk`). A claim that names a home page, a section
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
    short = _SHORT_LINK.fullmatch(f"{here.path}?{here.query}") is not None
    if address == claimed and not short:  # as most pages give it
        return there.path != "/"
    if not _are_sisters(bare_host(here.netloc), bare_host(there.netloc)) or there.path == "/":
        return False
    ids = site_id(address), site_id(claimed)
    if any(ids):
        return ids[0] == ids[1]
    path, claimed_path = _plain_path(here.path), _plain_path(there.path)
    if short:
        return _SLUG.fullmatch(claimed_path.rpartition("/")[2]) is not None
    if path == claimed_path:
        return _query_agrees(path, _parameters(here.query), _parameters(there.query))
    return _paths_agree(path, claimed_path)


_SHORT_LINK = re.compile(r"/\?p=\d+")  # as WordPress gives one to each article
_SECOND_LEVEL = re.compile(r"\.(?:co|com|org)\.[a-z]{2}$")
_FEWEST_IN_A_NAME = 3  # letters; chosen: "nu" says too little


def _are_sisters(host: str, other: str) -> bool:
    """Whether two hosts are one site: the same but for the country, or for "the" before it."""
    if host == other:
        return True
    names = [_SECOND_LEVEL.sub("", one).removeprefix("the") for one in (host, other)]
    names = [
        name if _SECOND_LEVEL.search(one) else name.rpartition(".")[0]
        for name, one in zip(names, (host, other), strict=True)
    ]
    return names[0] == names[1] and len(names[0]) >= _FEWEST_IN_A_NAME


def _plain_path(path: str) -> str:
    return _DOCUMENT.sub("", AMP_PATH.sub("", path).rstrip("/"))


def _parameters(query: str) -> set[str]:
    return {pair for pair in query.split("&") if pair and not _AMP_PARAMETER.fullmatch(pair)}


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


def _names_article(path: str) -> bool:
    """Whether a path names an article without its query: by a long slug, or by date and slug."""
    last = path.rpartition("/")[2]
    return bool(_SLUG.fullmatch(last) or (_DATED.search(path) and "-" in last))


def names_article(address: str) -> bool:
    """Whether a canonical address names an article: by its site's id, a long slug, or its date."""
    return site_id(address) is not None or _names_article(urlsplit(address).path.rstrip("/"))


def archived_page(address: str) -> str:
    """The canonical address of the page whose copy a web archive has here; else the address."""
    original = archived_address(address)
    return (canonical_address(original) if original else "") or address


_DATED = re.compile(r"/20\d\d/[01]?\d/")
_INDEX = re.compile(r"/(?:index|default|home)\.(?:html?|php|aspx?|jsp|cfm)$", re.IGNORECASE)
_PRINT_PATH = re.compile(r"(?<=[^/])/(?:print|komplettansicht)$|-druck(?=\.html$|$)", re.IGNORECASE)
# The program that gives every page of a site, and a page of what readers say below an article.
_FRONT = re.compile(
    r"/index\.php(?=/)|(?<=[^/])(?:/comment-page-\d{1,4})+$", re.IGNORECASE | re.ASCII
)
_OTHER_VIEW = re.compile(
    r"(?:print|mobile|mobiel)(?:=(?:1|true|yes))?|(?:view|output|device)=(?:print|mobile)"
    r"|print=(?:pdf|print|y)|tmpl=component",
    re.IGNORECASE,
)
_BLOGGER_HOST = re.compile(r"(?<=\.)blogspot\.(?:com?\.)?[a-z]{2,3}$")  # one blog in all countries
_BLOGGER_PATH = re.compile(r"/20\d\d/[01]\d/[^/]+\.html", re.ASCII)
_BLOGGER_VIEW = re.compile(r"m=[01]")

_FIRST_PAGE = {"page=1", "pagina=1", "seite=1"}
_LETTERS = re.compile(r"[A-Za-z]?(?:%[89A-F][0-9A-F])+", re.ASCII)


def address_key(address: str) -> str:
    """One address for all spellings of a canonical address.

    Without the difference between http and https, `www.` or not, the mobile, AMP and print forms of
    a page, an index file, a slash at the end, and what tracks readers, `index.php` and the pages of
    remarks beside a path that names the article. A blog of Blogger has one host for all countries.
    """
    parts = urlsplit(address)
    path = re.sub(r"/{2,}", "/", AMP_PATH.sub("", parts.path))
    path = _PRINT_PATH.sub("", _INDEX.sub("/", path).rstrip("/"))
    bare = _FRONT.sub("", path)
    path = bare if _names_article(_DOCUMENT.sub("", bare)) else path
    host = _BLOGGER_HOST.sub("blogspot.com", bare_host(parts.netloc))
    query = _telling_parameters(parts.query, path)
    key = f"https://{host}{_composed(path) or '/'}"
    key += f"?{'&'.join(sorted(query))}" if query else ""
    return key + (f"#{parts.fragment}" if parts.fragment else "")


def _telling_parameters(query: str, path: str) -> set[str]:
    """The parameters that can say which article is meant, beside this path."""
    telling = {pair for pair in _parameters(query) if not _OTHER_VIEW.fullmatch(pair)}
    if telling and _BLOGGER_PATH.fullmatch(path):
        telling = {pair for pair in telling if not _BLOGGER_VIEW.fullmatch(pair)}
    if not telling or not _names_article(_DOCUMENT.sub("", path)):
        return telling
    names = {pair: pair.partition("=")[0].lower() for pair in telling}
    kept = {pair for pair, name in names.items() if not is_tracking_beside_a_path(name)}
    return kept - _FIRST_PAGE


def _composed(path: str) -> str:
    """The path with one spelling of a letter and its accent, which some programs write apart."""
    return _LETTERS.sub(_one_spelling, path) if "%" in path else path


def _one_spelling(found: re.Match[str]) -> str:
    try:
        letters = unquote(found[0], errors="strict")
    except UnicodeDecodeError:  # of another character set
        return found[0]
    return _escaped(unicodedata.normalize("NFC", letters))
