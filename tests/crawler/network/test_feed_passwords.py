"""A list behind a password: who gets it, and where it never shows."""

from __future__ import annotations

from base64 import b64encode
from pathlib import Path

import pytest
from hostile import Site, Visit, rss
from rounds import crawled, source_of

from crawler.config.files import load_sources
from crawler.errors import ConfigFaults
from crawler.sources.catalogue import catalogue_of

SECRET = "geheim:met:dubbele punt"
HEADER = "Basic " + b64encode(f"redactie:{SECRET}".encode()).decode()


def served(site: Site) -> dict[str, str]:
    """What each path got as `Authorization`."""
    return {visit.path: visit.headers.get("authorization", "") for visit in site.visits}


def test_a_password_goes_to_the_host_of_the_list_and_to_no_other(tmp_path: Path) -> None:
    # given a list that leads on to another host, and pages on its own
    def other(visit: Visit) -> None:
        visit.feed(rss((own.root + "/artikel", "Brug open", "Verkeer.")))

    def paper(visit: Visit) -> None:
        if visit.path == "/feed":
            visit.redirect(elsewhere.url("/lijst"))
        else:
            visit.answer(status=404)

    with Site(other) as elsewhere, Site(paper) as own:
        source = {"id": "krant", "url": own.url(), "auth": f"redactie:{SECRET}"}
        told = crawled(tmp_path, [source])
        # then the list alone got it
        assert served(own)["/feed"] == HEADER
        assert {header for path, header in served(own).items() if path != "/feed"} == {""}
        assert set(served(elsewhere).values()) == {""}
    # and nothing shows it
    database = (tmp_path / "nieuwswacht.db").read_bytes()
    assert told.states["krant"]["error"] is None
    assert SECRET not in told.log + str(told.report)
    assert SECRET.encode() not in database


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
