from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, strategies as st
from sqlite_utils import Database

from crawler.model import Article, DateOrigin, FeedEntry, LogCursor, Verdict
from crawler.store import ArticleStore, Writer, open_reader
from crawler.store.archive.articles import MOST_TEXT
from crawler.store.records import as_text, as_time, entry_from_json, entry_to_json

HOUR = timedelta(hours=1)
BODY = (
    "De Syrische Democratische Strijdkrachten hebben het laatste dorp ingenomen.\n\n"
    "Honderden strijders gaven zich over, meldt een woordvoerder."
)


def article(now: datetime, key: str = "nos:1", **changes: object) -> Article:
    fields = {
        "id": f"art_{key}",
        "key": key,
        "url": f"https://example.org/{key}",
        "outlet": "NOS",
        "source": "nos-buitenland",
        "title": "Strijd om Baghuz voorbij",
        "lead": "Het kalifaat is gevallen.",
        "body": BODY,
        "first_seen": now,
        "published": now - HOUR,
        "published_from": DateOrigin.FEED,
    }
    return Article(**(fields | changes))


def save(writer: Writer, given: Article, now: datetime):
    return writer.run(lambda db: ArticleStore(db).save(given, now=now))


@pytest.fixture
def store(writer: Writer) -> ArticleStore:
    return ArticleStore(open_reader(writer.path))


def test_an_article_comes_back_as_it_was_saved(
    writer: Writer, store: ArticleStore, now: datetime
) -> None:
    given = article(now, author="Jan de Vries", partial=True, paid=False, modified=now)

    saved = save(writer, given, now)

    assert saved.verdict is Verdict.NEW
    assert store.article(given.id) == given
    assert store.find(given.url) == store.find(given.key) == given


def test_saving_the_same_text_again_adds_nothing_to_the_log(
    writer: Writer, store: ArticleStore, now: datetime
) -> None:
    first = save(writer, article(now), now)

    again = save(writer, article(now), now + HOUR)

    assert (again.verdict, again.seq, again.story) == (Verdict.KNOWN, None, first.story)
    assert store.totals() == {"articles": 1, "revisions": 1, "stories": 1}


def test_a_new_text_is_a_revision_with_the_text_before_it(
    writer: Writer, store: ArticleStore, now: datetime
) -> None:
    save(writer, article(now), now)
    changed = article(now + HOUR, body=BODY.replace("Honderden", "Duizenden"), id="art_other")

    saved = save(writer, changed, now + HOUR)

    first, second = store.committed_after(LogCursor()).records
    assert (saved.verdict, saved.article) == (Verdict.REVISED, "art_nos:1")
    assert (first.revision.body, first.previous) == (BODY, None)
    assert "Duizenden" in second.article.body
    assert second.previous == replace(first.revision)
    assert second.article.first_seen == now
    assert store.committed_after(LogCursor(first.seq)).records == (second,)


def test_a_page_of_the_log_with_long_texts_is_shorter_and_the_next_goes_on_from_there(
    writer: Writer, store: ArticleStore, now: datetime
) -> None:
    # given articles of which two fill a page
    half = " ".join(["woord"] * (MOST_TEXT // 10))
    for number in range(5):
        given = article(now, f"nos:{number}", title=f"Titel {number}", body=f"{number} {half}")
        save(writer, given, now)

    pages, cursor = list[list[str]](), LogCursor()
    while (page := store.committed_after(cursor)).records:
        pages.append([record.article.title for record in page.records])
        cursor = page.cursor
    assert pages == [["Titel 0", "Titel 1"], ["Titel 2", "Titel 3"], ["Titel 4"]]


def test_the_log_gives_each_revision_its_own_text(
    writer: Writer, store: ArticleStore, now: datetime
) -> None:
    texts = [f"{BODY} Er vielen {number} doden." for number in range(5)]
    for number, text in enumerate(texts):
        save(writer, article(now, body=text), now + number * HOUR)

    assert [record.article.body for record in store.committed_after(LogCursor()).records] == texts
    assert [revision.number for revision in store.revisions("art_nos:1")] == [1, 2, 3, 4, 5]


def test_an_article_edited_a_hundred_times_keeps_every_text(
    writer: Writer, store: ArticleStore, now: datetime
) -> None:
    texts = [f"{BODY} Er vielen {number} doden." for number in range(100)]
    for text in texts:
        save(writer, article(now, body=text), now)

    kept = store.revisions("art_nos:1")

    assert [revision.body for revision in kept] == texts
    assert all(revision.whole for revision in kept)


def test_the_full_text_index_follows_a_revision_and_ignores_diacritics(
    writer: Writer, now: datetime
) -> None:
    save(writer, article(now, body="Gevechten in Syrië."), now)

    def found(word: str) -> int:
        db = open_reader(writer.path)
        return len(list(Database(db.raw)["articles"].search(word)))

    assert (found("syrie"), found("irak")) == (1, 0)
    save(writer, article(now, body="Gevechten in Irak."), now)
    assert (found("syrie"), found("irak")) == (0, 1)


def test_a_withdrawn_article_stays_and_is_marked(
    writer: Writer, store: ArticleStore, now: datetime
) -> None:
    save(writer, article(now), now)

    writer.run(lambda db: ArticleStore(db).withdraw("nos:1", now + HOUR))

    row = next(open_reader(writer.path).stream("SELECT withdrawn FROM articles"))
    assert row["withdrawn"] == as_text(now + HOUR)
    assert store.article("art_nos:1") is not None


@given(st.datetimes(datetime(1970, 1, 1), datetime(2200, 1, 1), timezones=st.timezones()))
def test_times_in_the_store_sort_as_text_and_come_back_exactly(time: datetime) -> None:
    assert as_time(as_text(time)) == time.astimezone(UTC)
    assert len(as_text(time)) == len("2026-01-01T00:00:00.000000+00:00")


@given(
    st.builds(
        FeedEntry,
        url=st.text(min_size=1),
        guid=st.none() | st.text(min_size=1),
        title=st.text(),
        lead=st.text(),
        author=st.none() | st.text(min_size=1),
        published=st.none() | st.datetimes(timezones=st.just(UTC)),
        paid=st.none() | st.booleans(),
    )
)
def test_an_entry_comes_back_from_the_ledger_of_pages_as_it_was(entry: FeedEntry) -> None:
    assert entry_from_json(entry_to_json(entry)) == entry
