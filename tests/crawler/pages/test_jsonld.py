"""JSON-LD in each form that sites send it, sound and broken."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, strategies as st

from crawler.pages.jsonld import LinkedData, facts_of, live_blog_of, nodes_of

URL = "https://krant.example/kop-een-twee"
NODE: dict[str, Any] = {"@type": "NewsArticle", "headline": "Kop", "url": URL}
OTHER = {"@type": "NewsArticle", "headline": "Andere kop", "url": "https://krant.example/ander"}


def facts(*scripts: str, title: str = "") -> LinkedData:
    return facts_of(
        nodes_of(scripts), is_page=URL.__eq__, is_title=lambda text: bool(title) and text == title
    )


@pytest.mark.parametrize(
    "form",
    [
        NODE,
        [NODE],
        [[OTHER], [NODE]],
        {"@graph": [{"@type": "WebSite"}, NODE]},
        {"@graph": [OTHER, NODE]},
        {"@type": "WebPage", "mainEntity": NODE},
        {"@type": "WebPage", "mainEntity": {"@graph": [NODE]}},
        {**NODE, "@type": ["NewsArticle", "LiveBlogPosting"]},
        {**NODE, "@type": "ReportageNewsArticle"},
        {**NODE, "@type": "http://schema.org/NewsArticle"},
        {"@type": "Article", "headline": "Kop", "mainEntityOfPage": URL},
        {"@type": "Article", "headline": "Kop", "mainEntityOfPage": {"@id": URL}},
        {"@type": "Article", "headline": "Kop"},
        {"@type": "ItemList", "itemListElement": [OTHER], "mainEntity": NODE},
    ],
)
def test_the_pages_article_is_found_in_any_form(form: object) -> None:
    assert facts(json.dumps(OTHER), json.dumps(form)).title == "Kop"


@pytest.mark.parametrize(
    "form",
    [
        OTHER,
        {"@type": "ItemList", "itemListElement": [{"item": {**NODE}}]},
        {"@type": "WebPage", "headline": "Kop", "url": URL},
        {"@type": "NewsArticleList", "headline": "Kop", "url": URL},
        "NewsArticle",
        [],
        None,
        17,
    ],
)
def test_what_is_not_the_pages_article_says_nothing(form: object) -> None:
    assert facts(json.dumps(form)) == LinkedData()


def test_an_article_elsewhere_counts_when_its_title_is_the_pages() -> None:
    node = {**NODE, "url": "https://ander-adres.example/kop"}
    assert facts(json.dumps(OTHER), json.dumps(node), title="Kop").title == "Kop"


@pytest.mark.parametrize(
    "script",
    [
        '{"@type":"NewsArticle","headline":"Kop",}',
        '{"@type":"NewsArticle","headline":"Kop","keywords":["a","b",],}',
        '\n<!--\n{"@type":"NewsArticle","headline":"Kop"}\n-->\n',
        '//<![CDATA[\n{"@type":"NewsArticle","headline":"Kop"}\n//]]>',
        '/*<![CDATA[*/{"@type":"NewsArticle","headline":"Kop"}/*]]>*/',
        '{"@type":"NewsArticle","headline":"Kop"};',
        '{"@type":"NewsArticle","headline":"Kop"}{"@type":"NewsArticle","headline":"Twee"}',
        '{"@type":"NewsArticle","headline":"Kop","description":"regel een\nregel twee"}',
        '\ufeff{"@type":"NewsArticle","headline":"Kop"}',
    ],
)
def test_small_faults_are_forgiven(script: str) -> None:
    assert facts(script).title == "Kop"


def test_a_broken_script_costs_only_itself() -> None:
    broken = '{"@type":"NewsArticle","headline":"Kop",,}'
    assert facts(broken, "", "[" * 100_000, json.dumps(NODE)).title == "Kop"


@pytest.mark.parametrize(
    ("author", "name"),
    [
        ("Jan de Wit", "Jan de Wit"),
        ({"@type": "Person", "name": "Jan de Wit"}, "Jan de Wit"),
        ([{"name": "Jan de Wit"}, {"name": "ANP"}, {"name": "ANP"}], "Jan de Wit, ANP"),
        ({"name": ["Jan de Wit", "Ann Maes"]}, "Jan de Wit, Ann Maes"),
        ("https://www.facebook.com/krant", ""),
        ([None, 3, {"name": None}], ""),
        ("Jan &amp; Ann", "Jan & Ann"),
    ],
)
def test_an_author_has_a_name(author: object, name: str) -> None:
    assert facts(json.dumps(NODE | {"author": author})).author == name


@pytest.mark.parametrize(
    ("flag", "paid"),
    [
        *((False, True), ("False", True), ("false", True), ("http://schema.org/False", True)),
        *((True, False), ("True", False), (None, None), ("misschien", None), ([], None)),
    ],
)
def test_the_paid_flag_is_read_in_each_of_its_spellings(flag: object, paid: bool | None) -> None:  # noqa: FBT001  (the expected value)
    assert facts(json.dumps(NODE | {"isAccessibleForFree": flag})).paid is paid


@pytest.mark.parametrize(
    ("image", "address"),
    [
        ("https://krant.example/a.jpg", "https://krant.example/a.jpg"),
        (["/a.jpg", "/b.jpg"], "/a.jpg"),
        ({"@type": "ImageObject", "url": "/a.jpg"}, "/a.jpg"),
        ([{"contentUrl": "/a.jpg"}], "/a.jpg"),
        ({"url": {"x": 1}}, ""),
    ],
)
def test_an_image_has_an_address(image: object, address: str) -> None:
    assert facts(json.dumps(NODE | {"image": image})).image == address


def test_text_in_mark_up_becomes_plain_text() -> None:
    node = {
        **NODE,
        "headline": "De &#039;val&#039; van <i>de stad</i>",
        "articleBody": "<p>Een.</p><p>Twee.</p>",
    }
    told = facts(json.dumps(node), title="x")
    assert (told.title, told.body) == ("De 'val' van de stad", "Een.\n\nTwee.")


def test_lines_of_a_plain_text_are_paragraphs() -> None:
    told = facts(json.dumps({**NODE, "articleBody": "Een.\nTwee.\n"}))
    assert told.body == "Een.\n\nTwee."


def test_a_node_that_is_told_elsewhere_is_what_is_told_there() -> None:
    author = {"@type": "Person", "@id": "#hanna", "name": "Hanna de Vries"}
    stub = {"@type": "WebPage", "mainEntity": {"@type": "NewsArticle", "@id": "#kop"}}
    article = {**NODE, "@id": "#kop", "author": {"@id": "#hanna"}, "image": {"@id": "#nergens"}}
    told = facts(json.dumps({"@graph": [stub, article, author]}))
    assert (told.author, told.title, told.image) == ("Hanna de Vries", NODE["headline"], "")


def test_a_live_blog_is_its_updates() -> None:
    updates = [{"headline": "Tafel", "articleBody": "Er is overleg."}, {"articleBody": "Niets."}]
    node = {**NODE, "@type": "LiveBlogPosting", "liveBlogUpdate": updates}
    blog = live_blog_of(
        nodes_of([json.dumps(node)]), is_page=bool, is_title=bool, now=datetime.now(UTC)
    )
    assert blog is not None
    assert [item.text for item in blog.updates] == ["Tafel\n\nEr is overleg.", "Niets."]
    assert not facts(json.dumps(node)).body


def test_a_page_that_refers_to_itself_without_end_is_read_to_some_depth() -> None:
    deep: Any = dict(NODE)
    for _ in range(200):
        deep = {"@type": "WebPage", "mainEntity": deep}
    assert facts(json.dumps(deep)) == LinkedData()


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(["@type", "@graph", "headline", "author", "name", "image", "url", "x"])
            | st.sampled_from(["liveBlogUpdate", "articleBody", "mainEntityOfPage", "wordCount"]),
            inner | st.just("NewsArticle"),
            max_size=5,
        )
    ),
    max_leaves=20,
)


@given(JSON, st.text())
def test_whatever_stands_in_a_script_gives_facts(value: object, text: str) -> None:
    nodes = nodes_of([text, json.dumps(value)])
    told = facts_of(nodes, is_page=lambda _: True, is_title=lambda _: False)
    assert isinstance(told, LinkedData)


@pytest.mark.parametrize(
    "text",
    [
        "Caf&eacute; dicht.",
        "&lt;p&gt;Caf&amp;eacute; dicht.&lt;/p&gt;",
        "<p>Caf&amp;eacute; dicht.</p>",
    ],
)
def test_a_text_that_is_escaped_more_than_once_is_read(text: str) -> None:
    assert facts(json.dumps({**NODE, "articleBody": text})).body == "Café dicht."
