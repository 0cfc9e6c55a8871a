"""The bytes of pages from the wire into web archives, which `replay` reads."""

from __future__ import annotations

import base64
import gzip
import io
import json
from pathlib import Path

import pytest
from commanddesk import command_in
from hostile import Visit
from outlets import Outlet
from rounds import crawled
from warcio.archiveiterator import ArchiveIterator
from webarchives import article

from crawler.clock import utc_now
from crawler.evidence import Keeper, KeepPolicy
from crawler.store import Writer, migrations

# With an id in it, by which pages of articles are told from others.
PATH = "/artikel/2277001-brug"
PACKED = gzip.compress(article(1).body)
LOGIN = "lezer:wachtwoord99"


def packed(visit: Visit, _outlet: Outlet) -> None:
    headers = {"Content-Encoding": "gzip", "Set-Cookie": "sessie=abc99", "X-Paper": "krant"}
    visit.answer(PACKED, headers=headers)


def moved(visit: Visit, _outlet: Outlet) -> None:
    visit.answer(status=302, headers={"Location": PATH, "Set-Cookie": "sessie=abc99"})


@pytest.mark.slow
def test_a_page_is_kept_as_the_wire_brought_it_without_secrets_and_replayed(
    tmp_path: Path,
) -> None:
    outlet = Outlet("krant", odd={"/a": moved, PATH: packed})
    with outlet.open() as site:
        source = {"id": "krant", "url": site.url(), "auth": LOGIN}
        told = crawled(tmp_path, [source], evidence=True)
        root = site.root
    folder = tmp_path / "evidence"
    with Writer(tmp_path / "nieuwswacht.db", migrations=[migrations]) as writer:
        policy = KeepPolicy(on=True, hold_bytes=10**7)
        Keeper(writer, folder, policy, clock=utc_now, software="test").catch_up()

    assert [each["title"] for each in told.articles] == ["Brug 1 in Sluisdam geopend"]
    [path] = folder.glob("*.warc.gz")
    answer, request, metadata = [
        (record.rec_headers, record.http_headers, record.raw_stream.read())
        for record in ArchiveIterator(io.BytesIO(path.read_bytes()))
        if record.rec_type != "warcinfo"
    ]
    assert answer[0].get_header("WARC-Target-URI") == f"{root}{PATH}"
    assert answer[1].get_header("X-Paper") == "krant"
    assert answer[1].get_header("Content-Encoding") == "gzip"
    assert answer[2] == PACKED
    assert request[1].get_header("Accept-Encoding").startswith("gzip")
    assert f"redirected-from: {root}/a\r\nheader-left-out: Set-Cookie" in metadata[2].decode()
    whole = gzip.decompress(path.read_bytes())
    for secret in (LOGIN, base64.b64encode(LOGIN.encode()).decode(), "wachtwoord99", "abc99"):
        assert secret.encode() not in whole

    run = command_in(tmp_path)
    (tmp_path / "config" / "sources.toml").write_text(
        f'[[source]]\nid = "krant"\noutlet = "Krant"\nkind = "feed"\nurl = "{root}/feed"\n'
    )
    replayed = json.loads(run("replay", str(folder), "--workers", "0", "--json").stdout)
    assert replayed["counts"] == {"stored": 1, "other": 3}
    assert "Brug 1 in «Sluisdam» geopend" in run("search", "sluisdam").stdout
