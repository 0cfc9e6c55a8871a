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
ARTICLE = "https://nieuws.example/buitenland/a-1"
WRAPPED = [
    *('"{}"', "'{}'", "<{}>", "({})", "[{}]", "{{{}}}", "«{}»", "“{}”", "„{}”", "‘{}’", "`{}`"),
    *("**{}**", '"<{}>"', "<URL:{}>", "&quot;{}&quot;", "&lt;{}&gt;", "%22{}%22", '\\"{}\\"'),
    *("[{0}]({0})", "[Lees meer]({})", "[url]{}[/url]", "[url={}]Kop[/url]", "[url={0}]{0}[/url]"),
    *("<p>{}</p>", '<a href="{}">Kop</a>', "<a class='kop' href='{}'/>", "<![CDATA[{}]]>"),
    *("{},", "{} ,", "{};", '"{}",', "({}),", "{}]]>", "{})", '{}"', "{}>", '"{}', "<{}", "({}"),
    *('\n  "{}"\n', ' " {} " ', "(\n{}\n)", "{0} {0}", "{0}\n{0}", "{0}, {0}", "\u200b<{}>"),
]
SPACED = [
    *("https:// nieuws.example/buitenland/a-1", "https ://nieuws.example/buitenland/a-1"),
    *("https://nieuws.example /buitenland/a-1", "https://nieuws.example/buitenland\n      /a-1"),
    *("https://nieuws.example/\n\t\tbuitenland/a-1", r"https:\/\/nieuws.example\/buitenland\/a-1"),
    *('"/buitenland/a-1"', "</buitenland/a-1>", "(/buitenland/a-1)", "[Kop](/buitenland/a-1)"),
    *(
        "'//nieuws.example/buitenland/a-1'",
        '"a-1"',
        "<a-1>,",
        '"HTTPS://nieuws.example/buitenland/a-1"',
    ),
]
MEANT = {
    "https://piet:geheim@nieuws.example:8443/a@b": "https://nieuws.example:8443/a@b",
    "//piet@nieuws.example/a?x=1": "https://nieuws.example/a?x=1",
    "https://nieuws.example/wiki/Raqqa_(stad)": "https://nieuws.example/wiki/Raqqa_(stad)",
    "(https://nieuws.example/wiki/Raqqa_(stad))": "https://nieuws.example/wiki/Raqqa_(stad)",
    "[x](https://nieuws.example/Raqqa_(stad))": "https://nieuws.example/Raqqa_(stad)",
    "https://nieuws.example/1,2,3.html": "https://nieuws.example/1,2,3.html",
    "https://nieuws.example/a?b[]=1&c[]": "https://nieuws.example/a?b[]=1&c[]",
    'https://nieuws.example/van-"is"': 'https://nieuws.example/van-"is"',
    "'https://nieuws.example/foto's'": "https://nieuws.example/foto's",
    "/uit?url=https://streek.example/a": "https://nieuws.example/uit?url=https://streek.example/a",
    "https://nieuws.example/uit?url=\n https://streek.example/a": (
        "https://nieuws.example/uit?url=https://streek.example/a"
    ),
    "[https://[2001:db8::1]/a]": "https://[2001:db8::1]/a",
    "https://[2001:db8::1]": "https://[2001:db8::1]",
    "(2)/a": "https://nieuws.example/buitenland/(2)/a",
    "'t-kalifaat": "https://nieuws.example/buitenland/'t-kalifaat",
    "a,": "https://nieuws.example/buitenland/a,",
}
REFUSED = [  # cases 13 and 38
    "",
    "   ",
    *('""', "<>", "()", "[]()", '" "', '"javascript:alert(1)"', "<mailto:redactie@nieuws.example>"),
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


@pytest.mark.parametrize("reference", [*(around.format(ARTICLE) for around in WRAPPED), *SPACED])
def test_what_stands_around_a_reference_is_no_part_of_it(reference: str) -> None:
    address = web_address(reference, BASE)

    assert address.replace("HTTPS", "https") == ARTICLE


@pytest.mark.parametrize(("reference", "address"), MEANT.items())
def test_marks_that_a_reference_needs_stay(reference: str, address: str) -> None:
    assert web_address(reference, BASE) == address


@pytest.mark.parametrize("mark", ['"', "<", "[", "(", "'\"", "[(", " ", "\n", " \n", ",", "*"])
@pytest.mark.parametrize("end", ["", "https://nieuws.example/a", "/a"])
def test_marks_without_end_take_no_time(mark: str, end: str) -> None:
    text = mark * (MAX_CHARS // (2 * len(mark)))

    for _ in range(50):
        web_address(text + end, BASE)
        web_address(end + text, BASE)


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
