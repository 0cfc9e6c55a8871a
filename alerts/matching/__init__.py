"""One query, or ten thousand, on a document."""
