"""A desk with a morning paper."""

from __future__ import annotations

import pytest
from deliverydesk import Desk
from papers_desk import SUNDAY, issue


@pytest.fixture
def paper_desk(desk: Desk) -> Desk:
    """A desk whose paper exists since Sunday morning, with two rules."""
    desk.add_channel()
    desk.rules("desk", kalifaat="kalifa*", brug="brug")
    desk.clock.now = SUNDAY
    assert issue(desk) == []
    return desk
