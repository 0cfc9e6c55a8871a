"""The command in a network where only a proxy leads out."""

from __future__ import annotations

from base64 import b64encode

import pytest
from loopback import TEXT, Site
from newsdesk import Newsdesk
from proxyserver import ProxyServer

SECRETS = ("geheim%20woord", "geheim woord", b64encode(b"redactie:geheim woord").decode())


def configure(desk: Newsdesk, proxy: ProxyServer, login: str = "") -> None:
    settings = (desk.folder / "config" / "nieuwswacht.toml").read_text("utf-8")
    address = proxy.address.replace("//", f"//{login}@" if login else "//")
    (desk.folder / "config" / "proxy").write_text(address, "utf-8")
    behind = settings.replace("[network]\n", '[network]\nproxy = "${file:proxy}"\n')
    desk.write("nieuwswacht.toml", behind.replace("127.0.0.0/8", "127.0.0.2/32"))


@pytest.mark.slow
def test_what_it_reads_comes_through_the_proxy_and_nothing_shows_its_password(
    desk: Newsdesk, outlet: Site
) -> None:
    # given an outlet whose name only the proxy knows
    outlet.publish("/nieuws/1", "Kalifaat gevallen", TEXT)
    feed = outlet.answers["/rss"]
    feed.body = feed.body.replace(outlet.url.encode(), b"http://krant.example")
    desk.sources(krant="http://krant.example/rss")
    port = int(outlet.url.rpartition(":")[2])
    with ProxyServer({"krant.example:80": port}, login=f"Basic {SECRETS[2]}") as proxy:
        configure(desk, proxy, "redactie:geheim%20woord")

        # when a round is made, told in full
        told = [
            desk.ok("check"),
            desk.ok("-v", "--log-format", "json", "crawl", "--json"),
            desk.ok("sources", "check", "krant"),
            desk.ok("status", "--json"),
            desk.ok("sources", "list", "--json"),
        ]

    # then all is there but the password
    assert told[1].json["articles"]["new"] == 1
    assert "http://krant.example/nieuws/1" in proxy.asked("GET")
    for secret in SECRETS:
        assert not any(secret in result.out + result.err for result in told)
        for file in desk.folder.glob("nieuws.db*"):
            assert secret.encode() not in file.read_bytes()


@pytest.mark.slow
@pytest.mark.parametrize("faulty", ["gone", "login"])
def test_where_the_proxy_lets_nobody_out_one_sentence_says_so(desk: Newsdesk, faulty: str) -> None:
    names = ("een", "twee", "drie", "vier")
    desk.sources(**{name: f"https://{name}.example/rss" for name in names})
    with ProxyServer({}, login="Basic niemand") as proxy:
        if faulty == "gone":
            proxy.close()
        configure(desk, proxy)

        result = desk.run("crawl")

    said = {
        "gone": "the proxy cannot be reached: the connection was refused (4 sources)",
        "login": "the proxy wants another user and password (HTTP 407) (4 sources)",
    }
    assert result.code == 1
    assert said[faulty] in result.err
    assert "robots.txt" not in result.err
