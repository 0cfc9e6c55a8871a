"""The text in the bytes of an answer: gzip and character sets, even if wrongly declared."""

from __future__ import annotations

import codecs
import re
import zlib
from collections.abc import Iterator
from html import unescape
from itertools import islice

from crawler.faults.kinds import CrawlFault

MAX_BYTES = 8_000_000  # of a list, unpacked; chosen, and the default of [crawl] max_feed_bytes

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# A document begins with "<", "{" or "[", or with a blank before these.
_WIDE = (
    (re.compile(rb"[\s<{\[]\0\0\0"), "utf-32-le"),
    (re.compile(rb"\0\0\0[\s<{\[]"), "utf-32-be"),
    (re.compile(rb"[\s<{\[]\0"), "utf-16-le"),
    (re.compile(rb"\0[\s<{\[]"), "utf-16-be"),
)
_DECLARED = re.compile(
    rb"<\?xml[^>]{0,100}?encoding\s*=\s*[\"']([\w.:-]{2,30})"
    rb"|<meta[^>]{0,200}?charset\s*=\s*[\"']?([\w.:-]{2,30})",
    re.IGNORECASE,
)
_IN_HEADER = re.compile(r"charset\s*=\s*[\"']?([\w.:-]{2,30})", re.IGNORECASE | re.ASCII)
# UTF-7 and the stateful ISO-2022 are left out: they can hide a "<" from code that looks for it.
_TRUSTED = re.compile(
    r"iso8859-\d+|cp125\d|koi8-[ru]|mac-roman|big5|gb2312|gbk|gb18030|shift_jis|euc[_-]\w+"
)
_UTF8 = codecs.getincrementaldecoder("utf-8")
_HEAD = 4096  # bytes; chosen: HTML allows a declaration only in the first 1,024
# A gzip file may have several members. Chosen: each one costs a copy of the rest.
_MAX_MEMBERS = 64
GZIP = b"\x1f\x8b"
_PACKED = re.compile(rb"(?:\xef\xbb\xbf)?[ \t\r\n]{0,20}(?=\x1f\x8b\x08)")
_MAX_LAYERS = 3  # chosen: a program packs, and its server once more
_STEP = 16 * 1024
# Chosen: with at least this many sound letters outside ASCII for each damaged one, it is UTF-8.
_SOUND_SHARE = 4
# Letters whose UTF-8 was taken for Windows-1252 and written as UTF-8 again: "SyriÃ«", "â€™".
_BYTES = {bytes([code]).decode("cp1252", "ignore") or chr(code): code for code in range(128, 192)}
_BYTES |= {chr(code): code for code in range(128, 256)}
_LATER = f"[{re.escape(''.join(letter for letter, code in _BYTES.items() if code < 192))}]"  # noqa: PLR2004 - the bytes of UTF-8 after the first
_TWICE = re.compile(f"[Â-Å]{_LATER}|â[\x80\x82\x84€\u201a„]{_LATER}")
# What no language writes: a large letter with a sign behind it in a word, or the quotes of desks.
_SURELY_TWICE = re.compile(
    f"[a-z][ÃÄÅ]{_LATER}|Ã{_LATER}Ã{_LATER}|[A-Z]Ã(?:[\x80-\x9fƒ†‡\u02c6‰Š\u2039ŒŽš\u02dcœžŸ]|[–‘’“”](?=[A-Z]))"
    f"|â[\x80€][\x93\x94\x98\x99\x9c\x9d“”\u02dc™œ]"
)
# They also stand as references of HTML and escapes of JSON, some of them escaped once more.
_ONE = (
    rf"[{re.escape(''.join(_BYTES))}]|\\{{1,8}}u[0-9a-fA-F]{{4}}"
    r"|&(?:amp;)?(?:#\d{3,4}|#[xX][0-9a-fA-F]{2,4}|[A-Za-z][A-Za-z0-9]{1,7});"
)
_WRITTEN = re.compile(_ONE)
_RUN = re.compile(f"(?:{_ONE}){{2,}}")
# Quick: nearly all documents have none.
_SIGNS = ("Ã", "Ä", "Å", "tilde;", "#195;", "#xc3;", "#xC3;", "#226;", "#xe2;", "#xE2;")
_SIGNS_OF_JSON = ("u00c3", "u00C3", "u00e2", "u00E2", "u00c4", "u00c5")
_MOST_TIMES = 3  # chosen: some were encoded three times
# A word in quotes that is about such letters, since it stands nearby as it should be.
_QUOTED = re.compile(
    r"(?:[\"'`“”„‘’«»]|&(?:quot|[lb]d?quo|[lr]aquo|#8220|#8216|#39);|\\{1,8}u201[89c-e]"
    r"|<(?:code|em|i|q|samp|kbd|tt)>)([^\s<>\"]{2,40}?)"
    r"(?=[\"'`”’»“]|&(?:quot|rd?quo|raquo|#8221|#8217|#39);|\\{1,8}u201[9cd]|</)"
)
_MOST_QUOTED = 50  # chosen: bounds the work on a hostile document
_NEARBY = 200  # characters; chosen: the rest of the sentence


class TooLargeError(ValueError):
    """The bytes unpack to more than the limit."""

    def __init__(self, limit: int) -> None:
        self.what = CrawlFault.MORE_BYTES(most=limit)
        super().__init__(str(self.what))


def is_packed(body: bytes) -> bool:
    """Whether these bytes are gzip; programs write line ends before it."""
    return body.startswith(GZIP) or _PACKED.match(body) is not None


def unpacked(body: bytes, *, limit: int = MAX_BYTES) -> bytes:
    """The bytes, unpacked if they are gzip (sitemaps, and servers that do not declare it).

    Of up to three layers each is unpacked up to `limit` bytes. A body that breaks off gives the
    part that is there.

    Raises:
        TooLargeError: the limit is passed.
    """
    return unpacked_part(body, limit=limit)[0]


def unpacked_part(body: bytes, *, limit: int) -> tuple[bytes, bool]:
    """What `unpacked` gives, and whether it is whole.

    Raises:
        TooLargeError: the limit is passed.
    """
    sound = True
    for _ in range(_MAX_LAYERS):
        if not is_packed(body):
            break
        inner, whole = _layer(body, limit)
        body, sound = inner, sound and whole
    if len(body) > limit:
        raise TooLargeError(limit)
    return body, sound


def _layer(body: bytes, limit: int) -> tuple[bytes, bool]:
    """What this gzip file holds, or itself if nothing can be unpacked; and whether it is whole."""
    parts: list[bytes] = []
    begin = _PACKED.match(body)
    room, whole, packed = limit + 1, True, body[begin.end() :] if begin else body
    while packed.startswith(GZIP) and room > 0 and len(parts) < _MAX_MEMBERS:
        part, packed, whole = _member(packed, room)
        room -= len(part)
        if part or whole:
            parts.append(part)
    found = b"".join(parts) if parts else body
    if len(found) > limit:
        raise TooLargeError(limit)
    return found, whole


def _member(packed: bytes, room: int) -> tuple[bytes, bytes, bool]:
    """One member of a gzip file, the bytes after it, and whether its end was there."""
    unpacker, parts = zlib.decompressobj(wbits=31), []
    for start in range(0, len(packed), _STEP):
        step, before = packed[start : start + _STEP], unpacker.copy()
        try:  # in steps, since a fault takes all that its own call has unpacked
            parts.append(unpacker.decompress(step, room))
        except zlib.error:
            return b"".join([*parts, *_up_to_fault(before, step, room)]), b"", False
        room -= len(parts[-1])
        if unpacker.eof or room <= 0:
            rest = unpacker.unused_data + packed[start + _STEP :]
            return b"".join(parts), rest, True
    return b"".join(parts), b"", False


def _up_to_fault(unpacker: zlib._Decompress, step: bytes, room: int) -> Iterator[bytes]:
    """Yield what can be unpacked of a step with a fault in it, such as a wrong sum at its end."""
    for place in range(len(step)):
        try:
            part = unpacker.decompress(step[place : place + 1], room)
        except zlib.error:
            return
        room -= len(part)
        yield part
        if room <= 0:
            return


def text_of(body: bytes, content_type: str = "") -> str:
    """The text of these bytes; it never fails.

    The first of these decides: byte order mark, UTF-8 if the bytes are valid (whatever else was
    declared), the document's own declaration, `content_type`, Windows-1252. Damaged letters become
    U+FFFD. In a document with letters that were encoded twice, each of them is read once more.
    """
    return encoded_once(_decoded(body, content_type))


def _decoded(body: bytes, content_type: str) -> str:
    for mark, encoding in _BOMS:
        if body.startswith(mark):
            return body[len(mark) :].decode(encoding, "replace")
    for start, encoding in _WIDE:
        if start.match(body):
            return body.decode(encoding, "replace")
    try:
        return _UTF8().decode(body)  # an incomplete letter at the end is left out
    except UnicodeDecodeError:
        return _not_quite_utf8(body, content_type)


def encoded_once(text: str) -> str:
    """The document with each letter that was encoded twice as it was, if some surely were.

    They may stand as references of HTML or escapes of JSON. A word that is quoted for its letters
    stays: its right form is near.
    """
    for _ in range(_MOST_TIMES):
        if not _may_be_twice(text) or not any(map(_is_sure, _RUN.finditer(text))):
            break
        parts: list[str] = []
        place = 0
        for start, end in (*_quoted(text), (len(text), len(text))):
            parts += _RUN.sub(_once, text[place:start]), text[start:end]
            place = end
        mended = "".join(parts)
        if mended == text:
            break
        text = mended
    return text


def _may_be_twice(text: str) -> bool:
    in_quotes = "â" in text and ("â€" in text or "â\x80" in text)
    return (
        in_quotes
        or any(sign in text for sign in _SIGNS)
        or ("\\u00" in text and any(sign in text for sign in _SIGNS_OF_JSON))
    )


def _is_sure(run: re.Match[str]) -> bool:
    """Whether a letter in this run was surely encoded twice, as the letters beside it show."""
    before, behind = (
        run.string[max(0, run.start() - 1) : run.start()],
        run.string[run.end() : run.end() + 1],
    )
    letters = "".join(map(_letter, _WRITTEN.findall(run[0])))
    return _SURELY_TWICE.search(before + letters + behind) is not None


def _quoted(text: str) -> list[tuple[int, int]]:
    """Where words stand in quotes that are there for letters that were encoded twice."""
    found = []
    changed = ((one, _RUN.sub(_once, one[1])) for one in _QUOTED.finditer(text))
    doubtful = ((one, meant) for one, meant in changed if meant != one[1])
    for quoted, meant in islice(doubtful, _MOST_QUOTED):
        start, end = quoted.span(1)
        near = f"{text[max(0, start - _NEARBY) : start]} {text[end : end + _NEARBY]}"
        if meant in _WRITTEN.sub(lambda one: _letter(one[0]), near):
            found.append((start, end))
    return found


def _once(run: re.Match[str]) -> str:
    """The run with the letters in it that were encoded twice as they were."""
    if "&" not in run[0] and "\\" not in run[0]:
        return _TWICE.sub(_read_again, run[0])
    written = _WRITTEN.findall(run[0])
    parts, place = [], 0
    for twice in _TWICE.finditer("".join(map(_letter, written))):
        if (letter := _read_again(twice)) != twice[0]:
            parts += [*written[place : twice.start()], letter]
            place = twice.end()
    return "".join([*parts, *written[place:]])


def _read_again(found: re.Match[str]) -> str:
    """The letter that was encoded twice, or what stands there if it was not."""
    try:
        return bytes(_BYTES[letter] for letter in found[0]).decode()
    except UnicodeDecodeError:
        return found[0]


def _letter(written: str) -> str:
    """The letter that is written so; NUL for what is none."""
    if written[0] == "\\":
        return chr(int(written[-4:], 16))
    letter = unescape(unescape(written)) if len(written) > 1 else written
    return letter if len(letter) == 1 else "\0"


def _not_quite_utf8(body: bytes, content_type: str) -> str:
    text = body.decode("utf-8", "replace")
    damaged = text.count("\ufffd")
    foreign = len(text) - len(text.encode("ascii", "ignore")) - damaged
    if foreign >= _SOUND_SHARE * damaged:
        return text
    return body.decode(_declared(body, content_type), "replace")


def _declared(body: bytes, content_type: str) -> str:
    names = [
        name.decode("ascii", "replace") for pair in _DECLARED.findall(body[:_HEAD]) for name in pair
    ]
    names += _IN_HEADER.findall(content_type)
    for name in filter(None, names):
        try:
            encoding = codecs.lookup(name).name
        except (LookupError, ValueError):
            continue
        if encoding != "iso8859-1" and _TRUSTED.fullmatch(encoding):
            return encoding
    return "cp1252"  # what Latin 1 means on the web (WHATWG, Encoding)
