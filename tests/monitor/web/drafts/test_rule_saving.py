"""Who may save a rule, into which file, and what happens when two people do."""

from __future__ import annotations

from pathlib import Path

import pytest
from page_newsroom import RULES, context_in, desk_in
from rule_editing import MINE, NEW, Editing, field_of
from served_page import AtWork, Visitor, served

from monitor.health import Vitals


def test_a_file_that_somebody_else_changed_is_not_written_over_before_both_were_seen(
    editing: Editing,
) -> None:
    address = "/rules/kalifaat/edit"
    wanted = {"do": "save", "name": "Mijn naam", "query": "kalifa*", "channel": "scherm"}
    seen = editing.seen(address)
    theirs = MINE.replace("Val van het kalifaat", "Hun naam")
    editing.put(theirs)

    refused = editing.visitor.send(address, **wanted, seen=seen)

    assert refused.status_code == 409
    assert editing.text == theirs
    assert "Hun naam" in refused.text
    assert "Mijn naam" in refused.text
    again = editing.visitor.send(address, **wanted, seen=field_of(refused.text, "seen"))
    assert again.status_code == 303
    assert "Mijn naam" in editing.text


def test_a_rule_that_was_taken_out_meanwhile_is_said_to_be_gone(editing: Editing) -> None:
    address = "/rules/kalifaat/edit"
    seen = editing.seen(address)
    editing.put(MINE.replace(RULES, ""))

    refused = editing.visitor.send(address, do="save", query="kalifa*", channel="scherm", seen=seen)

    assert refused.status_code == 409
    assert "staat er niet meer in" in refused.text
    assert "kalifaat" not in editing.text
    assert editing.visitor.get(address).status_code == 404


def test_a_change_that_came_after_ours_is_not_undone(editing: Editing) -> None:
    editing.visitor.send("/rules/new", **NEW, seen=editing.seen())
    token = field_of(editing.visitor.get("/rules").text, "token")
    theirs = editing.text + "# en nog iets\n"
    editing.put(theirs)

    answer = editing.visitor.send("/undo", token=token)

    assert answer.status_code == 409
    assert editing.text == theirs


def test_a_file_that_cannot_be_written_gives_the_table_to_copy(editing: Editing) -> None:
    editing.path.chmod(0o444)

    answer = editing.visitor.send("/rules/new", **NEW, seen=editing.seen())

    assert answer.status_code == 409
    assert "[[rule]]\nid = &#34;wolven&#34;" in answer.text
    assert editing.text == MINE


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[[rule]\n", "rules.toml:1"),
        (MINE + RULES, "staat er twee keer"),
        ("rule = [{id = 'kalifaat', query = 'x', channels = []}]\n", "in één lijst"),
        (MINE.replace("kalifa*", "${HOME}"), "komen van elders"),
    ],
)
def test_a_file_that_only_people_can_change_says_why(
    editing: Editing, text: str, said: str
) -> None:
    editing.put(text)

    answer = editing.visitor.get("/rules/kalifaat/edit")
    saved = (
        editing.visitor.send(
            "/rules/kalifaat/edit", do="save", query="y", seen=editing.seen("/rules/kalifaat/edit")
        )
        if answer.status_code == 200
        else answer
    )

    assert saved.status_code == 409
    assert said in saved.text
    assert editing.text == text


def test_a_rule_with_a_fault_can_be_mended(editing: Editing) -> None:
    editing.put(MINE + '[[rule]]\nid = "stuk"\nquery = "a b"\nchannels = ["scherm"]\n')
    address = "/rules/stuk/edit"

    page = editing.visitor.get(address)
    assert "geen operator tussen" in page.text
    editing.visitor.send(address, **NEW | {"query": "a AND b"}, seen=editing.seen(address))

    assert "query = 'a AND b'" in editing.text


def test_who_may_only_read_gets_no_form_and_changes_nothing(editing: Editing) -> None:
    stranger, seen = Visitor(editing.visitor.url), editing.seen()

    assert stranger.get("/rules/new").status_code == 403
    assert stranger.get("/rules/kalifaat/edit").status_code == 403
    assert "/rules/new" not in stranger.get("/rules").text
    for path in ("/rules/new", "/rules/kalifaat/edit", "/backtest/cancel"):
        assert stranger.send(path, **NEW, seen=seen).status_code == 403
        foreign = editing.visitor.post(path, NEW | {"seen": seen}, Origin="https://evil.example")
        assert foreign.status_code == 403
    assert editing.text == MINE


@pytest.mark.parametrize(("web", "at_work"), [("write = false", True), ("", False)])
def test_without_leave_to_write_or_without_a_daemon_nothing_can_be_changed(
    tmp_path: Path, web: str, *, at_work: bool
) -> None:
    desk = desk_in(tmp_path)
    context = context_in(tmp_path, web=web)
    daemon = AtWork(desk.writer) if at_work else None
    with served(context, Vitals(desk.writer, desk.clock), daemon) as visitor:
        visitor.enter(context)
        assert visitor.get("/rules/new").status_code == 403
        assert visitor.send("/rules/new", **NEW).status_code == 403
        assert "/rules/new" not in visitor.get("/rules").text
    desk.writer.close()
