"""The bundled articles, read from the TOML files beside this module."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from functools import cache
from importlib.resources import files
from typing import Any

from monitor.demo.newsroom.content import (
    Content,
    ListingKind,
    NewsPiece,
    Outlet,
    OutletListing,
    PageStyle,
    Version,
)

_FIRST_NUMBER = 2_270_011  # article numbers look like those of a site that has run for years
_NUMBER_STEP = 37
_NUMBERS_PER_OUTLET = 100_000


@cache
def bundled() -> Content:
    """The content of the demonstration: its outlets, and their articles in order of the files."""
    folder = files("monitor.demo") / "articles"
    texts = sorted(
        (entry.name, entry.read_text("utf-8"))
        for entry in folder.iterdir()
        if entry.name.endswith(".toml")
    )
    return content_of([tomllib.loads(text) for _, text in texts])


def content_of(tables: Sequence[Mapping[str, Any]]) -> Content:
    """The content of these parsed files; wire copies get their agency's text."""
    wires = {wire["id"]: wire for table in tables for wire in table.get("wire", [])}
    houses = [table for table in tables if "outlet" in table]
    return Content(
        outlets=tuple(_outlet(table) for table in houses),
        articles=tuple(
            piece for place, table in enumerate(houses) for piece in _pieces(table, place, wires)
        ),
    )


def _outlet(table: Mapping[str, Any]) -> Outlet:
    values = dict(table["outlet"])
    listings = tuple(
        OutletListing(**{**source, "kind": ListingKind(source["kind"])})
        for source in table["source"]
    )
    return Outlet(
        **{
            **values,
            "page": PageStyle(values["page"]),
            "teasers": tuple(values.get("teasers", ())),
            "listings": listings,
        }
    )


def _pieces(
    table: Mapping[str, Any], place: int, wires: Mapping[str, Mapping[str, Any]]
) -> Iterator[NewsPiece]:
    first = _FIRST_NUMBER + place * _NUMBERS_PER_OUTLET
    for order, given in enumerate(table["article"]):
        values = dict(given)
        later = values.pop("version", [])
        wire = wires.get(values.get("wire", ""), {})
        yield NewsPiece(
            outlet=table["outlet"]["id"],
            number=first + order * _NUMBER_STEP,
            versions=_versions(values, later, wire),
            rules=tuple(values.pop("rules", ())),
            **values,
        )


def _versions(
    values: dict[str, Any], later: Sequence[Mapping[str, Any]], wire: Mapping[str, Any]
) -> tuple[Version, ...]:
    """The versions of an article, taken out of `values`; each keeps what it does not change."""
    keep = values.pop("keep", None)
    said: dict[str, Any] = {
        key: values.pop(key, wire.get(key)) for key in ("round", "age", "title", "lead", "body")
    }
    versions = [_version(said, keep)]
    for change in later:
        said = {**said, **change}
        versions.append(_version(said, None))
    return tuple(versions)


def _version(said: Mapping[str, Any], keep: int | None) -> Version:
    paragraphs = tuple(part.strip() for part in said["body"].strip().split("\n\n"))
    return Version(
        round=said["round"],
        age=timedelta(minutes=said["age"]),
        title=said["title"],
        lead=said["lead"],
        paragraphs=paragraphs[:keep],
    )
