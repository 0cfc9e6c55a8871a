"""A request and an answer, as the servers of the demonstration see them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from http import HTTPStatus

from crawler.frozen import dataclass


@dataclass(frozen=True, slots=True)
class Request:
    """A request as the server got it; header names are lower-case."""

    path: str
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ServedAnswer:
    """A complete answer."""

    status: HTTPStatus
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One request that the newsroom got, and how it was answered (0: connection dropped)."""

    round: int
    outlet: str
    method: str
    path: str
    status: int
    conditional: bool
