"""Collecting by way of a proxy: what goes through it, and what it must not open."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Sequence
from pathlib import Path

import pytest
from hostile import Site, newspaper, page, rss, self_signed
from hostile_receivers import certificate
from hypothesis import given, strategies as st
from proxyserver import ProxyServer
from rounds import crawled, source_of

from crawler.addresses import Proxy, proxy_of
from crawler.errors import ForbiddenAddressError
from crawler.network import goes_by_proxy
from crawler.network.guard import networks
from crawler.sources.catalogue import catalogue_of

LOGIN = "Basic " + b64encode(b"redactie:zeer:geheim").decode()
PAGES = {"/1": page("Brug open", "De brug bij Zaltbommel is weer open voor al het verkeer.")}
NEAR = networks(["127.0.0.0/8"])


def paper(root: str) -> Site:
    return Site(newspaper(lambda _: rss((f"{root}/1", "Brug open", "Verkeer.")), PAGES))


def test_lists_robots_and_pages_of_a_host_that_only_the_proxy_knows_are_read(
    tmp_path: Path,
) -> None:
    with (
        paper("http://krant.example") as krant,
        ProxyServer({"krant.example:80": krant.port}, login=LOGIN) as proxy,
    ):
        by = proxy.address.replace("//", "//redactie:zeer%3Ageheim@")
        source = {"id": "krant", "url": "http://krant.example/feed"}

        told = crawled(tmp_path, [source], proxy=by)

    assert told.titles("krant") == ["Brug open"]
    asked = {f"http://krant.example{path}" for path in ("/robots.txt", "/feed", "/1")}
    assert set(proxy.asked("GET")) == asked
    # and the outlet does not learn the login, nor does the log or the archive
    assert all("proxy-authorization" not in visit.headers for visit in krant.visits)
    for secret in ("geheim", LOGIN.removeprefix("Basic ")):
        assert secret not in told.log + str(told.report)
        assert secret.encode() not in (tmp_path / "nieuwswacht.db").read_bytes()


def test_with_https_the_proxy_sees_host_and_port_and_the_certificate_is_the_outlets(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # given an outlet whose certificate is known, and one behind whose name somebody else answers
    _, authority = certificate(tmp_path, "krant.example")
    chain = tmp_path / "chain.pem"
    chain.write_bytes(authority.read_bytes() + (tmp_path / "krant.example.key").read_bytes())
    monkeypatch.setenv("SSL_CERT_FILE", str(authority))
    serve = newspaper(lambda _: rss(("https://krant.example/1", "Brug open", "Verkeer.")), PAGES)
    with (
        Site(serve, certificate=chain) as krant,
        Site(serve, certificate=self_signed(tmp_path, "vals.example")) as false,
        ProxyServer(
            {"krant.example:443": krant.port, "vals.example:443": false.port}, login=LOGIN
        ) as proxy,
    ):
        by = proxy.address.replace("//", "//redactie:zeer%3Ageheim@")
        sources = [
            {"id": name, "url": f"https://{name}.example/feed"} for name in ("krant", "vals")
        ]
        told = crawled(tmp_path, sources, proxy=by)

    assert told.titles("krant") == ["Brug open"]
    assert "its certificate is not valid" in str(told.states["vals"]["error"])
    assert set(proxy.asked("CONNECT")) == {"krant.example:443", "vals.example:443"}
    assert proxy.asked("GET") == false.visits == []


def test_what_is_wrong_with_the_proxy_is_said_of_the_proxy(tmp_path: Path) -> None:
    # given proxies that want a login, refuse, or are not there
    with (
        ProxyServer({}, login=LOGIN) as asking,
        ProxyServer({}, refuses=403) as refusing,
        ProxyServer({}) as gone,
    ):
        gone.close()
        by = {"asking": asking, "refusing": refusing, "gone": gone}
        sources = [
            {"id": f"{name}-{scheme}", "url": f"{scheme}://{name}.example/", "proxy": proxy.address}
            for name, proxy in by.items()
            for scheme in ("http", "https")
        ]
        told = crawled(tmp_path, sources)

    # then each fault says so; a refusal without CONNECT cannot be told from one of the outlet
    login = "robots.txt: the proxy wants another user and password (HTTP 407)"
    nobody = "robots.txt: the proxy cannot be reached: the connection was refused"
    assert {name: state["error"] for name, state in told.states.items()} == {
        "asking-http": login,
        "asking-https": login,
        "refusing-http": "HTTP 403",
        "refusing-https": "robots.txt: the proxy makes no connection: HTTP 403",
        "gone-http": nobody,
        "gone-https": nobody,
    }
    assert told.report["sources"]["failed"] == 6


def test_the_proxy_is_not_asked_for_what_may_not_be_reached(tmp_path: Path) -> None:
    hosts = ["127.0.0.1", "0x7f.1", "localhost", "10.0.0.1", "metadata.internal", "intranet"]
    with (
        Site(newspaper(lambda _: rss(), {})) as inside,
        ProxyServer({f"{host}:{inside.port}": inside.port for host in hosts}) as proxy,
    ):
        sources = [
            {"id": f"krant{number}", "url": f"http://{host}:{inside.port}/feed"}
            for number, host in enumerate(hosts)
        ]
        told = crawled(tmp_path, sources, proxy=proxy.address, allow=())

    errors = [str(state["error"]) for state in told.states.values()]
    assert len(errors) == len(hosts)
    assert all("its address may not be reached" in error for error in errors)
    assert (proxy.passages, inside.visits) == ([], [])


def test_a_redirect_through_the_proxy_leads_to_no_private_address(tmp_path: Path) -> None:
    with (
        Site(newspaper(lambda _: rss(), {})) as inside,
        Site(lambda visit: visit.redirect(inside.url())) as krant,
        ProxyServer({"krant.example:80": krant.port}) as proxy,
    ):
        source = {"id": "krant", "url": "http://krant.example/feed"}
        told = crawled(tmp_path, [source], proxy=proxy.address, allow=())

    assert "its address may not be reached: loopback" in str(told.states["krant"]["error"])
    assert inside.visits == []


def test_a_source_may_have_a_proxy_of_its_own_or_none_and_what_is_opened_is_near(
    tmp_path: Path,
) -> None:
    with (
        paper("http://krant.example") as krant,
        paper("http://blad.example") as blad,
        Site(newspaper(lambda _: rss(), {})) as near,
        ProxyServer({"krant.example:80": krant.port}) as usual,
        ProxyServer({"blad.example:80": blad.port}) as own,
    ):
        sources = [
            {"id": "krant", "url": "http://krant.example/feed"},
            {"id": "blad", "url": "http://blad.example/feed", "proxy": own.address},
            {"id": "near", "url": near.url()},
            {"id": "direct", "url": "http://elders.example/feed", "proxy": "direct"},
        ]
        told = crawled(tmp_path, sources, proxy=usual.address)

    statuses = {name: state["status"] for name, state in told.states.items()}
    assert statuses == {"krant": 200, "blad": 200, "near": 200, "direct": None}
    assert "the host has no address" in str(told.states["direct"]["error"])
    assert {target.split("/")[2] for target in usual.asked("GET")} == {"krant.example"}
    assert {target.split("/")[2] for target in own.asked("GET")} == {"blad.example"}


def test_a_proxy_in_the_environment_is_not_used(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with paper("http://krant.example") as krant, ProxyServer({}) as proxy:
        for name in ("http_proxy", "HTTP_PROXY", "https_proxy", "HTTPS_PROXY", "ALL_PROXY"):
            monkeypatch.setenv(name, proxy.address)
        told = crawled(tmp_path, [{"id": "krant", "url": krant.url()}])

    assert told.states["krant"]["status"] == 200
    assert proxy.passages == []


@pytest.mark.parametrize(
    ("addresses", "by_proxy"),
    [((), True), (("9.9.9.9",), True), (("127.0.0.1",), False), (("127.0.0.1", "9.9.9.9"), True)],
)
def test_what_has_an_address_here_is_near_or_goes_by_proxy(
    addresses: Sequence[str],
    by_proxy: bool,  # noqa: FBT001 - a column of the table
) -> None:
    assert goes_by_proxy("krant.example", addresses, NEAR) is by_proxy


@given(st.lists(st.ip_addresses(v=4).filter(lambda ip: ip.is_private).map(str), min_size=1))
def test_one_private_address_is_enough_to_ask_no_proxy(private: list[str]) -> None:
    with pytest.raises(ForbiddenAddressError):
        goes_by_proxy("krant.example", ["9.9.9.9", *private])


@pytest.mark.parametrize(
    "host", ["localhost", "printer", "nas.local", "x.LAN.", "db.internal", "a.home.arpa"]
)
def test_a_name_of_a_local_network_is_asked_of_no_proxy(host: str) -> None:
    with pytest.raises(ForbiddenAddressError, match="a name of a local network"):
        goes_by_proxy(host, ())


@pytest.mark.parametrize(
    ("text", "proxy"),
    [
        ("http://proxy.example:3128", Proxy("proxy.example", 3128)),
        ("http://proxy.example/", Proxy("proxy.example", 80)),
        ("http://a:b%40c@[2001:db8::1]:8080", Proxy("2001:db8::1", 8080, "a:b@c")),
    ],
)
def test_an_address_of_a_proxy_is_taken_apart(text: str, proxy: Proxy) -> None:
    assert proxy_of(text) == proxy
    assert proxy.address.partition("//")[2] in text or proxy.port == 80
    assert "b@c" not in repr(proxy)


def test_a_proxy_is_no_part_of_what_describes_a_source() -> None:
    fields = {"id": "krant", "url": "https://krant.example/rss"}
    source = source_of(fields | {"proxy": "http://a:geheim@proxy.example:3128"})

    assert "geheim" not in repr(source) + catalogue_of([source])


def _folder(parent: Path, name: str) -> Path:
    folder = parent / name
    folder.mkdir()
    return folder
