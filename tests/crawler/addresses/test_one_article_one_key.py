"""How well addresses are told apart and brought together, over pairs written before the code."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest

from crawler.addresses.article_key import article_key
from crawler.addresses.canonical import agreed_address, canonical_address
from crawler.model import FeedEntry, Source, SourceKind
from crawler.sources.shared_addresses import by_address, entries_by_key

LEAST_RECALL = 0.97
_CANONICAL = re.compile(
    r"canonical of (?P<whose>the first|the second|both) ?(?:page)? ?is (?P<what>.*)"
)
_GUIDS = re.compile(r"guid of the first is (?P<one>.*); guid of the second is (?P<other>.*)")


@dataclass(frozen=True, slots=True)
class Pair:
    """Two addresses, and whether they are of one article."""

    same: bool
    outlets: tuple[str, str]
    urls: tuple[str, str]
    canonical: tuple[str | None, str | None] = (None, None)
    guids: tuple[str | None, str | None] = (None, None)

    def joined(self) -> bool:
        if all(self.guids) and self.guids[0] != self.guids[1]:
            return self._listed_as_one()
        one, other = (
            article_key(outlet, agreed_address(url, claim, None), guid)
            for outlet, url, claim, guid in zip(
                self.outlets, self.urls, self.canonical, self.guids, strict=True
            )
        )
        return one == other

    def _listed_as_one(self) -> bool:
        """Whether one list gives both, each with title and text of its own, as one article."""
        entries = [
            FeedEntry(url=url, guid=guid, title=f"Kop {number}", lead=f"Bericht {number}.")
            for number, (url, guid) in enumerate(zip(self.urls, self.guids, strict=True))
        ]
        source = Source(
            id="s",
            outlet=self.outlets[0],
            kind=SourceKind.FEED,
            url="https://bode.example/rss",
            every=timedelta(minutes=5),
        )
        found = entries_by_key(by_address(entries, source), source, held={}, known=())
        return len({key for key, entry in found.items() if entry in entries or entry.part}) < 2


def _pair(line: str) -> Pair:
    label, outlet, one, other, note = line.split(" | ")
    second = note.partition("outlet of the second is ")[2] or outlet
    pair = Pair(label == "same", (outlet, second), (one, other))
    if claim := _CANONICAL.fullmatch(note):
        what = {"the second": other, "the first": one}.get(claim["what"], claim["what"])
        whose = claim["whose"]
        claims = (None if whose == "the second" else what, None if whose == "the first" else what)
        return Pair(pair.same, pair.outlets, pair.urls, canonical=claims)
    if guids := _GUIDS.fullmatch(note):
        return Pair(pair.same, pair.outlets, pair.urls, guids=(guids["one"], guids["other"]))
    if guid := note.partition("guid of both is ")[2]:
        return Pair(pair.same, pair.outlets, pair.urls, guids=(guid, guid))
    return pair


@pytest.fixture(scope="module")
def shapes() -> list[Pair]:
    lines = (Path(__file__).parent / "site_shapes.txt").read_text(encoding="utf-8").splitlines()
    return [_pair(line) for line in lines if line and not line.startswith("#")]


def test_there_are_enough_pairs_of_both_kinds(shapes: list[Pair]) -> None:
    assert min(sum(pair.same for pair in shapes), sum(not pair.same for pair in shapes)) >= 200


def test_no_two_articles_share_a_key(shapes: list[Pair]) -> None:
    assert [pair.urls for pair in shapes if not pair.same and pair.joined()] == []


def test_nearly_every_article_has_one_key_under_all_its_addresses(shapes: list[Pair]) -> None:
    same = [pair for pair in shapes if pair.same]
    apart = [pair.urls for pair in same if not pair.joined()]

    assert len(apart) <= (1 - LEAST_RECALL) * len(same), apart


def test_a_key_stays_the_key_of_itself(shapes: list[Pair]) -> None:
    urls = {url for pair in shapes for url in pair.urls}
    keys = {key for url in urls if "://" in (key := article_key("Krant", url))}

    assert {article_key("Krant", key) for key in keys} == keys
    assert all(canonical_address(key) for key in keys)
