"""Papers that answer some addresses in their own way: each is there for a promise."""

from __future__ import annotations

import gzip
from dataclasses import dataclass, field
from typing import Any

from hostile import Site, Visit, page, rss

PARAGRAPHS = (
    "De waterschappen maken zich zorgen over de dijken langs de rivier, zegt de dijkgraaf.",
    "Volgens hem is er de komende jaren veel geld nodig om het land droog te houden.",
    "De minister praat er volgende week over met de provincies en met de gemeenten.",
)


def article(name: str) -> bytes:
    return page(f"{name} krijgt nieuwe dijk", *(f"{text} ({name})" for text in PARAGRAPHS))


@dataclass
class Outlet:
    """A paper on a port of its own; `odd` answers some paths in its own way."""

    name: str
    pages: tuple[str, ...] = ("/a",)
    robots: tuple[int, bytes] = (404, b"")
    odd: dict[str, Any] = field(default_factory=dict)
    source: dict[str, Any] = field(default_factory=dict)
    site: Site = field(init=False)

    def open(self) -> Site:
        self.site = Site(self.serve)
        return self.site

    def listed(self) -> bytes:
        return rss(
            *(
                (self.site.root + path, f"{self.name} krijgt nieuwe dijk", "Lead")
                for path in self.pages
            )
        )

    def serve(self, visit: Visit) -> None:
        if visit.path in self.odd:
            self.odd[visit.path](visit, self)
        elif visit.path == "/robots.txt":
            visit.answer(self.robots[1], self.robots[0], "text/plain")
        elif visit.path == "/feed":
            self.conditional(visit, self.listed(), "application/rss+xml")
        elif visit.path in self.pages:
            self.conditional(visit, article(f"{self.name}{visit.path}"), "text/html")
        else:
            visit.answer(b"no", 404)

    def conditional(self, visit: Visit, body: bytes, kind: str) -> None:
        tag = f'"{visit.path}-{len(body)}"'
        if visit.headers.get("if-none-match") == tag:
            visit.send(f"HTTP/1.1 304 X\r\nETag: {tag}\r\n\r\n".encode())
        else:
            visit.answer(body, kind=kind, headers={"ETag": tag})

    def asked(self, path: str) -> list[Visit]:
        return [visit for visit in self.site.visits if visit.path == path]


def busy_once(visit: Visit, outlet: Outlet) -> None:
    if len(outlet.asked(visit.path)) == 1:
        visit.answer(b"moment", 503)
    else:
        visit.answer(article(outlet.name))


def resting(visit: Visit, _outlet: Outlet) -> None:
    visit.answer(b"rust", 429, headers={"Retry-After": "600"})


def consent(visit: Visit, _outlet: Outlet) -> None:
    visit.answer(page("DPG Media Privacy Gate", "Wij vragen toestemming"))


def elsewhere(visit: Visit, outlet: Outlet) -> None:
    target = outlet.source["elsewhere"]
    visit.answer(status=302, headers={"Location": target, "Set-Cookie": "lezer=1; Path=/"})


def index(visit: Visit, outlet: Outlet) -> None:
    names = ("/index.xml", "/news.xml.gz", "/news.xml.gz", "http://ander.example/s.xml")
    listed = "".join(
        f"<sitemap><loc>{name if '//' in name else outlet.site.root + name}</loc></sitemap>"
        for name in names
    )
    space = "http://www.sitemaps.org/schemas/sitemap/0.9"
    visit.answer(f'<sitemapindex xmlns="{space}">{listed}</sitemapindex>'.encode(), kind="text/xml")


def sitemap(visit: Visit, outlet: Outlet) -> None:
    space = "http://www.sitemaps.org/schemas/sitemap/0.9"
    listed = "".join(f"<url><loc>{outlet.site.root}{path}</loc></url>" for path in outlet.pages)
    body = gzip.compress(f'<urlset xmlns="{space}">{listed}</urlset>'.encode())
    visit.answer(body, kind="application/gzip")


def section(visit: Visit, outlet: Outlet) -> None:
    links = "".join(f'<li class="item"><a href="{path}">Kop</a></li>' for path in outlet.pages)
    visit.answer(f"<html><body><ul>{links}</ul></body></html>".encode())


def outlets() -> list[Outlet]:
    everything = b"User-agent: *\nDisallow: /\n"
    some = b"User-agent: nieuwswacht\nDisallow: /geheim\n"
    return [
        Outlet("sound", pages=("/a", "/b", "/c")),
        Outlet("secret", pages=("/geheim/a", "/open"), robots=(200, some)),
        Outlet("closed", robots=(200, everything)),
        Outlet("unreachable", robots=(503, b"")),
        Outlet("busy", odd={"/a": busy_once}),
        Outlet(
            "resting",
            pages=tuple(f"/{n}" for n in range(8)),
            odd={f"/{n}": resting for n in range(8)},
        ),
        Outlet("walled", odd={"/a": consent}),
        Outlet("gone", odd={"/a": lambda visit, _: visit.answer(b"weg", 410)}),
        Outlet(
            "paper", odd={"/a": lambda visit, _: visit.answer(b"%PDF-", kind="application/pdf")}
        ),
        Outlet("moved", odd={"/a": elsewhere}),
        Outlet("entries", source={"fetch": "entry"}),
        Outlet(
            "sitemap",
            pages=("/a", "/b"),
            odd={"/index.xml": index, "/news.xml.gz": sitemap},
            source={"kind": "news-sitemap", "path": "/index.xml"},
        ),
        Outlet(
            "section",
            odd={"/lijst": section},
            source={"kind": "section", "path": "/lijst", "selectors": {"item": ".item"}},
        ),
    ]
