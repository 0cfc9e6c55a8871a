"""Stamps of an authority (RFC 3161) on the last link of a day.

What is stamped is the link as it is written, 64 hexadecimal digits. Only their SHA-256 and a random
number leave the machine.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from crawler.evidence.day_files import DayFolder
from crawler.evidence.keeper import JobRunner
from crawler.evidence.verification import StampCheck, StampError
from crawler.store.backup import on_disk
from crawler.store.evidence.kept_pages import DayState, KeptPages, KnownDay

if TYPE_CHECKING:
    from rfc3161_client import TimeStampResponse, VerifierBuilder

    from crawler.store.connection import Connection

# RFC 3161, 3.4: the types of what is sent, and of what is answered.
QUERY_TYPE = "application/timestamp-query"
REPLY_TYPE = "application/timestamp-reply"


def stamp_check(authority: Path) -> StampCheck:
    """What checks a stamp against the certificates in this file (PEM).

    Raises:
        StampError: there are none, or the extra is missing.
    """
    builder = _trusting(authority)

    def check(stamp: bytes, link: str) -> datetime:
        return _checked(builder, _reply(stamp), link)

    return check


def stamp_days(
    jobs: JobRunner, folder: Path, authority: Path, ask: Callable[[bytes], bytes]
) -> int:
    """Have each day that has ended stamped, the oldest first; returns how many were.

    Raises:
        StampError: the authority gave no valid one for a day; that day and those after it wait.
        OSError: it cannot be written.
    """
    days, files = jobs.run(_unstamped), DayFolder(folder)
    for day in days:
        if not _has_stamp(files, day, authority):
            stamp = ask_for_stamp(day.head, authority, ask)
            draft = files.stamp(day.day).with_suffix(".draft")
            with draft.open("wb") as file:
                file.write(stamp)
                file.flush()
                os.fsync(file.fileno())
            draft.replace(files.stamp(day.day))
            on_disk(files.path)
        jobs.run(lambda db, name=day.day: KeptPages(db).note_stamp(name))  # type: ignore[misc]  # a default binds it
    return len(days)


def _unstamped(db: Connection) -> list[KnownDay]:
    days = KeptPages(db).days().values()
    return [day for day in days if day.state is DayState.ENDED and not day.stamped]


def _has_stamp(files: DayFolder, day: KnownDay, authority: Path) -> bool:
    """Whether a stamp is there that an older database does not know; a later one proves less."""
    path = files.stamp(day.day)
    if not path.exists():
        return False
    try:
        _checked(_trusting(authority), _reply(path.read_bytes()), day.head)
    except StampError:
        return False
    return True


def ask_for_stamp(link: str, authority: Path, ask: Callable[[bytes], bytes]) -> bytes:
    """The stamp that an authority gives on this link, checked; `ask` sends it the query.

    Raises:
        StampError: what it answered is no stamp on this link, for this query, by this authority.
    """
    from rfc3161_client import HashAlgorithm, TimestampRequestBuilder

    builder = _trusting(authority)
    made = TimestampRequestBuilder().data(link.encode()).hash_algorithm(HashAlgorithm.SHA256)
    request = made.build()
    stamp = ask(request.as_bytes())
    reply = _reply(stamp)
    _checked(builder.nonce(request.nonce or 0), reply, link)
    return stamp


def _trusting(authority: Path) -> VerifierBuilder:
    try:
        from cryptography.x509 import load_pem_x509_certificates
        from rfc3161_client import VerifierBuilder
    except ImportError:
        raise StampError(
            "the library rfc3161-client is missing: pip install 'nieuwswacht[evidence]'"
        ) from None
    try:
        certificates = load_pem_x509_certificates(authority.read_bytes())
    except (OSError, ValueError) as error:
        raise StampError(f"{authority} has no certificates that can be read: {error}") from error
    return VerifierBuilder(roots=certificates)


def _reply(stamp: bytes) -> TimeStampResponse:
    from rfc3161_client import decode_timestamp_response

    try:
        return decode_timestamp_response(stamp)
    except ValueError as error:
        raise StampError("it is no answer of an authority") from error


def _checked(builder: VerifierBuilder, reply: TimeStampResponse, link: str) -> datetime:
    from rfc3161_client import VerificationError

    try:
        builder.build().verify_message(reply, link.encode())
    except (VerificationError, ValueError) as error:
        raise StampError(f"it is not valid: {error}") from error
    return reply.tst_info.gen_time
