"""One spelling for what is written in several ways without another meaning."""

from __future__ import annotations

import re
from collections.abc import Callable

from crawler.text import comparable

_SMALL = """
    nul een twee drie vier vijf zes zeven acht negen tien elf twaalf dertien veertien vijftien
    zestien zeventien achttien negentien
    """.split()  # noqa: SIM905 - a table of words
_TENS = "twintig dertig veertig vijftig zestig zeventig tachtig negentig".split()  # noqa: SIM905 - a table of words
_ENGLISH = "zero one two three four five six seven eight nine ten eleven twelve".split()  # noqa: SIM905 - a table of words


def _number_words() -> dict[str, str]:
    words = dict(zip(_ENGLISH, map(str, range(len(_ENGLISH))), strict=True))
    words |= {word: str(number) for number, word in enumerate(_SMALL)}
    del words["een"]  # it is an article far more often than a number
    words |= {"één": "1", "anderhalf": "1,5", "anderhalve": "1,5"}
    for at, ten in enumerate(_TENS, start=2):
        words[ten] = str(10 * at)
        for unit, one in enumerate(_SMALL[1:10], start=1):
            words[f"{one}{'ën' if one.endswith('e') else 'en'}{ten}"] = str(10 * at + unit)
    for number, word in [(1, ""), *enumerate(_SMALL[2:], start=2)]:
        words[f"{word}honderd"] = str(100 * number)
        words[f"{word}duizend"] = str(1000 * number)
    return words | {"miljoen": "1000000", "miljard": "1000000000"}


_NUMBERS = _number_words()
_MILLIONS = {"n": " miljoen", "d": " miljard"}
_UNITS = {"kilometer": "km", "meter": "m", "centimeter": "cm", "kilo": "kg", "kilogram": "kg"} | {
    "hectare": "ha",
    "procent": "%",
    "percent": "%",
    "pct": "%",
    "uur": "u",
}


def _time(found: re.Match[str]) -> str:
    minutes = found[2] or found[3] or "00"
    return f"{int(found[1])}u" if minutes == "00" else f"{int(found[1])}.{minutes}u"


# Each pattern and what replaces it, in this order.
_Rules = tuple[tuple[re.Pattern[str], str | Callable[[re.Match[str]], str]], ...]
# What a desk puts before or behind a headline to say what kind of page it is.
_LABEL = re.compile(
    r"^(?:(?:kijk )?live(?:blog)?|video|update(?: \d{1,2}[.:]\d\d(?: uur)?)?|foto(?:'s|serie)?"
    r"|podcast|premium) ?(?:[|:•]| - ) ?|"
    r" \((?:met |\+ ?)?(?:video|update|foto(?:'s|serie)?)\)$",
    re.IGNORECASE,
)
_DIGIT = re.compile(r"\d")
_QUOTES: _Rules = (
    # An apostrophe inside a word is no quotation mark; a stop stands on either side of one.
    (re.compile(r"(?<!\w)'|'(?!\w)"), '"'),
    (re.compile(r'[.,;:]*"[.,;:]*'), '"'),
)
_WORD = re.compile(r"[^\W\d_]{3,}")
_AMOUNTS: _Rules = (
    (re.compile(r"(?<=\d) ?ml([nd])\b\.?"), lambda short: _MILLIONS[short[1]]),
    (re.compile(r"(?:€|\bEUR) ?(\d[\d.,]*(?<=\d)(?: (?:miljoen|miljard)\b)?)"), r"\1 euro"),
    (re.compile(r"(?<=\d)(?:,-+|[.,]00)(?= euro\b)|(?<=\d),-+(?!\w)"), ""),
)
_NOTATIONS: _Rules = (
    (
        re.compile(r"(?<![\w.,])\d{1,3}(?:([. ])\d{3})(?:\1\d{3})*(?!\w|[.,:]\d{3})"),
        lambda number: re.sub(r"\D", "", number[0]),
    ),
    (
        re.compile(
            r"(?<![\w.,:])(\d{1,2})(?:[.:](\d{2}) ?(?:uur|u\b\.?|h\b)"
            r"| ?[uh] ?(\d{2})\b(?: uur)?| ?(?:uur|u\b\.?|h\b))"
        ),
        _time,
    ),
    (re.compile(r"(?<=\d)[:,](?=\d{1,2}(?!\d))"), "."),
    (
        re.compile(rf"(?<=\d) ?({'|'.join(_UNITS)})\b", re.IGNORECASE),
        lambda unit: _UNITS[unit[1].casefold()],
    ),
    (re.compile(r"(?<=\d) (?=(?:km|m|cm|mm|kg|ha|kWh|MWh?|GW|°C)\b|%)"), ""),
    (re.compile(r"(?<=\d) - (?=\d)"), "-"),
)
_MARKS: _Rules = (
    # Between or within words; before a number it may be a minus.
    (re.compile(r"(?<![^\W\d])-(?!\d)|(?<=[^\W\d])-"), " "),
    (re.compile(r"[,;:](?!\d)| +(?=[.?!])"), " "),
)


def in_one_spelling(sentence: str) -> str:
    """The comparable form, with one form for quotation marks, dashes, commas and numbers.

    `twaalf` is `12`, `1.000` is `1000`, `3,2 procent` is `3.2%`, `12.00 uur` is `12:00 uur`, and
    `€5` is `5 euro`. The label of a headline (`LIVE |`) is left out. A question mark stays: it says
    something.
    """
    text = _LABEL.sub("", comparable(sentence))
    if '"' in text or "'" in text:
        text = _unquoted(_written(text, _QUOTES))
    if _DIGIT.search(text):
        text = _written(text, _AMOUNTS)
    text = _WORD.sub(lambda word: _NUMBERS.get(word[0].casefold(), word[0]), text)
    if _DIGIT.search(text):
        text = _written(text, _NOTATIONS)
    return " ".join(_written(text, _MARKS).split())


def _unquoted(text: str) -> str:
    """The text without the marks around a sentence that is quoted as a whole."""
    said = text.strip('"')
    if text != f'"{said}"' or '"' in said or not said:
        return text
    return said if said[-1] in "?!" else f"{said}."


def _written(text: str, rules: _Rules) -> str:
    for pattern, form in rules:
        text = pattern.sub(form, text)
    return text
