"""Hosts that asked to be left alone."""

from __future__ import annotations

from datetime import timedelta

import pytest

from crawler.errors import RefusedError
from crawler.network.download import Pauses

URL = "https://krant.example/a"


def test_a_shorter_wish_ends_no_longer_pause() -> None:
    # given a host that asked for an hour, and for nothing in an answer that was under way
    pauses = Pauses()
    pauses.begin(URL, timedelta(hours=1))
    pauses.begin(URL, timedelta())

    # then it is left alone for the hour, and other hosts are not
    with pytest.raises(RefusedError):
        pauses.check(URL)
    pauses.check("https://omroep.example/a")
