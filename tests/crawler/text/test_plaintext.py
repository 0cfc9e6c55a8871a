"""HTML in text fields becomes what a reader sees, and nothing that a terminal or page obeys."""

import unicodedata

import pytest
from hypothesis import given, strategies as st

from crawler.text.plain import clean, one_line, plain_line, plain_text

READ = {
    "<p>Het leger trekt op.</p><p>De stad is omsingeld.</p>": (
        "Het leger trekt op.\n\nDe stad is omsingeld."
    ),
    "Eerste regel<br/>tweede regel": "Eerste regel\ntweede regel",
    "<ul><li>Baghuz<li>Raqqa</ul>": "Baghuz\n\nRaqqa",
    "<td>SDF</td><td>3</td>": "SDF 3",
    "Geen <b>vette</b> <a href='https://nieuws.example/a'>link</a>.": "Geen vette link.",
    'Zo <a title="a > b" href="/x">staat</a> het er': "Zo staat het er",
    "Caf&eacute; &amp; bar &#8211; &euro;5 &nbsp;": "Café & bar – €5",
    "Omzet < 5 miljoen & winst > 1 miljoen": "Omzet < 5 miljoen & winst > 1 miljoen",
    "minder dan <5 graden": "minder dan <5 graden",
    "een <onbekend woord": "een <onbekend woord",
    "regel een\r\nregel twee\n\n\n\nregel drie": "regel een\nregel twee\n\nregel drie",
    "&lt;b&gt; is een teken": "<b> is een teken",
    "<![CDATA[dubbel <![CDATA[verpakt]]>]]>": "dubbel verpakt",
}
UNSEEN = [  # cases 40-41: script and hidden text
    "<script>document.write('Baghuz')</script>",
    "<SCRIPT type=x>Baghuz</script >",
    "<style>p{content:'Baghuz'}</style>",
    "<svg/onload=alert('Baghuz')><text>Baghuz</text></svg>",
    "<iframe/src=\"javascript:alert('Baghuz')\">Baghuz</iframe>",
    "<p hidden>Baghuz</p>",
    '<div style="color:red; display: none">Baghuz <div>Baghuz</div></div>',
    "<noscript>Baghuz</noscript>",
    "<template><p>Baghuz</p></template>",
    "<!-- Baghuz -->",
    "<!-- Baghuz > -->",
    "<?php echo 'Baghuz' ?>",
    "<img src=x alt='Baghuz' onerror='Baghuz'>",
]
NASTY = ["\x00", "\x1b", "\x8d", "\ud800", "\udfff", "\u202e", "\u2066", "\u200b", "\ufeff", "\xad"]
LADDERS = [  # each one is a trap for a reader that looks ahead again from every place
    *("<", "<x", "<a ", '<a "', "<a =\"'", "<p hidden>", "<!--", "<![CDATA[", "</", "<?"),
    *('<a b="c', "<svg>", "<div>", '<div style="', "&", "&#", "<head>", "<script></script>"),
    *("<a =\"<a ='<b", "<b>", "<a hidden='", "<![CDATA[]]>", "]]>", "&#9", "e\u0301"),
]


@pytest.mark.parametrize(("html", "text"), READ.items())
def test_html_becomes_the_text_that_a_reader_sees(html: str, text: str) -> None:
    assert plain_text(html) == text


@pytest.mark.parametrize("html", UNSEEN)
def test_what_a_reader_does_not_see_is_not_text(html: str) -> None:
    assert plain_text(f"Voor {html} na").split() == ["Voor", "na"]
    assert plain_line(f"Voor {html} na") == "Voor na"


def test_a_class_called_hidden_hides_nothing() -> None:
    assert plain_text('<p class="md hidden lg">zichtbaar</p>') == "zichtbaar"


def test_an_element_that_stays_open_hides_nothing_but_a_script() -> None:
    assert plain_text("<head><p>de tekst") == "de tekst"
    assert plain_text("<p>de tekst<script>var x = 1") == "de tekst"


def test_a_tag_that_breaks_off_leaves_no_trace() -> None:
    assert plain_text('Lees meer <a href="https://nieuws.exa') == "Lees meer"


@pytest.mark.parametrize("mark", NASTY)  # cases 27-28 and 39
def test_marks_that_are_not_text_are_taken_out(mark: str) -> None:
    assert clean(f"kali{mark}faat") == "kalifaat"
    assert plain_text(f"<p>kali{mark}faat</p>") == "kalifaat"


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("oud-IS\x92er", "oud-IS’er"),
        ("\x93nee\x94", "“nee”"),
        ("\x80 5", "€ 5"),
        ("en\x85 na", "en… na"),
    ],
)
def test_controls_of_windows_1252_are_the_letters_that_are_meant(written: str, meant: str) -> None:
    assert clean(written) == meant
    assert plain_text(f"<p>{written}</p>") == meant
    assert plain_line(f"<b>{written}</b>") == meant


@pytest.mark.parametrize("reference", ["&#0;", "&#27;", "&#xD800;", "&#" + "9" * 9000 + ";"])
def test_character_references_to_nothing_are_harmless(reference: str) -> None:
    assert plain_text(f"a{reference}b").isprintable()


def test_letters_are_composed() -> None:
    assert one_line("Syrie\u0308") == "Syrië"


@given(st.text(st.sampled_from("ab \t\n\r\x1c\x85\xa0\u2003\u2028é\u0301\ufeff"), max_size=9))
def test_a_line_is_the_clean_text_with_single_spaces(text: str) -> None:
    assert one_line(text) == " ".join(clean(text).split())


def test_joiners_that_are_spelling_stay() -> None:
    assert clean("\u0645\u06cc\u200c\u062e") == "\u0645\u06cc\u200c\u062e"


@pytest.mark.parametrize("unit", LADDERS)  # cases 23-25
def test_a_long_ladder_of_marks_is_read_in_linear_time(unit: str) -> None:
    # A quadratic reader would need hours for these; the test would be ended by its runner.
    for end in ("", '">', "'>", "-->", "]]>"):
        plain_text(unit * (300_000 // len(unit)) + end)


@given(
    st.lists(
        st.sampled_from([*LADDERS, *UNSEEN, *NASTY, "woord", " ", "\n", ">", '"', "</p>", "&amp;"])
        | st.text(max_size=5),
        max_size=30,
    ).map("".join)
)
def test_any_input_gives_clean_text(html: str) -> None:
    for text in (plain_text(html), plain_line(html)):
        assert text == text.strip()
        assert text.replace("\n", "").isascii() or unicodedata.is_normalized("NFC", text)
        assert not any(mark in text for mark in [*NASTY, "\r", "\u2028", "\x7f"])
    assert "\n" not in plain_line(html)


NAMES = ["IS", "IS-K", "Is", "ISIS", "al-Hol", "YPG/PKK", "IS'er", "Islamitische Staat", "HTS-lid"]


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(
    "html",
    [
        "Leider van {} opgepakt",
        "<p>Leider van {} <b>opgepakt</b></p>",
        "Leider van {}<br>opgepakt <a href='/a?b=1&c' title='Van {}'>meer</a>",
        "<div hidden>Nee</div><script>x<Y</script>Leider van {} opgepakt<!-- {} -->",
    ],
)
def test_a_name_in_angle_brackets_stays_in_a_text_with_tags(name: str, html: str) -> None:
    written = html.replace("{}", f"<{name}>")

    assert f"Leider van <{name}>" in plain_text(written)
    assert f"Leider van <{name}>" in plain_line(written)


@pytest.mark.parametrize(
    "html",
    [
        "Leider <B>opgepakt</B>",
        "Leider <Kader>opgepakt</Kader>",
        "Leider <NOBR>opgepakt",
        "Leider <FONT COLOR=red>opgepakt",
        "Leider <O:P>opgepakt</O:P>",
        "Leider <w-kader>opgepakt",
        "Leider <clipPath>opgepakt</clipPath>",
        "Leider <INPUT DISABLED>opgepakt",
        "Leider <Kader/>opgepakt",
        "Leider <BR/>opgepakt",
        "Leider <P>opgepakt",
    ],
)
def test_an_element_is_no_name_however_it_is_written(html: str) -> None:
    assert plain_line(html).split() == ["Leider", "opgepakt"]


@pytest.mark.parametrize("hostile", ["<A", "<A B ", "<AB>", "<A a a a a>", "</A><A>"])
def test_names_without_end_take_linear_time(hostile: str) -> None:
    plain_text(hostile * 200_000)
