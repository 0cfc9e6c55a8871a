"""Plain text from foreign text: no tags, entities resolved, no control characters.

HTML is read by a scanner written for this, in time linear in its length, whatever is nested or left
open. A tree parser stops at 256 levels and loses the text below them. What a reader does not see on
a page (scripts, styles, hidden elements) is not text.
"""

from __future__ import annotations

import re
import unicodedata
from html import unescape

from crawler.text.invisible import LINE_ENDS, UNWANTED

_TAG = re.compile(  # a tag after its "<"; ">" in a quoted value does not end it (HTML, 13.2.5)
    r"(?P<close>/?)(?P<name>[a-zA-Z][^\s/>]{0,60}+)"
    r"(?P<rest>(?:[^>=]++|=\s*+(?:\"[^\"]*+\"|'[^']*+')?)*+)>"
)
_SIMPLE_TAG = re.compile(r"(?P<close>/?)(?P<name>[a-zA-Z][^\s/<>]{0,60}+)(?P<rest>[^<>]*+)>")
_ANY_NAME = re.compile(r"<(?P<close>/?)(?P<name>[a-zA-Z][^\s/<>]{0,60}+)")
_MARKUP = re.compile(r"<[a-zA-Z/!?]|&(?:#\d|#[xX]|[a-zA-Z]{2})")


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_RAW = _words("script style textarea title xmp noembed noframes iframe")
_UNSEEN = _RAW | _words("head noscript template object applet svg math select audio video canvas")
_BLOCKS = _words(
    "address article aside blockquote br center dd details dialog div dl dt fieldset figcaption "
    "figure footer form h1 h2 h3 h4 h5 h6 header hr legend li main nav ol option p pre section "
    "summary table tbody tfoot thead tr ul"
)
_VOID = _words("area base br col embed hr img input link meta param source track wbr")
_COMMON = _BLOCKS | _words(
    "a b i u em strong span img font small sub sup script style q del ins mark cite abbr strike"
)
_MEANING = dict.fromkeys(_BLOCKS, "\n\n") | {"br": "\n", "td": " ", "th": " "}
_PLAIN_TAGS = {
    form.format(name): _MEANING.get(name, "")
    for name in (_COMMON | _BLOCKS) - _UNSEEN
    for form in ("{}", "/{}", "{}/", "{} /")
}
# Tags that need no end (HTML, 13.1.2.4).
_LONE = _words("br hr img li p")
_OPENED = re.compile(r"<([a-zA-Z][a-zA-Z0-9]*)(?=[\s/>])")
_CLOSED = re.compile(r"</([a-zA-Z][a-zA-Z0-9]*)\s*>")
_NAMES = "|".join(sorted(_COMMON | _RAW | _UNSEEN | _VOID, key=len, reverse=True))
# An element of one's own has small letters (HTML, 4.13.3): `<IS-K>` is none.
_UNKNOWN = re.compile(
    rf"<(?!/?(?:{_NAMES})(?![a-zA-Z0-9-])|[!?]|/?[a-zA-Z]+:[a-zA-Z]|(?-i:/?[a-z]+-))",
    re.IGNORECASE,
)
_ELEMENTS = (
    _COMMON
    | _RAW
    | _UNSEEN
    | _VOID
    | _words(
        "html body frame frameset caption colgroup button label fieldset legend optgroup datalist "
        "output progress meter menu menuitem dir slot search picture map param bgsound basefont "
        "code kbd samp var tt big acronym abbr dfn time data bdi bdo ruby rb rp rt rtc nobr blink "
        "marquee spacer plaintext listing keygen image isindex nextid multicol layer ilayer"
    )
)
# What stands in angle brackets, has no attributes and may be a name: <IS>, <IS-K>, <YPG/PKK>.
_IN_BRACKETS = re.compile(r"<([A-Za-z][\w/'’-]{0,40}(?: [\w/'’-]{1,40}){0,3})(?<![/-])>")
_END_TAG = re.compile(r"</([a-zA-Z][^\s<>/]{0,60})")
_QUOTED = re.compile(r"\"[^\"]*\"|'[^']*'")
_HIDDEN_ATTRIBUTE = re.compile(r"\shidden(?=[\s=/]|$)", re.IGNORECASE)
_HIDING_STYLE = re.compile(
    r"style\s*=\s*[\"'][^\"']*?(?:display\s*:\s*none|visibility\s*:\s*hidden)", re.IGNORECASE
)
_LONG_REFERENCE = re.compile(r"&#[xX]?[0-9a-fA-F]{9,}+;?")  # int() refuses over 4,300 digits
_BETWEEN_TAGS = re.compile(r"<(/?[a-zA-Z][^<>]*+)>")
# How often markup is looked for up to the end of the text in vain. Chosen: a number that does not
# depend on the text keeps the time linear.
PATIENCE = 16

# C1 controls that are meant as Windows-1252, as HTML reads them in references (HTML, 13.2.5.80).
_WINDOWS = {
    code: letter
    for code in range(0x80, 0xA0)
    if (letter := bytes([code]).decode("cp1252", "ignore"))
}
_UNWANTED = re.compile(f"[{UNWANTED}]+")
_LINE_ENDS = re.compile(f"\r\n|[{LINE_ENDS}]")
_LINE_END = re.compile(f"[{LINE_ENDS}]")
_BLANKS = re.compile(r"[^\S\n]+")
_BREAKS = re.compile(r"\n\n\n+")


def clean(text: str) -> str:
    """The text without invisible characters and control sequences; line ends become LF.

    Control characters (ESC and NUL too), lone surrogates and marks that change the direction of
    writing are removed; C1 controls are read as Windows-1252. Letters are composed (NFC).
    """
    if not text.replace("\n", " ").isprintable():
        text = _UNWANTED.sub("", _LINE_ENDS.sub("\n", text.translate(_WINDOWS)))
    return text if text.isascii() else unicodedata.normalize("NFC", text)


def one_line(text: str) -> str:
    """Clean text in one line, with single spaces: for titles, names and addresses."""
    if text.isprintable() and "  " not in text:  # most lines: their only white space is " "
        return (text if text.isascii() else unicodedata.normalize("NFC", text)).strip(" ")
    return " ".join(clean(text).split())


def short_line(text: str) -> str:
    """A message of a library or a server for a log or a status page: one line, 200 characters."""
    return one_line(text[:500])[:200]


def paragraphs(text: str) -> str:
    """Clean text with single spaces, and at most one empty line between paragraphs."""
    if not text.replace("\n", "").isprintable():
        text = _BLANKS.sub(" ", clean(text))
    else:
        if not text.isascii():
            text = unicodedata.normalize("NFC", text)
        if "  " in text:
            text = _BLANKS.sub(" ", text)
    if " \n" in text or "\n " in text:
        text = "\n".join([line.strip() for line in text.split("\n")])
    if "\n\n\n" in text:
        text = _BREAKS.sub("\n\n", text)
    return text.strip()


def plain_text(html: str) -> str:
    """The text a reader sees of this HTML; an empty line stands between its blocks."""
    if "<" in html and has_markup(html):
        spaced = html if html.isprintable() else _LINE_END.sub(" ", html.translate(_WINDOWS))
        html = _without_tags(spaced)
    return paragraphs(_unescaped(html))


def plain_line(html: str) -> str:
    """The text a reader sees of this HTML, in one line."""
    if "<" in html and has_markup(html):
        html = _without_tags(html)
    return one_line(_unescaped(html) if "&" in html else html)


def has_markup(text: str) -> bool:
    """Whether the text holds something that reads as a tag, comment or character reference."""
    return _MARKUP.search(text) is not None


def has_html(text: str) -> bool:
    """Whether the text is HTML although it is said to be plain: some tag of HTML has its end."""
    if "<" not in text or ">" not in text:
        return False
    opened = {name.lower() for name in _OPENED.findall(text)} & (_COMMON | _LONE)
    closed = {name.lower() for name in _CLOSED.findall(text)}
    return bool(opened & _LONE or opened & closed)


def without_unknown_tags(html: str) -> str:
    """The same with "<" escaped where no tag of HTML follows, as in a headline about `<IS>`."""
    return _UNKNOWN.sub("&lt;", html) if "<" in html else html


def with_names(html: str) -> str:
    """The same with names in angle brackets escaped, which a parser takes for elements.

    A name has a large letter, is that of no element of HTML, and has no end tag.
    """
    found = {name for name in _IN_BRACKETS.findall(html) if _is_name(name)}
    if not found:
        return html
    ended = {name.lower() for name in _END_TAG.findall(html)}
    names = {name for name in found if name.lower() not in ended}
    return _IN_BRACKETS.sub(
        lambda tag: f"&lt;{tag[1]}&gt;" if tag[1] in names else tag[0],
        html,
    )


def _is_name(text: str) -> bool:
    return not text.islower() and re.split("[ /]", text, maxsplit=1)[0].lower() not in _ELEMENTS


def _unescaped(text: str) -> str:
    return unescape(_LONG_REFERENCE.sub("\ufffd", text) if "&#" in text else text)


def _without_tags(html: str) -> str:
    html = with_names(html)
    simple = _of_simple_tags(html)
    if simple is not None:
        return simple
    if "<![CDATA[" in html:  # wrapped twice
        html = html.replace("<![CDATA[", "").replace("]]>", "")
    return _Scanner(html).text()


def _of_simple_tags(html: str) -> str | None:
    """The text if it has only simple tags, as most descriptions have: a faster way; else None."""
    if html.count("<") != html.count(">") or "<!" in html or "<?" in html:
        return None
    pieces = _BETWEEN_TAGS.split(html.replace("</p><p>", "\n\n").replace("</p>\n<p>", "\n\n"))
    for number in range(1, len(pieces), 2):
        tag = pieces[number]
        if (meaning := _PLAIN_TAGS.get(tag)) is not None:
            pieces[number] = meaning
            continue
        name = tag.split(None, 1)[0].strip("/").lower()
        if name in _UNSEEN or (" " in tag and _hides(tag)) or "/" in name:
            return None
        pieces[number] = _MEANING.get(name, "")
    return "".join(pieces)


class _Scanner:
    """Reads HTML once from left to right; gives up searching after `PATIENCE` vain searches."""

    def __init__(self, html: str) -> None:
        self._html = html
        self._pieces: list[str] = []
        self._in_vain = 0
        self._last_comment_end = html.rfind("-->")

    def text(self) -> str:
        html, place = self._html, 0
        while (opening := html.find("<", place)) >= 0:
            self._pieces.append(html[place:opening])
            place = self._after_markup(opening)
        self._pieces.append(html[place:])
        return "".join(self._pieces)

    def _after_markup(self, opening: int) -> int:
        """Where the text goes on after the markup that this "<" begins."""
        html = self._html
        following = html[opening + 1 : opening + 2]
        if following.isalpha() or following == "/":
            if found := self._tag(opening + 1):
                return self._after_tag(found)
            return self._after_cut_tag(opening)
        if following in {"!", "?"}:
            return self._after_comment(opening)
        self._pieces.append("<")
        return opening + 1

    def _after_comment(self, opening: int) -> int:
        """Where the text goes on; an unclosed comment ends at the next ">" and so hides no text."""
        html = self._html
        if html.startswith("<!--", opening) and opening < self._last_comment_end:
            return html.find("-->", opening) + len("-->")
        end = html.find(">", opening)
        return len(html) if end < 0 else end + 1

    def _tag(self, place: int) -> re.Match[str] | None:
        if self._in_vain < PATIENCE:
            if found := _TAG.match(self._html, place):
                return found
            self._in_vain += 1
        return _SIMPLE_TAG.match(self._html, place)

    def _after_cut_tag(self, opening: int) -> int:
        """Where the text goes on; an incomplete tag ends it, any other "<" stays a "<"."""
        found = _ANY_NAME.match(self._html, opening)
        if found and found["name"].lower() in _COMMON:
            end = found.end()
            if self._html.find("<", end, end + 300) < 0:
                return len(self._html)
        self._pieces.append("<")
        return opening + 1

    def _after_tag(self, found: re.Match[str]) -> int:
        name, rest = found["name"].lower(), found["rest"]
        self._pieces.append(_MEANING.get(name, ""))
        if found["close"] or name in _VOID or rest.endswith("/"):
            return found.end()
        if name in _UNSEEN or (rest and _hides(rest)):
            return self._after_element(name, found.end())
        return found.end()

    def _after_element(self, name: str, place: int) -> int:
        """Where the element ends that opened before `place`; one that stays open is not skipped."""
        if self._in_vain >= PATIENCE:
            return place
        depth = 1
        for found in _ANY_NAME.finditer(self._html, place):
            if found["name"].lower() != name:
                continue
            depth += -1 if found["close"] else name not in _RAW
            if depth == 0:
                end = self._html.find(">", found.end())
                return len(self._html) if end < 0 else end + 1
        self._in_vain += 1
        return len(self._html) if name in _RAW else place


def _hides(attributes: str) -> bool:
    """Whether these attributes hide their element."""
    lower = attributes.lower()
    if "hidden" in lower and _HIDDEN_ATTRIBUTE.search(_QUOTED.sub("", attributes)):
        return True
    return "style" in lower and _HIDING_STYLE.search(attributes) is not None
