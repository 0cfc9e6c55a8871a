"""The id that an outlet's site puts into the address of an article."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from urllib.parse import SplitResult, urlsplit

from crawler.frozen import dataclass


@dataclass(frozen=True, slots=True)
class SiteShape:
    """Where sites of one family put the id: the named group `id` of `path`.

    `series` is for a site with two series of numbers: the same number may occur in both. With
    `anywhere` the id may also stand in the query or the fragment.
    """

    hosts: tuple[str, ...]
    path: re.Pattern[str]
    series: str = ""
    anywhere: bool = False


def _shape(hosts: str, path: str, series: str = "", *, anywhere: bool = False) -> SiteShape:
    pattern = re.compile(path, re.ASCII | re.IGNORECASE)
    return SiteShape(tuple(hosts.split()), pattern, series, anywhere)


_DPG = (
    "ad.nl volkskrant.nl trouw.nl parool.nl gelderlander.nl bd.nl ed.nl tubantia.nl bndestem.nl "
    "pzc.nl destentor.nl hln.be demorgen.be"
)
_MEDIAHUIS = (
    "nieuwsblad.be standaard.be gva.be hbvl.be limburger.nl noordhollandsdagblad.nl "
    "leidschdagblad.nl haarlemsdagblad.nl gooieneemlander.nl ijmuidercourant.nl"
)
_NORTHERN = "lc.nl dvhn.nl frieschdagblad.nl"
_REGIONAL = (
    "omroepwest.nl rijnmond.nl rtvnoord.nl rtvdrenthe.nl gld.nl omroepgelderland.nl nhnieuws.nl "
    "rtvutrecht.nl oost.nl omropfryslan.nl omroepzeeland.nl omroepflevoland.nl omroepbrabant.nl"
)
_GOVERNMENT = "rijksoverheid.nl om.nl aivd.nl nctv.nl"
_COURTS = "uitspraken.rechtspraak.nl deeplink.rechtspraak.nl data.rechtspraak.nl"
_END = r"(?=[/.-]|$)"
# The European Case Law Identifier, which every judgment has.
_ECLI = r"(?:[?&]id=|/)(?P<id>ecli(?:(?::|%3A)[\w.]{1,25}){4})(?=[/&#?]|$)"

SHAPES: tuple[SiteShape, ...] = (
    _shape("nos.nl app.nos.nl", rf"/(?:l|artikel|video|liveblog|audio)/(?P<id>\d{{4,}}){_END}"),
    _shape("feeds.nos.nl", r"^/~r/.*/(?P<id>\d{4,})/?$"),
    # The section may be a dossier, and it changes while the article lives.
    _shape("nu.nl", rf"^/(?:[^/]+/)?(?P<id>\d{{5,}}){_END}"),
    _shape(_DPG, r"~(?P<id>[0-9a-z]{5,12})(?=/|$)"),
    _shape("nrc.nl", r"/\d{4}/\d\d/\d\d/(?:[^/]*-)?(?P<id>a\d{5,})(?=/|$)"),
    _shape("telegraaf.nl", r"/(?P<id>\d+)\.html$", series="html-"),
    _shape("telegraaf.nl", r"^/[^/]+/(?P<id>\d{5,})(?=/|$)"),
    _shape("rtlnieuws.nl rtl.nl", r"/artikel/(?P<id>\d{5,})(?=/|$)"),
    _shape("vrt.be", r"^/vrtnws/nl/(?P<id>\d{4}/\d\d/\d\d/[^/]+?)(?:\.app)?(?:\.html)?/?$"),
    _shape(_MEDIAHUIS, r"/cnt/(?P<id>dmf\d{8}_\w+)"),
    _shape(_MEDIAHUIS, r"/(?P<id>\d{5,})\.html$", series="html-"),
    _shape(_NORTHERN, r"[/-](?P<id>\d{7,})\.html$"),
    _shape("tijd.be", r"/(?P<id>\d{6,})(?:\.html)?$"),
    _shape("at5.nl", rf"/nieuws/(?P<id>\d{{5,}}){_END}"),
    _shape("at5.nl", rf"/artikelen/(?P<id>\d{{5,}}){_END}", series="artikelen-"),
    _shape("reuters.com", r"[/-](?P<id>id[a-z]{2}\w{6,})(?=/|$)"),
    _shape("lemonde.fr", r"_(?P<id>\d{6,})_\d+\.html$"),
    _shape("spiegel.de", r"-a-(?P<id>[0-9a-f-]{36}|\d{6,})(?=[-.]|$)"),
    _shape("bbc.com bbc.co.uk", r"/articles/(?P<id>c[0-9a-z]{10,11})(?=/|$)"),
    _shape("bbc.com bbc.co.uk", r"-(?P<id>\d{8})(?=/|$)"),
    _shape("rd.nl", r"-1\.(?P<id>\d+)/?$"),
    _shape("rd.nl", rf"/(?:artikel|a)/(?P<id>\d{{4,}}){_END}"),
    _shape("nd.nl", r"^/nieuws/(?:[^/]+/)*(?P<id>\d{5,})(?=/|$)"),
    _shape("bnr.nl", r"^/[^/]+/(?:[^/]+/)?(?P<id>\d{6,})(?=/|$)"),
    _shape("decorrespondent.nl", r"^/(?P<id>\d{3,})(?=/|$)"),
    _shape("rtbf.be", r"^/article/(?:[^/]*-)?(?P<id>\d{7,})(?=/|$)"),
    _shape("lesoir.be", r"^/(?P<id>\d{5,})(?=/|$)"),
    _shape("brusselstimes.com", r"^/(?:[^/]+/)?(?P<id>\d{5,})(?=/|$)"),
    _shape("lalibre.be dhnet.be", r"-(?P<id>(?=[A-Z]*\d)[A-Z0-9]{26})(?=/|$)"),
    _shape("dw.com", r"/(?P<id>(?:a|av|g|live|video)-\d{6,})(?=/|$)"),
    _shape("faz.net", r"-(?P<id>(?:accg-)?\d{8,})\.html$"),
    _shape("sueddeutsche.de", r"[-/](?P<id>li\.\d{6,}|1\.\d{6,})(?=/|$)"),
    _shape("welt.de", r"/(?:article|plus)(?P<id>[0-9a-f]{9,24})(?=/|$)"),
    _shape("bild.de", r"-(?P<id>[0-9a-f]{24})(?=/|$)"),
    _shape("taz.de", r"/!(?P<id>\d{6,})(?=/|$)"),
    _shape("nzz.ch", r"[-/.](?P<id>ld\.\d{6,})(?=/|$)"),
    _shape("derstandard.at", r"^/story/(?P<id>\d{10,})(?=/|$)"),
    # One series of numbers for each language: the address of each edition begins with it.
    _shape("kurdistan24.net", r"^/(?P<id>[a-z]{2,3}/story/\d{4,})(?=/|-|$)"),
    _shape("anfenglish.com", r"-(?P<id>\d{5,})(?=/|$)", series="en-"),
    _shape("anfdeutsch.com", r"-(?P<id>\d{5,})(?=/|$)", series="de-"),
    _shape("anfturkce.com", r"-(?P<id>\d{5,})(?=/|$)", series="tr-"),
    _shape("anfarabic.com", r"-(?P<id>\d{5,})(?=/|$)", series="ar-"),
    _shape("fd.nl", r"^/[^/]+/(?P<id>\d{6,})(?=/|$)"),
    _shape(_REGIONAL, r"/(?:nieuws|nijs)/(?P<id>\d{5,})(?=/|$)"),
    _shape(_COURTS, _ECLI, anywhere=True),
    _shape(_GOVERNMENT, r"^/actueel/nieuws(?:berichten)?/(?P<id>\d{4}/\d\d/\d\d/[^/]+)/?$"),
)


def _by_host(shapes: Iterable[SiteShape]) -> Mapping[str, tuple[SiteShape, ...]]:
    table: dict[str, tuple[SiteShape, ...]] = defaultdict(tuple)
    for shape in shapes:
        for host in shape.hosts:
            table[host] += (shape,)
    return dict(table)


_SHAPES_BY_HOST = _by_host(SHAPES)
_TWIN_HOST = re.compile(r"^(?:(?:www\d?|amp|m|mobile|mobiel|touch|wap|3g)\.)+(?=[^.]+\.)")


AMP_PATH = re.compile(r"/amp(?:\.html)?(?=/|$)|[.~-]amp(?=\.html$|$)", re.IGNORECASE)


def bare_host(host: str) -> str:
    """The host without `www.`, `amp.`, `m.`, `mobile.` and the like in front."""
    return _TWIN_HOST.sub("", host)


def site_id(address: str) -> str | None:
    """The site's own id in a canonical address, or None if no known shape fits."""
    parts = urlsplit(address)
    path = re.sub(r"/{2,}", "/", AMP_PATH.sub("", parts.path))
    for shape in _SHAPES_BY_HOST.get(bare_host(parts.netloc), ()):
        if found := shape.path.search(_whole(path, parts) if shape.anywhere else path):
            return shape.series + found["id"].lower().replace("%3a", ":")
    return None


def _whole(path: str, parts: SplitResult) -> str:
    return f"{path}?{parts.query}#{parts.fragment}"
