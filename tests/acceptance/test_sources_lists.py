"""`sources import` and `export`: lists of feeds in and out of the catalogue."""

from __future__ import annotations

import pytest
from loopback import Site
from newsdesk import Newsdesk

OPML = """<?xml version="1.0" encoding="UTF-8"?>
<opml version="2.0"><body><outline text="Streek">
<outline type="rss" text="Streekblad" xmlUrl="https://streek.example/rss"/>
<outline type="rss" text="Krant" xmlUrl="{held}"/>
<outline type="rss" text="${{SLACK_WEBHOOK_URL}} [/] &#27;[31m" xmlUrl="https://a.example/${{HOME}}"/>
{more}
</outline></body></opml>"""


def test_import_adds_what_is_new_and_reports_every_entry(desk: Newsdesk, krant: Site) -> None:
    before = desk.catalogue()
    given = OPML.format(held=krant.url + "/rss", more='<outline text="X" xmlUrl="javascript:x"/>')
    (desk.folder / "feeds.opml").write_text(given, "utf-8")

    result = desk.run("sources", "import", str(desk.folder / "feeds.opml"), "--json")

    assert result.code == 1
    assert [(line["id"], line["added"]) for line in result.lines] == [
        ("streekblad", True),
        ("krant", False),
        ("slack-webhook-url-31m", True),
        (None, False),
    ]
    assert 'already there as "krant"' in result.lines[1]["error"]
    assert "no web address" in result.lines[3]["error"]
    assert desk.catalogue().startswith(before)
    assert desk.run("check").code == 0


def test_a_list_that_is_there_already_changes_nothing(desk: Newsdesk, krant: Site) -> None:
    (desk.folder / "feeds.opml").write_text(OPML.format(held=krant.url + "/rss", more=""), "utf-8")
    desk.ok("sources", "import", str(desk.folder / "feeds.opml"))
    once = desk.catalogue()

    again = desk.ok("sources", "import", str(desk.folder / "feeds.opml"))

    assert desk.catalogue() == once
    assert "0 added, 3 there already, 0 refused" in again.err


def test_a_dry_run_writes_nothing(desk: Newsdesk, krant: Site) -> None:
    before = desk.catalogue()

    result = desk.ok(
        "sources", "import", "-", "--dry-run", stdin=OPML.format(held=krant.url, more="")
    )

    assert "would be added" in result.out
    assert desk.catalogue() == before


@pytest.mark.usefixtures("krant")
def test_what_is_no_list_is_named(desk: Newsdesk) -> None:
    for noise in ("<html><body>Nee</body></html>", "", "{}"):
        result = desk.run("sources", "import", "-", stdin=noise)
        assert (result.code, "<stdin>: this is no OPML" in result.err) == (2, True), result.err


def test_an_import_leaves_a_catalogue_that_cannot_grow_as_it_is(
    desk: Newsdesk, krant: Site
) -> None:
    inline = f'source = [{{ id = "k", outlet = "K", kind = "feed", url = "{krant.url}/rss" }}]\n'
    desk.write("sources.toml", inline)

    result = desk.run("sources", "import", "-", stdin=OPML.format(held=krant.url, more=""))

    assert result.code == 2
    assert "do not fit in" in result.err
    assert desk.catalogue() == inline
    assert [path.name for path in (desk.folder / "config").glob(".*")] == []


def test_an_import_keeps_the_files_rights_and_follows_a_link(desk: Newsdesk, krant: Site) -> None:
    path = desk.folder / "config" / "sources.toml"
    elsewhere = path.rename(desk.folder / "elders.toml")
    path.symlink_to(elsewhere)
    elsewhere.chmod(0o640)

    desk.ok("sources", "import", "-", stdin=OPML.format(held=krant.url + "/rss", more=""))

    assert path.is_symlink()
    assert (elsewhere.stat().st_mode & 0o777, "streekblad" in desk.catalogue()) == (0o640, True)


def test_what_is_exported_can_be_imported(desk: Newsdesk, krant: Site) -> None:
    exported = desk.ok("sources", "export")
    told = desk.ok("sources", "export", "--json").json

    assert (told["feeds"], told["left_out"], told["opml"]) == (1, [], exported.out)
    desk.write("sources.toml", "")
    (entry,) = desk.ok("sources", "import", "-", "--json", stdin=exported.out).lines
    assert (entry["url"], entry["added"]) == (krant.url + "/rss", True)
