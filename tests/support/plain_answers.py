"""What a query finds in a document of which every word is looked at."""

from alerts.document import Document
from alerts.match import Hit
from alerts.matching.evaluate import FullDocument, answer
from alerts.query.tree import Query


def evaluate(query: Query, document: Document) -> tuple[Hit, ...] | None:
    """All hits of a query in a document, or nothing when it does not match."""
    return answer(query.node, FullDocument(document))
