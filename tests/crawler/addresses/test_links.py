"""References into web addresses, and only into those."""

import pytest
from hypothesis import given, strategies as st

from crawler.addresses.links import MAX_CHARS, is_web_address, web_address

BASE = "https://nieuws.example/buitenland/"

JOINED = {
    "https://nieuws.example/a": "https://nieuws.example/a",
    " https://nieuws.example/a\n": "https://nieuws.example/a",
    "/artikel/1": "https://nieuws.example/artikel/1",
    "2": "https://nieuws.example/buitenland/2",
    "//streek.example/a": "https://streek.example/a",
    "?p=1&amp;q=2": "https://nieuws.example/buitenland/?p=1&q=2",
    "https://nieuws.example/a?b=1&amp;c=2": "https://nieuws.example/a?b=1&c=2",
    "/met spatie": "https://nieuws.example/met%20spatie",
    "/Syrië": "https://nieuws.example/Syrië",
    "https://nieuws.example/\u202ea\u200b": "https://nieuws.example/a",
    "https://nieuws.example/een\n/twee": "https://nieuws.example/een/twee",
}
REFUSED = [  # cases 13 and 38
    "",
    "   ",
    "javascript:alert(1)",
    "JavaScript:alert(1)",
    "java\nscript:alert(1)",
    "data:text/html,x",
    "file:///etc/passwd",
    "ftp://nieuws.example/a",
    "mailto:redactie@nieuws.example",
    "https://",
    "https:///a",
    "https://[::bad/",
    "https://nieuws.example:99999999/",
    "https://nieuws.example:99999/",
    "https://nieuws.example:0/",
    "https://nieuws.example/" + "a" * MAX_CHARS,
]


@pytest.mark.parametrize(("reference", "address"), JOINED.items())
def test_a_reference_becomes_an_absolute_address(reference: str, address: str) -> None:
    assert web_address(reference, BASE) == address


@pytest.mark.parametrize("reference", REFUSED)
def test_what_is_no_web_address_is_none(reference: str) -> None:
    assert web_address(reference, BASE) == ""


@given(st.text(max_size=80))
def test_any_text_gives_a_web_address_or_nothing(reference: str) -> None:
    address = web_address(reference, BASE)

    assert not address or address.startswith(("https://", "http://"))
    assert not any(char in address for char in " \n\r\t\x00\x1b\ud800")


@given(st.one_of(st.text(max_size=40), st.text("htps:/.@[]ab09 \n\u200b", max_size=40)))
def test_what_a_reference_becomes_is_an_address_where_it_is_written_plainly(text: str) -> None:
    address = web_address(text)

    assert is_web_address(address) == bool(address and address.isprintable())


@pytest.mark.parametrize("address", ["https://nieuws.example", "HTTP://[::1]:8080/a?b=ë#c"])
def test_an_address_may_have_capitals_a_port_and_letters(address: str) -> None:
    assert is_web_address(address)


@pytest.mark.parametrize(
    "text",
    [
        *(text for text in REFUSED if len(text) < MAX_CHARS),
        *("/artikel/1", "//nieuws.example/a", "https://nieuws.example/a b", " https://a.example"),
        *("https://nieuws.example/\u202ea", "https://nieuws.example/a\n", "https://:80/"),
    ],
)
def test_what_is_no_address_as_it_stands_is_none(text: str) -> None:
    assert not is_web_address(text)
