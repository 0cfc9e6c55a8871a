"""A fault reads back from what a table holds of it, and a person can read it there."""

from __future__ import annotations

import pytest
from hypothesis import given, strategies as st

from crawler.faults import CrawlFault, Fault, FaultKind, HealthFault, fault_in, noted, said

SIMPLE = st.one_of(st.text(), st.integers(), st.floats(allow_nan=False, allow_infinity=False))


def of(kind: FaultKind, values: st.SearchStrategy[object]) -> st.SearchStrategy[Fault]:
    return st.builds(Fault, st.just(kind), st.tuples(*([values] * len(kind.parameters))))


def faults(kinds: type[FaultKind]) -> st.SearchStrategy[Fault]:
    simple = st.one_of([of(kind, SIMPLE) for kind in kinds if kind is not CrawlFault.SAID])
    return st.recursive(
        simple, lambda inner: st.one_of([of(kind, SIMPLE | inner) for kind in kinds][1:])
    )


@given(faults(CrawlFault))
def test_every_fault_reads_back(fault: Fault) -> None:
    assert fault_in(noted(fault)) == fault


@given(faults(HealthFault))
def test_other_kinds_read_back_where_they_are_named(fault: Fault) -> None:
    assert fault_in(noted(fault), HealthFault) == fault


@given(st.text())
def test_any_text_is_what_somebody_said_and_reads_back(text: str) -> None:
    assert fault_in(noted(said(text))) == said(text)


@pytest.mark.parametrize(
    ("fault", "note"),
    [
        (CrawlFault.HTTP_STATUS(status=503), "http-status status=503"),
        (CrawlFault.TIMEOUT(), "not-in-time"),
        (CrawlFault.WALL(name="dpg-consent"), "wall name=dpg-consent"),
        (
            CrawlFault.FORBIDDEN(reason="private network"),
            'address-forbidden reason="private network"',
        ),
        (
            CrawlFault.ROBOTS_UNREAD(cause=CrawlFault.HTTP_STATUS(status=503)),
            "robots-unread cause=(http-status status=503)",
        ),
        (CrawlFault.TOOK_LONGER(seconds=15.0), "took-longer seconds=15.0"),
        (CrawlFault.OTHER_DOCUMENT(root="404"), 'other-document root="404"'),
        (said("ValueError: te kort"), "ValueError: te kort"),
        (said("no-answer"), "said text=no-answer"),
    ],
)
def test_a_person_can_read_it(fault: Fault, note: str) -> None:
    assert noted(fault) == note


@pytest.mark.parametrize(
    "old",
    [
        "HTTP 503",
        "no answer",
        "robots.txt: HTTP 503",
        "wall: dpg-consent",
        "http-status",
        "http-status status=503 ",
        "http-status code=503",
        "both first=(a",
        "(" * 5000,
        "both first=" * 5000,
    ],
)
def test_what_an_older_version_wrote_is_shown_as_it_is(old: str) -> None:
    assert str(fault_in(old)) == old
