"""The catalogue; when a source is asked, which entries are fetched, and how it does."""
