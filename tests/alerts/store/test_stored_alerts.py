"""Stored alerts outlive a version: their text stays, and each kind is read back as such."""

from __future__ import annotations

import json

from support.messages import NOW, alert, correction

from alerts.alert import ArticleAlert, Notice, NoticeAlert
from alerts.rendering import health_alert
from alerts.store.rows import alert_from_row, alert_to_row


def test_an_alert_about_an_article_is_read_back_with_its_change() -> None:
    told = [alert(late=True), *correction().alerts]

    rows = [alert_to_row(one) for one in told]

    assert [row["article"] for row in rows] == ["art_nos", "art_nos"]
    assert [alert_from_row(row) for row in rows] == told
    assert all(isinstance(alert_from_row(row), ArticleAlert) for row in rows)


def test_news_about_nieuwswacht_itself_is_read_back_as_a_notice() -> None:
    told = health_alert("stil:nos", Notice("Stil", ("Al een uur niets.",)), NOW)

    row = alert_to_row(told)

    assert (row["article"], row["outlet"]) == (None, None)
    assert alert_from_row(row) == told
    assert isinstance(alert_from_row(row), NoticeAlert)


def test_the_stored_text_has_the_same_names_in_the_same_order_as_before() -> None:
    (told,) = correction().alerts

    names = list(json.loads(alert_to_row(told)["body"]))

    assert names == [
        *("id", "kind", "rule", "story", "event", "created"),
        *("article", "revision", "quotes", "change"),
    ]
