"""What holds for each node of a query, whichever operators there are."""

from typing import get_args

import pytest

from alerts.matching import evaluate
from alerts.query import spelling as spellings
from alerts.query.tree import Node

NODES = get_args(Node)


@pytest.mark.parametrize("node", NODES, ids=lambda node: node.__name__)
def test_every_node_has_a_meaning_and_a_spelling(node: type) -> None:
    assert node in evaluate._MEANING
    assert node in spellings._SPELLINGS
