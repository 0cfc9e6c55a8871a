"""The text in the bytes of an answer: gzip and character sets, even if wrongly declared."""

from __future__ import annotations

import codecs
import re
import zlib
from collections.abc import Iterator

from crawler.faults.kinds import CrawlFault

MAX_BYTES = 8_000_000  # of a list, unpacked; chosen, and the default of [crawl] max_feed_bytes

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_WIDE = (  # a document begins with "<"
    (b"<\0\0\0", "utf-32-le"),
    (b"\0\0\0<", "utf-32-be"),
    (b"<\0", "utf-16-le"),
    (b"\0<", "utf-16-be"),
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
    f"[a-z]Ã{_LATER}|Ã{_LATER}Ã{_LATER}|â[\x80€][\x93\x94\x98\x99\x9c\x9d“”\u02dc™œ]"
)


class TooLargeError(ValueError):
    """The bytes unpack to more than the limit."""

    def __init__(self, limit: int) -> None:
        self.what = CrawlFault.MORE_BYTES(most=limit)
        super().__init__(str(self.what))


def unpacked(body: bytes, *, limit: int = MAX_BYTES) -> bytes:
    """The bytes, unpacked if they are gzip (sitemaps, and servers that do not declare it).

    Only one layer is unpacked, and unpacking stops at `limit` bytes. A body that breaks off gives
    the part that is there.

    Raises:
        TooLargeError: the limit is passed.
    """
    return unpacked_part(body, limit=limit)[0]


def unpacked_part(body: bytes, *, limit: int) -> tuple[bytes, bool]:
    """What `unpacked` gives, and whether it is whole.

    Raises:
        TooLargeError: the limit is passed.
    """
    parts: list[bytes] = []
    room, whole, packed = limit + 1, True, body
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
    for mark, encoding in _BOMS:
        if body.startswith(mark):
            return body[len(mark) :].decode(encoding, "replace")
    for start, encoding in _WIDE:
        if body.startswith(start):
            return body.decode(encoding, "replace")
    try:
        text = _UTF8().decode(body)  # an incomplete letter at the end is left out
    except UnicodeDecodeError:
        return _not_quite_utf8(body, content_type)
    may_be_twice = any(sign in text for sign in ("Ã", "â€", "â\x80"))  # quick: most have none
    return _TWICE.sub(_once, text) if may_be_twice and _SURELY_TWICE.search(text) else text


def _once(found: re.Match[str]) -> str:
    """The letter that was encoded twice, or what stands there if it was not."""
    try:
        return bytes(_BYTES[letter] for letter in found[0]).decode()
    except UnicodeDecodeError:
        return found[0]


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
