"""The schema in numbered steps, and what a writer leaves in order."""
