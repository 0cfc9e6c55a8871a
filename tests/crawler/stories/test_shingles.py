from __future__ import annotations

import subprocess
import sys
from hashlib import blake2b
from operator import mul
from random import Random

import pytest
from hypothesis import given, strategies as st

from crawler.stories.shingles import (
    _LANES,
    COUNT,
    RUN,
    WORD,
    containment,
    fingerprints_among,
    has_words,
    number_of,
    plain,
    shingles,
    shingles_of_sizes,
    words,
)

# What each place of a run multiplies its word's hash by: the hashes are kept in the index.
PLACES = (
    0x9E3779B97F4A7C15,
    0xC2B2AE3D27D4EB4F,
    0x165667B19E3779F9,
    0xD6E8FEB86659FD93,
    0xA0761D6478BD642F,
)
texts = st.text(alphabet="abcdé 12.,-\n'", max_size=200)


def fingerprints(text: str) -> tuple[int, ...]:
    """The fingerprints of a text, without those of its opening."""
    return fingerprints_among(shingles(words(text), RUN), ())


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("De IS-strijder", ["de", "is", "strijder"]),
        ("Een café in Sneek.", ["een", "café", "in", "sneek"]),
        ("De AEX sloot op 912,31.", ["de", "aex", "sloot", "op", "912,31"]),
        ("om 19.42 uur, 1.250 euro", ["om", "19.42", "uur", "1.250", "euro"]),
        ("de A27: dicht", ["de", "a27", "dicht"]),
        ("vergis\xadsing \u200bja", ["vergissing", "ja"]),
        ("", []),
    ],
)
def test_words_are_what_a_reader_counts_as_words(text: str, expected: list[str]) -> None:
    assert words(text) == expected


# All of cp1252, what numbers consist of, and some of what does not fit.
LATIN = bytes(range(256)).decode("cp1252", "ignore")
signs = st.sampled_from(
    [*LATIN, *("1234567890.,: ab" * 9), "\u0301", "\u200b", "дом", "\u0663", "½", "\ufb01"]
)


@given(st.lists(signs, max_size=30).map("".join))
def test_by_tables_a_text_has_the_words_that_the_expression_finds(text: str) -> None:
    assert words(text) == WORD.findall(plain(text).casefold())


@given(st.lists(st.integers(0, 2**64 - 1), max_size=300), st.integers(0, 60))
def test_the_fingerprints_are_the_smallest_hashes(runs: list[int], small: int) -> None:
    hashes = [run >> small for run in runs]
    expected = [value - 2**63 for value in sorted({*hashes})[:COUNT]]
    assert list(fingerprints_among(hashes, ())) == expected


def test_a_decomposed_accent_and_a_full_width_letter_are_the_plain_ones() -> None:
    assert plain("cafe\u0301 \uff21\uff25\uff38") == "café AEX"


def test_twelve_and_12_are_one_number() -> None:
    assert number_of("twaalf") == number_of("12") == "12"
    assert number_of("een") is None


def test_the_order_of_words_counts() -> None:
    assert shingles(["man", "bijt", "hond"]) != shingles(["hond", "bijt", "man"])


def test_fewer_words_than_a_run_make_no_shingle() -> None:
    assert shingles(["twee", "woorden"]) == frozenset()
    assert fingerprints("Maar vier woorden hier") == ()


def runs_one_by_one(text_words: list[str], size: int) -> set[int]:
    hashes = [int.from_bytes(blake2b(word.encode(), digest_size=8).digest()) for word in text_words]
    return {
        sum(map(mul, hashes[first : first + size], PLACES)) % 2**64
        for first in range(len(hashes) - size + 1)
    }


@given(st.lists(st.text("abé1", min_size=1, max_size=4), max_size=30))
def test_all_runs_at_once_are_the_runs_one_by_one(text_words: list[str]) -> None:
    assert shingles_of_sizes(text_words, 3, 5) == (
        runs_one_by_one(text_words, 3),
        runs_one_by_one(text_words, 5),
    )
    for size in range(1, 6):
        assert shingles(text_words, size) == runs_one_by_one(text_words, size)


@given(st.lists(st.text("abé1-,", max_size=4), max_size=40), st.integers(0, 40))
def test_counting_words_up_to_a_number_is_counting_them(parts: list[str], least: int) -> None:
    text = " ".join(parts)
    assert has_words(text, least) == (len(words(text)) >= least)


def test_hashes_are_the_same_in_every_process() -> None:
    program = (
        "from crawler.stories.shingles import *; "
        "print(fingerprints_among(shingles(words('a b c d e f'), RUN), ()))"
    )
    runs = {
        subprocess.run(
            [sys.executable, "-c", program],
            env={"PYTHONHASHSEED": seed, "PYTHONPATH": ":".join(sys.path)},
            capture_output=True,
            text=True,
            check=True,
        ).stdout.strip()
        for seed in ("1", "2")
    }
    assert runs == {str(fingerprints("a b c d e f"))}


def test_the_hashes_of_a_text_are_pinned_since_the_index_keeps_them() -> None:
    assert fingerprints("De brug bij Wijngaarden gaat dicht") == PINNED


PINNED = (-1319728280729702936, 9099643219975639968)


@given(texts)
def test_fingerprints_are_few_sorted_and_fit_sqlite(text: str) -> None:
    found = fingerprints(text)
    assert len(found) <= COUNT
    assert list(found) == sorted(set(found))
    assert all(-(2**63) <= one < 2**63 for one in found)


@given(texts, texts)
def test_containment_is_a_share_that_does_not_mind_the_order(one: str, other: str) -> None:
    first, second = shingles(words(one)), shingles(words(other))
    assert containment(first, second) == containment(second, first)
    assert 0.0 <= containment(first, second) <= 1.0


def test_a_text_contains_every_piece_cut_from_it() -> None:
    tokens = [f"w{n}" for n in range(200)]
    assert containment(shingles(tokens), shingles(tokens[40:90])) == 1.0


@given(st.integers(0, 150), st.randoms(use_true_random=False))
def test_a_quarter_of_a_text_shares_fingerprints_with_the_whole(start: int, rng: Random) -> None:
    tokens = [f"woord{rng.randrange(10**9)}" for _ in range(200)]
    whole, part = " ".join(tokens), " ".join(tokens[start : start + 50])
    # Those of the whole's smallest that lie in the part are among the part's smallest.
    held = set(fingerprints(whole)) & shingled(part)
    assert held <= set(fingerprints(part))


def shingled(text: str) -> set[int]:
    return {value - 2**63 for value in shingles(words(text), 5)}


def test_hashes_are_remembered_of_so_many_words_only_and_of_none_without_end() -> None:
    few = shingles(["eerste", "tweede", "derde" * 1_000])
    shingles([f"woord{number}" for number in range(2 * _LANES._MOST)])

    assert shingles(["eerste", "tweede", "derde" * 1_000]) == few
    assert len(_LANES) <= _LANES._MOST
    assert max(map(len, _LANES)) < 1_000
