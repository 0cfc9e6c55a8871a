"""Lists in JSON that are no JSON Feeds: of other programs, without a head, or as a script."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
from feed_samples import read

from crawler.errors import SourceError
from crawler.feeds.listing import kind_of
from crawler.model import SourceKind

ITEMS = json.dumps(
    [{"id": n, "url": f"https://krant.example/{n}", "title": f"Kop {n}"} for n in range(4)]
)
FEED = f'{{"version": "https://jsonfeed.org/version/1.1", "title": "De Krant", "items": {ITEMS}}}'
CALLS = [
    "{}",
    "toon({});",
    "toon ( {} )",
    "/**/ typeof toon === 'function' && toon({});",
    "window.lijsten.krant && window.lijsten.krant({})",
    'window["toon"]({});',
    "var lijst = {};",
    "try{{toon({});}}catch(fout){{}}",
    ")]}}',\n{}",
    "while(1);{}",
    "for(;;);{}",
    "\n\n  {}\n",
]


@pytest.mark.parametrize("call", CALLS)
@pytest.mark.parametrize(
    "document", [FEED, ITEMS, f'{{"data": {ITEMS}}}', f'{{"articles": {ITEMS}}}']
)
def test_json_is_read_in_a_script_and_whatever_stands_around_its_list(
    call: str, document: str
) -> None:
    text = call.format(document)
    feed = read(text, "application/javascript")

    assert [entry.title for entry in feed.entries] == [f"Kop {n}" for n in range(4)]
    assert (feed.fault, feed.dropped) == (None, 0)
    if document in {FEED, ITEMS}:
        assert kind_of(text.encode()) is SourceKind.FEED


@pytest.mark.parametrize("call", CALLS)
@pytest.mark.parametrize("document", [FEED, ITEMS])
def test_of_json_in_a_script_that_breaks_off_the_complete_items_are_read(
    call: str, document: str
) -> None:
    text = call.format(document)
    feed = read(text[: text.index("Kop 3")])

    assert [entry.title for entry in feed.entries] == [f"Kop {n}" for n in range(3)]
    assert not feed.complete


def test_the_posts_of_wordpress_are_read() -> None:
    post = {
        "id": 17,
        "date": "2026-03-12T15:05:00",
        "date_gmt": "2026-03-12T14:05:00",
        "modified_gmt": "2026-03-12T16:05:00",
        "guid": {"rendered": "https://krant.example/?p=17"},
        "link": "https://krant.example/dijk/",
        "title": {"rendered": "Dijk &#8216;gaat&#8217; op de schop"},
        "content": {"rendered": "<p>De dijk wordt verhoogd.</p>\n<p>Dat kost jaren.</p>"},
        "excerpt": {"rendered": "<p>De dijk wordt <em>verhoogd</em>.</p>"},
        "author": 3,
        "categories": [4, 5],
    }
    (entry,) = read(json.dumps([post]), "application/json").entries

    assert entry.url == "https://krant.example/dijk/"
    assert entry.title == "Dijk ‘gaat’ op de schop"
    assert entry.lead == "De dijk wordt verhoogd."
    assert entry.body == "De dijk wordt verhoogd.\n\nDat kost jaren."
    assert entry.published == datetime(2026, 3, 12, 14, 5, tzinfo=UTC)
    assert entry.modified == datetime(2026, 3, 12, 16, 5, tzinfo=UTC)
    assert entry.author is None


@pytest.mark.parametrize(
    "item",
    [
        {
            "link": "/a",
            "headline": "Kop",
            "description": "Lead",
            "pubDate": "12 mrt 2026 14:05 UTC",
        },
        {"permalink": "/a", "title": "Kop", "intro": "Lead", "publishedAt": "2026-03-12T14:05Z"},
        {"url": "/a", "title": "Kop", "excerpt": "Lead", "published": 1773324300},
        {"link": "/a", "title": "Kop", "lead": "Lead", "created_at": "2026-03-12T15:05:00+01:00"},
    ],
)
def test_items_are_read_by_the_names_that_programs_use(item: dict[str, object]) -> None:
    (entry,) = read(json.dumps({"items": [item | {"author": "Joke Peeters"}]})).entries

    assert entry.url == "https://nieuws.example/a"
    assert (entry.title, entry.lead, entry.author) == ("Kop", "Lead", "Joke Peeters")
    assert entry.published == datetime(2026, 3, 12, 14, 5, tzinfo=UTC)


@pytest.mark.parametrize("form", ['["{0}a", "{0}b", 3]', '{{"items": ["{0}a", null, "{0}b"]}}'])
def test_bare_addresses_are_items_and_what_is_none_is_told(form: str) -> None:
    feed = read(form.format("https://krant.example/"))

    assert [entry.url[-1] for entry in feed.entries] == ["a", "b"]
    assert feed.dropped == 1


def test_a_list_without_items_is_empty() -> None:
    assert read("[]").complete


@pytest.mark.parametrize(
    "document",
    ['[{"code": "rest_no_route"}]', '["a", "b"]', '{"errors": [{"title": "x"}]}', "toon(1)", "[1]"],
)
def test_other_json_is_no_list(document: str) -> None:
    with pytest.raises(SourceError):
        read(document)


@pytest.mark.parametrize(
    "hostile",
    [
        "a" + " " * 2_000_000,
        " " * 2_000_000 + "a(",
        "/*" * 1_000_000,
        "a(" * 1_000_000,
        "[" + " " * 2_000_000,
        "toon([" + '{"id": "1", "a": },' * 100_000,
    ],
)
def test_a_hostile_script_is_refused_or_read_in_time(hostile: str) -> None:
    kind_of(hostile.encode())
    try:
        assert not read(hostile).complete
    except SourceError:
        return
