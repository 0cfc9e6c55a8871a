"""Rules written on the page: tried, refused at their place, saved into rules.toml, and undone."""

from __future__ import annotations

import re

import pytest
from page_newsroom import context_in
from rule_editing import MINE, NEW, Editing, area_of, field_of

from monitor.running.rule_reload import RuleWatch


def test_a_new_rule_stands_in_the_file_at_once_and_undoing_puts_every_byte_back(
    editing: Editing,
) -> None:
    answer = editing.visitor.send(
        "/rules/new", **NEW, seen=editing.seen(), must_match=["Wolf bijt schaap", "", "Wolven"]
    )

    assert (answer.status_code, answer.headers["Location"]) == (303, "/rules#wolven")
    assert editing.text.startswith(MINE)
    assert 'id = "wolven"' in editing.text
    page = editing.visitor.get("/rules").text
    assert "Regel “Wolven” bewaard" in page
    assert "<code>wolf OR wolven</code>" in page
    editing.visitor.send("/undo", token=field_of(page, "token"))
    assert editing.text == MINE


def test_a_changed_rule_keeps_all_that_stands_around_it(editing: Editing) -> None:
    address = "/rules/kalifaat/edit"

    answer = editing.visitor.send(
        address,
        do="save",
        seen=editing.seen(address),
        name="Kalifaat",
        query="kalifa* NOT cordoba",
        channel="scherm",
        priority="high",
        must_not_match="Het kalifaat van Cordoba",
    )

    assert answer.status_code == 303
    assert editing.text == MINE.replace("Val van het kalifaat", "Kalifaat").replace(
        '"kalifa* OR baghuz"', "'kalifa* NOT cordoba'"
    ).replace(
        'priority = "high"\n',
        'priority = "high"\nmust_not_match = [\n  "Het kalifaat van Cordoba",\n]\n',
    )


def test_a_rule_goes_where_all_rules_go_unless_it_names_channels_and_may_be_switched_off(
    editing: Editing,
) -> None:
    with_defaults = MINE.replace("[concepts]", '[defaults]\nchannels = ["scherm"]\n\n[concepts]')
    editing.put(with_defaults)
    form = {"do": "save", "name": "Wolven", "query": "wolf", "to": "defaults", "section": "dieren"}

    assert 'value="defaults" checked' in editing.visitor.get("/rules/new").text
    editing.visitor.send("/rules/new", **form, seen=editing.seen())
    assert editing.text.removeprefix(with_defaults) == (
        '\n[[rule]]\nid = "wolven"\nname = "Wolven"\nsection = "dieren"\nquery = \'wolf\'\n'
    )
    address = "/rules/wolven/edit"
    own = form | {"to": "own", "channel": "scherm", "off": "on"}
    editing.visitor.send(address, **own, seen=editing.seen(address))

    assert "enabled = false" in editing.text
    assert editing.text.endswith('channels = ["scherm"]\n')
    assert 'href="/rules/wolven/edit">Wolven</a>' in editing.visitor.get("/rules").text


def test_the_daemon_takes_a_saved_rule_up(editing: Editing) -> None:
    book = context_in(editing.path.parent, rules=MINE).rulebook
    watch = RuleWatch(editing.path, book, ["scherm"])

    editing.visitor.send("/rules/new", **NEW, seen=editing.seen())
    watch.look()
    book = watch.look() or book

    assert [rule.id for rule in book.rules] == ["kalifaat", "wolven"]


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"query": "wolf schaap"}, "geen operator tussen"),
        ({"query": "wolf AND\nschaap lam"}, "regel 2, kolom 8"),
        ({"query": "@siri"}, "bedoelde u"),
        ({"query": ""}, "de zoekvraag is leeg"),
        ({"query": "wolf", "channel": ["weg"]}, "het kanaal &#34;weg&#34; bestaat niet"),
        ({"query": "wolf", "must_match": ["schaap", "x"]}, "de regel vindt &#34;schaap&#34; niet"),
        ({"query": "wolf", "must_not_match": ["wolf"]}, "(vond &#34;wolf&#34;)"),
        ({"query": "wolf", "outlets": "NOS\nNergens"}, "geen bron is van het medium"),
        ({"query": "wolf", "id": "Wolf!"}, "kleine letters"),
        ({"query": "wolf", "id": "new"}, "kleine letters"),
        ({"query": "wolf", "id": "kalifaat"}, "er is al een regel met dit nummer"),
        ({"query": "wolf", "name": "${HOME}"}, "een waarde van elders"),
        ({"query": "wolf", "must_match": ["${file:/etc/passwd}"]}, "een waarde van elders"),
    ],
)
def test_what_is_wrong_is_said_at_its_place_and_nothing_is_written(
    editing: Editing, fields: dict[str, str], said: str
) -> None:
    answer = editing.visitor.send("/rules/new", **(NEW | fields), seen=editing.seen())

    assert answer.status_code == 422
    assert said in answer.text
    assert area_of(answer.text, "query") == ([fields["query"]] if fields["query"] else [])
    assert editing.text == MINE


def test_the_place_of_a_fault_in_a_query_is_marked(editing: Editing) -> None:
    page = editing.visitor.send("/rules/new", query="(wolf OR =IS) AND @siri", do="try").text

    assert '(wolf OR =IS) AND <mark class="wrong">@siri</mark></pre>' in page
    assert "bedoelde u `@syrie`?" in page


@pytest.mark.parametrize(
    "query",
    [
        "<script>alert(1)</script>",
        "</textarea><img src=x onerror=alert(1)>",
        "\x00wolf\x07",
        "\u202ewolf\u2028",
        "(" * 2_000 + "a" + ")" * 1_999,
        "a NEAR/250 " * 300 + "b",
        "*" * 4_000,
        "'''\"\"\"\\",
    ],
)
def test_a_hostile_query_is_text_and_nothing_else(editing: Editing, query: str) -> None:
    for do in ("try", "preview", "save"):
        answer = editing.visitor.send(
            "/rules/new", query=query[:4_000], name=query[:200], do=do, seen=editing.seen()
        )
        assert answer.status_code in {200, 303, 422}
        assert "<script>alert" not in answer.text
        assert "<img" not in answer.text
        assert "\x00" not in answer.text
    assert editing.visitor.get("/rules").status_code == 200


def test_what_is_longer_than_a_form_may_be_is_refused(editing: Editing) -> None:
    address, form = editing.visitor.url, {"query": "x" * 4_001}
    answer = editing.visitor.post("/rules/new", form, Origin=address, Accept="text/html")

    assert answer.status_code == 413
    assert "Een veld is te lang" in answer.text
    many = {"query": "x", "must_match": ["x"] * 200}
    assert editing.visitor.send("/rules/new", **many).status_code == 400


def test_a_preview_is_what_stands_beside_the_form_and_says_what_is_won_and_lost(
    editing: Editing,
) -> None:
    editing.desk.publish("Wolf bijt schaap", "Een wolf.", number=9)

    page = editing.visitor.send("/rules/kalifaat/edit", query="wolf", do="preview").text

    assert "<html" not in page
    assert "Wolf</mark> bijt schaap" in page
    assert "<b>1 erbij</b>, <b>" in page


def test_what_is_not_relevant_becomes_an_example_with_the_exception_that_makes_it_hold(
    editing: Editing,
) -> None:
    saved = editing.desk.publish(
        "Zomer in Andalusië",
        "Het kalifaat van Cordoba bloeide eeuwen. Er was veel te zien.",
        number=7,
    )
    address = f"/rules/kalifaat/edit?article={saved.article}"

    page = editing.visitor.get(address).text

    assert area_of(page, "query") == ["(kalifa* OR baghuz) EXCEPT (kalifaat NEAR/2 cordoba)"]
    assert area_of(page, "must_not_match") == ["Het kalifaat van Cordoba bloeide eeuwen."]
    assert "Dit stuk vindt de regel niet meer." in page
    assert "<b>0 erbij</b>, <b>1 eraf</b>" in page
    assert area_of(editing.visitor.get(f"{address}&way=1").text, "query") != area_of(page, "query")

    # and they are saved together, or not at all
    form = {"query": area_of(page, "query"), "must_not_match": area_of(page, "must_not_match")}
    form |= {"channel": ["scherm"], "do": ["save"], "seen": [field_of(page, "seen")]}
    half = editing.visitor.send("/rules/kalifaat/edit", **form | {"query": ["kalifa*"]})
    assert (half.status_code, editing.text) == (422, MINE)
    assert editing.visitor.send("/rules/kalifaat/edit", **form).status_code == 303
    assert "EXCEPT (kalifaat NEAR/2 cordoba)" in editing.text


@pytest.mark.parametrize("article", ["none", "", "'; DROP"])
def test_an_article_that_is_not_there_changes_nothing_in_the_form(
    editing: Editing, article: str
) -> None:
    page = editing.visitor.get(f"/rules/kalifaat/edit?article={article}").text

    assert area_of(page, "query") == ["kalifa* OR baghuz"]


def test_where_there_is_no_rule_three_are_offered_to_begin_with(editing: Editing) -> None:
    editing.put("# nog leeg\n")

    page = editing.visitor.get("/rules").text
    starters = re.findall(r'href="(/rules/new\?starter=\w+)"', page)

    assert len(starters) == 3
    for address in starters:
        form = editing.visitor.get(address).text
        assert 'role="alert"' not in form
        assert area_of(form, "must_match")
    assert "==RIVM" in editing.visitor.get(starters[0]).text


def test_a_second_backtest_waits_for_the_first_and_its_draft_is_kept(editing: Editing) -> None:
    for query, status in (("wolf", 303), ("schaap", 409)):
        answer = editing.visitor.send("/rules/new", do="backtest", query=query)
        assert answer.status_code == status

    assert area_of(answer.text, "query") == ["schaap"]
    assert "wolf</code>" in editing.visitor.get("/backtest").text
    assert editing.visitor.send("/backtest/cancel").headers["Location"] == "/backtest"
    assert "Gestopt voor het einde" in editing.visitor.get("/backtest").text
    assert editing.visitor.send("/rules/new", do="backtest", query="a b").status_code == 200


def test_a_search_becomes_a_rule(editing: Editing) -> None:
    page = editing.visitor.get("/rules/new?query=wolf AND schaap").text

    assert area_of(page, "query") == ["wolf AND schaap"]


def test_a_saved_rule_keeps_its_volume_which_has_no_place_in_the_form(editing: Editing) -> None:
    rule = '\n[[rule]]\nid = "wolf"\nquery = "wolf"\nchannels = ["scherm"]\n'
    volume = rule + "[rule.volume]\ntimes = 4\n"
    editing.put(MINE + volume)
    address = "/rules/wolf/edit"
    form = {"do": "save", "query": "wolven", "to": "own", "channel": "scherm"}

    editing.visitor.send(address, **form, seen=editing.seen(address))

    assert editing.text == MINE + volume.replace('query = "wolf"', "query = 'wolven'")
