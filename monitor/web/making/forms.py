"""What a form of the page sends, within limits."""

from __future__ import annotations

from urllib.parse import parse_qsl

from starlette.exceptions import HTTPException
from starlette.requests import Request

# Characters of one field, and fields of one form; both chosen: a rule's query is the longest.
LONGEST_FIELD = 4_000
_MOST_FIELDS = 100
_FORM = "application/x-www-form-urlencoded"


async def form_of(request: Request) -> dict[str, str]:
    """The fields of a form by name, the last of each; it raises as `fields_of` does."""
    return dict(await fields_of(request))


async def fields_of(request: Request) -> list[tuple[str, str]]:
    """The fields of a form in their order.

    Raises:
        HTTPException: it is no form, or longer than a form may be.
    """
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != _FORM:
        raise HTTPException(415, "send a form")
    body = await request.body()
    try:
        pairs = parse_qsl(body.decode(), keep_blank_values=True, max_num_fields=_MOST_FIELDS)
    except ValueError:
        raise HTTPException(400, "this form cannot be read") from None
    if any(len(value) > LONGEST_FIELD for _, value in pairs):
        raise HTTPException(413, "a field of this form is too long")
    return pairs
