"""Articles as lines of JSON."""

import pytest

from alerts.document import Document
from alerts.rules.trial_input import documents_of
from crawler.errors import ConfigError


def test_each_line_is_an_article() -> None:
    lines = [
        b'\xef\xbb\xbf{"id": "a", "title": "Val", "outlet": "NOS", "url": "https://nos.nl/1"}\n',
        '{"id": 7, "body": "Syrië", "author": null, "published": "gisteren"}\n'.encode(),
        b'{"lead": "", "language": "nl"}\n',
        b"\n",
        b"  \n",
    ]

    assert list(documents_of(lines, "artikelen.jsonl")) == [
        Document(id="a", title="Val", outlet="NOS", url="https://nos.nl/1"),
        Document(id="7", body="Syrië"),
        Document(id="3", lang="nl"),
    ]


@pytest.mark.parametrize(
    ("line", "what"),
    [
        (b"[]", "not a JSON object but a list"),
        (b"null", "not a JSON object but null"),
        (b"3", "not a JSON object but a number"),
        (b"val", "not JSON"),
        (b'{"title": "a"', "not JSON"),
        (b"[" * 100_000, "not JSON"),
        (b'{"title": "\xff"}', "not UTF-8"),
        (b'{"title": 3}', '"title" is not a string but a number'),
        (b'{"body": "a", "outlet": ["NOS"]}', '"outlet" is not a string but a list'),
        (b'{"id": "a"}', "title, lead and body are all missing"),
        (b"", "the line is empty"),
    ],
)
def test_a_line_that_is_no_article_is_named_by_its_number(line: bytes, what: str) -> None:
    documents = documents_of([b'{"title": "a"}\n', line + b"\n", b'{"title": "b"}\n'], "in.jsonl")

    assert next(documents).title == "a"
    with pytest.raises(ConfigError) as caught:
        next(documents)
    assert what in str(caught.value)
    assert str(caught.value).startswith("in.jsonl:2: ")
