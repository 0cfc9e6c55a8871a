"""A fault reads back from what a table holds of it, and a person can read it there."""

from __future__ import annotations

import pytest
from hypothesis import given, strategies as st

from alerts.faults import DeliveryFault, delivery_fault_in, delivery_note
from crawler.faults import CrawlFault, Fault, FaultKind, fault_in, noted, said

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


@given(
    st.one_of([of(kind, SIMPLE) for kind in DeliveryFault]) | st.builds(said, st.text(min_size=1))
)
def test_how_an_attempt_ended_reads_back(fault: Fault) -> None:
    assert delivery_fault_in(delivery_note(fault)) == fault


@pytest.mark.parametrize("kind", [kind for kind in DeliveryFault if not kind.parameters])
def test_a_receiver_that_says_the_name_of_a_kind_is_no_such_fault(kind: DeliveryFault) -> None:
    assert delivery_fault_in(delivery_note(said(kind.value))) == said(kind.value)


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
        (DeliveryFault.STATUS(status=503), "status status=503"),
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
