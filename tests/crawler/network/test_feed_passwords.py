"""A list behind a password: who gets it, and where it never shows."""

from __future__ import annotations

from base64 import b64encode
from pathlib import Path
from urllib.parse import quote

import pytest
from hostile import Site, Visit, page, rss
from rounds import crawled, source_of

from crawler.config.files import load_sources
from crawler.errors import ConfigFaults
from crawler.sources.catalogue import catalogue_of

SECRET = "geheim:met:dubbele punt"
HEADER = "Basic " + b64encode(f"redactie:{SECRET}".encode()).decode()


def served(site: Site) -> dict[str, str]:
    """What each path got as `Authorization`."""
    return {visit.path: visit.headers.get("authorization", "") for visit in site.visits}


@pytest.mark.parametrize("login", ["", f"redactie:{quote(SECRET)}@"])
def test_a_password_goes_to_the_host_of_the_list_and_to_no_other(
    tmp_path: Path, login: str
) -> None:
    # given a list that leads on to another host, with the password or not, and pages on its own
    def other(visit: Visit) -> None:
        if visit.path == "/lijst":
            visit.feed(rss((f"http://{login}{own.host}/artikel", "Brug open", "Verkeer.")))
        else:
            visit.answer(status=404)

    def paper(visit: Visit) -> None:
        if visit.path == "/feed":
            visit.redirect(f"http://{login}{elsewhere.host}/lijst")
        else:
            visit.answer(status=404)

    with Site(other) as elsewhere, Site(paper) as own:
        source = {"id": "krant", "url": own.url(), "auth": f"redactie:{SECRET}"}
        told = crawled(tmp_path, [source])
        # then the list alone got it
        assert served(own)["/feed"] == HEADER
        assert "/artikel" in served(own)
        assert {header for path, header in served(own).items() if path != "/feed"} == {""}
        assert set(served(elsewhere).values()) == {""}
    # and nothing shows it
    database = (tmp_path / "nieuwswacht.db").read_bytes()
    assert told.states["krant"]["error"] is None
    for shown in (SECRET, quote(SECRET)):
        assert shown not in told.log + str(told.report)
        assert shown.encode() not in database


def test_a_server_that_repeats_the_password_does_not_bring_it_into_archive_or_log(
    tmp_path: Path,
) -> None:
    # given a server whose feed and whose error page repeat what they were sent
    sent = HEADER.removeprefix("Basic ")
    feeds = [rss(("/artikel", f"Brug open voor {SECRET} {sent}", "Verkeer."))]

    def parrot(visit: Visit) -> None:
        if visit.path == "/feed" and feeds:
            visit.feed(feeds.pop())
        elif visit.path == "/robots.txt":
            visit.answer(status=404)
        else:
            visit.answer(page(f"Geen toegang met {sent}", f"Of met {SECRET}."), status=200)

    with Site(parrot) as site:
        source = {"id": "krant", "url": site.url(), "auth": f"redactie:{SECRET}", "fetch": "entry"}
        told = crawled(tmp_path, [source], rounds=2, hours_between=1)

    # then article, fault and log are there without it
    assert told.titles("krant") == ["Brug open voor *** ***"]
    assert "Geen toegang met ***" in told.errors["krant"]
    for secret in (SECRET, sent):
        assert secret not in told.log + str(told.report)
        assert secret.encode() not in (tmp_path / "nieuwswacht.db").read_bytes()


def test_a_password_is_no_part_of_what_describes_a_source() -> None:
    source = source_of({"id": "krant", "url": "https://krant.example/rss", "auth": f"a:{SECRET}"})

    assert SECRET not in repr(source)
    assert SECRET not in catalogue_of([source])


@pytest.mark.parametrize("value", ["alleen-een-naam", ":leeg", "naam:", "naam:regel\\nregel"])
def test_what_is_no_user_with_a_password_is_refused_and_not_shown(
    tmp_path: Path, value: str
) -> None:
    table = '[[source]]\nid = "k"\noutlet = "K"\nkind = "feed"\nurl = "https://k.example/"\n'
    table += f'auth = "{value}"\n'
    (tmp_path / "sources.toml").write_text(table, encoding="utf-8")

    with pytest.raises(ConfigFaults) as refused:
        load_sources(tmp_path / "sources.toml")

    assert "user" in str(refused.value)
    assert value not in str(refused.value)
