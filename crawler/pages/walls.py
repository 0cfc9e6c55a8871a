"""Walls between a reader and an article: consent, payment, bot filters, maintenance."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import field
from enum import StrEnum
from urllib.parse import urlsplit

from lxml.html import HtmlElement

from crawler.frozen import dataclass
from crawler.pages.texts.gates import in_name, is_named_closed, places_of, says_closed
from crawler.text.comparable import comparable
from crawler.text.plain import plain_text


class Wall(StrEnum):
    """What came instead of an article, or stands in the middle of one."""

    DPG_CONSENT = "dpg-consent"
    COOKIE_SHELL = "cookie-shell"
    CHALLENGE = "challenge"  # "prove that you are human"
    BOT_BLOCK = "bot-block"
    RATE_LIMIT = "rate-limit"
    MAINTENANCE = "maintenance"
    HARD_PAYWALL = "hard-paywall"
    METERED_PAYWALL = "metered-paywall"


class Treatment(StrEnum):
    """What a caller does with a page behind a wall. Its own text is stored only with `EXTRACT`."""

    EXTRACT = "extract"  # the page gives a part of the article: store that, marked partial
    ENTRY = "entry"  # the page gives nothing and will not: store the feed's text, marked partial
    LATER = "later"  # the page may be there later: store nothing, the page stays wanted


_TREATMENTS = {
    Wall.DPG_CONSENT: Treatment.ENTRY,
    Wall.COOKIE_SHELL: Treatment.ENTRY,
    Wall.CHALLENGE: Treatment.ENTRY,
    Wall.BOT_BLOCK: Treatment.ENTRY,
    Wall.RATE_LIMIT: Treatment.LATER,
    Wall.MAINTENANCE: Treatment.LATER,
    Wall.HARD_PAYWALL: Treatment.EXTRACT,
    Wall.METERED_PAYWALL: Treatment.EXTRACT,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One answer to a request for a page; `url` is where it came from after redirects."""

    url: str
    body: bytes
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    requested_url: str = ""


def treatment(wall: Wall) -> Treatment:
    """What to do with a page behind this wall."""
    return _TREATMENTS[wall]


def wall_of(page: Page) -> Wall | None:
    """The wall that this answer is or contains, or None if it may be read as an article.

    A page that does not exist (404, 410) or a server's fault (500, 502) is no wall.
    """
    headers = {name.lower(): value.lower() for name, value in page.headers.items()}
    text = small_letters(page.body)
    shell = len(page.body) < _LARGEST_SHELL and not _ARTICLE_MARK.search(text)
    if _is_dpg_consent(page, headers, text, shell=shell):
        return Wall.DPG_CONSENT
    if page.status >= _FIRST_ERROR:
        return _refusal(page.status, headers, text)
    if _COOKIE_HOST.search(_host(page.url.lower())):
        return Wall.COOKIE_SHELL
    return (_shell(page, headers, text) if shell else None) or paywall_in(text)


# All chosen; no measurement is known. Pages with articles usually have 40 kB and more; pages for
# consent, challenges and maintenance have a fraction of that.
_ENOUGH = 600_000  # bytes in which a wall shows itself
_LARGEST_SHELL = 60_000  # bytes
_MOST_SHELL_WORDS = 250
_FIRST_ERROR = 400
_REFUSALS = {401, 402, 403, 406, 451}
_TOO_MANY, _UNAVAILABLE = 429, 503

_DPG_HOST = re.compile(r"^myprivacy\.|\.myprivacy\.")
_DPG_NAME = "dpg media privacy gate"
_DPG_TITLE = re.compile(rf"<title[^>]*>\s*{_DPG_NAME}")
_DPG_CONFIRM = "privacygate-confirm"
_ARTICLE_MARK = re.compile(
    r"<article[\s>]|article:published_time|itemprop=[\"']?articlebody"
    r"|\"@type\"\s*:\s*\[?\s*\"(?:news|reportagenews|opinionnews|analysisnews|blog|live)?"
    r"(?:article|blogposting|posting)\""
    r"|(?:og:type[\"']\s+content|content=[\"']article[\"']\s+property)=[\"'](?:article|og:type)"
)
_CHALLENGE_HEADERS = ("cf-mitigated", "x-datadome", "x-datadome-cid", "x-amzn-waf-action")
_CHALLENGE_MARK = re.compile(
    r"_cf_chl_opt|cf-chl-|<title>just a moment|captcha-delivery\.com|px-captcha|_incapsula_resource"
    r"|incapsula incident|pardon our interruption|awswafcookiedomainlist|gokuprops|g-recaptcha"
    r"|h-captcha|cf-turnstile|(?:bevestig|bewijs|controleren|verifieer|verifiëren) dat (?:je|u) "
    r"(?:een mens|geen robot)|(?:ben je|bent u) een (?:mens|robot)|verify you are (?:a )?human"
    r"|ongebruikelijk verkeer|are you a robot"
)
_COOKIE_HOST = re.compile(r"^(?:consent|cookiewall|cookie)\.")
_COOKIE_PLACE = re.compile(r"/cookie-?(?:wall|consent|muur)(?:/|$)")
_COOKIE_WORDS = re.compile(
    r"cookies? (?:accepteren|toestaan|weigeren)|accepteer|toestemming|akkoord"
    r"|cookie-?(?:instellingen|beleid|voorkeuren|wall)|alles (?:accepteren|weigeren)"
    r"|privacy-?(?:instellingen|voorkeuren|verklaring)"
    r"|(?:accept|reject) all|use cookies|value your privacy|manage (?:preferences|cookies)"
)
_FEWEST_COOKIE_WORDS = 2  # chosen: one alone may also stand on a page with an article
_REPAIR_PLACE = re.compile(r"/(?:onderhoud|maintenance|storing)(?:/|\.html?$|$)")
_REPAIR_WORDS = re.compile(
    r"(?:wegens|vanwege|door) (?:\w+ )?(?:onderhoud|(?:een )?storing|werkzaamheden)"
    r"|(?:site|pagina|app) is (?:\w+ )?(?:tijdelijk|momenteel|even|op dit moment) (?:\w+ )?"
    r"(?:niet|onbereikbaar|offline|uit de lucht)"
    r"|tijdelijk (?:niet (?:bereikbaar|beschikbaar)|onbereikbaar|uit de lucht)"
    r"|(?:we|wij) zijn (?:zo|snel|straks) (?:weer )?terug|under maintenance"
    r"|onderhoud aan (?:onze|de) (?:web)?site|probeer het (?:later|over enkele|over een paar) "
)
# A wall addresses its reader and speaks about itself. News has sentences about others.
_SPEAKS = re.compile(r"\b(?:je|jij|jouw|u|uw|we|wij|onze|deze|your?|our)\b|\b(?:web)?site|pagina")
_OF_WALLS = re.compile(
    _SPEAKS.pattern + r"|cookie|privacy|toestemming|akkoord|accept|voorkeur|instelling|advertenti"
    r"|gegevens|partners|browser|javascript|captcha|robot"
)
_SENTENCE = re.compile(r"(?:[^\s.!?]+ ){4,}[^\s.!?]+(?=[.!?])")
_WORDS_OF_NEWS = 40  # chosen: two or three sentences of news


def _is_dpg_consent(page: Page, headers: Mapping[str, str], text: str, *, shell: bool) -> bool:
    places = (page.url.lower(), headers.get("location", ""))
    if any(_DPG_HOST.search(_host(url)) or _DPG_CONFIRM in url for url in places):
        return True
    head = text[:_LARGEST_SHELL]
    if _DPG_NAME in head and _DPG_TITLE.search(head):  # the plain search is fast and mostly enough
        return True
    return shell and _DPG_CONFIRM in text


def _refusal(status: int, headers: Mapping[str, str], text: str) -> Wall | None:
    asks = any(name in headers for name in _CHALLENGE_HEADERS) or _CHALLENGE_MARK.search(text)
    if status == _TOO_MANY:
        return Wall.RATE_LIMIT
    if status in _REFUSALS:
        return Wall.CHALLENGE if asks else Wall.BOT_BLOCK
    if status == _UNAVAILABLE:
        return Wall.CHALLENGE if asks else Wall.MAINTENANCE
    return None


def _shell(page: Page, headers: Mapping[str, str], text: str) -> Wall | None:
    """Which wall a small page without any mark of an article is, if any."""
    if "cf-mitigated" in headers:
        return Wall.CHALLENGE
    seen = plain_text(text)
    if len(seen.split()) > _MOST_SHELL_WORDS or _tells_news(seen):
        return None
    if _CHALLENGE_MARK.search(text):
        return Wall.CHALLENGE
    if wall := _wall_at(page):
        return wall
    if _asks_for_cookies(seen):
        return Wall.COOKIE_SHELL
    return Wall.MAINTENANCE if _REPAIR_WORDS.search(seen) and _SPEAKS.search(seen) else None


def _tells_news(seen: str) -> bool:
    """Whether enough sentences neither address the reader nor mention what walls are about."""
    sentences = (found[0] for found in _SENTENCE.finditer(seen))
    told = (sentence for sentence in sentences if not _OF_WALLS.search(sentence))
    return sum(len(sentence.split()) for sentence in told) >= _WORDS_OF_NEWS


def _asks_for_cookies(seen: str) -> bool:
    """Whether several words of a cookie question stand in lines that address the reader."""
    lines = [line for line in seen.split("\n") if _COOKIE_WORDS.search(line) or "cookie" in line]
    words = {word for line in lines for word in _COOKIE_WORDS.findall(line)}
    return (
        len(words) >= _FEWEST_COOKIE_WORDS
        and any("cookie" in line or "privacy" in line for line in lines)
        and any(_SPEAKS.search(line) for line in lines)
    )


def _wall_at(page: Page) -> Wall | None:
    """The wall that is named in the address to which the request was redirected."""
    try:
        path, asked = (urlsplit(url.lower()).path for url in (page.url, page.requested_url))
    except ValueError:
        return None
    if path == asked:
        return None
    if _COOKIE_PLACE.search(path):
        return Wall.COOKIE_SHELL
    return Wall.MAINTENANCE if _REPAIR_PLACE.search(path) else None


def _host(url: str) -> str:
    return url.partition("://")[2].partition("/")[0]


_SAYS_FREE = re.compile(r"isaccessibleforfree\"\s*:\s*\"?(?:(?P<free>true)|(?:false|nee|no|0))\b")
_SAYS_PAID = re.compile(
    r"ispaidcontent[\"']?\s+content=[\"']?(?:true|1|yes)"
    r"|content_tier[\"']?\s+content=[\"']?(?:locked|metered)"
)
_METERED = re.compile(r"content_tier[\"']?\s+content=[\"']?metered")
_BARRIERS = (
    *("paywall", "betaalmuur", "abonneemuur", "premium-gate", "premiumgate", "login-wall"),
    *("registration-wall", "subscription-wall", "subscribe-wall", "article-gate", "regwall"),
    *("loginwall", "premium-wall", "plus-wall", "plus-gate", "meter-wall", "metered-wall"),
    *("content-gate", "content-lock", "lock-content", "tp-container", "poool-widget", "pay-wall"),
    *("subscribe-overlay", "subscription-overlay", "article-barrier", "upgrade-cta"),
)
_BARRIER_WORDS = re.compile(
    r"(?:lees|verder) (?:\w+ ){0,3}(?:met een (?:\w+ )?abonnement|als abonnee)"
    r"|(?:word|ben je|bent u) (?:al |nu )?(?:abonnee|lid)(?:\?| en lees| om)|al abonnee\?"
    r"|(?:exclusief|alleen)(?: toegankelijk)? voor (?:\w+ )?abonnees|verder lezen\?"
    r"|(?:log in|registreer|account(?: aan)?) (?:\w+ ){0,2}om (?:dit artikel )?(?:verder )?te lezen"
    r"|dit (?:artikel )?is een (?:premium|plus)-?artikel|(?:neem|kies) een (?:proef)?abonnement"
)
_METER_WORDS = re.compile(
    r"gratis artikel(?:en|s)? (?:\w+ ){0,4}(?:gelezen|over|bereikt|(?:deze|per) (?:maand|week))"
    r"|nog \w+ gratis artikel|maximum ?aantal artikelen"
)
_AROUND = 160  # characters; chosen
_MOST_LOOKS = 60  # chosen: bounds the work on a page that repeats a word


def small_letters(html: bytes) -> str:
    """The beginning of a page with ASCII in lower case, in which the marks of walls are found."""
    return html[:_ENOUGH].lower().decode("utf-8", "replace")


def paywall_in(text: str) -> Wall | None:
    """The paywall in an article's HTML (in lower case), or None if the text seems complete.

    A single sign is not enough: every page of a paper asks its readers somewhere to subscribe, and
    a page that is marked as paid may still carry its whole text. But a sentence that says that
    this article goes on for subscribers alone is, and so is a name of a wall that is shown now.
    """
    said = [
        found["free"]
        for part in _around(text, "isaccessibleforfree")
        for found in _SAYS_FREE.finditer(part)
    ]
    paid = None in said or _any(text, _SAYS_PAID, "ispaidcontent", "content_tier")
    if said and not paid:
        return None
    if is_named_closed(text):
        return Wall.HARD_PAYWALL
    metered = _any(text, _METER_WORDS, "gratis artikel", "aantal artikelen")
    if not metered and says_closed(text):
        return Wall.HARD_PAYWALL
    asked = metered or _any(text, _BARRIER_WORDS, "abonne", "verder lezen", "te lezen")
    if not (paid or asked):
        return None
    barrier = any(in_name(text, at) for word in _BARRIERS for at in _places(text, word))
    if barrier and (metered or _any(text, _METERED, "content_tier")):
        return Wall.METERED_PAYWALL
    return Wall.HARD_PAYWALL if paid + barrier + asked > 1 else None


def _any(text: str, pattern: re.Pattern[str], *words: str) -> bool:
    """Whether the pattern is found near one of the words; a plain search for words is fast."""
    return any(pattern.search(part) for word in words for part in _around(text, word))


def _around(text: str, word: str) -> Iterator[str]:
    return (text[max(0, at - _AROUND) : at + _AROUND] for at in _places(text, word))


def _places(text: str, word: str) -> Iterator[int]:
    return places_of(word, text, most=_MOST_LOOKS)


# Chosen: the start that a wall leaves is shorter than the first (words); of a part for subscribers
# that is in hand, the page has as many letters as the second says; no wall lets more words through
# than the third; what is sold has more words than the fourth.
_LONGEST_START, _LEAST_PART, _LONG, _LEAD = 250, 200, 500, 40
_LEAST_LINE = 80  # letters of a last paragraph that should end as a sentence does
_HALF, _WHOLE = 0.5, 0.8  # shares of the words that a page says its article has
_CUT = re.compile(r"(?:\.\.\.|…)[\])\"'”’]*\s*$")
_ENDED = re.compile(r"[.!?:;…*)\]\"'”’“»。！？」』]\s*$")  # noqa: RUF001 - ends of other scripts
_SIMPLE = re.compile(r"^[\w-]*([.#])([\w-]+)$")


@dataclass(frozen=True, slots=True)
class PaymentSigns:
    """What a page says of payment, and the text of the parts for subscribers that it has."""

    walled: bool
    paid: bool | None
    text: str = ""


def is_cut(text: str) -> bool:
    """Whether a text ends with dots that stand for the rest of it."""
    return bool(_CUT.search(text))


def text_is_missing(body: str, gate: PaymentSigns, *, words: int | None) -> bool:
    """Whether a page gave a part of its text only, judging by that text first.

    A wall hides nothing if the page says that it is free, has its part for subscribers, or gives
    far more than a wall leaves. A number of words alone proves no loss: many count readers' words.
    """
    if not body or gate.paid is False:
        return not body
    share = len(body.split()) / words if words else None
    last = body.rpartition("\n\n")[2]
    broken = is_cut(last) or (len(last) >= _LEAST_LINE and not _ENDED.search(last))
    few = share is not None and share < _HALF
    if share is not None and share >= _WHOLE and not is_cut(last):
        return False
    if broken:  # the last line of a long text may be a credit
        short = is_cut(last) or len(body.split()) < _LONG
        return few or (short and bool(gate.walled or gate.paid))
    if _in_hand(body, gate.text):
        return False
    if gate.paid and len(body.split()) < (_LONGEST_START if few else _LEAD):
        return True
    return gate.walled and (few or len(body.split()) < _LONGEST_START)


def text_of_parts(tree: HtmlElement, selectors: Iterable[str]) -> str | None:
    """The text of the parts of a page that simple CSS selectors (`.name`, `#name`) point at.

    None if there is no such part; "" if there is one that shows nothing.
    """
    simple = (found.groups() for one in selectors if (found := _SIMPLE.match(one.strip())))
    wanted = {("class" if kind == "." else "id", name) for kind, name in simple}
    texts = [
        " ".join(element.itertext())
        for attribute in sorted({attribute for attribute, _ in wanted})
        for element in tree.iterfind(f".//*[@{attribute}]")
        if any((attribute, name) in wanted for name in (element.get(attribute) or "").split())
    ]
    return comparable(" ".join(texts)) if texts else None


def _in_hand(body: str, gated: str) -> bool:
    paragraphs = body.split("\n\n")
    return sum(len(one) for one in paragraphs if comparable(one) in gated) >= _LEAST_PART
