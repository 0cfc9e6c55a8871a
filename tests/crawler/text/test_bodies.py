"""Bytes into text: packing and character sets."""

import gzip
import json
import zlib
from html import unescape
from html.entities import name2codepoint

import pytest
from hypothesis import given, strategies as st

from crawler.text.decoding import TooLargeError, text_of, unpacked, unpacked_part


def test_packed_bytes_are_unpacked() -> None:
    assert unpacked(gzip.compress(b"nieuws")) == b"nieuws"


def test_files_packed_one_after_the_other_are_one() -> None:
    assert unpacked(gzip.compress(b"nieuws") + gzip.compress(b"wacht")) == b"nieuwswacht"


def test_bytes_that_are_not_packed_stay() -> None:
    assert unpacked(b"nieuws") == b"nieuws"


@pytest.mark.parametrize("before", [b"", b"\n", b"\r\n \n", b"\xef\xbb\xbf", b"\xef\xbb\xbf\n"])
@pytest.mark.parametrize("layers", [1, 2, 3])
def test_what_is_packed_several_times_is_unpacked(layers: int, before: bytes) -> None:
    packed = b"nieuws"
    for _ in range(layers):
        packed = before + gzip.compress(packed)

    assert unpacked_part(packed, limit=100) == (b"nieuws", True)
    assert unpacked_part(packed[:-4], limit=100) == (b"nieuws", False)


def test_three_layers_are_unpacked_and_no_more() -> None:  # case 4
    inner = gzip.compress(b"nieuws")

    assert unpacked(gzip.compress(gzip.compress(gzip.compress(inner)))) == inner


@pytest.mark.parametrize("layers", [1, 2, 3])
def test_each_layer_has_the_same_limit(layers: int) -> None:
    packed = bytes(1_000_000)
    for _ in range(layers):
        packed = gzip.compress(packed)

    with pytest.raises(TooLargeError):
        unpacked(packed, limit=900_000)


def test_a_packed_body_that_breaks_off_gives_what_there_is() -> None:
    packed = gzip.compress(bytes(range(256)) * 20)

    assert bytes(range(256)).startswith(unpacked(packed[: len(packed) // 2])[:256])


def test_damaged_packing_is_no_crash() -> None:
    assert unpacked(b"\x1f\x8bnieuws") == b"\x1f\x8bnieuws"


def test_a_wrong_sum_at_the_end_costs_nothing_of_what_was_packed() -> None:
    packed = gzip.compress(b"nieuws")
    damaged = packed[:-8] + b"\0\0\0\0" + packed[-4:]

    assert unpacked_part(damaged, limit=100) == (b"nieuws", False)


def test_a_bomb_stops_at_the_limit() -> None:  # cases 1-4
    packed = gzip.compress(bytes(50_000_000))

    with pytest.raises(TooLargeError):
        unpacked(packed, limit=1_000)


def test_a_bomb_of_many_files_stops_too() -> None:
    assert unpacked(gzip.compress(b"") * 100_000) == b""
    with pytest.raises(TooLargeError):
        unpacked(gzip.compress(b"x" * 100) * 11, limit=1_000)


def test_a_declaration_in_a_page_is_heard() -> None:
    page = "<html><head><meta charset='windows-1250'></head><p>Łódź</p>".encode("cp1250")

    assert "Łódź" in text_of(page)


@pytest.mark.parametrize("name", ["utf-7", "idna", "rot13", "base64", "hz", "x" * 30, "mbcs"])
def test_an_encoding_that_is_a_trick_is_not_used(name: str) -> None:
    assert text_of(f"<?xml encoding='{name}'?>één".encode("cp1252")).endswith("één")


def test_one_damaged_letter_does_not_change_the_character_set() -> None:
    assert text_of("één één één".encode() + b"\xff") == "één één één\ufffd"


@given(st.text(), st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]))
def test_text_in_unicode_is_read_back(text: str, encoding: str) -> None:
    document = f"<p>{text}"

    assert text_of(document.encode(encoding)) == document


@given(st.binary(max_size=200), st.text(max_size=40))
def test_any_bytes_are_text(body: bytes, content_type: str) -> None:
    assert isinstance(text_of(body, content_type), str)


@given(st.binary(max_size=300))
def test_unpacking_raises_nothing_else(tail: bytes) -> None:
    unpacked(zlib.compress(tail, wbits=31)[:-3] + tail)
    unpacked(b"\x1f\x8b" + tail)


TWICE = [
    "<title>Strijders in Syrië geven zich over</title>",
    "<title>De coöperatie: ‘wij gaan niet’</title>",
    "<p>Één vrouw van Özgür, € 300 en een première à Paris</p>",
    "<p>President Erdoğan en Milošević over Syrië</p>",
    "<h1>GEVECHTEN IN SYRIË</h1>",
]


def as_references(number: str, letters: str) -> str:
    return "".join(one if one.isascii() else f"&{number.format(ord(one))};" for one in letters)


def as_names(letters: str) -> str:
    named = {chr(code): name for name, code in name2codepoint.items()}
    return "".join(f"&{named[one]};" if one in named else one for one in letters)


@pytest.mark.parametrize("taken_for", ["cp1252", "latin-1"])
@pytest.mark.parametrize("written", TWICE)
def test_letters_that_were_encoded_twice_are_read_once_more(taken_for: str, written: str) -> None:
    twice = "".join(_taken_for(letter, taken_for) for letter in written)

    assert text_of(twice.encode()) == written
    assert text_of(f"{twice} 2º, naïef".encode()) == f"{written} 2º, naïef"
    assert text_of(twice.encode("utf-8-sig")) == written
    assert text_of(twice.encode("utf-16")) == written
    assert text_of((9 * twice).encode() + b"\xff") == f"{9 * written}\ufffd"


@pytest.mark.parametrize("taken_for", ["cp1252", "latin-1"])
@pytest.mark.parametrize("written", TWICE)
def test_references_and_escapes_of_letters_that_were_encoded_twice_are_too(
    taken_for: str, written: str
) -> None:
    twice = "".join(_taken_for(letter, taken_for) for letter in written)
    referred = [
        as_references("#{}", twice),
        as_references("#x{:X}", twice),
        as_references("amp;#{}", twice),
        as_names(twice),
        as_names(twice).replace("&Atilde;", "Ã"),
    ]
    escaped = json.dumps(twice)

    assert [unescape(unescape(text_of(one.encode()))) for one in referred] == [written] * 5
    assert json.loads(text_of(escaped.encode())) == written
    assert json.loads(json.loads(text_of(json.dumps(escaped).encode()))) == written


def test_letters_that_were_encoded_three_times_are_read_too() -> None:
    thrice = "Strijders in Syrië"
    for _ in range(2):
        thrice = "".join(_taken_for(letter, "cp1252") for letter in thrice)

    assert text_of(thrice.encode()) == "Strijders in Syrië"


def _taken_for(letter: str, encoding: str) -> str:
    return "".join(
        bytes([byte]).decode(encoding, "ignore") or chr(byte) for byte in letter.encode()
    )


@pytest.mark.parametrize(
    "written",
    [
        *("«LE CAFÉ» et l’été", "IRMÃ» SÃO PAULO", "Syrië: „naïef“ â la carte", "50 € à 3 %"),
        *("JOÃO… AMANHÃ”, zei hij", "NGUYỄN VÃN “LÃ”", "S\\u00c3O PAULO", "IRM&Atilde;&raquo;"),
        *(
            "25 Â°C",
            "«Â» en «Ã»",
            "&Auml;&ouml;&uuml;",
            "\\u00e2ge, \\u00e9t\\u00e9, d\\u00e9j\\u00e0",
        ),
        "De site toonde “SyriÃ«” in plaats van “Syrië”.",
        "In plaats van &quot;Syri&euml;&quot; stond er &quot;Syri&Atilde;&laquo;&quot;.",
        'Een "ë" wordt dan "Ã«" en <code>coÃ¶peratie</code> moet coöperatie zijn.',
    ],
)
def test_letters_that_were_encoded_once_stay(written: str) -> None:
    assert text_of(written.encode()) == written
    assert text_of(written.encode("utf-8-sig")) == written


def test_a_quoted_word_keeps_no_other_word_from_being_read() -> None:
    written = "In plaats van “Syrië” stond er “SyriÃ«”. De coÃ¶peratie in IsraÃ«l zweeg."

    assert text_of(written.encode()) == (
        "In plaats van “Syrië” stond er “SyriÃ«”. De coöperatie in Israël zweeg."
    )


@pytest.mark.parametrize(
    "part", ["Ã«", "Syri&Atilde;&laquo; ", '"aÃ«', "“SyriÃ«” Syrië ", "\\", "&amp;"]
)
def test_letters_without_end_take_no_time(part: str) -> None:
    assert text_of(f"SyriÃ« {part * (200_000 // len(part))}".encode()).startswith("Syrië")
