"""What holds for each node of a query, whichever operators there are."""

from typing import get_args

import pytest

from alerts.matching.evaluate import _MEANING
from alerts.query.spelling import _SPELLINGS
from alerts.query.tree import Node

NODES = get_args(Node)


@pytest.mark.parametrize("node", NODES, ids=lambda node: node.__name__)
def test_every_node_has_a_meaning_and_a_spelling(node: type) -> None:
    assert node in _MEANING
    assert node in _SPELLINGS
